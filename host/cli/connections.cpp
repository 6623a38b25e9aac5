// crosswalk connections authorize | subscribe | rotate-secret | disconnect | connect
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"
#include "config/values.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <memory>
#include <ostream>
#include <thread>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds look_again{2};
constexpr std::chrono::minutes wait_max{10};  // as long as a consent may take

struct Arguments {
    std::string name;
    std::string pointer;
    std::string grace = "0s";
    bool wait = false;
    bool yes = false;
    bool force = false;
};

Answer post(Options const& options, Surroundings const& around, std::string const& name, std::string const& verb,
            json::object const& body = {}) {
    return ask(options, around, "POST", "/api/v1/connections/" + encoded(name) + "/" + verb, json::serialize(body));
}

// Looks until the connection is connected; try_again when nobody consented in time.
int wait_for_consent(Options const& options, Surroundings const& around, std::string const& name) {
    auto const until = around.clock.steady_now() + wait_max;
    while (true) {
        Answer const answer = ask(options, around, "GET", "/api/v1/connections");
        if (answer.exit != ok) {
            return fail(around, answer);
        }
        for (json::value const& connection : array_at(answer.body, "connections")) {
            if (text(connection, "/connection") == name && text(connection, "/state") == "connected") {
                around.out << "Connection " << name << " is connected.\n";
                return ok;
            }
        }
        if (around.clock.steady_now() >= until) {
            around.err << "crosswalk: nobody consented within 10 minutes; begin again\n";
            return try_again;
        }
        std::this_thread::sleep_for(look_again);
    }
}

int authorize(Options const& options, Surroundings const& around, Arguments const& given) {
    Answer const answer = post(options, around, given.name, "authorize");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    json::array const& permissions = array_at(answer.body, "permissions");
    if (!permissions.empty()) {
        around.out << "The vendor will ask for these permissions:\n";
    }
    for (json::value const& permission : permissions) {
        around.out << "  " << text(permission, "") << '\n';
    }
    around.out << "Open this address in a browser, before " << text(answer.body, "/expires_at") << ":\n"
               << text(answer.body, "/authorize_url") << std::endl;  // seen before the wait
    return given.wait ? wait_for_consent(options, around, given.name) : int{ok};
}

int subscribe(Options const& options, Surroundings const& around, Arguments const& given) {
    Answer const answer = post(options, around, given.name, "subscribe");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    std::string const state = text(answer.body, "/state");
    json::array const& warnings = array_at(answer.body, "warnings");
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
    } else {
        std::string const reason = text(answer.body, "/reason");
        around.out << "Webhooks of " << given.name << ": " << state << (reason.empty() ? "" : ". " + reason) << '\n';
        for (json::value const& warning : warnings) {
            around.out << "  " << text(warning, "/field") << ": " << text(warning, "/reason") << '\n';
        }
    }
    return (state == "made" || state == "none") && warnings.empty() ? ok : problems_found;
}

int rotate(Options const& options, Surroundings const& around, Arguments const& given) {
    auto const grace = config::parse_duration(given.grace);
    if (!grace) {
        around.err << "crosswalk: --grace is a time such as 0s, 15m or 2h\n";
        return usage;
    }
    Answer const answer = post(options, around, given.name, "rotate-secret",
                               {{"pointer", given.pointer},
                                {"grace_seconds", std::chrono::duration_cast<std::chrono::seconds>(*grace).count()}});
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    around.out << "The new secret, shown this once; enter it at the vendor:\n"
               << text(answer.body, "/secret") << '\n'
               << (grace->count() == 0 ? "The old one is invalid now.\n"
                                       : "The old one is valid for " + given.grace + ".\n");
    return ok;
}

int disconnect(Options const& options, Surroundings const& around, Arguments const& given) {
    if (!given.yes) {
        around.err << "crosswalk: this removes the webhooks at the vendor and every token and secret that is kept for "
                   << given.name << "; its links and history stay. Say --yes to do it\n";
        return usage;
    }
    Answer const answer = post(options, around, given.name, "disconnect", {{"force", given.force}});
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    around.out << (options.json ? json::serialize(answer.body) : "Connection " + given.name + " is disconnected.")
               << '\n';
    return ok;
}

int connect(Options const& options, Surroundings const& around, Arguments const& given) {
    Answer const answer = post(options, around, given.name, "connect");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    std::string const reason = text(answer.body, "/reason");
    around.out << (options.json ? json::serialize(answer.body)
                                : "Connection " + given.name + " is " + text(answer.body, "/state") + " now." +
                                      (reason.empty() ? "" : " " + reason))
               << '\n';
    return ok;
}

using Run = int (*)(Options const&, Surroundings const&, Arguments const&);

}  // namespace

void add_connection_access(CLI::App& connections, Options const& options, Surroundings const& around, Action& chosen) {
    auto const given = std::make_shared<Arguments>();
    auto const add = [&](char const* verb, char const* help, Run run) {
        CLI::App* const command = connections.add_subcommand(verb, help);
        command->add_option("connection", given->name, "Name of the connection")->required();
        command->callback([&options, &around, &chosen, given, run] {
            chosen = [&options, &around, given, run] { return run(options, around, *given); };
        });
        return command;
    };
    add("authorize", "Begin a consent at the vendor", authorize)
        ->add_flag("--wait", given->wait, "Until the consent is given");
    add("subscribe", "Make the webhooks at the vendor that running routes want", subscribe);
    CLI::App* const rotating = add("rotate-secret", "Make a new secret, such as a webhook's signature token", rotate);
    rotating->add_option("pointer", given->pointer, "Where it would stand in the settings: /webhook_secret")
        ->required();
    rotating->add_option("--grace", given->grace, "How long the old one still counts: 0s, 15m, 2h, 1d");
    CLI::App* const ending = add("disconnect", "Remove tokens, secrets and the webhooks at the vendor", disconnect);
    ending->add_flag("--yes", given->yes, "Do it");
    ending->add_flag("--force", given->force, "Also when the vendor does not answer");
    add("connect", "Set a disconnected connection up again", connect);
}

}  // namespace crosswalk::cli

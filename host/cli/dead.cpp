// crosswalk dead list | retry | discard
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

int list(Options const& options, Surroundings const& around) {
    Answer const answer = ask(options, around, "GET", "/api/v1/dead");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    std::vector<std::vector<std::string>> rows{{"COUNT", "CAUSE"}};
    for (json::value const& cause : array_at(answer.body, "causes")) {
        rows.push_back({text(cause, "/count"), text(cause, "/cause")});
    }
    print_table(around.out, rows);
    return ok;
}

int act(std::string const& target, std::string const& body, Options const& options, Surroundings const& around) {
    Answer const answer = ask(options, around, "POST", target, body);
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    around.out << (options.json ? json::serialize(answer.body) : "It is " + text(answer.body, "/status") + " now.")
               << '\n';
    return ok;
}

}  // namespace

void add_dead(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const dead = parser.add_subcommand("dead", "Dead letters: what was given up, by cause");
    dead->require_subcommand(1);
    dead->add_subcommand("list", "How many, by cause; `events list --state dead` lists them")->callback([&] {
        chosen = [&] { return list(options, around); };
    });
    auto const id = std::make_shared<std::int64_t>(0);
    auto const reason = std::make_shared<std::string>();
    CLI::App* const retry = dead->add_subcommand("retry", "Try a delivery again as it is");
    retry->add_option("delivery", *id, "Number of the delivery")->required()->check(CLI::PositiveNumber);
    retry->callback([&options, &around, &chosen, id] {
        chosen = [&options, &around, id] {
            return act("/api/v1/deliveries/" + std::to_string(*id) + "/retry", "{}", options, around);
        };
    });
    CLI::App* const discard = dead->add_subcommand("discard", "Give a delivery up for good");
    discard->add_option("delivery", *id, "Number of the delivery")->required()->check(CLI::PositiveNumber);
    discard->add_option("--reason", *reason, "Why; it stays in the history")->required();
    discard->callback([&options, &around, &chosen, id, reason] {
        chosen = [&options, &around, id, reason] {
            return act("/api/v1/deliveries/" + std::to_string(*id) + "/discard",
                       json::serialize(json::object{{"reason", *reason}}), options, around);
        };
    });
}

}  // namespace crosswalk::cli

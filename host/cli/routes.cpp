// crosswalk routes list | start | stop | pause | resume | run | runs
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

constexpr std::chrono::milliseconds first_look{100};
constexpr std::chrono::milliseconds longest_look{2000};

int list(Options const& options, Surroundings const& around) {
    Answer const answer = ask(options, around, "GET", "/api/v1/routes");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    std::vector<std::vector<std::string>> rows{{"ROUTE", "STATE", "FROM", "TO", "SCHEDULE", "NEXT RUN", "LAST RUN"}};
    for (json::value const& route : array_at(answer.body, "routes")) {
        rows.push_back({text(route, "/route"), text(route, "/state"), text(route, "/from"), text(route, "/to"),
                        text(route, "/schedule"), text(route, "/next_run_at"), text(route, "/last_run/state")});
    }
    print_table(around.out, rows);
    return ok;
}

int change(Options const& options, Surroundings const& around, std::string const& name, std::string const& verb) {
    Answer const answer = ask(options, around, "POST", "/api/v1/routes/" + encoded(name) + "/" + verb, "{}");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    around.out << (options.json ? json::serialize(answer.body)
                                : "Route " + name + " is " + text(answer.body, "/state") + " now.")
               << '\n';
    return ok;
}

std::string counts_of(json::value const& run) {
    std::string words;
    for (char const* const what : {"created", "updated", "unchanged", "skipped", "failed", "waiting"}) {
        words += (words.empty() ? "" : ", ") + text(run, std::string("/counts/") + what) + " " + what;
    }
    return words;
}

void print_run(Options const& options, Surroundings const& around, json::value const& run) {
    if (options.json) {
        around.out << json::serialize(run) << '\n';
        return;
    }
    std::string const reason = text(run, "/reason");
    around.out << "Run " << text(run, "/run") << " of " << text(run, "/route") << " is " << text(run, "/state")
               << (reason.empty() ? "." : ": " + reason) << '\n';
    if (!text(run, "/counts/created").empty()) {
        around.out << text(run, "/events") << " events in " << text(run, "/turns") << " turns: " << counts_of(run)
                   << ".\n";
    }
}

// Looks until the run is over and its deliveries are, or until something holds it, or for so long.
int wait_for(Options const& options, Surroundings const& around, std::string const& run,
             std::chrono::milliseconds time_max) {
    auto const end = around.clock.steady_now() + time_max;
    std::chrono::milliseconds pause = first_look;
    for (;;) {
        Answer const answer = ask(options, around, "GET", "/api/v1/runs/" + encoded(run));
        if (answer.exit != ok) {
            return fail(around, answer);
        }
        std::string const state = text(answer.body, "/state");
        bool const held = state == "queued" && !text(answer.body, "/reason").empty();
        bool const settled = state == "done" && text(answer.body, "/counts/waiting") == "0";
        if (state == "failed" || held || settled) {
            print_run(options, around, answer.body);
            return held ? try_again : settled && text(answer.body, "/counts/failed") == "0" ? ok : problems_found;
        }
        if (around.clock.steady_now() >= end) {
            print_run(options, around, answer.body);
            around.err << "crosswalk: the run is not over yet and goes on; `crosswalk routes runs` shows it\n";
            return try_again;
        }
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, longest_look);
    }
}

struct RunOptions {
    bool full = false;
    bool wait = false;
    std::string wait_max = "24h";
};

int run(Options const& options, Surroundings const& around, std::string const& name, RunOptions const& given) {
    auto const time_max = config::parse_duration(given.wait_max);
    if (!time_max) {
        around.err << "crosswalk: --wait-max is a time such as 0s, 15m or 2h\n";
        return usage;
    }
    Answer const answer = ask(options, around, "POST", "/api/v1/routes/" + encoded(name) + "/runs",
                              json::serialize(json::object{{"full", given.full}}));
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (given.wait) {
        return wait_for(options, around, text(answer.body, "/run"), *time_max);
    }
    print_run(options, around, answer.body);
    return ok;
}

int runs(Options const& options, Surroundings const& around, std::string const& name) {
    Answer const answer = ask(options, around, "GET", "/api/v1/routes/" + encoded(name) + "/runs");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    std::vector<std::vector<std::string>> rows{{"RUN", "STATE", "CAUSE", "FULL", "STARTED", "ENDED", "EVENTS",
                                                "CREATED", "UPDATED", "UNCHANGED", "SKIPPED", "FAILED", "WAITING",
                                                "REASON"}};
    for (json::value const& one : array_at(answer.body, "runs")) {
        rows.push_back({text(one, "/run"), text(one, "/state"), text(one, "/cause"), text(one, "/full"),
                        text(one, "/started_at"), text(one, "/ended_at"), text(one, "/events"),
                        text(one, "/counts/created"), text(one, "/counts/updated"), text(one, "/counts/unchanged"),
                        text(one, "/counts/skipped"), text(one, "/counts/failed"), text(one, "/counts/waiting"),
                        text(one, "/reason")});
    }
    print_table(around.out, rows);
    return ok;
}

}  // namespace

void add_routes(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const routes = parser.add_subcommand("routes", "From which event to which action");
    routes->require_subcommand(1);
    routes->add_subcommand("list", "All routes, their state and their runs")->callback([&] {
        chosen = [&] { return list(options, around); };
    });
    auto const name = std::make_shared<std::string>();
    auto const named = [&](char const* verb, char const* help) {
        CLI::App* const command = routes->add_subcommand(verb, help);
        command->add_option("route", *name, "Name of the route")->required();
        return command;
    };
    for (auto const& [verb, help] :
         {std::pair("start", "Take events and deliver them"),
          std::pair("stop", "Refuse events; nothing is replayed later"),
          std::pair("pause", "Take events and keep them"), std::pair("resume", "Deliver what was kept")}) {
        named(verb, help)->callback([&options, &around, &chosen, name, verb = std::string(verb)] {
            chosen = [&options, &around, name, verb] { return change(options, around, *name, verb); };
        });
    }
    auto const given = std::make_shared<RunOptions>();
    CLI::App* const start = named("run", "Ask the source for its events now");
    start->add_flag("--full", given->full, "Read every record, not only what changed");
    start->add_flag("--wait", given->wait, "Until the run and its deliveries are over");
    start->add_option("--wait-max", given->wait_max, "How long --wait looks at most: 15m, 2h; 24h unless said");
    start->callback([&options, &around, &chosen, name, given] {
        chosen = [&options, &around, name, given] { return run(options, around, *name, *given); };
    });
    named("runs", "The last runs and what became of their events")->callback([&options, &around, &chosen, name] {
        chosen = [&options, &around, name] { return runs(options, around, *name); };
    });
}

}  // namespace crosswalk::cli

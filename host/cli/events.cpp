// crosswalk events list | show | explain | replay
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

struct Filter {
    std::string text;
    std::string state;
    std::string connection;
    std::string route;
    std::int64_t before = 0;
    int limit = 50;
};

std::string summary_of_routes(json::value const& event) {
    std::string out;
    for (json::value const& route : array_at(event, "routes")) {
        out += (out.empty() ? "" : ", ") + text(route, "/route") + ": " + text(route, "/state");
    }
    return out.empty() ? text(event, "/state") : out;
}

int list(Filter const& filter, Options const& options, Surroundings const& around) {
    std::string target = "/api/v1/events?limit=" + std::to_string(filter.limit);
    auto const add = [&](char const* name, std::string const& value) {
        if (!value.empty()) {
            target += std::string("&") + name + "=" + encoded(value);
        }
    };
    add("text", filter.text);
    add("state", filter.state);
    add("connection", filter.connection);
    add("route", filter.route);
    if (filter.before > 0) {
        add("before", std::to_string(filter.before));
    }
    Answer const answer = ask(options, around, "GET", target);
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    std::vector<std::vector<std::string>> rows{{"ID", "RECEIVED", "FROM", "EVENT", "WHO", "STATE"}};
    for (json::value const& event : array_at(answer.body, "events")) {
        rows.push_back({text(event, "/id"), text(event, "/received_at"), text(event, "/connection"),
                        text(event, "/type"), text(event, "/title"), summary_of_routes(event)});
    }
    print_table(around.out, rows);
    return ok;
}

void print_problems(std::ostream& out, json::value const& delivery, char const* member, char const* heading) {
    for (json::value const& problem : array_at(delivery, member)) {
        out << "    " << heading << ' ' << text(problem, "/field") << ": " << text(problem, "/reason") << '\n';
    }
}

void print_delivery(std::ostream& out, json::value const& delivery) {
    out << "\n  " << text(delivery, "/kind") << ' ' << text(delivery, "/id") << ": " << text(delivery, "/connection")
        << ' ' << text(delivery, "/action") << " → " << text(delivery, "/state") << '\n';
    if (std::string const reason = text(delivery, "/reason"); !reason.empty()) {
        out << "    why: " << reason << '\n';
    }
    print_problems(out, delivery, "fields", "field");
    print_problems(out, delivery, "warnings", "left out");
    if (std::string const key = text(delivery, "/target_key"); !key.empty()) {
        out << "    at the target: " << key << ' ' << text(delivery, "/target_url") << '\n';
    }
    if (std::string const due = text(delivery, "/due_at"); !due.empty()) {
        out << "    next attempt: " << due << '\n';
    }
    for (json::value const& attempt : array_at(delivery, "attempts")) {
        out << "    " << text(attempt, "/started_at") << ' ' << text(attempt, "/kind") << ' '
            << text(attempt, "/number") << ": " << text(attempt, "/outcome");
        std::string const reason = text(attempt, "/reason");
        out << (reason.empty() ? "" : " — ") << reason << '\n';
    }
}

void print_head(std::ostream& out, json::value const& event) {
    out << "Event " << text(event, "/id") << ": " << text(event, "/type") << " from " << text(event, "/connection")
        << ", received " << text(event, "/received_at") << '\n';
    if (std::string const title = text(event, "/title"); !title.empty()) {
        out << "  who: " << title << " (" << text(event, "/subject") << ")\n";
    }
    out << "  state: " << text(event, "/state");
    std::string const reason = text(event, "/reason");
    out << (reason.empty() ? "" : " — ") << reason << '\n';
    if (text(event, "/found_by") == "sweep") {
        out << "  it never came: a sweep found it at the vendor\n";
    }
    if (std::string const original = text(event, "/replay_of"); !original.empty()) {
        out << "  replay of event " << original << '\n';
    }
}

int show(std::int64_t id, Options const& options, Surroundings const& around) {
    Answer const answer = ask(options, around, "GET", "/api/v1/events/" + std::to_string(id));
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    print_head(around.out, answer.body);
    for (json::value const& delivery : array_at(answer.body, "deliveries")) {
        print_delivery(around.out, delivery);
    }
    return ok;
}

// Every written field with its value and where it came from.
int explain(std::int64_t id, Options const& options, Surroundings const& around) {
    Answer const answer = ask(options, around, "GET", "/api/v1/events/" + std::to_string(id));
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    print_head(around.out, answer.body);
    for (json::value const& delivery : array_at(answer.body, "deliveries")) {
        if (text(delivery, "/kind") != "delivery") {
            continue;
        }
        around.out << "\n  route " << text(delivery, "/route") << " wrote for " << text(delivery, "/connection") << ' '
                   << text(delivery, "/action") << " (" << text(delivery, "/schema") << "):\n";
        std::vector<std::vector<std::string>> rows{{"    FIELD", "VALUE", "FROM"}};
        json::object const none;
        auto const* const record = delivery.as_object().if_contains("record");
        for (auto const& [field, value] : record != nullptr && record->is_object() ? record->get_object() : none) {
            std::string source = "the connectors' own mapping";
            for (json::value const& known : array_at(delivery, "sources")) {
                if (text(known, "/field") == std::string_view(field)) {
                    source = text(known, "/source");
                }
            }
            rows.push_back({"    " + std::string(field), text(value, ""), source});
        }
        print_table(around.out, rows);
        print_problems(around.out, delivery, "warnings", "left out");
        print_problems(around.out, delivery, "fields", "missing or wrong");
    }
    return ok;
}

int replay(std::int64_t id, bool force, Options const& options, Surroundings const& around) {
    Answer const answer = ask(options, around, "POST", "/api/v1/events/" + std::to_string(id) + "/replay",
                              json::serialize(json::object{{"force", force}}));
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
    } else {
        around.out << "Event " << id << " runs again as event " << text(answer.body, "/event") << ".\n";
    }
    return ok;
}

void add_with_id(CLI::App& events, char const* name, char const* help, Options const& options,
                 Surroundings const& around, Action& chosen,
                 int (*act)(std::int64_t, Options const&, Surroundings const&)) {
    auto const id = std::make_shared<std::int64_t>(0);
    CLI::App* const command = events.add_subcommand(name, help);
    command->add_option("id", *id, "Number of the event")->required()->check(CLI::PositiveNumber);
    command->callback([&options, &around, &chosen, id, act] {
        chosen = [&options, &around, id, act] { return act(*id, options, around); };
    });
}

}  // namespace

void add_events(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const events = parser.add_subcommand("events", "What was received and what became of it");
    events->require_subcommand(1);
    auto const filter = std::make_shared<Filter>();
    CLI::App* const listing = events->add_subcommand("list", "Newest first");
    listing->add_option("--search", filter->text, "Part of the person's name");
    listing->add_option("--state", filter->state, "received, filtered, dead, delivered, skipped, duplicate, …");
    listing->add_option("--connection", filter->connection, "Only from this connection");
    listing->add_option("--route", filter->route, "Only of this route");
    listing->add_option("--before", filter->before, "Only events with a smaller number, to page on");
    listing->add_option("--limit", filter->limit, "How many, at most 500")->check(CLI::Range(1, 500));
    listing->callback([&options, &around, &chosen, filter] {
        chosen = [&options, &around, filter] { return list(*filter, options, around); };
    });
    add_with_id(*events, "show", "One event with its deliveries and attempts", options, around, chosen, show);
    add_with_id(*events, "explain", "Where every written field came from", options, around, chosen, explain);
    auto const id = std::make_shared<std::int64_t>(0);
    auto const force = std::make_shared<bool>(false);
    CLI::App* const replaying = events->add_subcommand("replay", "Run a whole event again, as a new one");
    replaying->add_option("id", *id, "Number of the event")->required()->check(CLI::PositiveNumber);
    replaying->add_flag("--force", *force, "Also when a target has it already or is about to: it may get it twice");
    replaying->callback([&options, &around, &chosen, id, force] {
        chosen = [&options, &around, id, force] { return replay(*id, *force, options, around); };
    });
}

}  // namespace crosswalk::cli

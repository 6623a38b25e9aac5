// crosswalk connections sweep
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>
#include <set>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

constexpr int pages_max = 1000;  // of a hundred events and more each

struct Arguments {
    std::string name;
    std::string from;
    bool backfill = false;
};

// All pages of one sweep.
struct Found {
    json::array missing = {};
    json::array findings = {};
    std::int64_t taken = 0;
};

void add(json::value const& page, Found& found) {
    for (json::value const& event : array_at(page, "missing")) {
        found.missing.push_back(event);
    }
    if (json::array const& findings = array_at(page, "findings"); !findings.empty()) {
        found.findings = findings;
    }
    json::value const* const taken = page.if_object() == nullptr ? nullptr : page.get_object().if_contains("taken");
    found.taken += taken != nullptr && taken->is_int64() ? taken->get_int64() : 0;
}

void print(std::ostream& out, Arguments const& given, Found const& found) {
    if (found.missing.empty()) {
        out << "Nothing is missing: everything that " << given.name << " lists since " << given.from << " came.\n";
        return;
    }
    std::vector<std::vector<std::string>> rows{{"EVENT", "SUBJECT", "HAPPENED"}};
    for (json::value const& event : found.missing) {
        rows.push_back({text(event, "/type"), text(event, "/subject"), text(event, "/occurred_at")});
    }
    print_table(out, rows);
    for (json::value const& finding : found.findings) {
        out << "  " << text(finding, "/about") << ": " << text(finding, "/finding") << '\n';
    }
    if (given.backfill) {
        out << found.taken << " were taken; `crosswalk events list` shows what becomes of them.\n";
    } else {
        out << found.missing.size() << " never came. Say --backfill to take them.\n";
    }
}

int sweep(Options const& options, Surroundings const& around, Arguments const& given) {
    Found found;
    std::string event;
    std::string cursor;
    for (int page = 0; page < pages_max; ++page) {
        Answer const answer =
            ask(options, around, "POST", "/api/v1/connections/" + encoded(given.name) + "/sweep",
                json::serialize(json::object{
                    {"from", given.from}, {"event", event}, {"cursor", cursor}, {"backfill", given.backfill}}));
        if (answer.exit != ok) {
            return fail(around, answer);
        }
        add(answer.body, found);
        event = text(answer.body, "/event");
        cursor = text(answer.body, "/cursor");
        if (event.empty()) {
            break;
        }
    }
    if (options.json) {
        around.out << json::serialize(json::object{
                          {"missing", found.missing}, {"taken", found.taken}, {"findings", found.findings}})
                   << '\n';
    } else {
        print(around.out, given, found);
    }
    if (!event.empty()) {
        around.err << "crosswalk: this was cut short after " << pages_max
                   << " pages; go on with a later --from, or let the host sweep by itself\n";
        return try_again;
    }
    return found.missing.empty() || given.backfill ? ok : problems_found;
}

}  // namespace

void add_connection_sweep(CLI::App& connections, Options const& options, Surroundings const& around, Action& chosen) {
    auto const given = std::make_shared<Arguments>();
    CLI::App* const command = connections.add_subcommand(
        "sweep", "Show what the vendor should have sent and did not; take it with --backfill");
    command->add_option("connection", given->name, "Name of the connection")->required();
    command->add_option("--from", given->from, "From which day on: 2026-11-01 (UTC)")->required();
    command->add_flag("--backfill", given->backfill, "Take what is missing, as if it had come");
    command->callback([&options, &around, &chosen, given] {
        chosen = [&options, &around, given] { return sweep(options, around, *given); };
    });
}

}  // namespace crosswalk::cli

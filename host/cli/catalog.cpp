// crosswalk connections …, connectors …: what there is, and the switches.
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <memory>
#include <ostream>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

struct Column {
    char const* heading;
    char const* pointer;
};

// GET a list and print chosen members of each entry.
int list(Options const& options, Surroundings const& around, std::string const& target, char const* member,
         std::vector<Column> const& columns) {
    Answer const answer = ask(options, around, "GET", target);
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
        return ok;
    }
    std::vector<std::vector<std::string>> rows(1);
    for (Column const& column : columns) {
        rows[0].emplace_back(column.heading);
    }
    for (json::value const& entry : array_at(answer.body, member)) {
        std::vector<std::string>& row = rows.emplace_back();
        for (Column const& column : columns) {
            row.push_back(text(entry, column.pointer));
        }
    }
    print_table(around.out, rows);
    return ok;
}

int change(Options const& options, Surroundings const& around, std::string const& target, std::string const& what) {
    Answer const answer = ask(options, around, "POST", target, "{}");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    std::string const state = text(answer.body, "/state") + text(answer.body, "/status");
    around.out << (options.json ? json::serialize(answer.body) : what + " is " + state + " now.") << '\n';
    return ok;
}

int check(Options const& options, Surroundings const& around, std::string const& name) {
    Answer const answer = ask(options, around, "POST", "/api/v1/connections/" + encoded(name) + "/check", "{}");
    if (answer.exit != ok) {
        return fail(around, answer);
    }
    bool const works = text(answer.body, "/ok") == "true";
    json::array const& warnings = array_at(answer.body, "warnings");
    json::object const* const body = answer.body.if_object();
    json::value const* const sweep = body == nullptr ? nullptr : body->if_contains("sweep");
    json::array const& findings = array_at(sweep == nullptr ? answer.body : *sweep, "findings");
    if (options.json) {
        around.out << json::serialize(answer.body) << '\n';
    } else {
        around.out << "Connection " << name
                   << (works ? " works.\n" : " does not work: " + text(answer.body, "/reason") + "\n");
        for (json::value const& warning : warnings) {
            around.out << "  " << text(warning, "/field") << ": " << text(warning, "/reason") << '\n';
        }
        if (!findings.empty()) {
            around.out << (text(answer.body, "/sweep/cause") == "silent" ? "Nothing has come for unusually long."
                                                                         : "Webhooks did not come.")
                       << " Seen at the vendor at " << text(answer.body, "/sweep/diagnosed_at") << ":\n";
        }
        for (json::value const& finding : findings) {
            around.out << "  " << text(finding, "/about") << ": " << text(finding, "/finding") << '\n';
        }
    }
    return works && warnings.empty() && findings.empty() ? ok : problems_found;
}

}  // namespace

void add_connections(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const connections = parser.add_subcommand("connections", "Configured accounts of vendors");
    connections->require_subcommand(1);
    connections->add_subcommand("list", "All connections, their state and webhook address")->callback([&] {
        chosen = [&] {
            return list(options, around, "/api/v1/connections", "connections",
                        {{"CONNECTION", "/connection"},
                         {"CONNECTOR", "/connector"},
                         {"ENVIRONMENT", "/environment"},
                         {"STATE", "/state"},
                         {"WEBHOOKS", "/webhooks/state"},
                         {"VERIFIED", "/verified_at"},
                         {"LAST EVENT", "/last_event_at"},
                         {"SWEPT", "/sweep/ended_at"},
                         {"MISSING", "/sweep/missing"},
                         {"WEBHOOK ADDRESS", "/webhook/url"},
                         {"WITHOUT SCHEME", "/webhook/without_scheme"},
                         {"REASON", "/reason"}});
        };
    });
    auto const name = std::make_shared<std::string>();
    CLI::App* const checking =
        connections->add_subcommand("check", "Ask the vendor whether address, key and rights work");
    checking->add_option("connection", *name, "Name of the connection")->required();
    checking->callback([&options, &around, &chosen, name] {
        chosen = [&options, &around, name] { return check(options, around, *name); };
    });
    CLI::App* const resume = connections->add_subcommand("resume", "Go on after the access was renewed");
    resume->add_option("connection", *name, "Name of the connection")->required();
    resume->callback([&options, &around, &chosen, name] {
        chosen = [&options, &around, name] {
            return change(options, around, "/api/v1/connections/" + encoded(*name) + "/resume", "Connection " + *name);
        };
    });
    add_connection_access(*connections, options, around, chosen);
    add_connection_sweep(*connections, options, around, chosen);
}

void add_connectors(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const connectors = parser.add_subcommand("connectors", "Loaded connector libraries");
    connectors->require_subcommand(1);
    connectors->add_subcommand("list", "All connectors, their version and what they offer")->callback([&] {
        chosen = [&] {
            return list(options, around, "/api/v1/connectors", "connectors",
                        {{"CONNECTOR", "/connector"},
                         {"STATE", "/state"},
                         {"PRODUCT", "/provides/0/product"},
                         {"VERSION", "/provides/0/version"},
                         {"SUPPORT", "/provides/0/support"},
                         {"REASON", "/reason"}});
        };
    });
}

}  // namespace crosswalk::cli

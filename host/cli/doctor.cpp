// crosswalk doctor: what support needs to know, and nothing about people.
//
// Shape    one JSON document. What the host answers goes in by a list of members that are known to be harmless, so that
//          a new member of an endpoint does not come along by itself; settings go in as names, secrets as references.
//          Whatever looks like an e-mail address in any text is masked.
// Limits   the last 500 lines of the log, out of its last 256 KiB.
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <ostream>
#include <sstream>

namespace crosswalk::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t log_lines_max = 500;
constexpr std::streamoff log_bytes_max = 256 * 1024;

struct Arguments {
    std::string bundle;
    std::string log;
};

// Only these members of every object of the array.
json::array picked(json::array const& from, std::initializer_list<char const*> members) {
    json::array out;
    for (json::value const& each : from) {
        json::object kept;
        for (char const* member : members) {
            auto const* const object = each.if_object();
            auto const* const found = object == nullptr ? nullptr : object->if_contains(member);
            if (found != nullptr) {
                kept[member] = *found;
            }
        }
        out.push_back(std::move(kept));
    }
    return out;
}

// "Mail to ann@example.com failed." with every word that has an @ in it masked.
std::string masked(std::string_view text) {
    constexpr std::string_view ends_a_word = " \t\n\"'<>(),;";
    std::string out;
    while (!text.empty()) {
        std::size_t const end = std::min(text.find_first_of(ends_a_word), text.size());
        std::string_view const word = text.substr(0, end);
        out += word.find('@') == std::string_view::npos ? word : "[address]";
        out += text.substr(end, 1);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

void mask(json::value& value) {
    if (auto* const text = value.if_string()) {
        *text = masked(*text);
    } else if (auto* const array = value.if_array()) {
        std::for_each(array->begin(), array->end(), [](json::value& each) { mask(each); });
    } else if (auto* const object = value.if_object()) {
        std::for_each(object->begin(), object->end(), [](json::key_value_pair& each) { mask(each.value()); });
    }
}

// JSON Pointers of everything that is set; values may be addresses, account names and people.
void add_names(json::value const& settings, std::string const& pointer, json::array& out) {
    auto const* const object = settings.if_object();
    if (object == nullptr || object->empty()) {
        out.emplace_back(pointer);
        return;
    }
    for (auto const& [name, value] : *object) {
        add_names(value, pointer + "/" + std::string(name), out);
    }
}

json::array described(std::vector<config::Problem> const& problems) {
    json::array out;
    for (config::Problem const& problem : problems) {
        out.push_back(json::object{
            {"file", problem.file}, {"line", problem.line}, {"column", problem.column}, {"message", problem.message}});
    }
    return out;
}

json::array secrets_of(config::Config const& config, model::SecretSource const& secrets) {
    json::array out;
    for (config::SecretUse const& use : config.secrets) {
        out.push_back(json::object{{"reference", use.reference},
                                   {"file", use.position.file},
                                   {"line", use.position.line},
                                   {"found", secrets.resolve(use.reference).has_value()}});
    }
    return out;
}

json::object configuration_of(Options const& options, Surroundings const& around) {
    config::Loaded loaded = config::load(options.config_dir);
    std::vector<config::Problem> problems = std::move(loaded.problems);
    if (!loaded.config) {
        return {{"valid", false}, {"problems", described(problems)}};
    }
    config::Config const& config = *loaded.config;
    problems = around.check(config);
    json::array connections;
    for (auto const& [name, connection] : config.connections) {
        json::array names;
        add_names(connection.settings, "", names);
        connections.push_back(
            json::object{{"connection", name}, {"connector", connection.connector}, {"settings", std::move(names)}});
    }
    json::array routes;
    for (auto const& [name, each] : config.routes) {
        model::Route const& route = each.route;
        routes.push_back(json::object{{"route", name},
                                      {"enabled", route.enabled},
                                      {"from", route.from_connection + " " + route.from_event},
                                      {"to", route.to_connection + " " + route.to_action}});
    }
    return {{"valid", problems.empty()},
            {"problems", described(problems)},
            {"log_level", config.log_level},
            {"hooks", json::object{{"port", config.hooks.port}, {"tls", config.hooks.tls.has_value()}}},
            {"admin", json::object{{"port", config.admin.port}, {"tls", config.admin.tls.has_value()}}},
            {"connections", std::move(connections)},
            {"routes", std::move(routes)},
            {"secrets", secrets_of(config, *around.secrets(config))}};
}

json::array lines_of(std::string const& text) {
    json::array out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        out.emplace_back(line);
    }
    return out;
}

json::object host_of(Options const& options, Surroundings const& around) {
    Answer const version = ask(options, around, "GET", "/version");
    if (version.exit != ok) {
        return {{"answers", false}, {"problem", version.problem}};
    }
    json::object out{{"answers", true}, {"version", text(version.body, "/version")}};
    Answer const ready = ask(options, around, "GET", "/readyz");  // its body says why also when it is not
    out["ready"] =
        json::object{{"status", text(ready.body, "/status")},
                     {"reason", text(ready.body, "/reason")},
                     {"degraded", picked(array_at(ready.body, "degraded"), {"connector", "connection", "reason"})}};
    Answer const dead = ask(options, around, "GET", "/api/v1/dead");
    if (dead.exit != ok) {
        out["problem"] = dead.problem;  // the token, most likely: what follows would fail in the same way
        return out;
    }
    out["dead"] = picked(array_at(dead.body, "causes"), {"cause", "count"});
    out["connectors"] = picked(array_at(ask(options, around, "GET", "/api/v1/connectors").body, "connectors"),
                               {"connector", "state", "reason"});
    out["connections"] = picked(
        array_at(ask(options, around, "GET", "/api/v1/connections").body, "connections"),
        {"connection", "connector", "environment", "state", "reason", "paused_since", "verified_at", "last_event_at"});
    out["routes"] = picked(array_at(ask(options, around, "GET", "/api/v1/routes").body, "routes"),
                           {"route", "from", "to", "support", "state", "reason", "next_run"});
    out["conservation"] = ask(options, around, "GET", "/api/v1/conservation").body;
    if (Answer const metrics = fetch_text(options, around, "/metrics"); metrics.exit == ok) {
        out["metrics"] = lines_of(std::string(metrics.body.as_string()));
    }
    return out;
}

// The end of a log; each line that is JSON as JSON. False: the file cannot be read.
bool read_log(std::string const& file, json::array& out) {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    if (!in) {
        return false;
    }
    std::streamoff const size = in.tellg();
    in.seekg(std::max<std::streamoff>(0, size - log_bytes_max));
    json::array lines = lines_of({std::istreambuf_iterator<char>(in), {}});
    bool const cut = size > log_bytes_max;  // then the first line is not whole
    std::size_t const first = std::max<std::size_t>(cut ? 1 : 0, lines.size() - std::min(lines.size(), log_lines_max));
    for (std::size_t i = std::min(first, lines.size()); i < lines.size(); ++i) {
        json::error_code error;
        json::value parsed = json::parse(lines[i].get_string(), error);
        out.push_back(error ? std::move(lines[i]) : std::move(parsed));
    }
    return true;
}

// A few lines for people.
void print(std::ostream& out, json::value const& found) {
    std::size_t const problems = array_at(found.at("configuration"), "problems").size();
    out << "configuration  "
        << (problems == 0 ? "valid" : std::to_string(problems) + " problems; see crosswalk validate") << '\n'
        << "host           "
        << (text(found, "/host/answers") == "true"
                ? text(found, "/host/version") + ", " + text(found, "/host/ready/status")
                : text(found, "/host/problem"))
        << '\n';
    for (json::value const& connection : array_at(found.at("host"), "connections")) {
        out << "connection     " << text(connection, "/connection") << ": " << text(connection, "/state") << " "
            << text(connection, "/reason") << '\n';
    }
    for (json::value const& dead : array_at(found.at("host"), "dead")) {
        out << "dead           " << text(dead, "/count") << ": " << text(dead, "/cause") << '\n';
    }
}

int examine(Options const& options, Surroundings const& around, Arguments const& given) {
    json::value found = json::object{{"crosswalk", around.version},
                                     {"system", around.system},
                                     {"compiler", __VERSION__},
                                     {"made_at", model::to_rfc3339(around.clock.now())},
                                     {"configuration", configuration_of(options, around)},
                                     {"host", host_of(options, around)}};
    if (!given.log.empty() && !read_log(given.log, found.as_object()["log"].emplace_array())) {
        around.err << "crosswalk: the log " << given.log << " cannot be read\n";
        return data;
    }
    mask(found);
    if (!given.bundle.empty()) {
        std::ofstream file(given.bundle, std::ios::binary | std::ios::trunc);
        file << json::serialize(found) << '\n';
        file.close();
        if (!file) {
            around.err << "crosswalk: " << given.bundle << " cannot be written\n";
            return data;
        }
    }
    if (options.json) {
        around.out << json::serialize(found) << '\n';
    } else {
        print(around.out, found);
    }
    bool const well = text(found, "/configuration/valid") == "true" && text(found, "/host/ready/status") == "ok";
    return well ? ok : problems_found;
}

}  // namespace

void add_doctor(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const command =
        parser.add_subcommand("doctor", "What support needs to know: nothing secret and nothing about people");
    auto const given = std::make_shared<Arguments>();
    command->add_option("--bundle", given->bundle, "File to write all of it to, as JSON");
    command->add_option("--log", given->log, "File with the host's log, whose end goes along");
    command->callback([&options, &around, &chosen, given] {
        chosen = [&options, &around, given] { return examine(options, around, *given); };
    });
}

}  // namespace crosswalk::cli

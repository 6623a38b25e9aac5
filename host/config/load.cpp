#include "config/config.hpp"
#include "config/files.hpp"
#include "config/table.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <system_error>

namespace crosswalk::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t files_per_folder_max = 2000;
constexpr std::size_t bytes_read_max = 16 * 1024 * 1024 + 1;  // one above the largest that any parser takes

// A file of a folder: what it is called in messages and what it stands for.
struct Source {
    fs::path path;
    std::string file;  // "routes/x.yaml"
    std::string name;  // "x"
};

bool is_document(fs::path const& path) {
    return path.extension() == ".yaml" || path.extension() == ".json";
}

std::optional<std::string> read_text(Source const& source, Problems& problems) {
    Position const whole{source.file, 0, 0};
    std::error_code error;
    if (!fs::is_regular_file(source.path, error)) {
        problems.add(whole, "not a file that can be read");
        return std::nullopt;
    }
    std::ifstream stream(source.path, std::ios::binary);
    std::string text;
    std::vector<char> block(64 * 1024);
    while (stream && text.size() < bytes_read_max) {
        stream.read(block.data(), static_cast<std::streamsize>(block.size()));
        text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    }
    if (!stream.eof() && text.size() < bytes_read_max) {
        problems.add(whole, "the file cannot be read; check its owner and mode");
        return std::nullopt;
    }
    return text;
}

// The whole folder, while it is read.
class Loader {
public:
    explicit Loader(fs::path const& directory) : directory_(fs::absolute(directory).lexically_normal()) {}

    [[nodiscard]] Loaded load() {
        load_workspace();
        for (Source const& source : sources("connections", is_document)) {
            load_connection(source);
        }
        for (Source const& source : sources("tables", [](fs::path const& p) { return p.extension() == ".csv"; })) {
            load_table(source);
        }
        for (Source const& source : sources("routes", is_document)) {
            load_route(source);
        }
        check_connections();
        for (auto const& [name, route] : config_.routes) {
            check_route(route);
        }
        Loaded loaded;
        loaded.problems = problems_.take();
        if (loaded.problems.empty()) {
            loaded.config = std::move(config_);
        }
        return loaded;
    }

private:
    // The files of a folder in order of their names. A folder that is not there is empty.
    [[nodiscard]] std::vector<Source> sources(std::string const& folder,
                                              std::function<bool(fs::path const&)> const& is_wanted) {
        std::vector<Source> found;
        std::error_code error;
        for (fs::directory_iterator entry(directory_ / folder, error), end; !error && entry != end;
             entry.increment(error)) {
            fs::path const path = entry->path();
            Source const source{path, folder + '/' + path.filename().string(), path.stem().string()};
            if (source.name.empty() || source.name.front() == '.') {
                continue;
            }
            if (is_wanted(path)) {
                found.push_back(source);
            } else if (path.extension() == ".yml") {
                problems_.add({source.file, 0, 0}, "files end in .yaml; rename it to " + source.name + ".yaml");
            }
            if (found.size() > files_per_folder_max) {
                problems_.add({folder, 0, 0}, "more than 2,000 files in this folder");
                return {};
            }
        }
        if (error && error != std::errc::no_such_file_or_directory) {
            problems_.add({folder, 0, 0}, "the folder cannot be read; check its owner and mode");
        }
        std::sort(found.begin(), found.end(), [](Source const& a, Source const& b) { return a.file < b.file; });
        return found;
    }

    [[nodiscard]] std::optional<Node> parse(Source const& source) {
        auto const text = read_text(source, problems_);
        return text ? parse_document(source.file, *text, problems_) : std::nullopt;
    }

    void load_workspace() {
        std::error_code error;
        Source const yaml{directory_ / "crosswalk.yaml", "crosswalk.yaml", "crosswalk"};
        Source const json{directory_ / "crosswalk.json", "crosswalk.json", "crosswalk"};
        bool const has_json = fs::exists(json.path, error);
        if (!fs::is_directory(directory_, error)) {
            problems_.add({"crosswalk.yaml", 0, 0}, "there is no folder " + directory_.string());
        } else if (!has_json && !fs::exists(yaml.path, error)) {
            problems_.add({"crosswalk.yaml", 0, 0}, "there is no such file in " + directory_.string());
        } else if (has_json && fs::exists(yaml.path, error)) {
            problems_.add({"crosswalk.json", 0, 0}, "there is a crosswalk.yaml too; keep one of them");
        } else if (auto const root = parse(has_json ? json : yaml)) {
            Reading reading{problems_, config_.secrets};
            read_workspace(*root, directory_, config_, reading);
            knows_connectors_ = true;
        }
    }

    void load_connection(Source const& source) {
        connection_files_.insert(source.name);
        auto const root = parse(source);
        if (!root) {
            return;
        }
        std::vector<SecretUse> secrets;
        Reading reading{problems_, secrets};
        Connection connection = read_connection(*root, source.name, reading);
        auto const connector = config_.connectors.find(connection.connector);
        if (connector == config_.connectors.end() || connector->second.enabled) {
            config_.secrets.insert(config_.secrets.end(), secrets.begin(), secrets.end());
        }
        if (!config_.connections.emplace(source.name, std::move(connection)).second) {
            problems_.add({source.file, 0, 0}, "the connection '" + source.name + "' has another file; keep one");
        }
    }

    void load_table(Source const& source) {
        auto const text = read_text(source, problems_);
        auto table = text ? parse_table(source.file, *text, problems_) : std::nullopt;
        // A broken table stays known by its name, so that routes are not told that there is none.
        config_.tables.emplace(source.name, table ? std::move(*table) : model::ValueTable{});
    }

    void load_route(Source const& source) {
        auto const root = parse(source);
        if (!root) {
            return;
        }
        Reading reading{problems_, config_.secrets};
        if (!config_.routes.emplace(source.name, read_route(*root, source.name, reading)).second) {
            problems_.add({source.file, 0, 0}, "the route '" + source.name + "' has another file; keep one");
        }
    }

    void check_connections() {
        std::vector<std::string> known;
        for (auto const& [name, connector] : config_.connectors) {
            known.push_back(name);
        }
        std::map<std::string, std::string> path_keys;
        for (auto const& [name, connection] : config_.connections) {
            bool const is_known = connection.connector.empty() || config_.connectors.contains(connection.connector);
            if (!is_known && knows_connectors_) {
                problems_.add(connection.connector_position,
                              "unknown connector '" + connection.connector + "'" +
                                  suggestion(connection.connector, known) +
                                  " (connectors are listed in crosswalk.yaml under 'connectors')");
            }
            if (connection.path_key.empty()) {
                continue;
            }
            auto const [first, is_new] = path_keys.emplace(connection.path_key, name);
            if (!is_new) {
                problems_.add(connection.path_key_position,
                              "the connection '" + first->second + "' has the same 'path_key'; give each its own");
            }
        }
    }

    void check_route(Route const& route) {
        check_end(route, "/from/connection", route.route.from_connection);
        check_end(route, "/to/connection", route.route.to_connection);
        for (std::size_t i = 0; i < route.route.feedback.size(); ++i) {
            check_end(route, "/feedback/" + std::to_string(i) + "/to/connection", route.route.feedback[i].connection);
        }
        for (std::size_t i = 0; i < route.route.run_on.size(); ++i) {
            check_end(route, entry_pointer(route, "/from/run_on", i) + "/connection", route.route.run_on[i].connection);
        }
        check_switches(route, "/when", route.route.when);
        if (route.route.schedule) {
            check_switches(route, "/from/schedule/when", route.route.schedule->when);
        }
        std::vector<std::string> known;
        for (auto const& [name, table] : config_.tables) {
            known.push_back(name);
        }
        for (model::FieldRule const& rule : route.route.mapping.rules) {
            if (!rule.table.empty() && !config_.tables.contains(rule.table)) {
                problems_.add(route.positions.at("/map/" + escape_segment(rule.field) + "/table"),
                              "unknown table '" + rule.table + "'" + suggestion(rule.table, known) +
                                  " (tables are files tables/<name>.csv)");
            }
        }
        if (!route.route.notify_emails.empty() && !config_.notify.smtp && knows_connectors_) {
            problems_.add(route.positions.at("/notify/email/to"),
                          "mail needs a server: add notify.email.smtp to crosswalk.yaml");
        }
    }

    void check_switches(Route const& route, std::string const& pointer, std::vector<model::Switch> const& switches) {
        for (std::size_t i = 0; i < switches.size(); ++i) {
            check_end(route, entry_pointer(route, pointer, i) + "/connection", switches[i].connection);
        }
    }

    void check_end(Route const& route, std::string const& pointer, std::string const& connection) {
        if (connection.empty() || connection_files_.contains(connection)) {
            return;
        }
        std::vector<std::string> known;
        for (auto const& [name, found] : config_.connections) {
            known.push_back(name);
        }
        problems_.add(route.positions.at(pointer), "unknown connection '" + connection + "'" +
                                                       suggestion(connection, known) +
                                                       " (connections are files connections/<name>.yaml)");
    }

    fs::path directory_;
    Config config_;
    Problems problems_;
    bool knows_connectors_ = false;           // crosswalk.yaml could be read
    std::set<std::string> connection_files_;  // also those that could not be parsed
};

}  // namespace

Loaded load(std::filesystem::path const& directory) {
    try {
        return Loader(directory).load();
    } catch (std::filesystem::filesystem_error const& error) {
        return {std::nullopt, {{"", 0, 0, "the folder cannot be read: " + error.code().message()}}};
    }
}

}  // namespace crosswalk::config

// A whole configuration folder, read as at start.
//
// Input    parts: crosswalk.yaml, connections/lever.yaml, routes/hires.yaml, tables/types.csv. A part that is missing
//          is a plain one that is right, so that one file is changed at a time.
#include "config/config.hpp"
#include "fuzz/targets.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace crosswalk::fuzz {
namespace {

namespace fs = std::filesystem;

struct File {
    char const* path;
    char const* usual;
};
constexpr std::array files{
    File{"crosswalk.yaml",
         "version: 1\nlisten:\n  hooks: { address: \"127.0.0.1:8470\" }\n"
         "  admin: { address: \"127.0.0.1:8471\", token: \"secret:env/T\" }\n"
         "store: { path: crosswalk.db }\nconnectors:\n  lever: { enabled: true }\n  goco: { enabled: true }\n"},
    File{"connections/lever.yaml",
         "connection: lever\nconnector: lever\nsettings:\n  api_key: \"secret:env/K\"\n  rate: 1.10\n"},
    File{"routes/hires.yaml",
         "route: hires\ntitle: Hires\nfrom: { connection: lever, event: candidate.hired }\n"
         "to: { connection: goco, action: create_employee }\nmap:\n"
         "  employment_type: { from: /employment_type, table: types, otherwise: omit }\n"},
    File{"tables/types.csv", "from,to\npart_time,partner_time\n"},
};
constexpr char target_connection[] = "connection: goco\nconnector: goco\nsettings:\n  company: 12\n";

fs::path const& folder() {
    static fs::path const made = [] {
        fs::path path = fs::temp_directory_path() / ("crosswalk-fuzz-config-" + std::to_string(getpid()));
        for (char const* const name : {"connections", "routes", "tables"}) {
            fs::create_directories(path / name);
        }
        std::ofstream(path / "connections/goco.yaml") << target_connection;
        return path;
    }();
    return made;
}

std::vector<config::ConnectorFacts> facts() {
    config::ConnectorFacts lever{
        "lever",
        R"({"type": "object", "properties": {"api_key": {"type": "string"}, "rate": {"type": "number"},
            "on": {"type": "boolean"}, "list": {"type": "array", "items": {"type": "string"}}}})"};
    lever.triggers = {{"candidate.hired", "lever.hire/1", "crosswalk.hire/1", false, false, {}},
                      {"posting.changed", "lever.posting/1", "crosswalk.posting/1", true, false,
                       R"({"type": "object", "properties": {"posting": {"type": "string"}}})"}};
    lever.secrets = {"/api_key", "/webhooks/*/token"};
    config::ConnectorFacts goco{"goco", R"({"type": "object", "properties": {"company": {"type": "string"}}})"};
    goco.actions = {{"create_employee", "crosswalk.hire/1", "goco.employee/1"}};
    return {std::move(lever), std::move(goco)};
}

}  // namespace

void run_config(std::string_view input) {
    static std::vector<config::ConnectorFacts> const known = facts();
    std::vector<std::string_view> const parts = parts_of(input);
    for (std::size_t i = 0; i < files.size(); ++i) {
        std::string_view const text = i < parts.size() && !parts[i].empty() ? parts[i] : files.at(i).usual;
        std::ofstream(folder() / files.at(i).path, std::ios::binary | std::ios::trunc) << text;
    }
    config::Loaded loaded = config::load(folder());
    require(loaded.config.has_value() == loaded.problems.empty(), "a configuration is whole or has problems");
    for (config::Problem const& problem : loaded.problems) {
        require(!problem.message.empty(), "a problem is said in words");
    }
    if (loaded.config) {
        config::apply_schema_types(*loaded.config, known);
        static_cast<void>(
            config::check(*loaded.config, known, [] { return std::vector<std::string>{"Europe/Berlin"}; }));
    }
}

}  // namespace crosswalk::fuzz

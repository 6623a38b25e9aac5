// Loading connector libraries and checking a configuration against them; shared by `run` and `validate`.
#include "accounts.hpp"
#include "host.hpp"
#include "platform/paths.hpp"
#include "schedule/timetable.hpp"

#include <algorithm>
#include <filesystem>
#include <tuple>

namespace crosswalk {
namespace {

#ifdef _WIN32
constexpr std::string_view library_suffix = ".dll";
#else
constexpr std::string_view library_suffix = ".so";
#endif

std::filesystem::path connectors_dir(config::Config const& config) {
    if (!config.connectors_dir.empty()) {
        return config.connectors_dir;
    }
    // Installed: <prefix>/bin/crosswalk beside <prefix>/lib/crosswalk/connectors. In a build: beside bin/.
    auto const executable = platform::executable_directory();
    std::filesystem::path const bin = executable ? *executable : std::filesystem::current_path();
    std::filesystem::path const installed = bin.parent_path() / "lib" / "crosswalk" / "connectors";
    std::error_code error;
    return std::filesystem::is_directory(installed, error) ? installed : bin.parent_path() / "connectors";
}

std::string library_path(config::Config const& config, config::Connector const& connector) {
    if (!connector.library.empty()) {
        return connector.library;
    }
    return (connectors_dir(config) / connector.name / (connector.name + std::string(library_suffix))).string();
}

config::ConnectorFacts facts_of(plugin_host::ConnectorInfo const& info) {
    config::ConnectorFacts facts;
    facts.id = info.id;
    facts.settings_schema = info.settings_schema;
    facts.secrets = info.secrets;
    for (plugin_host::TriggerInfo const& trigger : info.triggers) {
        facts.triggers.push_back({trigger.event, trigger.schema, trigger.canonical, trigger.is_polled(),
                                  trigger.is_signal(), trigger.select_schema});
    }
    for (plugin_host::ActionInfo const& action : info.actions) {
        facts.actions.push_back({action.name, action.canonical, action.schema});
    }
    return facts;
}

}  // namespace

std::vector<config::ConnectorFacts> Libraries::facts() const {
    std::vector<config::ConnectorFacts> out;
    for (admin::LoadedConnector const& connector : connectors) {
        for (plugin_host::ConnectorInfo const& info : connector.infos) {
            out.push_back(facts_of(info));
        }
    }
    return out;
}

Libraries load_libraries(config::Config const& config, telemetry::Logger& logger) {
    Libraries libraries;
    for (auto const& [name, connector] : config.connectors) {
        admin::LoadedConnector& entry = libraries.connectors.emplace_back();
        entry.name = name;
        entry.enabled = connector.enabled;
        if (!connector.enabled) {
            continue;
        }
        auto const isolation =
            connector.isolation == "worker" ? plugin_host::Isolation::worker : plugin_host::Isolation::in_process;
        auto library = plugin_host::Library::load(library_path(config, connector), connector.sha256, logger, isolation);
        if (!library) {
            entry.error = library.error().detail;
            logger.error("A connector is refused.", {{"connector", name}, {"detail", entry.error}});
            continue;
        }
        auto const& infos = (*library)->connectors();
        bool const provides =
            std::any_of(infos.begin(), infos.end(), [&](auto const& info) { return info.id == name; });
        if (!provides) {
            entry.error = "The library " + library_path(config, connector) + " holds no connector \"" + name + "\".";
            logger.error("A connector is refused.", {{"connector", name}, {"detail", entry.error}});
            continue;
        }
        entry.infos = infos;
        libraries.loaded[name] = *library;
    }
    return libraries;
}

std::vector<config::Problem> check(config::Config const& config, model::SecretSource const& secrets,
                                   telemetry::Logger& logger) {
    Libraries libraries = load_libraries(config, logger);
    config::Config typed = config;
    config::apply_schema_types(typed, libraries.facts());
    std::vector<config::Problem> problems = config::check(typed, libraries.facts(), schedule::known_zones);
    for (config::Problem& missing : config::missing_secrets(typed, secrets)) {
        problems.push_back(std::move(missing));
    }
    for (config::Problem& access : check_accounts(typed, libraries.loaded, secrets, logger)) {
        problems.push_back(std::move(access));
    }
    for (admin::LoadedConnector const& connector : libraries.connectors) {
        if (!connector.error.empty()) {
            config::Position const& at = config.connectors.at(connector.name).position;
            problems.push_back({at.file, at.line, at.column, connector.error});
        }
    }
    model::SystemClock const clock;
    libraries.let_judge(secrets, clock, logger);
    for (config::Problem& judged : judge_settings(typed, libraries.connectors, problems)) {
        problems.push_back(std::move(judged));
    }
    std::sort(problems.begin(), problems.end(), [](config::Problem const& left, config::Problem const& right) {
        return std::tie(left.file, left.line, left.column) < std::tie(right.file, right.line, right.column);
    });
    return problems;
}

}  // namespace crosswalk

// What connectors themselves say to the settings of their connections, beyond what their schemas can say.
#include "host.hpp"

#include <algorithm>

namespace crosswalk {
namespace {

// A field is named by a JSON Pointer, or by its key alone.
std::string pointer_of(std::string const& field) {
    return field.empty() || field.front() == '/' ? field : '/' + field;
}

// Where the setting is written; one that is not written stands where its nearest parent does, and at last in the file.
config::Position position_of(config::Connection const& connection, std::string pointer) {
    for (;;) {
        if (auto const found = connection.positions.find(pointer); found != connection.positions.end()) {
            return found->second;
        }
        if (pointer.empty()) {
            return connection.position;
        }
        pointer.erase(pointer.rfind('/'));
    }
}

bool is_about_settings(model::ErrorCode code) noexcept {
    return code == model::ErrorCode::failed_precondition || code == model::ErrorCode::invalid_argument;
}

}  // namespace

void Libraries::let_judge(model::SecretSource const& secrets, model::Clock const& clock, telemetry::Logger& logger) {
    for (admin::LoadedConnector& connector : connectors) {
        auto const library = loaded.find(connector.name);
        if (library == loaded.end()) {
            continue;
        }
        connector.judge = [library = library->second, id = connector.name, &secrets, &clock, &logger](
                              std::string const& connection, boost::json::value settings) {
            return library->check_settings(
                id, plugin_host::SettingsCheck{connection, std::move(settings), secrets, clock, logger});
        };
    }
}

std::vector<config::Problem> judge_settings(config::Config const& config,
                                            std::vector<admin::LoadedConnector> const& connectors,
                                            std::vector<config::Problem> const& known) {
    std::vector<config::Problem> problems;
    for (auto const& [name, connection] : config.connections) {
        auto const connector = std::find_if(connectors.begin(), connectors.end(),
                                            [&](auto const& one) { return one.name == connection.connector; });
        bool const faulty = std::any_of(known.begin(), known.end(), [&](config::Problem const& problem) {
            return problem.file == connection.position.file;
        });
        if (faulty || connector == connectors.end() || !connector->judge) {
            continue;
        }
        auto const judged = connector->judge(name, connection.settings);
        // Whatever else may go wrong, a worker that does not start for instance, is not the file's fault.
        if (judged || !is_about_settings(judged.error().code)) {
            continue;
        }
        std::string const field = judged.error().fields.empty() ? "" : pointer_of(judged.error().fields.front().field);
        config::Position const at = position_of(connection, field);
        problems.push_back({at.file, at.line, at.column, judged.error().detail});
    }
    return problems;
}

}  // namespace crosswalk

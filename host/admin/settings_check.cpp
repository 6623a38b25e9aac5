#include "admin/settings_check.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace crosswalk::admin {
namespace {

namespace json = boost::json;

constexpr int unprocessable = 422;

config::ConnectorFacts facts_of(plugin_host::ConnectorInfo const& info) {
    config::ConnectorFacts facts;
    facts.id = info.id;
    facts.settings_schema = info.settings_schema;
    facts.secrets = info.secrets;
    return facts;
}

// A configuration of nothing but this connection with these settings: what `validate` would say of them.
config::Config alone(config::Connection connection, json::value settings) {
    connection.settings = std::move(settings);
    connection.positions.clear();
    connection.plain.clear();
    config::Config out;
    out.connections.emplace(connection.name, std::move(connection));
    return out;
}

}  // namespace

http::Response check_settings(Api& api, Call const& call) {
    auto const found = api.config.connections.find(call.captured.at("name"));
    if (found == api.config.connections.end()) {
        return http::problem(404, "There is no connection with this name.");
    }
    config::Connection const& connection = found->second;
    json::error_code error;
    json::value const body = json::parse(call.request.body, error);
    json::value const* const settings = error ? nullptr : body.find_pointer("/settings", error);
    if (settings == nullptr || !settings->is_object()) {
        return http::problem(400, R"(Send the settings as {"settings": {…}}.)");
    }
    auto const connector = std::find_if(api.connectors.begin(), api.connectors.end(),
                                        [&](auto const& one) { return one.name == connection.connector; });
    if (connector == api.connectors.end() || !connector->judge) {
        return http::problem(409, "The connector \"" + connection.connector + "\" is not loaded.");
    }
    auto const info = std::find_if(connector->infos.begin(), connector->infos.end(),
                                   [&](auto const& one) { return one.id == connection.connector; });
    if (info != connector->infos.end()) {
        auto const problems = config::check(alone(connection, *settings), {facts_of(*info)});
        if (!problems.empty()) {
            return http::problem(unprocessable, problems.front().message);
        }
    }
    if (auto const judged = connector->judge(connection.name, *settings); !judged) {
        bool const about_settings = judged.error().code == model::ErrorCode::failed_precondition ||
                                    judged.error().code == model::ErrorCode::invalid_argument;
        return about_settings ? http::problem(unprocessable, judged.error().detail) : http::problem(judged.error());
    }
    return json_ok(R"({"valid":true})");
}

}  // namespace crosswalk::admin

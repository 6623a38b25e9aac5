#include "config/switches.hpp"

#include "config/problems.hpp"
#include "config/settings_schema.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace crosswalk::config {
namespace {

namespace json = boost::json;

bool is_on(Config const& config, std::vector<ConnectorFacts> const& facts, model::Switch const& wanted) {
    auto const connection = config.connections.find(wanted.connection);
    if (connection == config.connections.end()) {
        return false;
    }
    json::error_code error;
    if (json::value const* const written = connection->second.settings.find_pointer(wanted.setting, error)) {
        return written->is_bool() && written->get_bool();
    }
    ConnectorFacts const* const known = facts_of(facts, connection->second.connector);
    auto const schema = known == nullptr ? std::nullopt : parsed_schema(known->settings_schema);
    json::value const* const place = schema ? schema_at(*schema, wanted.setting) : nullptr;
    json::value const* const otherwise =
        place != nullptr && place->is_object() ? place->get_object().if_contains("default") : nullptr;
    return otherwise != nullptr && otherwise->is_bool() && otherwise->get_bool();
}

}  // namespace

ConnectorFacts const* facts_of(std::vector<ConnectorFacts> const& facts, std::string_view connector) {
    auto const found =
        std::find_if(facts.begin(), facts.end(), [&](ConnectorFacts const& one) { return one.id == connector; });
    return found == facts.end() ? nullptr : &*found;
}

ConnectorFacts const* facts_behind(Config const& config, std::vector<ConnectorFacts> const& facts,
                                   std::string const& connection) {
    auto const found = config.connections.find(connection);
    return found == config.connections.end() ? nullptr : facts_of(facts, found->second.connector);
}

std::optional<json::value> parsed_schema(std::string const& text) {
    if (text.empty()) {
        return json::object{};
    }
    json::error_code error;
    json::value schema = json::parse(text, error);
    return error || !schema.is_object() ? std::nullopt : std::optional(std::move(schema));
}

std::string why_not_switch(Config const& config, std::vector<ConnectorFacts> const& facts,
                           model::Switch const& wanted) {
    ConnectorFacts const* const known = facts_behind(config, facts, wanted.connection);
    auto const schema = known == nullptr ? std::nullopt : parsed_schema(known->settings_schema);
    if (!schema) {
        return {};
    }
    std::vector<std::string> const switches =
        boolean_settings(*schema, config.connections.at(wanted.connection).settings);
    if (std::find(switches.begin(), switches.end(), wanted.setting) != switches.end()) {
        return {};
    }
    std::string const hint =
        switches.empty() ? "; it has no setting that is true or false" : suggestion(wanted.setting, switches);
    std::string const named = "'" + wanted.setting + "' of connector '" + known->id + "'";
    return schema_at(*schema, wanted.setting) == nullptr ? "there is no setting " + named + hint
                                                         : "the setting " + named + " is not true or false" + hint;
}

std::string why_off(Config const& config, std::vector<ConnectorFacts> const& facts,
                    std::vector<model::Switch> const& switches) {
    for (model::Switch const& one : switches) {
        if (!is_on(config, facts, one)) {
            return "The setting " + one.setting + " of the connection " + one.connection + " is not true.";
        }
    }
    return {};
}

}  // namespace crosswalk::config

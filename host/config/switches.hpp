// Switches: boolean settings of connections that turn routes on and off.
//
// Shape    plain functions over what was loaded. A setting that is not written has its schema's default, or is false.
#pragma once

#include "config/config.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::config {

// The description of a connector by its id, or of the one behind a connection; nullptr when it is not loaded.
[[nodiscard]] ConnectorFacts const* facts_of(std::vector<ConnectorFacts> const& facts, std::string_view connector);
[[nodiscard]] ConnectorFacts const* facts_behind(Config const& config, std::vector<ConnectorFacts> const& facts,
                                                 std::string const& connection);
// A JSON Schema as text; an empty text is the schema of anything. Nothing when it is no schema.
[[nodiscard]] std::optional<boost::json::value> parsed_schema(std::string const& text);

// Why this setting cannot be a switch, in words; empty when it can, or when its connector is not loaded.
[[nodiscard]] std::string why_not_switch(Config const& config, std::vector<ConnectorFacts> const& facts,
                                         model::Switch const& wanted);
// The first of the switches that is off, in words for people; empty when all are on.
[[nodiscard]] std::string why_off(Config const& config, std::vector<ConnectorFacts> const& facts,
                                  std::vector<model::Switch> const& switches);

}  // namespace crosswalk::config

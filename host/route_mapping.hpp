// From an event to what its route's target is sent: the source's map hook, the route's rules, the target's map hook.
//
// Shape    stores nothing. What goes wrong on the way out is the delivery's outcome, not the event's: another route of
//          the same event may well succeed.
// Threads  safe from any thread. Owner  borrows its arguments for the call.
// Privacy  reasons and problems name fields, never values.
#pragma once

#include "map/mapper.hpp"
#include "map/overrides.hpp"
#include "model/record.hpp"
#include "model/route.hpp"
#include "plugin_host/connector.hpp"
#include "store/outbox.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk {

// An event with its record in canonical form; nothing: the source's mapping filtered it out, with `why` in words.
[[nodiscard]] model::Result<std::optional<model::Event>> map_in(plugin_host::Connector& source,
                                                                model::Event const& event, std::string& why,
                                                                std::chrono::milliseconds time_max);

struct MappedOut {
    model::Record record;  // as the target wants it; while it is refused, as far as the mapping came
    std::vector<store::FieldSource> sources = {};
    std::vector<model::FieldProblem> warnings = {};
    std::optional<model::AttemptReport> decided = std::nullopt;  // rejected or skipped before anything is sent
};

[[nodiscard]] MappedOut map_out(map::Mapper const& mapper, model::Route const& route, model::Event const& canonical,
                                plugin_host::Connector& target, std::chrono::milliseconds time_max,
                                std::vector<map::Override> const& overrides = {});

// Of the records that an action takes; empty when the connector has no such action.
[[nodiscard]] std::string schema_of_action(plugin_host::Connector const& connector, std::string const& action);

}  // namespace crosswalk

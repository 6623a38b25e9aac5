// One route against the connectors at its ends: events, actions, selection, schedule, signals, switches.
//
// Shape    plain functions over what was loaded; what is wrong is added to `problems`.
#pragma once

#include "config/config.hpp"
#include "config/problems.hpp"

#include <string>
#include <vector>

namespace crosswalk::config {

// As check(), for one route.
void check_route(Config const& config, std::vector<ConnectorFacts> const& facts, std::vector<std::string> const& zones,
                 Route const& route, Problems& problems);

// Gives the plain scalars of the route's selection the types that its event's schema wants.
void retype_selection(Config const& config, std::vector<ConnectorFacts> const& facts, Route& route);

}  // namespace crosswalk::config

#include "schedule/surroundings.hpp"

namespace crosswalk::schedule {

std::string why_held(Surroundings const& around, model::Route const& route) {
    if (!route.enabled) {
        return "The route is disabled in its file.";
    }
    if (!route.off_because.empty()) {
        return route.off_because;
    }
    auto const mode = around.state.route_mode(route.name);
    if (mode && *mode && **mode != store::RouteMode::running) {
        return "The route is " + std::string(store::name(**mode)) + ".";
    }
    for (std::string const& connection : {route.from_connection, route.to_connection}) {
        auto const state = around.state.connection(connection);
        if (state && state->paused) {
            return "The connection " + connection + " is paused: " + state->reason;
        }
        if (around.find_connector(connection) == nullptr) {
            return "The connector of the connection " + connection + " is not loaded.";
        }
    }
    return {};
}

std::string selection_of(model::Route const& route) {
    return route.from_connection + ' ' + route.from_event + ' ' + route.select;
}

}  // namespace crosswalk::schedule

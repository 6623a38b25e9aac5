#include "store/switches.hpp"

#include <chrono>

namespace crosswalk::store {
namespace {

constexpr std::chrono::minutes last_event_resolution{1};

}  // namespace

model::Result<void> Switches::load(Sqlite& sqlite) {
    std::unique_lock const lock(mutex_);
    auto const connections = sqlite.each(
        "SELECT connection, paused, reason, since_us, verified_us, last_event_us, access FROM connection_state",
        [this](Row const& row) {
            ConnectionState& state = connections_[row.text(0)];
            state.paused = row.number(1) != 0;
            state.reason = row.text(2);
            state.since = row.optional_time(3);
            state.verified_at = row.optional_time(4);
            state.last_event_at = row.optional_time(5);
            state.access = static_cast<Access>(row.number(6));
        });
    if (!connections) {
        return connections;
    }
    return sqlite.each("SELECT route, mode FROM route_state",
                       [this](Row const& row) { routes_[row.text(0)] = static_cast<RouteMode>(row.number(1)); });
}

ConnectionState Switches::connection(std::string const& name) const {
    std::shared_lock const lock(mutex_);
    auto const found = connections_.find(name);
    return found == connections_.end() ? ConnectionState{} : found->second;
}

std::optional<RouteMode> Switches::route_mode(std::string const& route) const {
    std::shared_lock const lock(mutex_);
    auto const found = routes_.find(route);
    return found == routes_.end() ? std::nullopt : std::optional(found->second);
}

bool Switches::holds(std::string const& connection, std::string const& route) const {
    std::shared_lock const lock(mutex_);
    auto const to = connections_.find(connection);
    if (to != connections_.end() && to->second.paused) {
        return true;
    }
    auto const by = routes_.find(route);
    return by != routes_.end() && by->second != RouteMode::running;
}

void Switches::change_connection(std::string const& name, std::function<void(ConnectionState&)> const& change) {
    std::unique_lock const lock(mutex_);
    change(connections_[name]);
}

void Switches::set_route_mode(std::string const& route, RouteMode mode) {
    std::unique_lock const lock(mutex_);
    routes_[route] = mode;
}

bool Switches::last_event_is_stale(std::string const& name, model::TimePoint now) const {
    std::shared_lock const lock(mutex_);
    auto const saved = last_event_saved_.find(name);
    return saved == last_event_saved_.end() || now - saved->second >= last_event_resolution;
}

void Switches::saved_last_event(std::string const& name, model::TimePoint at) {
    std::unique_lock const lock(mutex_);
    last_event_saved_[name] = at;
}

}  // namespace crosswalk::store

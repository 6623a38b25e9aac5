#include "store/switches.hpp"

#include <chrono>

namespace crosswalk::store {
namespace {

constexpr std::chrono::minutes last_event_resolution{1};

model::TimePoint time_of(std::int64_t microseconds) {
    return model::TimePoint(std::chrono::microseconds(microseconds));
}

std::int64_t number_of(model::TimePoint at) {
    return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

}  // namespace

model::Result<void> Switches::load(Sqlite& sqlite) {
    std::unique_lock const lock(mutex_);
    auto const connections = sqlite.each(
        "SELECT connection, paused, reason, since_us, verified_us, last_event_us, access FROM connection_state",
        [this](Row const& row) {
            Connection& connection = connections_[row.text(0)];
            ConnectionState& state = connection.state;
            state.paused = row.number(1) != 0;
            state.reason = row.text(2);
            state.since = row.optional_time(3);
            state.verified_at = row.optional_time(4);
            connection.last_event = row.is_null(5) ? 0 : row.integer(5);
            state.access = static_cast<Access>(row.number(6));
        });
    if (!connections) {
        return connections;
    }
    return sqlite.each("SELECT route, mode FROM route_state",
                       [this](Row const& row) { routes_[row.text(0)] = static_cast<RouteMode>(row.number(1)); });
}

Switches::Connection const* Switches::find(std::string const& name) const {
    auto const found = connections_.find(name);
    return found == connections_.end() ? nullptr : &found->second;
}

void Switches::with(std::string const& name, std::function<void(Connection&)> const& act) {
    {
        std::shared_lock const lock(mutex_);
        if (auto const found = connections_.find(name); found != connections_.end()) {
            return act(found->second);
        }
    }
    std::unique_lock const lock(mutex_);
    act(connections_[name]);
}

ConnectionState Switches::connection(std::string const& name) const {
    std::shared_lock const lock(mutex_);
    Connection const* const found = find(name);
    if (found == nullptr) {
        return {};
    }
    ConnectionState state = found->state;
    if (auto const at = found->last_event.load(); at != 0) {
        state.last_event_at = time_of(at);
    }
    return state;
}

std::optional<RouteMode> Switches::route_mode(std::string const& route) const {
    std::shared_lock const lock(mutex_);
    auto const found = routes_.find(route);
    return found == routes_.end() ? std::nullopt : std::optional(found->second);
}

bool Switches::holds(std::string const& connection, std::string const& route) const {
    std::shared_lock const lock(mutex_);
    Connection const* const to = find(connection);
    if (to != nullptr && to->state.paused) {
        return true;
    }
    auto const by = routes_.find(route);
    return by != routes_.end() && by->second != RouteMode::running;
}

void Switches::change_connection(std::string const& name, std::function<void(ConnectionState&)> const& change) {
    std::unique_lock const lock(mutex_);
    change(connections_[name].state);
}

void Switches::set_route_mode(std::string const& route, RouteMode mode) {
    std::unique_lock const lock(mutex_);
    routes_[route] = mode;
}

void Switches::saw_event(std::string const& name, model::TimePoint at) {
    with(name, [at](Connection& connection) { connection.last_event = number_of(at); });
}

bool Switches::last_event_is_stale(std::string const& name, model::TimePoint now) const {
    std::shared_lock const lock(mutex_);
    Connection const* const found = find(name);
    auto const saved = found == nullptr ? 0 : found->last_event_saved.load();
    return saved == 0 || now - time_of(saved) >= last_event_resolution;
}

void Switches::saved_last_event(std::string const& name, model::TimePoint at) {
    with(name, [at](Connection& connection) { connection.last_event_saved = number_of(at); });
}

}  // namespace crosswalk::store

// What is paused, stopped and verified, held in memory so that no webhook reads it from disk.
//
// Shape    written through: the writer thread changes it after the commit that changed the file.
// Threads  safe from any thread; a read takes a shared lock and copies. What each accept changes is atomic: an
//          exclusive lock would wait for a moment without readers, and under load of webhooks there is none.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "store/sqlite.hpp"
#include "store/state.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

namespace crosswalk::store {

class Switches {
public:
    [[nodiscard]] model::Result<void> load(Sqlite& sqlite);

    [[nodiscard]] ConnectionState connection(std::string const& name) const;
    [[nodiscard]] std::optional<RouteMode> route_mode(std::string const& route) const;
    // True when deliveries to this connection or of this route stay where they are.
    [[nodiscard]] bool holds(std::string const& connection, std::string const& route) const;

    void change_connection(std::string const& name, std::function<void(ConnectionState&)> const& change);
    void set_route_mode(std::string const& route, RouteMode mode);

    // [writer] The connection's last event, exact in memory.
    void saw_event(std::string const& name, model::TimePoint at);
    // [writer] True when its time should be written to the file again, where it is kept to the minute, so that an
    // accept does not write one more page.
    [[nodiscard]] bool last_event_is_stale(std::string const& name, model::TimePoint now) const;
    void saved_last_event(std::string const& name, model::TimePoint at);

private:
    using Microseconds = std::atomic<std::int64_t>;  // since 1970; 0: never
    struct Connection {
        ConnectionState state = {};  // but for last_event_at
        Microseconds last_event{0};
        Microseconds last_event_saved{0};
    };
    [[nodiscard]] Connection const* find(std::string const& name) const;
    // Runs `act` on the connection, which is made when it is new.
    void with(std::string const& name, std::function<void(Connection&)> const& act);

    mutable std::shared_mutex mutex_;  // guards what follows
    std::map<std::string, Connection> connections_;
    std::map<std::string, RouteMode> routes_;
};

}  // namespace crosswalk::store

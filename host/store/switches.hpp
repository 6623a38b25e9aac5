// What is paused, stopped and verified, held in memory so that no webhook reads it from disk.
//
// Shape    written through: the writer thread changes it after the commit that changed the file.
// Threads  safe from any thread; a read takes a shared lock and copies.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "store/sqlite.hpp"
#include "store/state.hpp"

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

    // [writer] True when the time of the connection's last event should be written to the file again. It is kept
    // exact in memory and to the minute on disk, so that an accept does not write one more page.
    [[nodiscard]] bool last_event_is_stale(std::string const& name, model::TimePoint now) const;
    void saved_last_event(std::string const& name, model::TimePoint at);

private:
    mutable std::shared_mutex mutex_;  // guards what follows
    std::map<std::string, ConnectionState> connections_;
    std::map<std::string, RouteMode> routes_;
    std::map<std::string, model::TimePoint> last_event_saved_;
};

}  // namespace crosswalk::store

// Small durable state: connectors' key-value pairs, and what operators and the host decided about
// connections and routes.
//
// Secrecy  values are encrypted under the store's general key; the names of connections, keys and routes are not.
// Errors   as Store. Threads  safe from any thread; reads see what is committed. Owner  borrows the Store.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::store {

struct VersionedValue {
    std::string value;
    std::uint64_t version = 0;  // 1 at the first write
};

// in_use: as configured. removed: disconnected by a person; it is paused as well, until it is connected again.
enum class Access : std::uint8_t { in_use = 0, setting_up = 1, removed = 2 };

struct ConnectionState {
    bool paused = false;
    std::string reason = {};                           // why it is paused, in words
    std::optional<model::TimePoint> since = {};        // of the pause
    std::optional<model::TimePoint> verified_at = {};  // last test delivery that was answered with success
    std::optional<model::TimePoint> last_event_at = {};
    Access access = Access::in_use;
};

// running: events are taken and delivered. paused: events are taken and kept. stopped: events are refused.
enum class RouteMode : std::uint8_t { running = 0, paused = 1, stopped = 2 };
[[nodiscard]] std::string_view name(RouteMode mode) noexcept;

class State {
public:
    explicit State(Store& store) noexcept : store_(store) {}

    // not_found: no such key.
    [[nodiscard]] model::Result<VersionedValue> get(std::string const& connection, std::string const& key);
    // already_exists: `if_version` no longer holds; 0 means that the key must not exist. Returns the new version.
    [[nodiscard]] model::Result<std::uint64_t> put(std::string const& connection, std::string const& key,
                                                   std::string const& value, std::optional<std::uint64_t> if_version);
    [[nodiscard]] model::Result<void> remove(std::string const& connection, std::string const& key,
                                             std::optional<std::uint64_t> if_version);

    [[nodiscard]] model::Result<ConnectionState> connection(std::string const& connection);
    [[nodiscard]] model::Result<void> pause_connection(std::string const& connection, std::string const& reason);
    // failed_precondition: it was removed.
    [[nodiscard]] model::Result<void> resume_connection(std::string const& connection);
    // Paused for as long as nobody connects it again, and its private state (get, put) is gone.
    [[nodiscard]] model::Result<void> remove_connection(std::string const& connection, std::string const& reason);
    // A removed connection is set up from the beginning: what was verified before no longer counts.
    [[nodiscard]] model::Result<void> connect_again(std::string const& connection);
    [[nodiscard]] model::Result<void> mark_verified(std::string const& connection, model::TimePoint at);

    // Set by an operator; nothing when the configuration alone decides.
    [[nodiscard]] model::Result<std::optional<RouteMode>> route_mode(std::string const& route);
    [[nodiscard]] model::Result<void> set_route_mode(std::string const& route, RouteMode mode);

private:
    Store& store_;
};

}  // namespace crosswalk::store

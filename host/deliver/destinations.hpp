// What may go out to each destination (connection) now: its breaker, what it asked to wait, and how much is out.
//
// Shape    a delivery is leased, then running, then ended; or released before it ran. Up to `at_once` run of one
//          connection, and as many are leased ahead (more where a push takes milliseconds, so that workers do not wait
//          for the commit of a lease), so that a slow destination holds only its own share of the workers. Every route
//          may have one out beyond that, so that a long queue of one does not delay another.
// Waits    a 429 with a pause holds the whole connection for it: the others would only be told the same.
// Limits   as many entries as the configuration has connections and routes; a pause is obeyed up to `wait_max`.
// Threads  none of its own; its owner's lock guards it. Time is handed in.
#pragma once

#include "deliver/backoff.hpp"
#include "deliver/breaker.hpp"
#include "store/outbox.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::deliver {

struct DestinationOptions {
    BreakerOptions breaker = {};
    std::size_t at_once = 8;                                          // of one connection
    std::map<std::string, std::size_t, std::less<>> at_once_of = {};  // connections that have a figure of their own
};

// The longest pause that a destination may ask for.
inline constexpr std::chrono::hours wait_max{24};

class Destinations {
public:
    using Time = Breaker::Time;

    Destinations(DestinationOptions options, Jitter jitter)
        : options_(std::move(options)), jitter_(std::move(jitter)) {}

    [[nodiscard]] store::Allowance allowance(std::string const& connection, std::string const& route, Time now) const;
    // The earliest moment after `now` at which a connection is allowed more by time alone.
    [[nodiscard]] std::optional<Time> next_change(Time now) const;

    void leased(store::Delivery const& delivery);
    enum class Next : std::uint8_t { run, wait, put_back };
    // Of a leased delivery: a worker may run it, should leave it, or must put it back, because its destination takes
    // nothing more now.
    [[nodiscard]] Next next(store::Delivery const& delivery, Time now) const;
    // How many of what is leased to the connection could begin to run now: a guess, at least one.
    [[nodiscard]] std::size_t free_places(std::string_view connection) const;
    void started(store::Delivery const& delivery);
    // `ran`: after started().
    void ended(store::Delivery const& delivery, bool ran);
    // How long a push to the connection took.
    void took(std::string const& connection, std::chrono::microseconds time);

    // What the attempt means for its own delivery.
    struct Verdict {
        bool counts = true;                  // false: the destination is down, which is no fault of the delivery
        std::chrono::milliseconds pause{0};  // no attempt of it before
        BreakerState before = BreakerState::closed;
        BreakerState after = BreakerState::closed;
    };
    // An attempt ended; `outage_max`: how long an outage is not counted.
    [[nodiscard]] Verdict heard(store::Delivery const& delivery, model::AttemptReport const& report,
                                std::chrono::milliseconds outage_max, Time now);

    struct Standing {
        BreakerState state = BreakerState::closed;
        std::optional<Time> since = {};        // its first failure, unless it is closed
        std::optional<Time> next_probe = {};   // open
        std::optional<Time> waits_until = {};  // as it asked
    };
    [[nodiscard]] Standing standing(std::string_view connection, Time now) const;

private:
    struct Load {
        std::size_t out = 0;      // leased
        std::size_t running = 0;  // of them
    };
    struct Destination {
        explicit Destination(BreakerOptions const& options) noexcept : breaker(options) {}
        Breaker breaker;
        Time held_until = Time::min();
        Load all = {};
        std::chrono::microseconds usual{std::chrono::seconds(1)};  // of a push, the latest ones weighing most
        std::map<std::string, Load> routes = {};
    };
    [[nodiscard]] Destination* find(std::string_view connection);
    [[nodiscard]] Destination const* find(std::string_view connection) const;
    Destination& at(std::string const& connection);
    [[nodiscard]] std::size_t at_once(std::string_view connection) const;

    DestinationOptions const options_;
    Jitter const jitter_;
    std::map<std::string, Destination, std::less<>> destinations_;
};

}  // namespace crosswalk::deliver

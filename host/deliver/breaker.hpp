// The circuit breaker of one destination: after several failures in a row it lets single probes through until one of
// them is answered.
//
// Shape    closed → open after `failures` attempts in a row that say the destination is down → half-open when the pause
//          is over: one delivery goes out as a probe → closed when it is answered, open again with twice the pause when
//          it is not.
// One bad record   failures of one delivery alone hold nobody back, because that record may be the cause: the breaker
//          opens when a second delivery fails too. Until then the one is paced like a probe.
// Memory   in memory only: a restart begins closed, and costs a dead destination `failures` more attempts.
// Threads  none of its own; its owner's lock guards it. Time and jitter are handed in.
// Source   Nygard's circuit breaker, with the half-open probe.
#pragma once

#include "model/outcome.hpp"
#include "store/outbox.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace crosswalk::deliver {

struct BreakerOptions {
    int failures = 5;                            // in a row
    std::chrono::milliseconds first{30'000};     // the first pause; it doubles
    std::chrono::milliseconds longest{600'000};  // the longest
};

enum class BreakerState : std::uint8_t { closed, open, half_open };
// "closed", "open", "half-open".
[[nodiscard]] std::string_view name(BreakerState state) noexcept;

// What the end of an attempt says of its destination.
enum class Sign : std::uint8_t {
    up,    // it answered, whatever it thinks of the record
    down,  // it did not answer, or with an error of its own
    none,  // nothing: cancelled, a limit on calls, a fault of the connector
};
[[nodiscard]] Sign sign_of(model::AttemptReport const& report) noexcept;

class Breaker {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit Breaker(BreakerOptions options) noexcept : options_(options) {}

    // An attempt of `delivery` ended. `wait`: how long the destination asked for; 0: it did not.
    void heard(Sign sign, store::DeliveryId delivery, Time now, std::chrono::milliseconds wait, double jitter);

    [[nodiscard]] BreakerState state(Time now) const noexcept;
    // Down for all that is known: `failures` in a row, if only of one delivery.
    [[nodiscard]] bool is_down() const noexcept { return failures_ >= options_.failures; }
    // The first failure of this row; nothing while there is none.
    [[nodiscard]] std::optional<Time> down_since() const noexcept;
    // No delivery that failed goes out again before; in the past when it may.
    [[nodiscard]] Time next_probe() const noexcept { return next_probe_; }

private:
    BreakerOptions options_;
    int failures_ = 0;                // in a row, counted up to options_.failures
    bool several_ = false;            // they were of more than one delivery
    store::DeliveryId delivery_ = 0;  // that failed first
    int pauses_ = 0;                  // in a row
    Time since_{};
    Time next_probe_ = Time::min();
};

}  // namespace crosswalk::deliver

// How fast one credential may be used: a token bucket that also believes what the vendor says about it.
//
// Shape    acquire() takes a turn, now or for later; learn() is told of every answer, or give_back() when the request
//          never left. Connections that use the same credential share one bucket (RateLimiters), because the vendor
//          counts them together.
// Learns   `remaining` calls until `reset` (X-RateLimit-Remaining, -Reset, -Limit): no more are sent in that window.
//          429: nobody goes out before Retry-After, or the reset, or else pauses from one second doubling to a minute;
//          then one by one, at half the rate, which recovers with each answer. A lower limit than the configured one
//          wins; a higher one changes nothing.
// Limits   a vendor's pause is obeyed up to `hold_max`, then it is asked again; 1,024 credentials are remembered.
// Threads  safe from any thread.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::http {

// What an answer says about the rate.
struct RateAdvice {
    bool refused = false;  // 429
    std::optional<std::chrono::milliseconds> retry_after = {};
    std::optional<std::int64_t> limit = {};      // calls in a window
    std::optional<std::int64_t> remaining = {};  // of them
    std::optional<std::chrono::milliseconds> reset_in = {};
};
// Header names in lower case. A reset is a Unix time in seconds, read by the answer's own `date` where it has one, so
// that a clock that is off does no harm; a small number is seconds from now. What is not a number is left out.
[[nodiscard]] RateAdvice rate_advice(int status, std::vector<std::pair<std::string, std::string>> const& headers,
                                     std::optional<std::chrono::milliseconds> retry_after, model::TimePoint now);

class RateLimiter {
public:
    static constexpr std::chrono::minutes hold_max{15};

    RateLimiter(double per_second, double burst, model::Clock const& clock);
    // A lower figure than the one it has counts from now on.
    void at_most(double per_second, double burst);

    // The time to wait for the turn just taken; zero when it is now. deadline_exceeded when it would come too late: no
    // turn is taken then, and retry_after_ms of the error says when one would come.
    [[nodiscard]] model::Result<std::chrono::milliseconds> acquire(std::chrono::steady_clock::time_point deadline);
    // Changes whenever the turns that were given out for later no longer hold: give_back() and acquire() again.
    [[nodiscard]] std::uint64_t round() const;
    // The turn was not used.
    void give_back();
    // The turn's answer. False when the vendor asked for a longer pause than is obeyed.
    bool learn(RateAdvice const& advice);
    // The turn was used and there was no answer.
    void unanswered();

private:
    using Time = std::chrono::steady_clock::time_point;
    void refill(Time now);
    void learn_window(RateAdvice const& advice, Time now);
    [[nodiscard]] std::chrono::nanoseconds window_wait(Time now) const;
    bool hold(RateAdvice const& advice, Time now);

    model::Clock const& clock_;
    mutable std::mutex mutex_;  // guards what follows
    double per_second_;
    double burst_;
    double rate_;    // at most per_second_; lower after a 429
    double tokens_;  // below zero: promised to those who wait
    Time updated_;
    Time held_until_;
    int refusals_ = 0;          // in a row
    std::int64_t pending_ = 0;  // turns taken and not answered
    std::uint64_t round_ = 0;
    // The vendor's window.
    std::int64_t window_limit_ = 0;  // 0: none is known
    std::int64_t window_left_ = 0;   // below zero: promised out of the windows that follow
    std::chrono::nanoseconds window_length_{0};
    Time window_end_{};
};

// The buckets of all credentials in use, by an identity that the caller makes.
class RateLimiters {
public:
    explicit RateLimiters(model::Clock const& clock) noexcept : clock_(clock) {}

    // The bucket of that identity, with the lowest figures that anyone asked for. Shared, because one that has not been
    // used for long is forgotten while somebody may still wait for its turn.
    [[nodiscard]] std::shared_ptr<RateLimiter> at(std::string const& identity, double per_second, double burst);

private:
    static constexpr std::size_t limiters_max = 1024;
    struct Entry {
        std::shared_ptr<RateLimiter> limiter;
        std::uint64_t used = 0;  // the larger the later
    };
    model::Clock const& clock_;
    std::mutex mutex_;  // guards what follows
    std::uint64_t uses_ = 0;
    std::map<std::string, Entry> limiters_;
};

}  // namespace crosswalk::http

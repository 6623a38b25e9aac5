#include "http/client.hpp"

#include <algorithm>
#include <cassert>

namespace crosswalk::http {

RateLimiter::RateLimiter(double per_second, double burst, model::Clock const& clock)
    : per_second_(per_second),
      burst_(burst),
      clock_(clock),
      tokens_(burst),
      updated_(clock.steady_now()),
      held_until_(updated_) {
    assert(per_second > 0 && burst >= 1);
}

model::Result<std::chrono::milliseconds> RateLimiter::acquire(std::chrono::steady_clock::time_point deadline) {
    std::lock_guard const lock(mutex_);
    auto const now = clock_.steady_now();
    auto const elapsed = std::chrono::duration<double>(now - updated_).count();
    tokens_ = std::min(burst_, tokens_ + std::max(elapsed, 0.0) * per_second_);
    updated_ = now;

    // Below zero, tokens are promised to those who came before: each waits for its own.
    auto const missing = std::chrono::duration<double>(std::max(0.0, 1.0 - tokens_) / per_second_);
    auto const wait = std::max(std::chrono::ceil<std::chrono::milliseconds>(missing - std::chrono::nanoseconds(1)),
                               std::chrono::ceil<std::chrono::milliseconds>(held_until_ - now));
    if (wait > std::chrono::milliseconds(0) && now + wait > deadline) {
        return model::Error{model::ErrorCode::deadline_exceeded,
                            "The rate limit leaves no room for a request before the deadline."};
    }
    tokens_ -= 1.0;
    return std::max(wait, std::chrono::milliseconds(0));
}

void RateLimiter::hold_until(std::chrono::steady_clock::time_point time) {
    std::lock_guard const lock(mutex_);
    held_until_ = std::max(held_until_, time);
}

}  // namespace crosswalk::http

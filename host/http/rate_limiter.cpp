#include "http/rate_limiter.hpp"

#include <algorithm>
#include <cassert>

namespace crosswalk::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds first_hold{1000};
constexpr milliseconds longest_hold{60'000};
// A reset has whole seconds, so two answers of one window may differ by one.
constexpr milliseconds same_window{1500};
constexpr double slowest_per_second = 1;
// Where nobody knows a limit, this is what is tried after the first refusal.
constexpr double assumed_per_second = 10;
// Of each answer: slow ones come back soon, fast ones feel their way.
constexpr double recovery = 1.002;
constexpr double recovery_per_second = 0.1;

nanoseconds seconds_of(double seconds) {
    return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(seconds));
}

}  // namespace

RateLimiter::RateLimiter(double per_second, double burst, model::Clock const& clock)
    : clock_(clock),
      per_second_(per_second),
      burst_(burst),
      rate_(per_second),
      tokens_(burst),
      updated_(clock.steady_now()),
      held_until_(updated_) {
    assert(per_second > 0 && burst >= 1);
}

void RateLimiter::at_most(double per_second, double burst) {
    std::lock_guard const lock(mutex_);
    per_second_ = std::min(per_second_, per_second);
    burst_ = std::min(burst_, burst);
    rate_ = std::min(rate_, per_second_);
    tokens_ = std::min(tokens_, burst_);
}

// `updated_` may lie ahead, at the end of a hold: nothing fills up before.
void RateLimiter::refill(Time now) {
    if (now > updated_) {
        tokens_ = std::min(burst_, tokens_ + std::chrono::duration<double>(now - updated_).count() * rate_);
        updated_ = now;
    }
    if (window_limit_ > 0 && now >= window_end_) {
        // The next windows are taken to be like this one until an answer says otherwise.
        auto const passed = (now - window_end_) / window_length_ + 1;
        window_left_ = passed > 1 ? window_limit_ : std::min(window_limit_, window_left_ + window_limit_);
        window_end_ += passed * window_length_;
    }
}

std::chrono::nanoseconds RateLimiter::window_wait(Time now) const {
    if (window_limit_ == 0 || window_left_ >= 1) {
        return nanoseconds(0);
    }
    auto const windows = (window_limit_ - window_left_) / window_limit_;  // until one of them has a call left
    return (window_end_ - now) + (windows - 1) * window_length_;
}

model::Result<milliseconds> RateLimiter::acquire(Time deadline) {
    std::lock_guard const lock(mutex_);
    auto const now = clock_.steady_now();
    refill(now);
    // Below zero, tokens are promised to those who came before: each waits for its own.
    nanoseconds const missing = seconds_of(std::max(0.0, 1.0 - tokens_) / rate_);
    nanoseconds token_wait = missing > nanoseconds(1) ? missing - nanoseconds(1) : nanoseconds(0);
    if (updated_ > now && missing > nanoseconds(1)) {
        token_wait += updated_ - now;
    }
    nanoseconds const longest = std::max({token_wait, window_wait(now), nanoseconds(held_until_ - now)});
    auto const wait = std::max(std::chrono::ceil<milliseconds>(longest), milliseconds(0));
    if (wait > milliseconds(0) && now + wait > deadline) {
        return model::Error{model::ErrorCode::deadline_exceeded,
                            "The rate limit leaves no room for a request before the deadline.",
                            {},
                            wait.count()};
    }
    tokens_ -= 1.0;
    window_left_ -= window_limit_ > 0 ? 1 : 0;
    ++pending_;
    return wait;
}

std::uint64_t RateLimiter::round() const {
    std::lock_guard const lock(mutex_);
    return round_;
}

void RateLimiter::give_back() {
    std::lock_guard const lock(mutex_);
    tokens_ = std::min(burst_, tokens_ + 1.0);
    window_left_ += window_limit_ > 0 ? 1 : 0;
    --pending_;
}

void RateLimiter::unanswered() {
    std::lock_guard const lock(mutex_);
    --pending_;
}

bool RateLimiter::learn(RateAdvice const& advice) {
    std::lock_guard const lock(mutex_);
    auto const now = clock_.steady_now();
    --pending_;
    refill(now);
    if (advice.remaining) {
        learn_window(advice, now);
    }
    if (advice.refused) {
        return hold(advice, now);
    }
    refusals_ = 0;
    rate_ = std::min(per_second_, rate_ * recovery + recovery_per_second);
    return true;
}

// The vendor counted the calls that it had seen; those that are on their way, or wait for their turn, come on top.
void RateLimiter::learn_window(RateAdvice const& advice, Time now) {
    std::int64_t const left = *advice.remaining - pending_;
    if (advice.reset_in && *advice.reset_in > milliseconds(0)) {
        // Compared before they are counted in nanoseconds, of which a vendor's milliseconds may be too many.
        nanoseconds const length = std::min<milliseconds>(*advice.reset_in, hold_max);
        auto const end = now + length;
        bool const known = window_limit_ > 0;
        if (known && end + same_window < window_end_) {
            return;  // an answer that was long on its way, about a window that is over
        }
        bool const same = known && end < window_end_ + same_window;
        window_left_ = same ? std::min(window_left_, left) : left;
        window_limit_ = std::max<std::int64_t>(advice.limit.value_or(std::max<std::int64_t>(*advice.remaining, 1)), 1);
        window_length_ = std::max(window_length_, length);
        window_end_ = same ? std::max(window_end_, end) : end;
    }
    tokens_ = std::min(tokens_, static_cast<double>(left));
    if (left < 0) {
        ++round_;  // more wait than may still go
    }
}

bool RateLimiter::hold(RateAdvice const& advice, Time now) {
    milliseconds wanted = first_hold;
    if (advice.retry_after || advice.reset_in) {
        wanted = advice.retry_after ? *advice.retry_after : *advice.reset_in;
    } else {
        wanted = std::min(longest_hold, first_hold * (1 << std::min(refusals_, 6)));
    }
    if (now >= held_until_) {
        // Those that were out together are refused together, and slow it down once.
        ++refusals_;
        rate_ = std::max(std::min(rate_, 2 * assumed_per_second) / 2, std::min(slowest_per_second, per_second_));
    }
    held_until_ = std::max(held_until_, now + std::min<milliseconds>(wanted, hold_max));
    tokens_ = 1.0 - static_cast<double>(pending_);  // those who wait give theirs back and queue again
    updated_ = std::max(updated_, held_until_);
    ++round_;
    return wanted <= hold_max;
}

std::shared_ptr<RateLimiter> RateLimiters::at(std::string const& identity, double per_second, double burst) {
    std::lock_guard const lock(mutex_);
    auto found = limiters_.find(identity);
    if (found == limiters_.end()) {
        if (limiters_.size() >= limiters_max) {
            limiters_.erase(std::min_element(limiters_.begin(), limiters_.end(), [](auto const& a, auto const& b) {
                return a.second.used < b.second.used;
            }));
        }
        found = limiters_.emplace(identity, Entry{std::make_shared<RateLimiter>(per_second, burst, clock_)}).first;
    }
    found->second.used = ++uses_;
    found->second.limiter->at_most(per_second, burst);
    return found->second.limiter;
}

}  // namespace crosswalk::http

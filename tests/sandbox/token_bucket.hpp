// A token bucket: `burst` calls at once, `rate_per_s` in the long run. A rate of zero or less means no limit.
//
// Threads  none of its own; its owner's lock guards it. Time is handed in.
#pragma once

#include <algorithm>
#include <chrono>

namespace crosswalk::sandbox {

class TokenBucket {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    [[nodiscard]] bool take(TimePoint now, double rate_per_s, double burst) {
        if (rate_per_s <= 0) {
            return true;
        }
        if (!started_) {
            started_ = true;
            tokens_ = burst;
        } else {
            tokens_ = std::min(burst, tokens_ + std::chrono::duration<double>(now - filled_at_).count() * rate_per_s);
        }
        filled_at_ = now;
        if (tokens_ < 1) {
            return false;
        }
        tokens_ -= 1;
        return true;
    }

private:
    bool started_ = false;
    double tokens_ = 0;
    TimePoint filled_at_;
};

}  // namespace crosswalk::sandbox

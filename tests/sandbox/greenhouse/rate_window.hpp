// A fixed window of calls: `limit` in each `window_ms`, which begins with its first call. A limit of zero means none.
//
// Units    milliseconds since 1970 UTC; the headers want the end of the window in seconds.
// Threads  none of its own; its owner's lock guards it. Time is handed in.
#pragma once

#include <algorithm>
#include <cstdint>

namespace crosswalk::sandbox::greenhouse {

struct RateLimit {
    std::int64_t limit = 0;
    std::int64_t window_ms = 0;
};

class RateWindow {
public:
    // False when the window has no call left.
    [[nodiscard]] bool take(std::int64_t now_ms, RateLimit const& rate) {
        if (now_ms >= ends_at_ms_) {
            ends_at_ms_ = now_ms + rate.window_ms;
            taken_ = 0;
        }
        if (rate.limit > 0 && taken_ >= rate.limit) {
            return false;
        }
        ++taken_;
        return true;
    }

    [[nodiscard]] std::int64_t remaining(RateLimit const& rate) const {
        return std::max<std::int64_t>(rate.limit - taken_, 0);
    }
    // Rounded up, so that who comes back then is let in.
    [[nodiscard]] std::int64_t reset_s() const { return (ends_at_ms_ + 999) / 1000; }
    [[nodiscard]] std::int64_t retry_after_s(std::int64_t now_ms) const {
        return std::max<std::int64_t>((ends_at_ms_ - now_ms + 999) / 1000, 1);
    }

private:
    std::int64_t ends_at_ms_ = 0;
    std::int64_t taken_ = 0;
};

}  // namespace crosswalk::sandbox::greenhouse

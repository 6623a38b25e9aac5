#include "plugin_host/restart_policy.hpp"

#include <algorithm>

namespace crosswalk::plugin_host {

std::optional<std::chrono::milliseconds> RestartPolicy::crashed(Time now) {
    if (started_ && now - *started_ >= limits_.healthy_after) {
        delay_ = std::chrono::milliseconds(0);
    }
    crashes_.push_back(now);
    while (now - crashes_.front() > limits_.crash_window) {
        crashes_.pop_front();
    }
    if (crashes_.size() >= limits_.crashes_max) {
        return std::nullopt;
    }
    return failed_to_start();
}

std::chrono::milliseconds RestartPolicy::failed_to_start() noexcept {
    started_.reset();
    delay_ = delay_ == std::chrono::milliseconds(0) ? limits_.delay_first : std::min(2 * delay_, limits_.delay_max);
    return delay_;
}

}  // namespace crosswalk::plugin_host

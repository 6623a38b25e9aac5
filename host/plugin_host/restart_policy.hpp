// When a worker that ended is started again, and when no more.
//
// Shape    told of starts and ends with their times; answers with a delay. Pure: it never asks for the time.
// Source   backoff that doubles and is forgotten after a healthy stretch; quarantine stops a crash loop.
// Threads  belongs to one thread.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

namespace crosswalk::plugin_host {

struct RestartLimits {
    std::chrono::milliseconds delay_first{std::chrono::seconds(1)};
    std::chrono::milliseconds delay_max{std::chrono::minutes(5)};
    std::chrono::milliseconds healthy_after{std::chrono::minutes(10)};
    std::size_t crashes_max = 5;  // within the window; this many end it
    std::chrono::milliseconds crash_window{std::chrono::minutes(10)};
};

class RestartPolicy {
public:
    using Time = std::chrono::steady_clock::time_point;

    explicit RestartPolicy(RestartLimits const& limits) noexcept : limits_(limits) {}

    void started(Time now) noexcept { started_ = now; }
    // How long to wait before the next start; nothing: quarantine.
    [[nodiscard]] std::optional<std::chrono::milliseconds> crashed(Time now);
    // A start that failed in good order: a vendor that is down, a setting that is wrong. Never quarantined.
    [[nodiscard]] std::chrono::milliseconds failed_to_start() noexcept;

private:
    RestartLimits const limits_;
    std::optional<Time> started_;
    std::deque<Time> crashes_;  // within the window
    std::chrono::milliseconds delay_{0};
};

}  // namespace crosswalk::plugin_host

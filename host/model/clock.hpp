// Time, handed to whoever needs it so that a test can own it.
//
// Units    TimePoint is UTC with microseconds; to_unix_us and from_unix_us are what is stored.
// Threads  safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace crosswalk::model {

using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;

class Clock {
public:
    virtual ~Clock() = default;
    // Wall time; may jump.
    [[nodiscard]] virtual TimePoint now() const noexcept = 0;
    // Never goes back; only differences mean something.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_now() const noexcept = 0;
};

// The clocks of this machine.
class SystemClock final : public Clock {
public:
    [[nodiscard]] TimePoint now() const noexcept override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const noexcept override;
};

[[nodiscard]] constexpr std::int64_t to_unix_us(TimePoint time) noexcept {
    return time.time_since_epoch().count();
}
[[nodiscard]] constexpr TimePoint from_unix_us(std::int64_t us) noexcept {
    return TimePoint(std::chrono::microseconds(us));
}
[[nodiscard]] constexpr std::int64_t to_unix_ms(TimePoint time) noexcept {
    return to_unix_us(time) / 1000;
}

// RFC 3339 in UTC with milliseconds: "2026-11-22T08:00:00.000Z".
[[nodiscard]] std::string to_rfc3339(TimePoint time);

}  // namespace crosswalk::model

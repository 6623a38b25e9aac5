// A clock that moves only when a test says so.
#pragma once

#include "model/clock.hpp"

#include <atomic>

namespace crosswalk::support {

class FakeClock final : public model::Clock {
public:
    // Starts at 2026-11-22T08:00:00Z unless told otherwise.
    explicit FakeClock(std::int64_t unix_us = 1'795'334'400'000'000) noexcept : unix_us_(unix_us) {}

    [[nodiscard]] model::TimePoint now() const noexcept override { return model::from_unix_us(unix_us_.load()); }
    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const noexcept override {
        ++asked_;
        return std::chrono::steady_clock::time_point(std::chrono::microseconds(unix_us_.load()));
    }
    void advance(std::chrono::microseconds by) noexcept { unix_us_ += by.count(); }
    // How often steady_now() was: who waits by the clock shows by it that it woke.
    [[nodiscard]] std::int64_t asked() const noexcept { return asked_; }

private:
    std::atomic<std::int64_t> unix_us_;
    mutable std::atomic<std::int64_t> asked_{0};
};

}  // namespace crosswalk::support

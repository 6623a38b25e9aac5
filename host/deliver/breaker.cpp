#include "deliver/breaker.hpp"

#include "deliver/backoff.hpp"

#include <algorithm>

namespace crosswalk::deliver {

std::string_view name(BreakerState state) noexcept {
    switch (state) {
        case BreakerState::open:
            return "open";
        case BreakerState::half_open:
            return "half-open";
        case BreakerState::closed:
            break;
    }
    return "closed";
}

Sign sign_of(model::AttemptReport const& report) noexcept {
    if (report.outcome != model::Outcome::retry && report.outcome != model::Outcome::unknown) {
        return Sign::up;
    }
    switch (report.error_code) {
        case model::ErrorCode::unavailable:
        case model::ErrorCode::deadline_exceeded:
            return Sign::down;
        default:
            return Sign::none;
    }
}

void Breaker::heard(Sign sign, store::DeliveryId delivery, Time now, std::chrono::milliseconds wait, double jitter) {
    if (sign == Sign::up) {
        *this = Breaker(options_);
        return;
    }
    bool const was_down = is_down();
    if (sign == Sign::down) {
        if (failures_ == 0) {
            delivery_ = delivery;
            since_ = now;
        }
        several_ = several_ || delivery != delivery_;
        failures_ = std::min(failures_ + 1, options_.failures);
    }
    // What was out when the pause began tells nothing new when it fails within it; only a probe does.
    if (!is_down() || (was_down && now < next_probe_)) {
        return;
    }
    if (sign == Sign::down) {
        ++pauses_;
    }
    model::RetryPolicy const pace{0, options_.first, options_.longest};
    next_probe_ = now + std::max(backoff(pace, pauses_, jitter), wait);
}

BreakerState Breaker::state(Time now) const noexcept {
    if (!is_down() || !several_) {
        return BreakerState::closed;
    }
    return now < next_probe_ ? BreakerState::open : BreakerState::half_open;
}

std::optional<Breaker::Time> Breaker::down_since() const noexcept {
    return failures_ == 0 ? std::nullopt : std::optional(since_);
}

}  // namespace crosswalk::deliver

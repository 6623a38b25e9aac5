#include "deliver/destinations.hpp"

#include <algorithm>

namespace crosswalk::deliver {
namespace {

// Below this a push is shorter than a few commits, and so many times `at_once` are leased.
constexpr std::chrono::milliseconds quick{20};
constexpr std::size_t leases_when_quick = 16;
constexpr std::size_t leases_when_slow = 2;

}  // namespace

Destinations::Destination* Destinations::find(std::string_view connection) {
    auto const found = destinations_.find(connection);
    return found == destinations_.end() ? nullptr : &found->second;
}

Destinations::Destination const* Destinations::find(std::string_view connection) const {
    auto const found = destinations_.find(connection);
    return found == destinations_.end() ? nullptr : &found->second;
}

Destinations::Destination& Destinations::at(std::string const& connection) {
    return destinations_.try_emplace(connection, options_.breaker).first->second;
}

std::size_t Destinations::at_once(std::string_view connection) const {
    auto const own = options_.at_once_of.find(connection);
    return own == options_.at_once_of.end() ? options_.at_once : own->second;
}

store::Allowance Destinations::allowance(std::string const& connection, std::string const& route, Time now) const {
    Destination const* const destination = find(connection);
    if (destination == nullptr) {
        return {at_once(connection) * leases_when_slow, true};
    }
    std::size_t const most = at_once(connection) * (destination->usual < quick ? leases_when_quick : leases_when_slow);
    if (now < destination->held_until) {
        return {0, false};
    }
    std::size_t const out = destination->all.out;
    switch (destination->breaker.state(now)) {
        case BreakerState::open:
            return {0, false};
        case BreakerState::half_open:
            return {out == 0 ? std::size_t{1} : std::size_t{0}, false};
        case BreakerState::closed:
            break;
    }
    auto const load = destination->routes.find(route);
    bool const none_of_route = load == destination->routes.end() || load->second.out == 0;
    return {most - std::min(most, out), none_of_route};
}

std::optional<Destinations::Time> Destinations::next_change(Time now) const {
    std::optional<Time> next;
    auto const consider = [&](Time at) {
        if (at > now && (!next || at < *next)) {
            next = at;
        }
    };
    for (auto const& [connection, destination] : destinations_) {
        consider(destination.held_until);
        if (destination.breaker.state(now) == BreakerState::open) {
            consider(destination.breaker.next_probe());
        }
    }
    return next;
}

void Destinations::leased(store::Delivery const& delivery) {
    Destination& destination = at(delivery.connection);
    ++destination.all.out;
    ++destination.routes[delivery.route].out;
}

Destinations::Next Destinations::next(store::Delivery const& delivery, Time now) const {
    Destination const* const destination = find(delivery.connection);
    if (destination == nullptr) {
        return Next::run;
    }
    auto const state = destination->breaker.state(now);
    bool const may_probe = state == BreakerState::half_open && destination->all.running == 0;
    if (now < destination->held_until || (state != BreakerState::closed && !may_probe)) {
        return Next::put_back;
    }
    auto const load = destination->routes.find(delivery.route);
    bool const none_of_route = load == destination->routes.end() || load->second.running == 0;
    return none_of_route || destination->all.running < at_once(delivery.connection) ? Next::run : Next::wait;
}

std::size_t Destinations::free_places(std::string_view connection) const {
    Destination const* const destination = find(connection);
    std::size_t const running = destination == nullptr ? 0 : destination->all.running;
    return std::max<std::size_t>(1, at_once(connection) - std::min(at_once(connection), running));
}

void Destinations::started(store::Delivery const& delivery) {
    Destination& destination = at(delivery.connection);
    ++destination.all.running;
    ++destination.routes[delivery.route].running;
}

void Destinations::ended(store::Delivery const& delivery, bool ran) {
    Destination* const destination = find(delivery.connection);
    if (destination == nullptr) {
        return;
    }
    auto const end = [ran](Load& load) {
        load.out -= load.out > 0 ? 1 : 0;
        load.running -= ran && load.running > 0 ? 1 : 0;
    };
    end(destination->all);
    end(destination->routes[delivery.route]);
}

void Destinations::took(std::string const& connection, std::chrono::microseconds time) {
    Destination& destination = at(connection);
    destination.usual += (time - destination.usual) / 8;
}

Destinations::Verdict Destinations::heard(store::Delivery const& delivery, model::AttemptReport const& report,
                                          std::chrono::milliseconds outage_max, Time now) {
    Destination& destination = at(delivery.connection);
    Breaker& breaker = destination.breaker;
    Sign const sign = sign_of(report);
    std::chrono::milliseconds const wait =
        std::clamp(std::chrono::milliseconds(report.retry_after_ms), std::chrono::milliseconds(0),
                   std::chrono::milliseconds(wait_max));
    Verdict verdict;
    verdict.before = breaker.state(now);
    breaker.heard(sign, delivery.id, now, wait, jitter_());
    verdict.after = breaker.state(now);
    if (report.outcome == model::Outcome::retry && report.error_code == model::ErrorCode::rate_limited) {
        destination.held_until = std::max(destination.held_until, now + wait);
    }
    if (sign == Sign::down && breaker.is_down()) {
        verdict.counts = now - *breaker.down_since() >= outage_max;
        verdict.pause = std::max(std::chrono::milliseconds(0),
                                 std::chrono::ceil<std::chrono::milliseconds>(breaker.next_probe() - now));
    }
    return verdict;
}

Destinations::Standing Destinations::standing(std::string_view connection, Time now) const {
    Standing standing;
    Destination const* const destination = find(connection);
    if (destination == nullptr) {
        return standing;
    }
    standing.state = destination->breaker.state(now);
    if (standing.state != BreakerState::closed) {
        standing.since = destination->breaker.down_since();
    }
    if (standing.state == BreakerState::open) {
        standing.next_probe = destination->breaker.next_probe();
    }
    if (now < destination->held_until) {
        standing.waits_until = destination->held_until;
    }
    return standing;
}

}  // namespace crosswalk::deliver

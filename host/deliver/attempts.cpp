#include "deliver/attempts.hpp"

#include <algorithm>
#include <utility>

namespace crosswalk::deliver {
namespace {

Subject subject_of(store::Delivery const& delivery) {
    return {delivery.route,   delivery.connection,      delivery.action,
            delivery.subject, delivery.idempotency_key, delivery.id};
}

}  // namespace

Attempts::Attempts(AttemptOptions options, FindRoute routes, FindConnector connectors, FollowUps const& follow_ups,
                   SendNotice send_notice, Jitter jitter, store::History& history, store::State& state,
                   model::Clock const& clock, telemetry::Logger& logger)
    : options_(options),
      routes_(std::move(routes)),
      connectors_(std::move(connectors)),
      follow_ups_(follow_ups),
      send_notice_(std::move(send_notice)),
      jitter_(std::move(jitter)),
      history_(history),
      state_(state),
      clock_(clock),
      logger_(logger) {}

model::AttemptReport Attempts::push(store::Delivery const& delivery) const {
    if (delivery.kind == store::DeliveryKind::notice) {
        return send_notice_(delivery.record);
    }
    plugin_host::Connector* const connector = connectors_(delivery.connection);
    if (connector == nullptr) {
        model::AttemptReport report{model::Outcome::retry, "The connector of this connection is not loaded."};
        report.error_code = model::ErrorCode::unavailable;
        return report;
    }
    if (delivery.look_up && connector->can_look_up()) {
        return connector->look_up(delivery.action, delivery.idempotency_key, delivery.attempt, delivery.record,
                                  options_.push_time_max);
    }
    if (delivery.look_up && !connector->honours_idempotency_key()) {
        // The host ended while it was on its way, and this target cannot be asked: pushing again may do it twice.
        model::AttemptReport report{model::Outcome::unknown, "The host ended while this was on its way."};
        report.error_code = model::ErrorCode::cancelled;  // says nothing of the target
        return report;
    }
    return connector->push(delivery.action, delivery.idempotency_key, delivery.attempt, delivery.record,
                           options_.push_time_max);
}

model::RetryPolicy const& Attempts::retry_policy(store::Delivery const& delivery) const {
    model::Route const* const route = routes_(delivery.route);
    return (route == nullptr ? default_route_ : *route).retry;
}

store::Settlement Attempts::settle(store::Delivery const& delivery, model::AttemptReport report,
                                   Destinations::Verdict const& verdict) const {
    store::Settlement settlement;
    settlement.report = std::move(report);
    settlement.report.warnings.insert(settlement.report.warnings.begin(), delivery.warnings.begin(),
                                      delivery.warnings.end());
    switch (settlement.report.outcome) {
        case model::Outcome::retry:
            settle_retry(delivery, settlement, verdict);
            break;
        case model::Outcome::unknown:
            settle_unknown(delivery, settlement, verdict);
            break;
        case model::Outcome::auth:
            settle_auth(delivery, settlement);
            break;
        default:
            settlement.state = store::final_state(settlement.report.outcome).value_or(store::DeliveryState::dead);
    }
    if (store::is_final(settlement.state) && delivery.kind == store::DeliveryKind::delivery &&
        follow_ups_.wanted(subject_of(delivery), settlement.report)) {
        auto const event = history_.event_of(delivery.id);
        settlement.follow_ups =
            follow_ups_.compose(subject_of(delivery), event ? *event : model::Event{}, settlement.report);
    }
    if (settlement.state == store::DeliveryState::dead) {
        logger_.warn("A delivery became a dead letter.", {{"delivery_id", delivery.id},
                                                          {"route", delivery.route},
                                                          {"connection", delivery.connection},
                                                          {"action", delivery.action},
                                                          {"error_code", model::name(settlement.report.error_code)}});
    }
    return settlement;
}

void Attempts::settle_retry(store::Delivery const& delivery, store::Settlement& settlement,
                            Destinations::Verdict const& verdict) const {
    // A look-up that says "it did not take effect" is no failed attempt: the push goes out again at once.
    if (delivery.look_up) {
        settlement.state = store::DeliveryState::pending;
        settlement.due = clock_.now() + std::chrono::milliseconds(settlement.report.retry_after_ms);
        return;
    }
    model::RetryPolicy const& policy = retry_policy(delivery);
    settlement.counts = verdict.counts;
    if (verdict.counts && delivery.attempt >= policy.attempts_max) {
        settlement.state = store::DeliveryState::dead;
        settlement.report.outcome = model::Outcome::rejected;
        settlement.report.reason =
            "Gave up after " + std::to_string(delivery.attempt) + " attempts. " + settlement.report.reason;
        return;
    }
    auto const pause = std::max({backoff(policy, delivery.attempt, jitter_()), verdict.pause,
                                 std::chrono::milliseconds(settlement.report.retry_after_ms)});
    settlement.state = store::DeliveryState::pending;
    settlement.due = clock_.now() + pause;
}

void Attempts::settle_unknown(store::Delivery const& delivery, store::Settlement& settlement,
                              Destinations::Verdict const& verdict) const {
    plugin_host::Connector* const connector = connectors_(delivery.connection);
    bool const is_notice = delivery.kind == store::DeliveryKind::notice;
    bool const can_check = connector != nullptr && connector->can_look_up();
    bool const repeatable = connector != nullptr && connector->honours_idempotency_key();
    if (is_notice || can_check || repeatable || connector == nullptr) {
        int const made = delivery.look_ups + (delivery.look_up ? 1 : 0);
        settlement.counts = verdict.counts;
        if (made < options_.look_ups_max || !verdict.counts) {
            // A mail sent twice harms nobody; a target that honours the key does not act twice on it.
            settlement.state = is_notice ? store::DeliveryState::pending : store::DeliveryState::unknown;
            model::RetryPolicy const pace{options_.look_ups_max, options_.look_up_after, std::chrono::minutes(30)};
            auto const pause = delivery.look_up ? backoff(pace, made, jitter_()) : options_.look_up_after;
            settlement.due = clock_.now() + std::max(pause, verdict.pause);
            return;
        }
    }
    settlement.state = store::DeliveryState::dead;
    settlement.report.reason =
        "It may or may not have been applied at the target, and that could not be found out. "
        "Look it up there by hand, then replay or discard it. " +
        settlement.report.reason;
}

void Attempts::settle_auth(store::Delivery const& delivery, store::Settlement& settlement) const {
    // An unknown delivery stays unknown, so that it is still looked up once the access is renewed.
    settlement.state = delivery.look_up ? store::DeliveryState::unknown : store::DeliveryState::pending;
    settlement.due = clock_.now();
    if (delivery.kind == store::DeliveryKind::notice) {
        settlement.due += std::chrono::minutes(15);
        return;
    }
    auto const before = state_.connection(delivery.connection);
    if (before && before->paused) {
        return;
    }
    logger_.error("A connection is paused: its access was refused.",
                  {{"connection", delivery.connection}, {"delivery_id", delivery.id}});
    settlement.follow_ups = follow_ups_.compose_pause(subject_of(delivery), settlement.report.reason);
    if (auto const paused = state_.pause_connection(delivery.connection, settlement.report.reason); !paused) {
        settlement.due += std::chrono::minutes(1);  // the store refused; do not hammer the vendor meanwhile
    }
}

}  // namespace crosswalk::deliver

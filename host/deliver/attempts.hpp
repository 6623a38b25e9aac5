// Makes one attempt of a delivery, and says what its outcome means for it.
//
// Shape    push() calls the connector (or sends the notice): a push, or a look-up where an earlier attempt may have
//          taken effect. settle() makes of its report what the store shall keep.
// Outcomes final → settled with its feedback · retry → due again after backoff, dead letter when attempts run out ·
//          auth → the connection is paused and the delivery kept · unknown → looked up before anything is repeated;
//          where that is impossible it is parked as a dead letter for a person, never repeated blindly, also when it
//          is the end of the host that left it unknown.
// Threads  safe from any thread.
// Owner    everything referenced outlives the Attempts.
#pragma once

#include "deliver/backoff.hpp"
#include "deliver/destinations.hpp"
#include "deliver/feedback.hpp"
#include "model/clock.hpp"
#include "plugin_host/connector.hpp"
#include "store/history.hpp"
#include "store/outbox.hpp"
#include "store/state.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <functional>

namespace crosswalk::deliver {

// Sends a notice; the record is crosswalk.mail/1.
using SendNotice = std::function<model::AttemptReport(model::Record const& mail)>;

struct AttemptOptions {
    std::chrono::milliseconds push_time_max{30'000};
    std::chrono::milliseconds look_up_after{1000};  // first pause before an unknown outcome is looked up again
    int look_ups_max = 20;
};

class Attempts {
public:
    Attempts(AttemptOptions options, FindRoute routes, FindConnector connectors, FollowUps const& follow_ups,
             SendNotice send_notice, Jitter jitter, store::History& history, store::State& state,
             model::Clock const& clock, telemetry::Logger& logger);
    Attempts(Attempts const&) = delete;
    Attempts& operator=(Attempts const&) = delete;

    [[nodiscard]] model::AttemptReport push(store::Delivery const& delivery) const;
    // `verdict`: what the report said of the destination. Pauses the connection when its access was refused.
    [[nodiscard]] store::Settlement settle(store::Delivery const& delivery, model::AttemptReport report,
                                           Destinations::Verdict const& verdict) const;
    // Of the delivery's route; the default's where that is gone.
    [[nodiscard]] model::RetryPolicy const& retry_policy(store::Delivery const& delivery) const;

private:
    void settle_retry(store::Delivery const& delivery, store::Settlement& settlement,
                      Destinations::Verdict const& verdict) const;
    void settle_unknown(store::Delivery const& delivery, store::Settlement& settlement,
                        Destinations::Verdict const& verdict) const;
    void settle_auth(store::Delivery const& delivery, store::Settlement& settlement) const;

    AttemptOptions const options_;
    FindRoute const routes_;
    FindConnector const connectors_;
    FollowUps const& follow_ups_;
    SendNotice const send_notice_;
    Jitter const jitter_;
    store::History& history_;
    store::State& state_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    model::Route const default_route_{};
};

}  // namespace crosswalk::deliver

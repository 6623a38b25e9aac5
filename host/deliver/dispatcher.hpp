// Leases what is due, calls the connector, and settles each attempt by its outcome.
//
// Shape    one thread leases ("deliver"), `workers` threads push. At most one delivery per lane is out at a time, so
//          settling it decides when the next one of its lane may go.
// Outcomes final → settled with its feedback · retry → due again after backoff, dead letter when attempts run out ·
//          auth → the connection is paused and the delivery kept · unknown → looked up before anything is repeated;
//          where that is impossible it is parked as a dead letter for a person, never repeated blindly.
// Threads  start, stop and wake are safe from any thread. stop() leases no more and waits up to `drain` for what is
//          out, then cancels it; what is cancelled settles as unknown.
// Errors   a store that refuses is retried with a pause; nothing is lost because what is out is in the effect ledger.
// Owner    everything referenced outlives the Dispatcher.
#pragma once

#include "deliver/feedback.hpp"
#include "model/clock.hpp"
#include "plugin_host/connector.hpp"
#include "store/history.hpp"
#include "store/outbox.hpp"
#include "store/state.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace crosswalk::deliver {

struct DispatcherOptions {
    int workers = 8;
    std::chrono::milliseconds push_time_max{30'000};
    std::chrono::milliseconds look_up_after{1000};  // first pause before an unknown outcome is looked up again
    int look_ups_max = 20;
    std::chrono::milliseconds store_pause{500};  // before a store that refused is asked again
};

// Sends a notice; the record is crosswalk.mail/1.
using SendNotice = std::function<model::AttemptReport(model::Record const& mail)>;
// A number in [0, 1): the jitter of a retry.
using Jitter = std::function<double()>;

class Dispatcher {
public:
    Dispatcher(DispatcherOptions options, FindRoute routes, FindConnector connectors, FollowUps const& follow_ups,
               SendNotice send_notice, Jitter jitter, store::Outbox& outbox, store::History& history,
               store::State& state, model::Clock const& clock, telemetry::Logger& logger, telemetry::Metrics& metrics);
    Dispatcher(Dispatcher const&) = delete;
    Dispatcher& operator=(Dispatcher const&) = delete;
    ~Dispatcher();

    void start();
    // Something may be due now.
    void wake() noexcept;
    // Leases no more, puts back what no worker has begun and waits up to `drain` for the rest, then calls `cancel`
    // (which ends running calls) and joins. False when something had to be cancelled.
    bool stop(std::chrono::milliseconds drain, std::function<void()> const& cancel = {}) noexcept;

    // One attempt of one leased delivery, settled; what a worker does. For tests.
    void attempt(store::Delivery const& delivery);

private:
    void lease_loop();
    void work_loop();
    [[nodiscard]] model::AttemptReport push(store::Delivery const& delivery);
    [[nodiscard]] store::Settlement settle(store::Delivery const& delivery, model::AttemptReport report);
    void settle_retry(store::Delivery const& delivery, store::Settlement& settlement) const;
    void settle_unknown(store::Delivery const& delivery, store::Settlement& settlement) const;
    void settle_auth(store::Delivery const& delivery, store::Settlement& settlement);
    void commit(store::Delivery const& delivery, store::Settlement settlement);
    [[nodiscard]] model::Route const& policy_of(store::Delivery const& delivery) const;

    DispatcherOptions const options_;
    FindRoute const routes_;
    FindConnector const connectors_;
    FollowUps const& follow_ups_;
    SendNotice const send_notice_;
    Jitter const jitter_;
    store::Outbox& outbox_;
    store::History& history_;
    store::State& state_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    telemetry::Metrics& metrics_;
    model::Route const default_route_{};

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::deque<store::Delivery> ready_;
    std::size_t out_ = 0;  // in ready_ or with a worker
    bool woken_ = true;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

// When attempt number `attempt` failed: the pause before the next one. `jitter` in [0, 1).
[[nodiscard]] std::chrono::milliseconds backoff(model::RetryPolicy const& policy, int attempt, double jitter);

}  // namespace crosswalk::deliver

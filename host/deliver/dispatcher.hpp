// Leases what is due, has it attempted, and hands the outcomes to the store.
//
// Shape    one thread leases ("deliver"), `workers` threads push. At most one delivery per lane is out at a time, so
//          settling it decides when the next one of its lane may go. What each destination may take now, whether it is
//          down, slow or has asked to wait, is said in destinations.hpp and breaker.hpp; what an outcome means for its
//          delivery in attempts.hpp.
// Outage   while a destination is taken for down, its deliveries stay pending; the probes that fail are in the history
//          but are not counted, so an outage shorter than the route's `outage_max` makes no dead letters.
// Commits  a worker does not wait for the commit of an outcome, but goes on with the next delivery; only the lane that
//          the outcome belongs to waits for it. An outcome that the store refuses is handed to a worker again.
// Threads  start, stop and wake are safe from any thread. stop() leases no more and waits up to `drain` for what is
//          out, then cancels it; what is cancelled settles as unknown.
// Errors   a store that refuses is retried with a pause; nothing is lost because what is out is in the effect ledger.
// Owner    everything referenced outlives the Dispatcher.
#pragma once

#include "deliver/attempts.hpp"
#include "deliver/destinations.hpp"
#include "model/clock.hpp"
#include "store/outbox.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace crosswalk::deliver {

struct DispatcherOptions {
    int workers = 8;  // with fewer than all destinations may use together, those that hang can keep others waiting
    DestinationOptions destinations = {};
    AttemptOptions attempts = {};
    std::chrono::milliseconds store_pause{500};  // before a store that refused is asked again
};

// How a destination stands, for people. Times are empty where they say nothing.
struct DestinationView {
    BreakerState state = BreakerState::closed;
    std::optional<model::TimePoint> since = {};        // of the outage
    std::optional<model::TimePoint> next_probe = {};   // open
    std::optional<model::TimePoint> waits_until = {};  // as the destination asked
};

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
    // For who makes deliveries: those that may go out at once need no lease of their own. Borrows this.
    [[nodiscard]] store::LeaseAtOnce at_once();
    // Leases no more, puts back what no worker has begun and waits up to `drain` for the rest, then calls `cancel`
    // (which ends running calls) and joins. False when something had to be cancelled.
    bool stop(std::chrono::milliseconds drain, std::function<void()> const& cancel = {}) noexcept;

    // Leases up to `limit` deliveries that may go out now. For tests; what the leasing thread does.
    [[nodiscard]] model::Result<std::vector<store::Delivery>> lease(std::size_t limit);
    // One attempt of one leased delivery, settled and stored; what a worker does without waiting. For tests.
    void attempt(store::Delivery const& delivery);

    // [any thread]
    [[nodiscard]] DestinationView destination(std::string_view connection) const;

private:
    void lease_loop();
    void work_loop();
    [[nodiscard]] std::chrono::microseconds idle_time();
    [[nodiscard]] store::AllowanceOf allowances() const;
    struct Work {
        store::Delivery delivery;
        bool put_back = false;
    };
    [[nodiscard]] std::optional<Work> next_work();
    [[nodiscard]] Destinations::Verdict judge(store::Delivery const& delivery, model::AttemptReport& report);
    // The push or look-up, and what came of it.
    [[nodiscard]] store::Settlement outcome_of(store::Delivery const& delivery);
    struct Unsettled {
        store::DeliveryId id = 0;
        std::shared_ptr<store::Settlement> settlement = {};
    };
    void work_on(store::Delivery const& delivery);
    void settled(Unsettled outcome, model::Result<void> const& stored) noexcept;
    [[nodiscard]] bool is_over(Unsettled const& outcome, model::Result<void> const& stored) const;
    void take(std::vector<store::Delivery> leased, bool more) noexcept;
    void put_out(std::vector<store::Delivery> leased);
    void one_less_out(bool more) noexcept;
    void commit(Unsettled const& outcome);

    DispatcherOptions const options_;
    Attempts const attempts_;
    store::Outbox& outbox_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    telemetry::Metrics& metrics_;
    std::size_t const capacity_;  // of leases that are out

    mutable std::mutex mutex_;         // guards what follows
    std::condition_variable changed_;  // for the leasing thread and stop
    std::condition_variable work_;     // for workers
    Destinations destinations_;
    std::deque<store::Delivery> ready_;
    std::size_t asleep_ = 0;  // workers
    bool leasing_ = false;    // the leaser is asking the store: workers stay for what it may bring, also when stopping
    std::deque<Unsettled> unsettled_;  // outcomes that the store refused
    std::size_t out_ = 0;              // in ready_, with a worker or not settled
    std::size_t settling_ = 0;         // handed to the store, which has not answered
    bool woken_ = true;
    bool idle_ = false;  // nothing waits in the store: an end makes room for nobody, so it need not wake the leaser
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace crosswalk::deliver

#include "deliver/dispatcher.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

namespace crosswalk::deliver {
namespace {

// Without a wake-up the leaser looks again after this long: a guard against a lost signal, rare enough to be idle.
constexpr std::chrono::seconds idle_look{30};

}  // namespace

Dispatcher::Dispatcher(DispatcherOptions options, FindRoute routes, FindConnector connectors,
                       FollowUps const& follow_ups, SendNotice send_notice, Jitter jitter, store::Outbox& outbox,
                       store::History& history, store::State& state, model::Clock const& clock,
                       telemetry::Logger& logger, telemetry::Metrics& metrics)
    : options_(options),
      attempts_(options_.attempts, std::move(routes), std::move(connectors), follow_ups, std::move(send_notice), jitter,
                history, state, clock, logger),
      outbox_(outbox),
      clock_(clock),
      logger_(logger),
      metrics_(metrics),
      capacity_(static_cast<std::size_t>(options_.workers) * 8),
      destinations_(options_.destinations, std::move(jitter)) {}

Dispatcher::~Dispatcher() {
    stop(std::chrono::milliseconds(0));
}

void Dispatcher::start() {
    threads_.emplace_back([this] { lease_loop(); });
    for (int i = 0; i < options_.workers; ++i) {
        threads_.emplace_back([this] { work_loop(); });
    }
}

void Dispatcher::wake() noexcept {
    {
        std::lock_guard const lock(mutex_);
        idle_ = false;
        woken_ = true;
    }
    changed_.notify_all();
}

// [mutex_ held] Wakes no more workers than can do something: one that finds nothing costs two changes of context.
void Dispatcher::put_out(std::vector<store::Delivery> leased) {
    out_ += leased.size();
    std::map<std::string, std::size_t, std::less<>> coming;
    for (store::Delivery& delivery : leased) {
        ++coming[delivery.connection];
        ready_.push_back(std::move(delivery));
    }
    std::size_t able = 0;
    for (auto const& [connection, count] : coming) {
        able += std::min(count, destinations_.free_places(connection));
    }
    for (std::size_t i = 0; i < std::min(able, asleep_); ++i) {
        work_.notify_one();
    }
}

store::LeaseAtOnce Dispatcher::at_once() {
    return {[this](std::string const& connection, std::string const& route) {
                std::lock_guard const lock(mutex_);
                return stopping_ || out_ >= capacity_ ? store::Allowance{0, false}
                                                      : destinations_.allowance(connection, route, clock_.steady_now());
            },
            [this](std::vector<store::Delivery> leased, bool more) { take(std::move(leased), more); }};
}

// [the store's writer thread]
void Dispatcher::take(std::vector<store::Delivery> leased, bool more) noexcept {
    std::lock_guard const lock(mutex_);
    for (store::Delivery const& delivery : leased) {
        destinations_.leased(delivery);
    }
    put_out(std::move(leased));
    if (more) {
        idle_ = false;
        woken_ = true;
        changed_.notify_all();
    }
}

bool Dispatcher::stop(std::chrono::milliseconds drain, std::function<void()> const& cancel) noexcept {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    work_.notify_all();
    bool const drained = changed_.wait_for(lock, drain, [this] { return out_ == 0; });
    lock.unlock();
    if (!drained && cancel) {
        cancel();
    }
    for (std::thread& thread : threads_) {
        if (thread.joinable()) {
            thread.join();
        }
    }
    threads_.clear();
    lock.lock();
    changed_.wait(lock, [this] { return settling_ == 0; });
    return drained;
}

store::AllowanceOf Dispatcher::allowances() const {
    return [this](std::string const& connection, std::string const& route) {
        std::lock_guard const lock(mutex_);
        return destinations_.allowance(connection, route, clock_.steady_now());
    };
}

model::Result<std::vector<store::Delivery>> Dispatcher::lease(std::size_t limit) {
    auto leased = outbox_.lease_due(clock_.now(), limit, allowances());
    if (leased) {
        std::lock_guard const lock(mutex_);
        for (store::Delivery const& delivery : *leased) {
            destinations_.leased(delivery);
        }
    }
    return leased;
}

// How long nothing can become due, and nothing can be allowed, by time alone.
std::chrono::microseconds Dispatcher::idle_time() {
    std::chrono::microseconds pause = idle_look;
    auto const until = [&](std::chrono::microseconds left) {
        pause = std::clamp<std::chrono::microseconds>(left, std::chrono::milliseconds(1), pause);
    };
    // First what will be allowed: a pause that ends in between is seen by what is due, and the other way round by
    // nobody.
    {
        std::lock_guard const lock(mutex_);
        auto const now = clock_.steady_now();
        if (auto const change = destinations_.next_change(now)) {
            until(std::chrono::ceil<std::chrono::microseconds>(*change - now));
        }
    }
    if (auto const next = outbox_.next_due(allowances()); next && *next) {
        until(**next - clock_.now());
    }
    return pause;
}

void Dispatcher::lease_loop() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        bool const room = out_ < capacity_;
        if (!woken_ || !room) {
            changed_.wait(lock, [&] { return stopping_ || (woken_ && out_ < capacity_); });
            continue;
        }
        woken_ = false;
        std::size_t const limit = capacity_ - out_;
        leasing_ = true;
        lock.unlock();
        auto leased = lease(limit);
        bool const none = leased && leased->empty();
        auto const waiting = none ? outbox_.has_ready() : model::Result<bool>(true);
        auto const pause = none ? idle_time() : std::chrono::microseconds(0);
        lock.lock();
        leasing_ = false;
        // What became ready since was told, and told again after this.
        idle_ = waiting && !*waiting && !woken_;
        if (!leased) {
            changed_.wait_for(lock, options_.store_pause, [this] { return stopping_; });
            woken_ = true;
            continue;
        }
        if (!leased->empty()) {
            woken_ = true;  // there may be more
            put_out(std::move(*leased));
            continue;
        }
        if (!changed_.wait_for(lock, pause, [this] { return stopping_ || woken_; })) {
            woken_ = true;
        }
    }
    work_.notify_all();  // what was leased while the stop came is put back by workers, who waited for this
}

// [mutex_ held] The first leased delivery that a worker can do something with.
std::optional<Dispatcher::Work> Dispatcher::next_work() {
    auto const now = clock_.steady_now();
    for (auto leased = ready_.begin(); leased != ready_.end(); ++leased) {
        auto const next = stopping_ ? Destinations::Next::put_back : destinations_.next(*leased, now);
        if (next == Destinations::Next::wait) {
            continue;
        }
        Work work{std::move(*leased), next == Destinations::Next::put_back};
        ready_.erase(leased);
        if (!work.put_back) {
            destinations_.started(work.delivery);
        }
        return work;
    }
    return std::nullopt;
}

void Dispatcher::work_loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        if (!unsettled_.empty()) {
            Unsettled const outcome = std::move(unsettled_.front());
            unsettled_.pop_front();
            lock.unlock();
            commit(outcome);
            lock.lock();
            one_less_out(outcome.settlement->more);
            continue;
        }
        auto const work = next_work();
        if (!work) {
            if (stopping_ && !leasing_) {
                return;
            }
            ++asleep_;
            work_.wait(lock);
            --asleep_;
            continue;
        }
        lock.unlock();
        if (!work->put_back) {
            work_on(work->delivery);
            lock.lock();
            continue;
        }
        // Still in the ledger if this fails: looked up at the next start.
        (void)outbox_.release(work->delivery.id, clock_.now());
        lock.lock();
        destinations_.ended(work->delivery, false);
        one_less_out(true);
    }
}

// [mutex_ held] There is room to lease, or a lane may go on, or a stop has waited for this.
void Dispatcher::one_less_out(bool more) noexcept {
    --out_;
    if (more || !idle_) {
        idle_ = false;
        woken_ = true;
        changed_.notify_all();
    } else if (stopping_) {
        changed_.notify_all();
    }
}

void Dispatcher::work_on(store::Delivery const& delivery) {
    Unsettled outcome{delivery.id, std::make_shared<store::Settlement>(outcome_of(delivery))};
    {
        std::lock_guard const lock(mutex_);
        destinations_.ended(delivery, true);
        ++settling_;  // this worker looks for the next one itself, so it need not wake another for its place
    }
    outbox_.settle(delivery.id, outcome.settlement,
                   [this, outcome](model::Result<void> const& stored) { settled(outcome, stored); });
}

// [mostly the store's writer thread]
void Dispatcher::settled(Unsettled outcome, model::Result<void> const& stored) noexcept {
    bool const over = is_over(outcome, stored);
    // Everything under the lock: once it is released a stop may end this object.
    std::lock_guard const lock(mutex_);
    --settling_;
    if (!over && !stopping_) {
        unsettled_.push_back(std::move(outcome));
        work_.notify_one();
    } else {
        one_less_out(outcome.settlement
                         ->more);  // refused during a stop its effect row stands: the next start looks the delivery up
    }
}

// False: the store may take it later. What it will never take is logged.
bool Dispatcher::is_over(Unsettled const& outcome, model::Result<void> const& stored) const {
    if (!stored && !model::is_retryable(stored.error().code)) {
        logger_.error("An outcome could not be stored.",
                      {{"delivery_id", outcome.id}, {"detail", stored.error().detail}});
    }
    return stored || !model::is_retryable(stored.error().code);
}

void Dispatcher::attempt(store::Delivery const& delivery) {
    Unsettled const outcome{delivery.id, std::make_shared<store::Settlement>(outcome_of(delivery))};
    commit(outcome);
    std::lock_guard const lock(mutex_);
    destinations_.ended(delivery, true);
}

store::Settlement Dispatcher::outcome_of(store::Delivery const& delivery) {
    auto const begun = clock_.steady_now();
    model::AttemptReport report = attempts_.push(delivery);
    metrics_
        .counter("crosswalk_deliver_attempts_total", "Attempts by outcome.",
                 {{"connection", delivery.connection}, {"outcome", std::string(model::name(report.outcome))}})
        .add();
    if (!model::is_final(report.outcome)) {
        logger_.info("A delivery did not succeed yet.", {{"delivery_id", delivery.id},
                                                         {"route", delivery.route},
                                                         {"connection", delivery.connection},
                                                         {"attempt", delivery.attempt},
                                                         {"outcome", model::name(report.outcome)},
                                                         {"error_code", model::name(report.error_code)}});
    }
    auto const verdict = judge(delivery, report);
    {
        std::lock_guard const lock(mutex_);
        destinations_.took(delivery.connection,
                           std::chrono::duration_cast<std::chrono::microseconds>(clock_.steady_now() - begun));
    }
    return attempts_.settle(delivery, std::move(report), verdict);
}

// What the attempt says of its destination, and the other way round.
Destinations::Verdict Dispatcher::judge(store::Delivery const& delivery, model::AttemptReport& report) {
    constexpr auto longest = std::chrono::duration_cast<std::chrono::milliseconds>(wait_max).count();
    if (report.retry_after_ms > longest) {
        logger_.warn("A destination asked for a longer pause than is obeyed.",
                     {{"connection", delivery.connection}, {"asked_s", report.retry_after_ms / 1000}});
        report.retry_after_ms = longest;
    }
    Destinations::Verdict verdict;
    {
        std::lock_guard const lock(mutex_);
        verdict =
            destinations_.heard(delivery, report, attempts_.retry_policy(delivery).outage_max, clock_.steady_now());
    }
    if (verdict.after == BreakerState::open && verdict.before == BreakerState::closed) {
        logger_.warn("A destination is taken for down; its deliveries wait.",
                     {{"connection", delivery.connection}, {"probe_in_ms", verdict.pause.count()}});
    } else if (verdict.after == BreakerState::open && verdict.before == BreakerState::half_open) {
        logger_.info("A destination is still down.",
                     {{"connection", delivery.connection}, {"probe_in_ms", verdict.pause.count()}});
    } else if (verdict.after == BreakerState::closed && verdict.before != BreakerState::closed) {
        logger_.info("A destination answers again.", {{"connection", delivery.connection}});
    }
    return verdict;
}

DestinationView Dispatcher::destination(std::string_view connection) const {
    Destinations::Standing standing;
    auto const steady = clock_.steady_now();
    {
        std::lock_guard const lock(mutex_);
        standing = destinations_.standing(connection, steady);
    }
    auto const shown = [&](std::optional<Destinations::Time> const& at) -> std::optional<model::TimePoint> {
        return at ? std::optional(clock_.now() + std::chrono::duration_cast<std::chrono::microseconds>(*at - steady))
                  : std::nullopt;
    };
    return {standing.state, shown(standing.since), shown(standing.next_probe), shown(standing.waits_until)};
}

void Dispatcher::commit(Unsettled const& outcome) {
    while (true) {
        if (is_over(outcome, outbox_.settle(outcome.id, *outcome.settlement))) {
            return;
        }
        std::unique_lock lock(mutex_);
        if (changed_.wait_for(lock, options_.store_pause, [this] { return stopping_; })) {
            return;  // the effect row stands: the next start looks the delivery up
        }
    }
}

}  // namespace crosswalk::deliver

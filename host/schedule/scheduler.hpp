// Starts the runs of routes that ask for their events: when they are due, when a person or a signal wants one, and
// those that an earlier host left unfinished.
//
// Shape    one thread looks what is due; each running run has a thread of its own, at most limits.at_once of them. A
//          route has one run at a time; what is due while it is held is started once when nothing holds it any more.
// Full     a route's first run reads every record; so does the first after a full one failed, and each that is due by
//          `full_every`.
// Threads  all calls are safe from any thread, but start() and stop() come once each.
// Owner    everything in the Surroundings outlives the Scheduler.
#pragma once

#include "schedule/surroundings.hpp"
#include "schedule/turns.hpp"
#include "telemetry/metrics.hpp"

#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace crosswalk::schedule {

class Scheduler {
public:
    // `routes` are those whose trigger is polled, disabled and switched off ones among them.
    Scheduler(Surroundings around, std::vector<model::Route> routes, telemetry::Metrics& metrics);
    Scheduler(Scheduler const&) = delete;
    Scheduler& operator=(Scheduler const&) = delete;
    ~Scheduler();

    // Takes up what is unfinished. Nothing runs before start().
    [[nodiscard]] model::Result<void> load();
    void start();
    // Something may be due now, or no longer held.
    void wake() noexcept;
    // No further turn begins; turns that are out go on. Returns at once.
    void halt() noexcept;
    // halt(), and joins. Runs that are not done stay as they are: the next host takes them up.
    void stop() noexcept;

    // A run because a person wants one. not_found: no such route, or it is sent its events. already_exists: one is
    // queued or running. failed_precondition: something holds the route; the text says what.
    [[nodiscard]] model::Result<store::Run> request(std::string_view route, bool full);
    // Runs of all routes that wait for this signal. Returns in words what was started and what was not; a route that
    // is held for now gets its run afterwards.
    [[nodiscard]] model::Result<std::string> signal(std::string_view connection, std::string_view event);

    // When the route runs next by itself; nothing without a schedule, or while it or its schedule is off.
    [[nodiscard]] std::optional<model::TimePoint> next_run(std::string_view route) const;

    // Starts what may start; what the scheduler's thread does. When to look again.
    [[nodiscard]] model::TimePoint look();
    // Waits until no run has a thread. For tests.
    void wait_until_idle();

private:
    struct Lane {
        model::Route route;
        store::RouteRuns past = {};  // guarded by mutex_
        bool executing = false;      // guarded by mutex_
        explicit Lane(model::Route of) : route(std::move(of)) {}
    };
    struct Worker {
        std::thread thread;
        bool ended = false;  // guarded by mutex_
    };

    void run();
    void execute(Lane& lane, store::Run const& run, Worker& worker);
    void join_ended();
    [[nodiscard]] Lane* find(std::string_view route);
    [[nodiscard]] Lane const* find(std::string_view route) const;
    [[nodiscard]] std::optional<model::TimePoint> due(Lane const& lane, store::RouteRuns const& past) const;
    [[nodiscard]] bool wants_full(Lane const& lane, store::RouteRuns const& past) const;
    [[nodiscard]] model::Result<store::Run> open(Lane& lane, store::RunCause cause, bool full);
    [[nodiscard]] bool begin(Lane& lane, store::Run const& queued);
    void refresh(Lane& lane);
    [[nodiscard]] store::RouteRuns past_of(Lane const& lane) const;
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] bool inbox_is_full() const;

    // constant after construction
    Surroundings const around_;
    telemetry::Counter& done_;
    telemetry::Counter& failed_;

    std::deque<Lane> lanes_;
    mutable std::mutex mutex_;  // guards what follows and what Lane and Worker say
    std::condition_variable changed_;
    std::list<Worker> workers_;
    std::size_t executing_ = 0;
    bool woken_ = false;
    bool halted_ = false;
    std::thread thread_;
};

}  // namespace crosswalk::schedule

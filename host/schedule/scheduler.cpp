#include "schedule/scheduler.hpp"

#include "schedule/timetable.hpp"

#include <algorithm>
#include <utility>

namespace crosswalk::schedule {
namespace {

using std::chrono::microseconds;

constexpr std::chrono::seconds idle_look{30};
constexpr std::chrono::seconds held_look{5};
constexpr std::chrono::seconds busy_look{1};

bool is_unfinished(store::Run const& run) noexcept {
    return run.state == store::RunState::queued || run.state == store::RunState::running;
}

model::TimePoint start_of(store::Run const& run) noexcept {
    return run.started_at.value_or(run.queued_at);
}

}  // namespace

Scheduler::Scheduler(Surroundings around, std::vector<model::Route> routes, telemetry::Metrics& metrics)
    : around_(std::move(around)),
      done_(
          metrics.counter("crosswalk_schedule_runs_total", "Runs of routes by how they ended.", {{"result", "done"}})),
      failed_(metrics.counter("crosswalk_schedule_runs_total", "Runs of routes by how they ended.",
                              {{"result", "failed"}})) {
    for (model::Route& route : routes) {
        lanes_.emplace_back(std::move(route));
    }
    for (store::RunState const state : {store::RunState::queued, store::RunState::running}) {
        metrics.gauge("crosswalk_schedule_runs", "Runs of routes that are not over.",
                      [this, state] {
                          std::lock_guard const lock(mutex_);
                          return static_cast<double>(std::count_if(lanes_.begin(), lanes_.end(), [&](Lane const& lane) {
                              return lane.past.last && lane.past.last->state == state;
                          }));
                      },
                      {{"state", std::string(store::name(state))}});
    }
    for (Lane const& lane : lanes_) {
        metrics.gauge("crosswalk_schedule_last_success_age_seconds",
                      "Time since a run of the route was done; -1: never.",
                      [this, &lane] {
                          std::lock_guard const lock(mutex_);
                          auto const at = lane.past.last_done_at;
                          return at ? std::chrono::duration<double>(around_.clock.now() - *at).count() : -1.0;
                      },
                      {{"route", lane.route.name}});
    }
}

Scheduler::~Scheduler() {
    stop();
}

model::Result<void> Scheduler::load() {
    auto const unfinished = around_.runs.unfinished();
    if (!unfinished) {
        return unfinished.error();
    }
    for (store::Run const& run : *unfinished) {
        model::Result<void> kept;
        if (find(run.route) == nullptr) {
            kept = around_.runs.fail(
                run.id, "The configuration no longer has a route " + run.route + " that asks for its events.");
        } else if (run.state == store::RunState::running) {
            kept = around_.runs.suspend(run.id, "The host ended during this run; it goes on where it was.");
        }
        if (!kept) {
            return kept;
        }
    }
    for (Lane& lane : lanes_) {
        auto past = around_.runs.of_route(lane.route.name);
        if (!past) {
            return past.error();
        }
        lane.past = std::move(*past);
    }
    return {};
}

void Scheduler::start() {
    thread_ = std::thread([this] { run(); });
}

void Scheduler::wake() noexcept {
    {
        std::lock_guard const lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void Scheduler::halt() noexcept {
    {
        std::lock_guard const lock(mutex_);
        halted_ = true;
    }
    changed_.notify_all();
}

void Scheduler::stop() noexcept {
    halt();
    if (thread_.joinable()) {
        thread_.join();
    }
    // Nobody starts workers any more, so the list can be walked without the lock that the workers need to end.
    for (Worker& worker : workers_) {
        if (worker.thread.joinable()) {
            worker.thread.join();
        }
    }
}

void Scheduler::run() {
    std::unique_lock lock(mutex_);
    while (!halted_) {
        woken_ = false;
        lock.unlock();
        model::TimePoint const until = look();
        lock.lock();
        auto const pause =
            std::clamp<microseconds>(until - around_.clock.now(), std::chrono::milliseconds(1), idle_look);
        changed_.wait_for(lock, pause, [this] { return halted_ || woken_; });
    }
}

model::TimePoint Scheduler::look() {
    join_ended();
    model::TimePoint const now = around_.clock.now();
    model::TimePoint next = now + idle_look;
    auto const again_in = [&](microseconds pause) { next = std::min<model::TimePoint>(next, now + pause); };
    for (Lane& lane : lanes_) {
        store::RouteRuns past = past_of(lane);
        bool const waits = past.last && is_unfinished(*past.last);
        if (!waits) {
            auto const at = due(lane, past);
            if (!at) {
                continue;
            }
            if (*at > now) {
                next = std::min(next, *at);
                continue;
            }
        }
        if (!why_held(around_, lane.route).empty()) {
            again_in(held_look);
            continue;
        }
        if (inbox_is_full() || !has_room()) {
            again_in(busy_look);
        }
        if (inbox_is_full()) {
            continue;
        }
        if (!waits) {
            auto const cause = past.last ? store::RunCause::schedule : store::RunCause::first;
            auto opened = open(lane, cause, wants_full(lane, past));
            if (!opened) {
                refresh(lane);
                again_in(busy_look);
                continue;
            }
            past.last = std::move(*opened);
        }
        if (past.last->state == store::RunState::queued && !begin(lane, *past.last)) {
            again_in(busy_look);
        }
    }
    return next;
}

std::optional<model::TimePoint> Scheduler::due(Lane const& lane, store::RouteRuns const& past) const {
    model::Route const& route = lane.route;
    if (!route.is_on() || !route.schedule || !route.schedule->off_because.empty()) {
        return std::nullopt;
    }
    model::TimePoint const now = around_.clock.now();
    if (!past.last) {
        return now;
    }
    // A clock that was set back must not keep the route from running.
    model::TimePoint const last = std::min(start_of(*past.last), now);
    auto const next = next_start(*route.schedule, route.name, past.last->id, last);
    return next ? std::optional(*next) : std::nullopt;
}

bool Scheduler::wants_full(Lane const& lane, store::RouteRuns const& past) const {
    if (!past.last_full || past.last_full->state == store::RunState::failed) {
        return true;
    }
    return lane.route.full_every && is_full_due(*lane.route.full_every, start_of(*past.last_full), around_.clock.now());
}

model::Result<store::Run> Scheduler::open(Lane& lane, store::RunCause cause, bool full) {
    auto opened = around_.runs.open(lane.route.name, cause, full);
    if (opened) {
        std::lock_guard const lock(mutex_);
        lane.past.last = *opened;
        if (full) {
            lane.past.last_full = *opened;
        }
    }
    return opened;
}

// False: there is no room for it now.
bool Scheduler::begin(Lane& lane, store::Run const& queued) {
    {
        std::lock_guard const lock(mutex_);
        if (halted_ || lane.executing || executing_ >= around_.limits.at_once) {
            return false;
        }
        lane.executing = true;
        ++executing_;
    }
    auto begun = around_.runs.begin(queued.id, selection_of(lane.route));
    if (!begun) {
        around_.logger.error("A run could not begin.",
                             {{"route", lane.route.name}, {"run", queued.id}, {"detail", begun.error().detail}});
        refresh(lane);
        std::lock_guard const lock(mutex_);
        lane.executing = false;
        --executing_;
        changed_.notify_all();
        return false;
    }
    around_.logger.info("A run begins.", {{"route", lane.route.name},
                                          {"run", begun->id},
                                          {"cause", store::name(begun->cause)},
                                          {"full", begun->full},
                                          {"turns", begun->turns}});
    std::lock_guard const lock(mutex_);
    lane.past.last = *begun;
    Worker& worker = workers_.emplace_back();
    worker.thread = std::thread([this, &lane, run = std::move(*begun), &worker] { execute(lane, run, worker); });
    return true;
}

void Scheduler::execute(Lane& lane, store::Run const& run, Worker& worker) {
    Turns turns(around_, lane.route, run);
    std::unique_lock lock(mutex_);
    while (!halted_) {
        lock.unlock();
        Step const step = turns.step();
        lock.lock();
        if (step.kind == Step::Kind::left) {
            break;
        }
        while (!halted_ && step.kind == Step::Kind::wait && around_.clock.now() < step.until) {
            auto const pause =
                std::clamp<microseconds>(step.until - around_.clock.now(), std::chrono::milliseconds(1), idle_look);
            changed_.wait_for(lock, pause);
        }
    }
    lock.unlock();
    refresh(lane);
    lock.lock();
    if (lane.past.last && lane.past.last->id == run.id) {
        done_.add(lane.past.last->state == store::RunState::done ? 1 : 0);
        failed_.add(lane.past.last->state == store::RunState::failed ? 1 : 0);
    }
    lane.executing = false;
    --executing_;
    worker.ended = true;
    woken_ = true;
    changed_.notify_all();
}

// Asks the store what there is; a run that was opened meanwhile is newer than its answer and stays.
void Scheduler::refresh(Lane& lane) {
    auto past = around_.runs.of_route(lane.route.name);
    if (!past) {
        around_.logger.error("The runs of a route could not be read.",
                             {{"route", lane.route.name}, {"detail", past.error().detail}});
        return;
    }
    std::lock_guard const lock(mutex_);
    bool const is_older = lane.past.last && (!past->last || past->last->id < lane.past.last->id);
    if (is_older) {
        past->last = lane.past.last;
    }
    lane.past = std::move(*past);
}

void Scheduler::join_ended() {
    std::list<Worker> ended;
    {
        std::lock_guard const lock(mutex_);
        for (auto worker = workers_.begin(); worker != workers_.end();) {
            auto const next = std::next(worker);
            if (worker->ended) {
                ended.splice(ended.end(), workers_, worker);
            }
            worker = next;
        }
    }
    for (Worker& worker : ended) {
        worker.thread.join();
    }
}

model::Result<store::Run> Scheduler::request(std::string_view route, bool full) {
    Lane* const lane = find(route);
    if (lane == nullptr) {
        return model::Error{model::ErrorCode::not_found,
                            "The route " + std::string(route) + " does not ask for its events: its vendor sends them."};
    }
    if (std::string const held = why_held(around_, lane->route); !held.empty()) {
        return model::Error{model::ErrorCode::failed_precondition, held};
    }
    auto opened = open(*lane, store::RunCause::person, full || wants_full(*lane, past_of(*lane)));
    if (opened) {
        wake();
    }
    return opened;
}

model::Result<std::string> Scheduler::signal(std::string_view connection, std::string_view event) {
    std::string words;
    auto const say = [&](std::string const& sentence) { words += (words.empty() ? "" : " ") + sentence; };
    for (Lane& lane : lanes_) {
        auto const& signals = lane.route.run_on;
        bool const waits_for_it = std::any_of(signals.begin(), signals.end(), [&](model::Signal const& one) {
            return one.connection == connection && one.event == event;
        });
        if (!waits_for_it) {
            continue;
        }
        std::string const& name = lane.route.name;
        auto const mode = around_.state.route_mode(name);
        if (!lane.route.is_on() || (mode && *mode && **mode == store::RouteMode::stopped)) {
            say("The route " + name + " is off.");
            continue;
        }
        auto const opened = open(lane, store::RunCause::signal, wants_full(lane, past_of(lane)));
        if (opened) {
            say("Run " + std::to_string(opened->id) + " of the route " + name + " is started.");
        } else if (opened.error().code == model::ErrorCode::already_exists) {
            say("The route " + name + " is already running.");
        } else {
            return opened.error();
        }
    }
    wake();
    return words.empty() ? "No route waits for this signal." : words;
}

std::optional<model::TimePoint> Scheduler::next_run(std::string_view route) const {
    Lane const* const lane = find(route);
    return lane == nullptr ? std::nullopt : due(*lane, past_of(*lane));
}

void Scheduler::wait_until_idle() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return executing_ == 0; });
}

Scheduler::Lane* Scheduler::find(std::string_view route) {
    auto const found =
        std::find_if(lanes_.begin(), lanes_.end(), [&](Lane const& lane) { return lane.route.name == route; });
    return found == lanes_.end() ? nullptr : &*found;
}

Scheduler::Lane const* Scheduler::find(std::string_view route) const {
    auto const found =
        std::find_if(lanes_.begin(), lanes_.end(), [&](Lane const& lane) { return lane.route.name == route; });
    return found == lanes_.end() ? nullptr : &*found;
}

store::RouteRuns Scheduler::past_of(Lane const& lane) const {
    std::lock_guard const lock(mutex_);
    return lane.past;
}

bool Scheduler::has_room() const {
    std::lock_guard const lock(mutex_);
    return executing_ < around_.limits.at_once;
}

bool Scheduler::inbox_is_full() const {
    auto const pending = around_.inbox.pending();
    return around_.inbox.is_full() ||
           (pending && *pending >= static_cast<std::int64_t>(around_.limits.inbox_pending_max));
}

}  // namespace crosswalk::schedule

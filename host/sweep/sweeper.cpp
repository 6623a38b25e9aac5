#include "sweep/sweeper.hpp"

#include <algorithm>
#include <utility>

namespace crosswalk::sweep {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;
using model::TimePoint;

// No connection is called so: names begin with a letter or a digit.
constexpr char place[] = "@sweep";
constexpr std::chrono::seconds idle_look{60};
constexpr std::chrono::minutes held_pause{1};
constexpr std::chrono::milliseconds pending_pause{500};
// Items that are tried again for hours must not keep sweeps from running.
constexpr std::chrono::minutes pending_wait_max{5};
constexpr std::chrono::seconds diagnose_time_max{20};

std::int64_t to_ms(TimePoint at) {
    return model::to_unix_ms(at);
}

}  // namespace

Sweeper::Sweeper(std::map<std::string, Source> sources, Surroundings around) : around_(std::move(around)) {
    for (auto& [connection, source] : sources) {
        telemetry::Counter& missing = around_.metrics.counter(
            "crosswalk_sweep_missing_total", "Events that a vendor should have sent and a sweep found.",
            {{"connection", connection}});
        lanes_.emplace(connection, Lane{std::move(source), missing});
    }
    for (auto& [connection, lane] : lanes_) {
        around_.metrics.gauge(
            "crosswalk_sweep_age_seconds", "Since the connection's last whole sweep; -1 before the first.",
            [this, &at = lane] {
                std::lock_guard const lock(mutex_);
                return at.ended_at ? std::chrono::duration<double>(around_.clock.now() - *at.ended_at).count() : -1.0;
            },
            {{"connection", connection}});
    }
}

Sweeper::~Sweeper() {
    stop();
}

void Sweeper::start() {
    if (!lanes_.empty()) {
        thread_ = std::thread([this] { run(); });
    }
}

void Sweeper::halt() noexcept {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
}

void Sweeper::stop() noexcept {
    halt();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Sweeper::look_soon() noexcept {
    {
        std::lock_guard const lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void Sweeper::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        woken_ = false;
        lock.unlock();
        TimePoint const next = look();
        lock.lock();
        auto const pause =
            std::clamp<std::chrono::microseconds>(next - around_.clock.now(), std::chrono::milliseconds(1), idle_look);
        changed_.wait_for(lock, pause, [this] { return stopping_ || woken_; });
    }
}

TimePoint Sweeper::look() {
    TimePoint next = around_.clock.now() + idle_look;
    for (auto& [connection, lane] : lanes_) {
        TimePoint due;
        {
            std::lock_guard const lock(mutex_);
            if (stopping_) {
                break;
            }
            due = lane.due;
        }
        // Which events are wanted is looked at each time: from when one is taken decides what can be missing of it.
        Memory memory = load(connection);
        auto const state = around_.state.connection(connection);
        bool const in_use = state && state->access == store::Access::in_use;
        std::vector<std::string> const wanted = in_use ? lane.source.wanted_events() : std::vector<std::string>();
        if (begin(memory, wanted, around_.clock.now()) && !keep(connection, memory)) {
            continue;
        }
        {
            std::lock_guard const lock(mutex_);
            lane.ended_at = memory.ended_at;
        }
        if (due <= around_.clock.now()) {
            due = step(connection, lane);
            std::lock_guard const lock(mutex_);
            lane.due = due;
        }
        next = std::min(next, due);
    }
    return next;
}

// One page, or what keeps it; when to come back.
TimePoint Sweeper::step(std::string const& connection, Lane& lane) {
    TimePoint const now = around_.clock.now();
    auto const state = around_.state.connection(connection);
    if (!state || state->paused || inbox_is_full()) {
        return now + held_pause;
    }
    Memory memory = load(connection);
    if (memory.place.event.empty()) {
        std::vector<std::string> events;
        for (auto const& [event, stretch] : memory.stretches) {
            events.push_back(event);
        }
        memory.place = {};
        memory.place.rest = std::move(events);
        open_window(memory, lane.source.pace, now);
    }
    if (!memory.place.event.empty()) {
        if (must_wait(connection, lane)) {
            return now + std::min<std::chrono::microseconds>(pending_pause, lane.source.pace.every);
        }
        if (auto const done = page(connection, lane, memory); !done) {
            return fail(connection, lane, memory, done.error());
        }
    }
    if (!memory.place.event.empty()) {
        return keep(connection, memory) ? now + around_.limits.page_pause : now + held_pause;
    }
    finish(connection, lane, memory);
    return keep(connection, memory) ? now + lane.source.pace.every : now + held_pause;
}

// Notes since when events are taken, and forgets those that no route takes any more. True: the memory changed.
bool Sweeper::begin(Memory& memory, std::vector<std::string> const& wanted, TimePoint now) const {
    auto const is_wanted = [&](std::string const& event) {
        return std::find(wanted.begin(), wanted.end(), event) != wanted.end();
    };
    bool changed = false;
    for (std::string const& event : wanted) {
        changed = memory.stretches.try_emplace(event, Memory::Stretch{now, std::nullopt}).second || changed;
    }
    for (auto it = memory.stretches.begin(); it != memory.stretches.end();) {
        bool const gone = !is_wanted(it->first);
        if (gone && memory.place.event == it->first) {
            memory.place = {};
        }
        changed = changed || gone;
        it = gone ? memory.stretches.erase(it) : std::next(it);
    }
    return changed;
}

// The next window of the round; none left: the round is over and `place.event` empty.
void Sweeper::open_window(Memory& memory, Pace const& pace, TimePoint now) const {
    Place& at = memory.place;
    at.event.clear();
    at.cursor.clear();
    at.pages = 0;
    while (at.event.empty() && !at.rest.empty()) {
        std::string const event = std::move(at.rest.front());
        at.rest.erase(at.rest.begin());
        auto const stretch = memory.stretches.find(event);
        if (stretch == memory.stretches.end()) {
            continue;
        }
        // A host that was away for longer than it looks back goes on where it was.
        TimePoint const back = now - pace.look_back;
        at.from = std::max(stretch->second.since, stretch->second.to ? std::min(back, *stretch->second.to) : back);
        at.to = now - pace.settle;
        if (at.from < at.to) {
            at.event = event;
        }
    }
}

bool Sweeper::inbox_is_full() const {
    auto const pending = around_.inbox.pending();
    return !pending || around_.inbox.is_full() ||
           *pending >= static_cast<std::int64_t>(around_.limits.inbox_pending_max);
}

bool Sweeper::must_wait(std::string const& connection, Lane& lane) {
    auto const due = around_.inbox.next_due(connection);
    TimePoint const now = around_.clock.now();
    if (due && !*due) {
        lane.waits_since.reset();
        return false;
    }
    if (!lane.waits_since) {
        lane.waits_since = now;
    }
    return now - *lane.waits_since < pending_wait_max;
}

Result<void> Sweeper::page(std::string const& connection, Lane& lane, Memory& memory) {
    Place& at = memory.place;
    if (++at.pages > around_.limits.pages_max) {
        return Error{ErrorCode::failed_precondition, "The vendor's list has more pages than a sweep may read."};
    }
    auto combed = comb(lane.source.connector, connection, {at.event, to_ms(at.from), to_ms(at.to), at.cursor},
                       lane.source.keys, around_.arrivals, around_.limits.page_time_max);
    if (!combed) {
        return combed.error();
    }
    if (!combed->missing.empty()) {
        // Before they are taken: a host that is killed in between must still say that they were missing.
        std::int64_t const cut_off = at.page_missing;
        at.page_missing = std::max(cut_off, static_cast<std::int64_t>(combed->missing.size()));
        if (!keep(connection, memory)) {
            return Error{ErrorCode::unavailable, "The sweep could not be stored."};
        }
        auto const taken = take(connection, std::move(combed->missing), around_.inbox);
        if (!taken) {
            return taken.error();
        }
        // What an earlier sweep took and nobody has dispatched yet is not missing again.
        at.page_missing = std::max(cut_off, static_cast<std::int64_t>(*taken));
        lane.missing.add(*taken);
        around_.on_stored(connection);
    }
    memory.trouble.clear();
    at.listed += static_cast<std::int64_t>(combed->listed);
    at.missing += at.page_missing;
    at.page_missing = 0;
    at.cursor = std::move(combed->cursor);
    if (!combed->more) {
        memory.stretches[at.event].to = at.to;
        open_window(memory, lane.source.pace, around_.clock.now());
    }
    return {};
}

TimePoint Sweeper::fail(std::string const& connection, Lane const& lane, Memory& memory, Error const& error) {
    if (memory.trouble != error.detail) {
        around_.logger.warn("A sweep did not get on.", {{"connection", connection},
                                                        {"event", memory.place.event},
                                                        {"error_code", model::name(error.code)},
                                                        {"detail", error.detail}});
    }
    memory.trouble = error.detail;
    --memory.place.pages;
    if (error.code == ErrorCode::not_found || error.code == ErrorCode::failed_precondition) {
        memory.place = {};  // the vendor forgot the cursor, or the list has no end: another round, later
    }
    (void)keep(connection, memory);
    bool const soon = model::is_retryable(error.code) || error.code == ErrorCode::not_found;
    return around_.clock.now() +
           std::min<std::chrono::microseconds>(soon ? std::chrono::microseconds(held_pause) : lane.source.pace.every,
                                               lane.source.pace.every);
}

void Sweeper::finish(std::string const& connection, Lane& lane, Memory& memory) {
    TimePoint const now = around_.clock.now();
    memory.ended_at = now;
    memory.listed = memory.place.listed;
    memory.missing = memory.place.missing;
    memory.place = {};
    {
        std::lock_guard const lock(mutex_);
        lane.ended_at = now;
    }
    auto const state = around_.state.connection(connection);
    auto const last_event_at = state ? state->last_event_at : std::nullopt;
    bool const silent = hear(memory, last_event_at, now);
    if (memory.missing > 0) {
        memory.missed_at = now;
        look_into(connection, lane, memory, "missing");
        around_.logger.warn("A vendor did not send events; a sweep found them.",
                            {{"connection", connection}, {"missing", memory.missing}});
        around_.tell(connection, memory.missing, memory.findings);
    } else if (silent && (!memory.diagnosed_at || *memory.diagnosed_at < *last_event_at)) {
        look_into(connection, lane, memory, "silent");
        around_.logger.warn("A vendor has been silent for far longer than usual.", {{"connection", connection}});
    } else if (memory.diagnosed_at && last_event_at && *last_event_at > *memory.diagnosed_at) {
        // It sends again and nothing is missing.
        memory.diagnosed_at.reset();
        memory.cause.clear();
        memory.findings.clear();
    }
}

void Sweeper::look_into(std::string const& connection, Lane const& lane, Memory& memory, std::string const& cause) {
    memory.diagnosed_at = around_.clock.now();
    memory.cause = cause;
    auto found = diagnose(connection);
    if (found) {
        memory.findings = std::move(*found);
    } else {
        memory.findings = {{lane.source.connector.info().id, found.error().detail}};
    }
}

Result<std::vector<model::FieldProblem>> Sweeper::diagnose(std::string const& connection) {
    auto const found = lanes_.find(connection);
    if (found == lanes_.end()) {
        return Error{ErrorCode::unsupported, "The connection \"" + connection + "\" is not swept."};
    }
    Source const& source = found->second.source;
    // Revealed because the vendor's list holds the whole address.
    auto report =
        source.connector.diagnose(std::string(source.url.reveal()), source.wanted_events(), diagnose_time_max);
    return report ? Result<std::vector<model::FieldProblem>>(std::move(report->warnings)) : report.error();
}

Result<Shown> Sweeper::ask(std::string const& connection, Wish const& wish) {
    auto const found = lanes_.find(connection);
    if (found == lanes_.end()) {
        return Error{ErrorCode::unsupported, "The connection \"" + connection +
                                                 "\" cannot be swept: its connector cannot list what should have come, "
                                                 "or its sweep is off."};
    }
    if (wish.backfill && inbox_is_full()) {
        return Error{ErrorCode::unavailable, "The inbox is full. Ask again when fewer events are pending."};
    }
    Lane& lane = found->second;
    std::vector<std::string> events = lane.source.wanted_events();
    std::sort(events.begin(), events.end());
    auto at = wish.event.empty() ? events.begin() : std::find(events.begin(), events.end(), wish.event);
    if (at == events.end()) {
        return Error{ErrorCode::failed_precondition,
                     "No running route takes " +
                         (wish.event.empty() ? "an event that the vendor can list" : "the event " + wish.event) + "."};
    }
    TimePoint const now = around_.clock.now();
    auto combed = comb(lane.source.connector, connection, {*at, to_ms(wish.from), to_ms(now), wish.cursor},
                       lane.source.keys, around_.arrivals, around_.limits.page_time_max);
    if (!combed) {
        return combed.error();
    }
    Shown shown;
    shown.missing = combed->missing;
    shown.listed = combed->listed;
    if (wish.backfill) {
        auto const taken = take(connection, std::move(combed->missing), around_.inbox);
        if (!taken) {
            return taken.error();
        }
        shown.taken = *taken;
        lane.missing.add(*taken);
        if (*taken > 0) {
            around_.on_stored(connection);
        }
    }
    if (combed->more) {
        shown.event = *at;
        shown.cursor = combed->cursor;
    } else if (++at != events.end()) {
        shown.event = *at;
    }
    return shown;
}

std::optional<Memory> Sweeper::memory(std::string const& connection) {
    return lanes_.contains(connection) ? std::optional(load(connection)) : std::nullopt;
}

Memory Sweeper::load(std::string const& connection) {
    auto const kept = around_.state.get(place, connection);
    return kept ? read_memory(kept->value) : Memory{};
}

bool Sweeper::keep(std::string const& connection, Memory const& memory) {
    auto const kept = around_.state.put(place, connection, written(memory), std::nullopt);
    if (!kept) {
        around_.logger.warn("What a sweep found was not stored.",
                            {{"connection", connection}, {"detail", kept.error().detail}});
    }
    return kept.has_value();
}

}  // namespace crosswalk::sweep

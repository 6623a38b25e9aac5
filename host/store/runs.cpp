#include "store/runs.hpp"

#include "store/database.hpp"
#include "store/delivery_rows.hpp"
#include "store/state_rows.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace crosswalk::store {
namespace {

constexpr std::size_t page_max = 500;
constexpr std::size_t unfinished_max = 10'000;
constexpr std::size_t reason_bytes_max = 2000;
constexpr int purge_at_once = 2000;

constexpr std::array<std::string_view, 4> cause_names{"first", "schedule", "person", "signal"};
constexpr std::array<std::string_view, 4> state_names{"queued", "running", "done", "failed"};

std::string_view shortened(std::string const& reason) {
    return std::string_view(reason).substr(0, reason_bytes_max);
}

// A row of: id, route, cause, whole, state, queued_us, started_us, beat_us, ended_us, turns, events, reason.
Run run_from(Row const& row) {
    Run run;
    run.id = row.integer(0);
    run.route = row.text(1);
    run.cause = static_cast<RunCause>(row.number(2));
    run.full = row.number(3) != 0;
    run.state = static_cast<RunState>(row.number(4));
    run.queued_at = row.time(5);
    run.started_at = row.optional_time(6);
    run.beat_at = row.optional_time(7);
    run.ended_at = row.optional_time(8);
    run.turns = row.integer(9);
    run.events = row.integer(10);
    run.reason = row.text(11);
    return run;
}

model::Result<Run> find(Sqlite& sqlite, RunId id) {
    std::optional<Run> found;
    auto const read = sqlite.each(
        "SELECT id, route, cause, whole, state, queued_us, started_us, beat_us, ended_us, turns, events, reason"
        " FROM run WHERE id = ?",
        [&](Row const& row) { found = run_from(row); }, id);
    if (!read) {
        return read.error();
    }
    return found ? model::Result<Run>(std::move(*found))
                 : model::Result<Run>(
                       model::Error{model::ErrorCode::not_found, "There is no run " + std::to_string(id) + "."});
}

bool has_ended(Run const& run) noexcept {
    return run.state == RunState::done || run.state == RunState::failed;
}

model::Error already_running(std::string const& route) {
    return model::Error{model::ErrorCode::already_exists, "The route " + route + " is already running."};
}

// Where a state of a delivery is counted.
std::int64_t& place_of(RunCounts& counts, DeliveryState state, int effect) noexcept {
    switch (state) {
        case DeliveryState::delivered:
            return effect == 1 ? counts.created : counts.updated;
        case DeliveryState::unchanged:
            return counts.unchanged;
        case DeliveryState::duplicate:
        case DeliveryState::skipped:
            return counts.skipped;
        case DeliveryState::dead:
        case DeliveryState::discarded:
            return counts.failed;
        default:
            return counts.waiting;
    }
}

}  // namespace

std::string_view name(RunCause cause) noexcept {
    return cause_names[static_cast<std::size_t>(cause)];
}
std::string_view name(RunState state) noexcept {
    return state_names[static_cast<std::size_t>(state)];
}

model::Result<Run> Runs::open(std::string const& route, RunCause cause, bool full) {
    Database& database = store_.database();
    return database.write([&](Batch& batch) -> model::Result<Run> {
        auto const inserted = batch.sqlite.run(
            "INSERT INTO run (route, cause, whole, state, queued_us) VALUES (?, ?, ?, 0, ?) ON CONFLICT DO NOTHING",
            route, cause, full, database.now());
        if (!inserted) {
            return inserted.error();
        }
        if (batch.sqlite.changes() == 0) {
            return already_running(route);
        }
        return find(batch.sqlite, batch.sqlite.inserted_id());
    });
}

model::Result<Run> Runs::begin(RunId id, std::string const& selection) {
    Database& database = store_.database();
    return database.write([&](Batch& batch) -> model::Result<Run> {
        auto const run = find(batch.sqlite, id);
        if (!run) {
            return run;
        }
        if (run->state != RunState::queued) {
            return model::Error{model::ErrorCode::failed_precondition,
                                "Run " + std::to_string(id) + " is " + std::string(name(run->state)) + "."};
        }
        auto done = batch.sqlite.run(
            "UPDATE run SET state = 1, started_us = coalesce(started_us, ?1), beat_us = ?1, reason = '' WHERE id = ?2",
            database.now(), id);
        if (done) {
            done = batch.sqlite.run("DELETE FROM poll_cursor WHERE route = ?1 AND (?2 OR selection <> ?3)", run->route,
                                    run->full && !run->started_at, selection);
        }
        return done ? find(batch.sqlite, id) : model::Result<Run>(done.error());
    });
}

model::Result<std::string> Runs::cursor(std::string const& route, std::string const& selection) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::string> {
        std::optional<std::string> sealed;
        auto const read = sqlite.each(
            "SELECT value FROM poll_cursor WHERE route = ? AND selection = ?",
            [&](Row const& row) { sealed = row.text(0); }, route, selection);
        if (!read || !sealed) {
            return read ? model::Result<std::string>(std::string()) : model::Result<std::string>(read.error());
        }
        return open_cursor(store_.database().ring(), route, *sealed);
    });
}

model::Result<void> Runs::start_over(RunId id, std::string const& reason) {
    return store_.database().write([&](Batch& batch) -> model::Result<void> {
        auto changed = batch.sqlite.run("UPDATE run SET whole = 1, reason = ? WHERE id = ?", shortened(reason), id);
        if (changed) {
            changed =
                batch.sqlite.run("DELETE FROM poll_cursor WHERE route = (SELECT route FROM run WHERE id = ?)", id);
        }
        return changed;
    });
}

model::Result<void> Runs::suspend(RunId id, std::string const& reason, std::vector<NewDelivery> notices) {
    Database& database = store_.database();
    return database.write([&](Batch& batch) -> model::Result<void> {
        if (auto const added = insert_deliveries(batch, 0, 0, notices, database.now()); !added) {
            return added;
        }
        return batch.sqlite.run("UPDATE run SET state = 0, reason = ? WHERE id = ? AND state < 2", shortened(reason),
                                id);
    });
}

model::Result<void> Runs::note(RunId id, std::string const& reason) {
    return store_.database().write([&](Batch& batch) {
        return batch.sqlite.run("UPDATE run SET reason = ? WHERE id = ? AND state < 2", shortened(reason), id);
    });
}

model::Result<void> Runs::fail(RunId id, std::string const& reason, std::vector<NewDelivery> notices) {
    Database& database = store_.database();
    return database.write([&](Batch& batch) -> model::Result<void> {
        auto const run = find(batch.sqlite, id);
        if (!run || has_ended(*run)) {
            return run ? model::Result<void>() : model::Result<void>(run.error());
        }
        if (auto const added = insert_deliveries(batch, 0, 0, notices, database.now()); !added) {
            return added;
        }
        return batch.sqlite.run("UPDATE run SET state = 3, ended_us = ?, reason = ? WHERE id = ?", database.now(),
                                shortened(reason), id);
    });
}

model::Result<std::vector<Run>> Runs::unfinished() {
    return store_.database().read([](Sqlite& sqlite) -> model::Result<std::vector<Run>> {
        std::vector<Run> runs;
        auto const read = sqlite.each(
            "SELECT id, route, cause, whole, state, queued_us, started_us, beat_us, ended_us, turns, events, reason"
            " FROM run INDEXED BY run_open WHERE state < 2 ORDER BY id LIMIT ?",
            [&](Row const& row) { runs.push_back(run_from(row)); }, unfinished_max);
        return read ? model::Result<std::vector<Run>>(std::move(runs)) : model::Result<std::vector<Run>>(read.error());
    });
}

model::Result<Run> Runs::read(RunId id) {
    return store_.database().read([&](Sqlite& sqlite) { return find(sqlite, id); });
}

model::Result<std::vector<Run>> Runs::list(std::string const& route, RunId before, std::size_t limit) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<std::vector<Run>> {
        std::vector<Run> runs;
        auto const read = sqlite.each(
            "SELECT id, route, cause, whole, state, queued_us, started_us, beat_us, ended_us, turns, events, reason"
            " FROM run WHERE route = ?1 AND (?2 = 0 OR id < ?2) ORDER BY id DESC LIMIT ?3",
            [&](Row const& row) { runs.push_back(run_from(row)); }, route, before, std::min(limit, page_max));
        return read ? model::Result<std::vector<Run>>(std::move(runs)) : model::Result<std::vector<Run>>(read.error());
    });
}

model::Result<RouteRuns> Runs::of_route(std::string const& route) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<RouteRuns> {
        RouteRuns known;
        auto read = sqlite.each(
            "SELECT id, route, cause, whole, state, queued_us, started_us, beat_us, ended_us, turns, events, reason"
            " FROM run WHERE route = ? ORDER BY id DESC LIMIT 1",
            [&](Row const& row) { known.last = run_from(row); }, route);
        if (read) {
            read = sqlite.each(
                "SELECT id, route, cause, whole, state, queued_us, started_us, beat_us, ended_us, turns, events, reason"
                " FROM run WHERE route = ? AND whole = 1 ORDER BY id DESC LIMIT 1",
                [&](Row const& row) { known.last_full = run_from(row); }, route);
        }
        if (read) {
            read = sqlite.each(
                "SELECT ended_us FROM run WHERE route = ? AND state = 2 ORDER BY id DESC LIMIT 1",
                [&](Row const& row) { known.last_done_at = row.optional_time(0); }, route);
        }
        return read ? model::Result<RouteRuns>(std::move(known)) : model::Result<RouteRuns>(read.error());
    });
}

model::Result<RunCounts> Runs::counts(RunId id) {
    return store_.database().read([&](Sqlite& sqlite) -> model::Result<RunCounts> {
        RunCounts counts;
        auto read = sqlite.each(
            "SELECT d.state, d.effect, count(*) FROM inbox i INDEXED BY inbox_run JOIN delivery d ON d.inbox_id = i.id"
            " WHERE i.run = ?1 AND i.run > 0 AND d.kind = 0 GROUP BY d.state, d.effect",
            [&](Row const& row) {
                place_of(counts, static_cast<DeliveryState>(row.number(0)), row.number(1)) += row.integer(2);
            },
            id);
        if (read) {
            // Items that no delivery stands for: waiting, filtered out, or dead before they reached their route.
            read = sqlite.each(
                "SELECT state, count(*) FROM inbox INDEXED BY inbox_run WHERE run = ?1 AND run > 0 AND state <> 1"
                " GROUP BY state",
                [&](Row const& row) {
                    int const state = row.number(0);
                    (state == 0 ? counts.waiting : state == 2 ? counts.skipped : counts.failed) += row.integer(1);
                },
                id);
        }
        return read ? model::Result<RunCounts>(counts) : model::Result<RunCounts>(read.error());
    });
}

model::Result<std::map<std::string, std::int64_t>> Runs::by_state() {
    return store_.database().read([](Sqlite& sqlite) -> model::Result<std::map<std::string, std::int64_t>> {
        std::map<std::string, std::int64_t> counts;
        for (std::string_view const state : state_names) {
            counts.emplace(state, 0);
        }
        auto const read = sqlite.each("SELECT state, count(*) FROM run GROUP BY state", [&](Row const& row) {
            counts[std::string(name(static_cast<RunState>(row.number(0))))] = row.integer(1);
        });
        if (!read) {
            return read.error();
        }
        return counts;
    });
}

model::Result<std::size_t> Runs::purge(std::chrono::hours age) {
    Database& database = store_.database();
    auto const oldest = database.now() - age;
    std::size_t gone = 0;
    for (int some = purge_at_once; some == purge_at_once; gone += static_cast<std::size_t>(some)) {
        auto const purged = database.write([&](Batch& batch) -> model::Result<int> {
            auto const done = batch.sqlite.run(
                "DELETE FROM run WHERE id IN (SELECT id FROM run r WHERE r.state >= 2 AND r.events = 0 AND r.ended_us "
                "< ?1"
                " AND EXISTS (SELECT 1 FROM run n WHERE n.route = r.route AND n.id > r.id)"
                " AND (r.whole = 0 OR EXISTS (SELECT 1 FROM run n WHERE n.route = r.route AND n.id > r.id AND"
                " n.whole = 1)) AND (r.state <> 2 OR EXISTS (SELECT 1 FROM run n WHERE n.route = r.route AND"
                " n.id > r.id AND n.state = 2)) LIMIT ?2)",
                oldest, purge_at_once);
            return done ? model::Result<int>(batch.sqlite.changes()) : model::Result<int>(done.error());
        });
        if (!purged) {
            return purged.error();
        }
        some = *purged;
    }
    return gone;
}

}  // namespace crosswalk::store

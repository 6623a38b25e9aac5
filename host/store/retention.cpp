#include "store/retention.hpp"

#include "store/database.hpp"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <utility>
#include <vector>

namespace crosswalk::store {
namespace {

constexpr int at_once = 200;

// One transaction's part of a walk along the inbox.
struct Step {
    std::int64_t last = 0;  // the last id that was looked at; 0: the end
    Purged purged = {};
};

enum class Class : unsigned char { none, payload, dead_letter };

model::Result<void> run_for(Batch& batch, std::int64_t item, std::initializer_list<Sql> statements) {
    for (Sql const statement : statements) {
        if (auto const done = batch.sqlite.run(statement, item); !done) {
            return done;
        }
    }
    return {};
}

model::Result<void> forget_content(Batch& batch, std::int64_t item) {
    return run_for(batch, item,
                   {"DELETE FROM payload WHERE inbox_id = ?", "UPDATE inbox SET wrapped = NULL WHERE id = ?",
                    "UPDATE event SET record = NULL WHERE inbox_id = ?",
                    "UPDATE delivery_data SET record = NULL, edits = NULL"
                    " WHERE delivery_id IN (SELECT id FROM delivery WHERE inbox_id = ?)"});
}

// By how much Conservation::received must shrink when the item goes: what the same item adds to the other side.
model::Result<std::int64_t> promised_by(Batch& batch, std::int64_t item) {
    std::int64_t count = 0;
    auto const read = batch.sqlite.each(
        "SELECT (SELECT count(*) FROM inbox WHERE id = ?1 AND state >= 2)"
        " + (SELECT count(*) FROM delivery WHERE inbox_id = ?1 AND kind = 0)",
        [&](Row const& row) { count = row.integer(0); }, item);
    return read ? model::Result<std::int64_t>(count) : model::Result<std::int64_t>(read.error());
}

model::Result<void> forget_delivery_keys(Batch& batch, std::int64_t item) {
    std::vector<std::pair<std::int64_t, std::string>> keys;
    auto done = batch.sqlite.each(
        "SELECT id, idempotency_key FROM delivery WHERE inbox_id = ?",
        [&](Row const& row) { keys.emplace_back(row.integer(0), row.text(1)); }, item);
    for (std::size_t i = 0; done && i < keys.size(); ++i) {
        done = batch.indexes.delivery_keys.remove_owned(batch.sqlite, keys[i].second, keys[i].first);
    }
    return done;
}

model::Result<void> forget_item(Batch& batch, std::int64_t item) {
    auto const promised = promised_by(batch, item);
    if (!promised) {
        return promised.error();
    }
    if (auto const unkeyed = forget_delivery_keys(batch, item); !unkeyed) {
        return unkeyed;
    }
    auto const gone =
        run_for(batch, item,
                {"DELETE FROM effect WHERE delivery_id IN (SELECT id FROM delivery WHERE inbox_id = ?)",
                 "DELETE FROM delivery_data WHERE delivery_id IN (SELECT id FROM delivery WHERE inbox_id = ?)",
                 "DELETE FROM delivery WHERE inbox_id = ?", "DELETE FROM event WHERE inbox_id = ?",
                 "DELETE FROM payload WHERE inbox_id = ?", "DELETE FROM inbox WHERE id = ?"});
    if (gone) {
        batch.promised -= *promised;
    }
    return gone;
}

// Ids and times rise together, so each walk ends at the first event that is too young for it.
model::Result<Step> purge_history(Batch& batch, std::int64_t after, model::TimePoint limit) {
    Step step;
    std::vector<std::int64_t> ended;
    int seen = 0;
    auto const listed = batch.sqlite.each(
        "SELECT id, received_us, state <> 0 AND NOT EXISTS (SELECT 1 FROM delivery d"
        " WHERE d.inbox_id = i.id AND d.state < 10) FROM inbox i WHERE id > ? ORDER BY id LIMIT ?",
        [&](Row const& row) {
            if (row.time(1) >= limit) {
                return false;
            }
            ++seen;
            step.last = row.integer(0);
            if (row.number(2) != 0) {
                ended.push_back(step.last);
            }
            return true;
        },
        after, at_once);
    if (!listed) {
        return listed.error();
    }
    for (std::int64_t const item : ended) {
        if (auto const gone = forget_item(batch, item); !gone) {
            return gone.error();
        }
    }
    step.purged.history = ended.size();
    step.last = seen == at_once ? step.last : 0;
    return step;
}

model::Result<Step> purge_content(Batch& batch, std::int64_t after, model::TimePoint payloads,
                                  model::TimePoint dead_letters) {
    Step step;
    std::vector<std::pair<std::int64_t, Class>> ended;
    int seen = 0;
    auto const listed = batch.sqlite.each(
        "SELECT p.inbox_id, i.received_us, i.state <> 0 AND NOT EXISTS (SELECT 1 FROM delivery d"
        " WHERE d.inbox_id = p.inbox_id AND d.state < 10),"
        " i.state = 3 OR EXISTS (SELECT 1 FROM delivery d WHERE d.inbox_id = p.inbox_id AND d.state = 14)"
        " FROM payload p JOIN inbox i ON i.id = p.inbox_id WHERE p.inbox_id > ? ORDER BY p.inbox_id LIMIT ?",
        [&](Row const& row) {
            if (row.time(1) >= std::max(payloads, dead_letters)) {
                return false;
            }
            ++seen;
            step.last = row.integer(0);
            bool const dead = row.number(3) != 0;
            if (row.number(2) != 0 && row.time(1) < (dead ? dead_letters : payloads)) {
                ended.emplace_back(step.last, dead ? Class::dead_letter : Class::payload);
            }
            return true;
        },
        after, at_once);
    if (!listed) {
        return listed.error();
    }
    for (auto const& [item, kind] : ended) {
        if (auto const gone = forget_content(batch, item); !gone) {
            return gone.error();
        }
        ++(kind == Class::dead_letter ? step.purged.dead_letters : step.purged.payloads);
    }
    step.last = seen == at_once ? step.last : 0;
    return step;
}

}  // namespace

model::Result<Purged> purge_by_age(Database& database, RetentionAges const& ages) {
    model::TimePoint const now = database.now();
    // A dedupe key points at the event that it was taken from.
    model::TimePoint const history = now - std::max(ages.history, database.options().dedupe_window);
    auto const walk_history = [&](Batch& batch, std::int64_t after) { return purge_history(batch, after, history); };
    auto const walk_content = [&](Batch& batch, std::int64_t after) {
        return purge_content(batch, after, now - ages.payloads, now - ages.dead_letters);
    };
    Purged sum;
    for (std::function<model::Result<Step>(Batch&, std::int64_t)> const& walk :
         {std::function<model::Result<Step>(Batch&, std::int64_t)>(walk_history),
          std::function<model::Result<Step>(Batch&, std::int64_t)>(walk_content)}) {
        for (std::int64_t after = 0;;) {
            auto const step = database.write([&](Batch& batch) { return walk(batch, after); });
            if (!step) {
                return step.error();
            }
            sum.history += step->purged.history;
            sum.payloads += step->purged.payloads;
            sum.dead_letters += step->purged.dead_letters;
            after = step->last;
            if (after == 0) {
                break;
            }
        }
    }
    return sum;
}

}  // namespace crosswalk::store

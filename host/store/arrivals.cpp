#include "store/arrivals.hpp"

#include "store/database.hpp"
#include "store/event_rows.hpp"
#include "store/item_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace crosswalk::store {
namespace {

// Rows of a read transaction before it is given up, so that the write-ahead log can start over.
constexpr std::int64_t slice = 20'000;

struct Slice {
    std::int64_t lowest = 0;  // id of the last row that was looked at; 0: none
    bool reached = false;     // what came before `since`
};

// The next rows below `below`, newest first, until one that is too old. What was erased has no id any more.
model::Result<Slice> look(Sqlite& sqlite, KeyRing& ring, std::string const& connection, model::TimePoint since,
                          std::int64_t below, std::multimap<std::string_view, std::size_t> const& wanted,
                          std::vector<bool>& came) {
    Slice at;
    std::optional<model::Error> damage;
    auto const read = sqlite.each(
        "SELECT i.id, i.received_us, i.connection = ?1, e.ordinal, e.key, e.story FROM (SELECT id, received_us, "
        "connection FROM inbox"
        " WHERE id < ?2 ORDER BY id DESC LIMIT ?3) i LEFT JOIN event e ON e.inbox_id = i.id ORDER BY i.id DESC",
        [&](Row const& row) {
            at.lowest = row.integer(0);
            at.reached = row.time(1) < since;
            if (!at.reached && row.number(2) != 0 && !row.is_null(3)) {
                auto const story = open_story(sqlite, ring, row.integer(4), row.integer(0), row.number(3), row.view(5));
                if (!story) {
                    damage = story.error();
                    return false;
                }
                for (auto [one, end] = wanted.equal_range(story->id); one != end; ++one) {
                    came[one->second] = true;
                }
            }
            return !at.reached;
        },
        connection, below, slice);
    if (!read || damage) {
        return read ? std::move(*damage) : read.error();
    }
    return at;
}

// The keys of deliveries that are not in the tree yet (hash_index.hpp): read once, as they are few and in no order.
model::Result<std::unordered_set<std::string>> recent_keys(Sqlite& sqlite) {
    std::unordered_set<std::string> keys;
    auto const read = sqlite.each("SELECT hash FROM delivery_key_recent",
                                  [&](Row const& row) { keys.insert(row.text(0)); });
    return read ? model::Result<std::unordered_set<std::string>>(std::move(keys))
                : model::Result<std::unordered_set<std::string>>(read.error());
}

model::Result<bool> has_delivery(Sqlite& sqlite, KeyRing const& ring, std::unordered_set<std::string> const& recent,
                                 Sought const& sought) {
    bool found = false;
    for (std::string const& key : sought.idempotency_keys) {
        std::string const hash = ring.hashed("idempotency_key", key);
        found = found || recent.contains(hash);
        auto const read = sqlite.each(
            "SELECT 1 FROM delivery_key WHERE hash = ?", [&](Row const&) { found = true; }, hash);
        if (!read) {
            return read.error();
        }
    }
    return found;
}

// A webhook whose dedupe key is the event's id came, whatever it came to. These keys are held by the writer.
model::Result<void> look_among_keys(Database& database, std::string const& connection,
                                    std::vector<Sought> const& sought, std::vector<bool>& came) {
    return database.write([&](Batch& batch) -> model::Result<void> {
        auto const oldest = database.now() - database.options().dedupe_window;
        for (std::size_t i = 0; i < sought.size(); ++i) {
            if (came[i] || sought[i].event_id.empty()) {
                continue;
            }
            auto const first = first_with_key(
                database, batch.sqlite, hash_key(database.ring().secret(), connection, sought[i].event_id), oldest);
            if (!first) {
                return first.error();
            }
            came[i] = *first != 0;
        }
        return {};
    });
}

}  // namespace

model::Result<std::vector<bool>> Arrivals::came(std::string const& connection, model::TimePoint since,
                                                std::vector<Sought> const& sought) {
    std::vector<bool> came(sought.size(), false);
    std::multimap<std::string_view, std::size_t> wanted;
    for (std::size_t i = 0; i < sought.size(); ++i) {
        wanted.emplace(sought[i].event_id, i);
    }
    Database& database = store_.database();
    auto const keyed = database.read([&](Sqlite& sqlite) -> model::Result<void> {
        auto const recent = recent_keys(sqlite);
        if (!recent) {
            return recent.error();
        }
        for (std::size_t i = 0; i < sought.size(); ++i) {
            auto const found = has_delivery(sqlite, database.ring(), *recent, sought[i]);
            if (!found) {
                return found.error();
            }
            came[i] = *found;
        }
        return {};
    });
    if (!keyed) {
        return keyed.error();
    }
    auto const all_came = [&] { return std::find(came.begin(), came.end(), false) == came.end(); };
    if (!all_came()) {
        if (auto const looked = look_among_keys(database, connection, sought, came); !looked) {
            return looked.error();
        }
    }
    std::int64_t below = std::numeric_limits<std::int64_t>::max();
    // Most came and are known by their deliveries; the rest is looked for among what was filtered or had none.
    while (!all_came()) {
        auto const at = database.read(
            [&](Sqlite& sqlite) { return look(sqlite, database.ring(), connection, since, below, wanted, came); });
        if (!at) {
            return at.error();
        }
        if (at->reached || at->lowest == 0) {
            break;
        }
        below = at->lowest;
    }
    return came;
}

}  // namespace crosswalk::store

#include "store/arrival_keys.hpp"

#include "store/database.hpp"

#include <set>

namespace crosswalk::store {
namespace {

// Looks at this many ids in one read transaction, so that the write-ahead log can start over in between.
constexpr std::int64_t slice = 20'000;

model::Result<void> begin_new_one(Database& database) {
    SealingKey key;
    return database.write(
        [&](Batch& batch) -> model::Result<void> {
            auto added = batch.ring.add(batch.sqlite, KeyKind::arrival);
            if (!added) {
                return added.error();
            }
            key = std::move(*added);
            return {};
        },
        [&] { database.ring().set_arrival(std::move(key)); });
}

// Those that nobody seals with any more, and the highest id of an item that may use one.
struct Idle {
    std::set<KeyId> keys;
    std::int64_t last_item = 0;
};

model::Result<Idle> find_idle(Database& database) {
    return database.read([&](Sqlite& sqlite) -> model::Result<Idle> {
        Idle idle;
        auto read = sqlite.each("SELECT id FROM key INDEXED BY key_arrival WHERE kind = 0", [&](Row const& row) {
            if (database.ring().is_idle_arrival(row.integer(0))) {
                idle.keys.insert(row.integer(0));
            }
        });
        if (read) {
            read = sqlite.each("SELECT max(id) FROM inbox", [&](Row const& row) { idle.last_item = row.integer(0); });
        }
        return read ? model::Result<Idle>(std::move(idle)) : model::Result<Idle>(read.error());
    });
}

model::Result<void> leave_out_used(Database& database, std::set<KeyId>& keys, std::int64_t from) {
    return database.read([&](Sqlite& sqlite) {
        return sqlite.each(
            "SELECT DISTINCT key FROM inbox WHERE id > ?1 AND id <= ?1 + ?2 AND wrapped IS NOT NULL",
            [&](Row const& row) { keys.erase(row.integer(0)); }, from, slice);
    });
}

}  // namespace

model::Result<std::size_t> turn_arrival_keys(Store& store) {
    Database& database = store.database();
    if (auto const begun = begin_new_one(database); !begun) {
        return begun.error();
    }
    // What was sealed with an idle key is committed, so the items that are there now are all that may need it.
    auto idle = find_idle(database);
    if (!idle) {
        return idle.error();
    }
    for (std::int64_t from = 0; from < idle->last_item && !idle->keys.empty(); from += slice) {
        if (auto const looked = leave_out_used(database, idle->keys, from); !looked) {
            return looked.error();
        }
    }
    if (idle->keys.empty()) {
        return std::size_t{0};
    }
    std::vector<KeyId> const ids(idle->keys.begin(), idle->keys.end());
    auto const destroyed = database.write(
        [&](Batch& batch) -> model::Result<void> {
            for (KeyId const id : ids) {
                if (auto const shredded = batch.ring.shred(batch.sqlite, id); !shredded) {
                    return shredded.error();
                }
            }
            return {};
        },
        [&] { database.ring().forget(ids); });
    return destroyed ? model::Result<std::size_t>(ids.size()) : model::Result<std::size_t>(destroyed.error());
}

}  // namespace crosswalk::store

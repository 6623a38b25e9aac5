#include "store/indexes.hpp"

namespace crosswalk::store {
namespace {

constexpr HashIndex::Statements handle_statements{
    "SELECT id, hash, key FROM handle_recent ORDER BY id",
    "INSERT INTO handle_recent VALUES (?, ?, ?)",
    "SELECT key FROM handle_recent WHERE id = ? AND hash = ?",
    "SELECT key FROM handle WHERE hash = ?",
    "INSERT OR IGNORE INTO handle VALUES (?, ?)",
    "DELETE FROM handle_recent WHERE id <= ?",
    "DELETE FROM handle_recent WHERE id = ?",
    "DELETE FROM handle WHERE hash = ? AND key = ?",
};
constexpr HashIndex::Statements delivery_key_statements{
    "SELECT id, hash, delivery_id FROM delivery_key_recent ORDER BY id",
    "INSERT INTO delivery_key_recent VALUES (?, ?, ?)",
    "SELECT delivery_id FROM delivery_key_recent WHERE id = ? AND hash = ?",
    "SELECT delivery_id FROM delivery_key WHERE hash = ?",
    "INSERT OR IGNORE INTO delivery_key VALUES (?, ?)",
    "DELETE FROM delivery_key_recent WHERE id <= ?",
    "DELETE FROM delivery_key_recent WHERE id = ?",
    "DELETE FROM delivery_key WHERE hash = ? AND delivery_id = ?",
};

}  // namespace

Indexes::Indexes(std::size_t recent_max)
    : handles(handle_statements, recent_max), delivery_keys(delivery_key_statements, recent_max) {}

model::Result<void> Indexes::load(Sqlite& sqlite) {
    auto const loaded = handles.load(sqlite);
    return loaded ? delivery_keys.load(sqlite) : loaded;
}

model::Result<void> Indexes::move_some(Sqlite& sqlite) {
    auto const moved = handles.has_work() ? handles.move_some(sqlite) : model::Result<void>();
    return moved && delivery_keys.has_work() ? delivery_keys.move_some(sqlite) : moved;
}

void Indexes::committed() noexcept {
    handles.committed();
    delivery_keys.committed();
}

void Indexes::rolled_back() noexcept {
    handles.rolled_back();
    delivery_keys.rolled_back();
}

void Indexes::rolled_back_to(Mark const& mark) noexcept {
    handles.rolled_back_to(mark.handles);
    delivery_keys.rolled_back_to(mark.delivery_keys);
}

}  // namespace crosswalk::store

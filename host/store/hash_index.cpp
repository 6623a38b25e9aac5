#include "store/hash_index.hpp"

#include <algorithm>
#include <cassert>

namespace crosswalk::store {
namespace {

// A pair is touched twice, so this keeps up with what commits bring; one that brings nothing waits hardly longer for
// it.
constexpr std::size_t moves_for_each_new_pair = 4;
constexpr std::size_t moves_min = 64;
constexpr std::size_t moves_max = 1024;

}  // namespace

model::Result<void> fill(DedupeKeys& keys, Sqlite& sqlite, Sql select) {
    std::int64_t impossible = 1;
    auto const read = sqlite.each(select, [&](Row const& row) {
        if (row.integer(0) > 0) {
            keys.insert(fingerprint(row.view(1)), row.integer(0));
        } else {
            impossible = row.integer(0);
        }
    });
    if (read && impossible <= 0) {
        return model::Error{model::ErrorCode::corruption, "The store is damaged: a row has the number " +
                                                              std::to_string(impossible) +
                                                              ", which none was given. Bring back a backup."};
    }
    return read;
}

model::Result<void> HashIndex::load(Sqlite& sqlite) {
    auto const read = fill(recent_, sqlite, statements_.load);
    loaded_ = loaded_ || read;
    return read;
}

void HashIndex::remember(std::string_view hash, std::int64_t id) {
    added_.emplace_back(fingerprint(hash), id);
    recent_.insert(added_.back().first, id);
    if (id <= moving_up_to_) {
        begin_anew();  // the move would drop it unmoved
    }
}

model::Result<void> HashIndex::add(Sqlite& sqlite, std::string_view hash, std::int64_t value) {
    if (!loaded_) {
        return sqlite.run(statements_.insert, hash, value);
    }
    auto const added = sqlite.run(statements_.append, nullptr, hash, value);
    if (added) {
        remember(hash, sqlite.inserted_id());
    }
    return added;
}

model::Result<void> HashIndex::add_owned(Sqlite& sqlite, std::string_view hash, std::int64_t value) {
    assert(loaded_);
    auto const added = sqlite.run(statements_.append, value, hash, value);
    if (added) {
        remember(hash, value);
    }
    return added;
}

model::Result<void> HashIndex::remove_owned(Sqlite& sqlite, std::string_view hash, std::int64_t value) {
    begin_anew();
    auto const removed = sqlite.run(statements_.remove_recent, value);
    return removed ? sqlite.run(statements_.remove_sorted, hash, value) : removed;
}

void HashIndex::begin_anew() noexcept {
    moving_.clear();
    leaving_.clear();
    done_ = next_ = {};
    moving_up_to_ = 0;
}

model::Result<void> HashIndex::collect(Sqlite& sqlite) {
    DedupeKeys recent;  // without the ones that were removed since
    auto const read = sqlite.each(statements_.load, [&](Row const& row) {
        moving_.push_back({row.text(1), row.integer(2)});
        leaving_.emplace_back(fingerprint(row.view(1)), row.integer(0));
        recent.insert(leaving_.back().first, leaving_.back().second);
    });
    if (!read) {
        begin_anew();
        return read;
    }
    recent_ = std::move(recent);
    moving_up_to_ = leaving_.empty() ? 0 : leaving_.back().second;
    std::sort(moving_.begin(), moving_.end(), [](Pair const& a, Pair const& b) { return a.hash < b.hash; });
    return read;
}

// First everything into the tree, then everything out of the table, so that nothing is ever in neither.
model::Result<void> HashIndex::move_some(Sqlite& sqlite) {
    if (leaving_.empty()) {
        if (auto const collected = collect(sqlite); !collected) {
            return collected;
        }
    }
    std::size_t const at_once = std::clamp(moves_for_each_new_pair * added_.size(), moves_min, moves_max);
    next_ = done_;
    for (std::size_t i = 0; i < at_once && next_.inserted < moving_.size(); ++i) {
        Pair const& pair = moving_[next_.inserted];
        if (auto const inserted = sqlite.run(statements_.insert, pair.hash, pair.value); !inserted) {
            return inserted;
        }
        ++next_.inserted;
    }
    if (done_.inserted < moving_.size() || leaving_.empty()) {
        return {};
    }
    next_.dropped = std::min(leaving_.size(), done_.dropped + at_once);
    return sqlite.run(statements_.drop_recent, leaving_[next_.dropped - 1].second);
}

void HashIndex::committed() noexcept {
    added_.clear();
    for (std::size_t at = done_.dropped; at < next_.dropped; ++at) {
        recent_.erase(leaving_[at].first, leaving_[at].second);
    }
    done_ = next_;
    if (done_.dropped == leaving_.size()) {
        begin_anew();
    }
}

void HashIndex::rolled_back() noexcept {
    rolled_back_to(0);
    begin_anew();
}

void HashIndex::rolled_back_to(std::size_t mark) noexcept {
    for (; added_.size() > mark; added_.pop_back()) {
        recent_.erase(added_.back().first, added_.back().second);
    }
}

}  // namespace crosswalk::store

// Which numbers stand under a keyed hash: an index that costs a commit no random page.
//
// Why      hashes are random, so that each new one in a sorted tree dirties a page of its own: 4 KiB in the log and
//          4 KiB in the file for 30 bytes. Here a new pair is appended to a small table and its place is kept in
//          memory; when some thousands have come together they are sorted and moved into the tree, many to a page.
// Shape    two tables. recent (id, hash, value) grows at its end; sorted (hash, value) has the rest. A pair may stand in
//          both while it is being moved, so a value may be visited twice. Memory says *maybe*: each hit is confirmed in
//          the table.
// Limits   about `recent_max` pairs in memory, 32 bytes each; above it a move begins, of some at a time, so that no
//          commit waits long for it.
// Threads  the writer thread only. Readers look into both tables; see each user of `recent`.
// Source   the log-structured merge tree, with one level.
#pragma once

#include "store/dedupe.hpp"
#include "store/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::store {

// Puts rows of (id, hash, …) into `keys`. corruption: one has an id that no row was ever given.
[[nodiscard]] model::Result<void> fill(DedupeKeys& keys, Sqlite& sqlite, Sql select);

class HashIndex {
public:
    struct Statements {
        Sql load;           // id, hash, value of all that is recent, by id
        Sql append;         // id, hash, value: a recent one; of the next id where none is given
        Sql confirm;        // id, hash → value of the recent one
        Sql find;           // hash → values of the sorted ones
        Sql insert;         // hash, value: a sorted one, unless it is there
        Sql drop_recent;    // id: all recent ones up to it
        Sql remove_recent;  // id
        Sql remove_sorted;  // hash, value
    };

    HashIndex(Statements const& statements, std::size_t recent_max) noexcept
        : statements_(statements), recent_max_(recent_max) {}
    HashIndex(HashIndex const&) = delete;
    HashIndex& operator=(HashIndex const&) = delete;

    // Before this it is as if there were no recent ones: what is added goes into the tree at once.
    [[nodiscard]] model::Result<void> load(Sqlite& sqlite);

    [[nodiscard]] model::Result<void> add(Sqlite& sqlite, std::string_view hash, std::int64_t value);
    // After load(). For a hash that belongs to its value alone; `value` is the recent one's id.
    [[nodiscard]] model::Result<void> add_owned(Sqlite& sqlite, std::string_view hash, std::int64_t value);
    [[nodiscard]] model::Result<void> remove_owned(Sqlite& sqlite, std::string_view hash, std::int64_t value);
    // Calls `visit(value)` for every value of the hash.
    template <class Visit>
    [[nodiscard]] model::Result<void> each(Sqlite& sqlite, std::string_view hash, Visit visit) const {
        model::Result<void> read;
        auto const row = [&](Row const& found) { visit(found.integer(0)); };
        (void)recent_.find(fingerprint(hash), [&](std::int64_t id) {
            if (read) {
                read = sqlite.each(statements_.confirm, row, id, hash);
            }
            return false;
        });
        return read ? sqlite.each(statements_.find, row, hash) : read;
    }

    // Enough is recent for a move, or one has begun.
    [[nodiscard]] bool has_work() const noexcept { return !leaving_.empty() || recent_.size() > recent_max_; }
    // The next part of a move, in the caller's transaction.
    [[nodiscard]] model::Result<void> move_some(Sqlite& sqlite);
    // Somebody deletes from the tables: what a move holds in memory is no longer true.
    void begin_anew() noexcept;

    // What became of the transaction. A part of it that is rolled back is what came after a mark.
    void committed() noexcept;
    void rolled_back() noexcept;
    [[nodiscard]] std::size_t mark() const noexcept { return added_.size(); }
    void rolled_back_to(std::size_t mark) noexcept;

private:
    struct Pair {
        std::string hash;
        std::int64_t value = 0;
    };
    struct Progress {
        std::size_t inserted = 0;  // of moving_
        std::size_t dropped = 0;   // of leaving_
    };
    [[nodiscard]] model::Result<void> collect(Sqlite& sqlite);
    void remember(std::string_view hash, std::int64_t id);

    Statements const statements_;
    std::size_t const recent_max_;
    bool loaded_ = false;
    DedupeKeys recent_;                                          // fingerprint → id
    std::vector<std::pair<std::uint64_t, std::int64_t>> added_;  // to recent_, by the transaction that runs

    std::vector<Pair> moving_;                                     // the move's pairs by hash; empty: none has begun
    std::vector<std::pair<std::uint64_t, std::int64_t>> leaving_;  // their fingerprints and ids, by id
    Progress done_;                                                // is on disk
    Progress next_;                                                // will be when the transaction commits
    std::int64_t moving_up_to_ = 0;                                // the highest id of the move
};

}  // namespace crosswalk::store

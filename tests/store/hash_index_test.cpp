// The index that takes new hashes into a small table and sorts them into its tree later.
#include "failing_statement.hpp"
#include "store/database.hpp"
#include "store_fixture.hpp"

#include <algorithm>
#include <random>
#include <set>

namespace crosswalk::store {
namespace {

class HashIndexTest : public StoreFixture {
protected:
    HashIndexTest() {
        options_.own_threads = false;
        options_.recent_hashes_max = 3000;
    }
    void SetUp() override { open(); }

    static std::string hash_of(int n) {
        std::mt19937_64 random(static_cast<std::uint64_t>(n));
        return std::to_string(random()) + "-" + std::to_string(n);
    }
    // As many pairs as one commit brings.
    model::Result<void> add(int from, int count, bool fails = false) {
        return store_->database().write([&](Batch& batch) -> model::Result<void> {
            for (int n = from; n < from + count; ++n) {
                if (auto const added = batch.indexes.handles.add(batch.sqlite, hash_of(n), n + 1); !added) {
                    return added;
                }
            }
            return fails ? model::Result<void>(model::Error{model::ErrorCode::invalid_argument, "No."})
                         : model::Result<void>();
        });
    }
    std::set<std::int64_t> find(std::string const& hash) {
        std::set<std::int64_t> values;
        EXPECT_TRUE(store_->database().write([&](Batch& batch) {
            return batch.indexes.handles.each(batch.sqlite, hash, [&](std::int64_t value) { values.insert(value); });
        }));
        return values;
    }
    void expect_all(int count) {
        for (int n = 0; n < count; n += 97) {
            EXPECT_EQ(find(hash_of(n)), std::set<std::int64_t>{n + 1}) << n;
        }
        EXPECT_TRUE(find("never added").empty());
    }
    std::int64_t count(Sql sql) {
        std::int64_t rows = 0;
        EXPECT_TRUE(store_->database().read(
            [&](Sqlite& sqlite) { return sqlite.each(sql, [&](Row const& row) { rows = row.integer(0); }); }));
        return rows;
    }
    std::int64_t recent() { return count("SELECT count(*) FROM handle_recent"); }
    std::int64_t sorted() { return count("SELECT count(*) FROM handle"); }
};

TEST_F(HashIndexTest, FindsWhatItHasWhereverAMoveHasCome) {
    for (int at = 0; at < 20'000; at += 250) {
        ASSERT_TRUE(add(at, 250));
        expect_all(at + 250);
        EXPECT_LE(recent(), 9000) << "the moves do not keep up";
    }
    EXPECT_GT(sorted(), 10'000);
}

TEST_F(HashIndexTest, KeepsFewHashesUnsorted) {
    ASSERT_TRUE(add(0, 2900));
    EXPECT_EQ(recent(), 2900);
    EXPECT_EQ(sorted(), 0);
    ASSERT_TRUE(add(2900, 200));
    for (int commits = 0; commits < 200; ++commits) {
        ASSERT_TRUE(store_->probe());
    }
    EXPECT_EQ(recent(), 0);
    EXPECT_EQ(sorted(), 3100);
}

TEST_F(HashIndexTest, ACommitSortsAThousandAndTwentyFourHashesAtMost) {
    ASSERT_TRUE(add(0, 5000));
    EXPECT_EQ(sorted(), 1024);
    ASSERT_TRUE(add(5000, 5000));
    EXPECT_EQ(sorted(), 2048);
}

TEST_F(HashIndexTest, IsWholeAfterARestartInTheMiddleOfAMove) {
    ASSERT_TRUE(add(0, 5000));
    ASSERT_TRUE(store_->probe());
    EXPECT_GT(sorted(), 0) << "no move has begun";
    EXPECT_GT(recent(), 0) << "the move is over already";
    reopen();
    expect_all(5000);
    for (int commits = 0; commits < 200; ++commits) {
        ASSERT_TRUE(store_->probe());
    }
    EXPECT_EQ(recent(), 0);
    EXPECT_EQ(sorted(), 5000);
    expect_all(5000);
}

TEST_F(HashIndexTest, ForgetsWhatAFailedWriteAdded) {
    ASSERT_TRUE(add(0, 10));
    for (int tries = 0; tries < 50; ++tries) {
        EXPECT_FALSE(add(100, 500, true));
    }
    EXPECT_TRUE(find(hash_of(100)).empty());
    ASSERT_TRUE(add(100, 500));
    EXPECT_EQ(find(hash_of(100)), std::set<std::int64_t>{101});
    EXPECT_EQ(recent(), 510);
    EXPECT_EQ(sorted(), 0) << "what failed was counted";
}

TEST_F(HashIndexTest, IsWholeAfterAnyStatementOfAMoveWasRefused) {
    FailingStatement statements;
    for (int const commits_before : {0, 1}) {  // the first of a move sorts in, the second takes out
        for (int n = 0;; ++n) {
            SCOPED_TRACE("statement " + std::to_string(n) + " is refused after " + std::to_string(commits_before));
            ASSERT_LT(n, 50);
            store_.reset();
            options_.path = folder_ / (std::to_string(commits_before) + "-" + std::to_string(n) + ".db");
            options_.recent_hashes_max = 100;
            open();
            ASSERT_TRUE(add(0, 5));
            options_.recent_hashes_max = 3;
            reopen();
            for (int i = 0; i < commits_before; ++i) {
                ASSERT_TRUE(store_->probe());
            }
            EXPECT_EQ(sorted(), commits_before * 5);
            EXPECT_EQ(recent(), 5);
            statements.fail_after(n);
            bool const stored = store_->probe().has_value();
            bool const refused = statements.heal();
            EXPECT_EQ(stored, !refused);
            for (int commits = 0; commits < 5; ++commits) {
                ASSERT_TRUE(store_->probe());
            }
            for (int i = 0; i < 5; ++i) {
                EXPECT_EQ(find(hash_of(i)), std::set<std::int64_t>{i + 1});
            }
            EXPECT_EQ(recent(), 0);
            EXPECT_EQ(sorted(), 5);
            if (!refused) {
                EXPECT_GT(n, commits_before == 0 ? 5 : 1);
                break;
            }
        }
    }
}

TEST_F(HashIndexTest, AnOwnedHashIsMovedRemovedAndReplaced) {
    auto const change = [&](auto work) {
        return store_->database().write(
            [&](Batch& batch) -> model::Result<void> { return work(batch.indexes.delivery_keys, batch.sqlite); });
    };
    auto const has = [&](std::string const& hash) {
        int values = 0;
        EXPECT_TRUE(change([&](HashIndex& index, Sqlite& sqlite) {
            return index.each(sqlite, hash, [&](std::int64_t) { ++values; });
        }));
        return values > 0;
    };
    ASSERT_TRUE(change([](HashIndex& index, Sqlite& sqlite) -> model::Result<void> {
        for (int n = 1; n <= 3500; ++n) {
            if (auto const added = index.add_owned(sqlite, hash_of(n), n); !added) {
                return added;
            }
        }
        return {};
    }));
    // The move has begun; one of its hashes goes, and one changes under the number that it had.
    ASSERT_TRUE(change([](HashIndex& index, Sqlite& sqlite) { return index.remove_owned(sqlite, hash_of(7), 7); }));
    ASSERT_TRUE(change([](HashIndex& index, Sqlite& sqlite) -> model::Result<void> {
        auto const removed = index.remove_owned(sqlite, hash_of(8), 8);
        return removed ? index.add_owned(sqlite, "another", 8) : removed;
    }));
    for (int commits = 0; commits < 200; ++commits) {
        ASSERT_TRUE(store_->probe());
    }
    EXPECT_FALSE(has(hash_of(7)));
    EXPECT_FALSE(has(hash_of(8)));
    EXPECT_TRUE(has("another"));
    EXPECT_TRUE(has(hash_of(9)));
    EXPECT_TRUE(has(hash_of(3500)));
}

TEST_F(HashIndexTest, AHashThatComesUnderALowNumberDuringAMoveIsNotDroppedWithIt) {
    ASSERT_TRUE(store_->database().write([&](Batch& batch) -> model::Result<void> {
        for (int n = 100; n <= 3500; ++n) {
            if (auto const added = batch.indexes.delivery_keys.add_owned(batch.sqlite, hash_of(n), n); !added) {
                return added;
            }
        }
        return {};
    }));
    ASSERT_TRUE(store_->database().write(
        [&](Batch& batch) { return batch.indexes.delivery_keys.add_owned(batch.sqlite, hash_of(7), 7); }));
    for (int commits = 0; commits < 200; ++commits) {
        ASSERT_TRUE(store_->probe());
    }
    EXPECT_EQ(count("SELECT count(*) FROM delivery_key_recent"), 0);
    EXPECT_EQ(count("SELECT count(*) FROM delivery_key"), 3402);
    EXPECT_EQ(count("SELECT count(*) FROM delivery_key WHERE delivery_id = 7"), 1);
}

TEST_F(HashIndexTest, AMoveOfHashesThatAreAllGoneIsNothing) {
    ASSERT_TRUE(store_->database().write([&](Batch& batch) -> model::Result<void> {
        for (int n = 1; n <= 3500; ++n) {
            auto const added = batch.indexes.delivery_keys.add_owned(batch.sqlite, hash_of(n), n);
            auto const gone =
                added ? batch.indexes.delivery_keys.remove_owned(batch.sqlite, hash_of(n), n) : added;
            if (!gone) {
                return gone;
            }
        }
        return {};
    }));
    ASSERT_TRUE(store_->probe());
    EXPECT_EQ(count("SELECT count(*) FROM delivery_key_recent"), 0);
    EXPECT_EQ(count("SELECT count(*) FROM delivery_key"), 0);
}

}  // namespace
}  // namespace crosswalk::store

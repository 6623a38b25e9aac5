// What the writes of one batch are to each other.
#include "failing_statement.hpp"
#include "held_writer.hpp"
#include "store/database.hpp"
#include "store_fixture.hpp"

#include <future>

namespace crosswalk::store {
namespace {

class WriterTest : public StoreFixture {
protected:
    // Runs the writes in one batch: they queue up behind one that is held until all of them wait.
    std::vector<model::Result<void>> in_one_batch(std::vector<Write> writes, bool commits = true) {
        HeldWriter held(store_->database());
        std::vector<std::promise<model::Result<void>>> outcomes(writes.size());
        for (std::size_t i = 0; i < writes.size(); ++i) {
            writes[i].done = [&outcome = outcomes[i]](model::Result<void> const& stored) { outcome.set_value(stored); };
            EXPECT_TRUE(store_->database().write_late(std::move(writes[i])));
        }
        auto const before = store_->status().commits;
        held.release();
        std::vector<model::Result<void>> results;
        for (auto& outcome : outcomes) {
            results.push_back(outcome.get_future().get());
        }
        EXPECT_EQ(store_->status().commits, before + (commits ? 2 : 1)) << "the writes did not share a batch";
        return results;
    }
    [[nodiscard]] std::int64_t rows() {
        std::int64_t count = 0;
        EXPECT_TRUE(store_->database().read([&](Sqlite& sqlite) {
            return sqlite.each("SELECT count(*) FROM kv", [&](Row const& row) { count = row.integer(0); });
        }));
        return count;
    }
};

Write adds(char const* key, bool savepoint) {
    return Write{[key](Batch& batch) { return batch.sqlite.run("INSERT INTO kv VALUES ('c', ?, 'v', 1)", key); },
                 {},
                 {},
                 savepoint};
}
Write fails(int& ran, int& undone, bool savepoint) {
    return Write{[&ran](Batch& batch) -> model::Result<void> {
                     ++ran;
                     EXPECT_TRUE(batch.sqlite.run("INSERT INTO kv VALUES ('c', 'half', 'v', 1)"));
                     return model::Error{model::ErrorCode::invalid_argument, "It is no good."};
                 },
                 {},
                 [&undone] { ++undone; },
                 savepoint};
}

TEST_F(WriterTest, AWriteThatFailsByItselfFailsAloneAlsoWithoutASavepoint) {
    for (bool const savepoint : {true, false}) {
        SCOPED_TRACE(savepoint);
        auto const before = rows();
        int ran = 0;
        int undone = 0;
        std::string const a = savepoint ? "a1" : "a2";
        std::string const b = savepoint ? "b1" : "b2";
        auto const results =
            in_one_batch({adds(a.c_str(), false), fails(ran, undone, savepoint), adds(b.c_str(), false)});
        EXPECT_TRUE(results[0]);
        ASSERT_FALSE(results[1]);
        EXPECT_EQ(results[1].error().detail, "It is no good.");
        EXPECT_TRUE(results[2]);
        EXPECT_EQ(rows(), before + 2) << "half of the failed write stays, or another is lost";
        EXPECT_EQ(ran, savepoint ? 1 : 2);
        EXPECT_EQ(undone, ran) << "each run that did not stay is taken back once";
        EXPECT_TRUE(store_->status().writable);
    }
}

// What comes after it would be committed one by one, and then be refused together.
TEST_F(WriterTest, NothingOfABatchStaysInWhichOneEndedTheTransaction) {
    for (bool const savepoint : {true, false}) {
        SCOPED_TRACE(savepoint);
        auto const before = rows();
        Write ends = adds("ends", savepoint);
        ends.run = [](Batch& batch) { return batch.sqlite.run("ROLLBACK"); };
        for (auto const& result : in_one_batch({adds("a", false), std::move(ends), adds("b", false)}, false)) {
            EXPECT_FALSE(result);
        }
        EXPECT_EQ(rows(), before);
        EXPECT_TRUE(store_->probe()) << "the next one begins a transaction of its own";
    }
}

TEST_F(WriterTest, AModerateBatchIsFollowedByOneOfAsManyAndWaitsForNoMore) {
    store_.reset();
    options_.commit_window = std::chrono::minutes(1);
    options_.commit_window_from_batch = 3;
    open();
    for (auto const& result : in_one_batch({adds("a", false), adds("b", false), adds("c", false)})) {
        EXPECT_TRUE(result);
    }
    auto const before = store_->status();
    auto const begin = std::chrono::steady_clock::now();
    std::vector<std::promise<void>> ended(3);
    auto const add = [&](std::size_t i, char const* key) {
        Write write = adds(key, false);
        write.done = [&end = ended[i]](model::Result<void> const&) { end.set_value(); };
        ASSERT_TRUE(store_->database().write_late(std::move(write)));
    };
    add(0, "d");
    auto first = ended[0].get_future();
    EXPECT_EQ(first.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
    add(1, "e");
    add(2, "f");
    first.wait();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, options_.commit_window / 2);
    EXPECT_EQ(store_->status().commits, before.commits + 1) << "they did not wait for each other";
    EXPECT_EQ(rows(), 6);
}

TEST_F(WriterTest, AFileThatCannotBeMeasuredCountsAsItDidBefore) {
    FailingStatement statements;
    options_.bytes_max = 1;  // it is full, and so measured after each commit
    options_.own_threads = false;
    reopen();
    auto const before = store_->status().used_bytes;
    EXPECT_GT(before, 0);
    auto const grow = [&] {
        return store_->database().write([](Batch& batch) {
            return batch.sqlite.run("INSERT OR REPLACE INTO kv VALUES ('c', 'large', zeroblob(100000), 1)");
        });
    };
    statements.refuse("SELECT (SELECT page_count");
    EXPECT_TRUE(grow());
    EXPECT_TRUE(statements.heal()) << "nobody measured it";
    EXPECT_EQ(store_->status().used_bytes, before);
    EXPECT_TRUE(store_->status().writable);
    EXPECT_TRUE(inbox().is_full());
    EXPECT_TRUE(grow());
    EXPECT_GT(store_->status().used_bytes, before + 100'000);
}

TEST_F(WriterTest, TheStatementsOfTheHotPathArePreparedOnce) {
    auto const again = [&] {
        int count = 0;
        EXPECT_TRUE(store_->database().write([&](Batch& batch) -> model::Result<void> {
            count = batch.sqlite.prepared_again();
            return {};
        }));
        return count;
    };
    auto const round = [&](std::string const& id) {
        auto const taken = inbox().accept(webhook(id));
        ASSERT_TRUE(taken);
        ASSERT_TRUE(inbox().dispatch(taken->id, {{event(id), {push(id)}}}, ""));
        auto const leased = lease();
        ASSERT_EQ(leased.size(), 1U);
        settle(leased.front().id, DeliveryState::delivered, model::Outcome::delivered);
    };
    round("a");
    int const before = again();
    for (char const* const id : {"b", "c", "d"}) {
        round(id);
    }
    // A bound value that a partial index asks for makes SQLite compile the statement anew at each use.
    EXPECT_EQ(again(), before);
}

}  // namespace
}  // namespace crosswalk::store

#include "failing_vfs.hpp"
#include "store/database.hpp"
#include "store_fixture.hpp"

#include <thread>

namespace crosswalk::store {
namespace {

using model::ErrorCode;

class FailingDiskTest : public StoreFixture {
protected:
    void TearDown() override {
        disk_.heal();
        store_.reset();
    }
    FailingDisk disk_;
};

TEST_F(FailingDiskTest, AnswersUnavailableAndForgetsTheKeysOfAFailedCommit) {
    for (int const status : {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC}) {
        std::string const key = "k" + std::to_string(status);
        disk_.fail_after(0, status);
        auto const failed = inbox().accept(webhook(key));
        ASSERT_FALSE(failed);
        EXPECT_EQ(failed.error().code, ErrorCode::unavailable);
        EXPECT_FALSE(store_->status().writable);
        EXPECT_FALSE(store_->status().last_error.empty());
        disk_.heal();
        auto const again = inbox().accept(webhook(key));
        ASSERT_TRUE(again) << again.error().detail;
        EXPECT_FALSE(again->duplicate) << "no phantom of the failed commit";
        EXPECT_TRUE(store_->status().writable);
        EXPECT_TRUE(store_->status().last_error.empty());
    }
    EXPECT_EQ(inbox().pending().value(), 3);
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(FailingDiskTest, LeavesNoRoomToKeysOfFailedCommits) {
    store_.reset();
    options_.dedupe_keys_max = 5;
    open();
    ASSERT_TRUE(inbox().accept(webhook("kept")));
    disk_.fail_after(0, SQLITE_FULL);
    for (int i = 0; i < 20; ++i) {
        ASSERT_FALSE(inbox().accept(webhook("k" + std::to_string(i))));
    }
    disk_.heal();
    ASSERT_TRUE(inbox().accept(webhook("another")));
    EXPECT_TRUE(inbox().accept(webhook("kept"))->duplicate);
}

TEST_F(FailingDiskTest, TellsTheOperatorOnceThatItFailsAndOnceThatItRecovered) {
    disk_.fail_after(0, SQLITE_FULL);
    for (int i = 0; i < 3; ++i) {
        EXPECT_FALSE(store_->probe());
    }
    disk_.heal();
    EXPECT_TRUE(store_->probe());
    std::string const log = log_.str();
    auto const first = log.find("The store cannot be written");
    ASSERT_NE(first, std::string::npos);
    EXPECT_EQ(log.find("The store cannot be written", first + 1), std::string::npos);
    EXPECT_NE(log.find("The store can be written again."), std::string::npos);
}

TEST_F(FailingDiskTest, ChangesNothingInMemoryWhenACommitFails) {
    ASSERT_TRUE(inbox().accept(webhook("a")));
    RunId const run = running();
    disk_.fail_after(0, SQLITE_FULL);
    EXPECT_FALSE(state().pause_connection("goco", "x"));
    EXPECT_FALSE(state().set_route_mode("hires", RouteMode::stopped));
    EXPECT_FALSE(inbox().dispatch(1, {}, "x"));
    EXPECT_FALSE(turn(run, {"b"}, "c2"));
    disk_.heal();
    EXPECT_FALSE(state().connection("goco")->paused);
    EXPECT_FALSE(state().route_mode("hires").value().has_value());
    EXPECT_EQ(inbox().pending().value(), 1);
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "");
    EXPECT_EQ(runs().read(run)->turns, 0);
    EXPECT_FALSE(turn(run, {"b"})->at(0).duplicate);
}

TEST_F(FailingDiskTest, NeverHandsOutADeliveryWhoseEffectIsNotOnDisk) {
    dispatched({push("d1")});
    disk_.fail_after(0, SQLITE_IOERR_FSYNC);
    EXPECT_FALSE(outbox().lease_due(clock_.now(), 10));
    disk_.heal();
    EXPECT_EQ(lease().at(0).attempt, 1);
}

TEST_F(FailingDiskTest, GivesEveryWaiterOfAFailedBatchTheError) {
    disk_.fail_after(0, SQLITE_FULL);
    std::atomic<int> unavailable{0};
    std::vector<std::thread> senders;
    for (int i = 0; i < 12; ++i) {
        senders.emplace_back([this, &unavailable] {
            auto const verdict = Inbox(*store_).accept(webhook("same"));
            unavailable += !verdict && verdict.error().code == ErrorCode::unavailable ? 1 : 0;
        });
    }
    for (auto& sender : senders) {
        sender.join();
    }
    EXPECT_EQ(unavailable, 12) << "also those that waited for the first of their key";
    disk_.heal();
    EXPECT_FALSE(inbox().accept(webhook("same"))->duplicate);
}

// A checkpoint that the disk fails makes the store open everything anew; here some of that fails as well.
TEST_F(FailingDiskTest, IsWholeAgainWhicheverFileCannotBeOpenedAnew) {
    InboxId const id = dispatched({push("d1")});
    int refusals = 0;
    for (int n = 0; n < 60; ++n) {
        int const calls = n % 6;  // that the disk takes before it fails
        int const files = n / 6;  // that can be opened before one cannot
        SCOPED_TRACE(std::to_string(calls) + " calls, " + std::to_string(files) + " files");
        std::string const number = std::to_string(n);
        disk_.fail_after(calls, SQLITE_IOERR_WRITE);
        (void)store_->database().empty_log();
        disk_.heal();
        disk_.refuse_to_open_after(files);
        auto const taken = inbox().accept(webhook("meanwhile " + number));
        if (!taken) {
            ++refusals;
            EXPECT_EQ(taken.error().code, ErrorCode::unavailable) << taken.error().detail;
        }
        if (auto const read = history().show(id); !read) {
            EXPECT_EQ(read.error().code, ErrorCode::unavailable) << read.error().detail;
        }
        disk_.heal();
        ASSERT_TRUE(inbox().accept(webhook("after " + number)));
        EXPECT_EQ(inbox().accept(webhook("meanwhile " + number))->duplicate, taken.has_value());
        auto const again = history().show(id);
        ASSERT_TRUE(again) << again.error().detail;
        EXPECT_EQ(again->summary.state, "dispatched");
    }
    EXPECT_GT(refusals, 2);
    EXPECT_NE(log_.str().find("The store was opened anew"), std::string::npos);
    EXPECT_EQ(history().conservation()->difference(), 0);
}

// After a checkpoint that the disk failed nothing is open any more, and then nothing can be written.
TEST_F(FailingDiskTest, LetsPeopleReadWhatTheLogHasWhileNothingCanBeWritten) {
    InboxId const id = dispatched({push("d1")});
    disk_.fail_after(3, SQLITE_IOERR_WRITE);  // the checkpoint, after the commit before it
    ASSERT_FALSE(store_->database().empty_log());
    disk_.heal();
    disk_.refuse_to_open_after(0);
    ASSERT_FALSE(inbox().accept(webhook("a")));
    ASSERT_FALSE(history().show(id)) << "something is still open";
    disk_.heal();
    disk_.fail_after(0, SQLITE_IOERR_FSYNC);
    auto const refused = inbox().accept(webhook("a"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    auto const read = history().show(id);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->summary.state, "dispatched");
    disk_.heal();
    EXPECT_FALSE(inbox().accept(webhook("a")).value().duplicate);
}

TEST_F(FailingDiskTest, AStoreWhoseLogCannotBeMovedDoesNotOpenAndKeepsIt) {
    int refusals = 0;
    for (int n = 0;; ++n) {
        SCOPED_TRACE("the disk takes " + std::to_string(n) + " calls");
        ASSERT_LT(n, 200);
        std::string const key = "k" + std::to_string(n);
        ASSERT_TRUE(inbox().accept(webhook(key)));
        disk_.fail_after(0, SQLITE_IOERR_WRITE);
        store_.reset();
        disk_.heal();
        ASSERT_GT(std::filesystem::file_size(folder_ / "crosswalk.db-wal"), 0U) << "there is nothing to move";
        // Only once: what is written afterwards must not stand on what is not there.
        disk_.fail_once_after(n, SQLITE_IOERR_FSYNC);
        auto const opened = Store::open(options_, clock_, logger_);
        bool const failed = disk_.failed();
        ASSERT_EQ(!opened, failed);
        if (!failed) {
            break;
        }
        disk_.heal();
        ++refusals;
        EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
        open();
        EXPECT_TRUE(inbox().accept(webhook(key))->duplicate) << "what was acknowledged is gone";
    }
    EXPECT_GT(refusals, 2);
}

// Cuts the power at every single write and sync of a small story, with half a page written at the cut.
TEST_F(FailingDiskTest, LosesNothingAcknowledgedWhereverThePowerIsCut) {
    for (int cut = 0;; ++cut) {
        SCOPED_TRACE("cut after " + std::to_string(cut) + " calls");
        store_.reset();
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
        open();
        disk_.fail_after(cut, SQLITE_IOERR_WRITE);
        std::vector<std::string> acknowledged;
        bool leased = false;
        for (int i = 0; i < 3; ++i) {
            std::string const key = "k" + std::to_string(i);
            if (inbox().accept(webhook(key))) {
                acknowledged.push_back(key);
            }
        }
        bool const dispatched = inbox().dispatch(1, {{event("e"), {push("d1")}}}, "").has_value();
        if (dispatched) {
            auto const got = outbox().lease_due(clock_.now(), 10);
            leased = got && got->size() == 1;
        }
        bool const done = !disk_.failed();
        store_.reset();
        disk_.heal();
        open();
        for (std::string const& key : acknowledged) {
            EXPECT_TRUE(inbox().accept(webhook(key))->duplicate) << key << " was acknowledged and is gone";
        }
        auto const again = lease();
        EXPECT_TRUE(!dispatched || again.size() == 1) << "a dispatched delivery is gone";
        EXPECT_TRUE(!leased || again.at(0).look_up) << "a leased delivery would be pushed blindly";
        EXPECT_EQ(history().conservation()->difference(), 0);
        if (done || testing::Test::HasFailure()) {
            break;
        }
        ASSERT_LT(cut, 500);
    }
}

}  // namespace
}  // namespace crosswalk::store

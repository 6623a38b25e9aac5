#include "store/database.hpp"
#include "store/schema.hpp"
#include "store_fixture.hpp"

#include <future>
#include <thread>

namespace crosswalk::store {
namespace {

using model::ErrorCode;

class StoreTest : public StoreFixture {};

TEST_F(StoreTest, RefusesAFileThatAnotherHostHasOpen) {
    auto const second = Store::open(options_, clock_, logger_);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::already_exists);
    store_->close();
    EXPECT_TRUE(Store::open(options_, clock_, logger_));
}

TEST_F(StoreTest, RefusesAFileOfANewerHost) {
    store_.reset();
    tamper("PRAGMA user_version = 999");
    auto const opened = Store::open(options_, clock_, logger_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::failed_precondition);
}

TEST_F(StoreTest, LeavesADatabaseOfSomeoneElseAsItWas) {
    store_.reset();
    options_.path = folder_ / "other.db";
    tamper("CREATE TABLE theirs (id)");
    auto const before = std::filesystem::file_size(options_.path);
    auto const opened = Store::open(options_, clock_, logger_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::failed_precondition);
    EXPECT_EQ(std::filesystem::file_size(options_.path), before);
}

TEST_F(StoreTest, SaysThatAFileIsDamaged) {
    store_.reset();
    std::filesystem::resize_file(options_.path, 0);
    std::filesystem::resize_file(options_.path, 8192);
    auto const opened = Store::open(options_, clock_, logger_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::corruption);
}

TEST_F(StoreTest, SaysWhenThereIsNoFolderForTheFile) {
    options_.path = folder_ / "missing" / "crosswalk.db";
    auto const opened = Store::open(options_, clock_, logger_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
}

TEST_F(StoreTest, IsFullAtItsLimitOfBytesAndNoLongerOnceOldContentIsPurged) {
    store_.reset();
    options_.bytes_max = std::size_t{1024} * 1024;
    open();
    EXPECT_FALSE(inbox().is_full());
    int accepted = 0;
    while (!inbox().is_full() && accepted < 2000) {
        Accepted item = webhook("k" + std::to_string(accepted++));
        item.raw.body = std::string(8000, 'x');
        auto const id = inbox().accept(std::move(item));
        ASSERT_TRUE(id);
        ASSERT_TRUE(inbox().dispatch(id->id, {}, "no route"));
    }
    EXPECT_TRUE(inbox().is_full());
    EXPECT_LT(accepted, 200) << "about 130 of 8 kB fill a MiB";
    EXPECT_GT(store_->status().used_bytes, 1024 * 1024);
    clock_.advance(std::chrono::hours(48));
    ASSERT_TRUE(store_->purge(std::chrono::hours(24)));
    ASSERT_TRUE(store_->probe());  // it is measured behind a commit, before the next one
    EXPECT_FALSE(inbox().is_full());
    EXPECT_TRUE(inbox().accept(webhook("fresh")));
}

TEST_F(StoreTest, CommitsAProbe) {
    auto const before = store_->status().commits;
    ASSERT_TRUE(store_->probe());
    EXPECT_EQ(store_->status().commits, before + 1);
    EXPECT_TRUE(store_->status().writable);
}

TEST_F(StoreTest, AnswersUnavailableAfterClose) {
    store_->close();
    store_->close();
    EXPECT_EQ(inbox().accept(webhook("a")).error().code, ErrorCode::unavailable);
    EXPECT_EQ(inbox().read(1).error().code, ErrorCode::unavailable);
    EXPECT_EQ(store_->probe().error().code, ErrorCode::unavailable);
}

TEST_F(StoreTest, SharesOneCommitAmongWritesThatWaitTogether) {
    store_.reset();
    options_.commit_window = std::chrono::milliseconds(50);
    options_.commit_window_from_batch = 0;  // always the whole window
    open();
    ASSERT_TRUE(store_->probe());  // from now on the writer waits for company
    auto const before = store_->status();
    std::vector<std::promise<bool>> stored(20);
    for (std::size_t i = 0; i < stored.size(); ++i) {
        inbox().accept(webhook("k" + std::to_string(i)), [&answer = stored[i]](model::Result<Verdict> const& given) {
            answer.set_value(given.has_value());
        });
    }
    for (auto& answer : stored) {
        EXPECT_TRUE(answer.get_future().get());
    }
    auto const after = store_->status();
    EXPECT_EQ(after.writes - before.writes, 20U);
    EXPECT_LT(after.commits - before.commits, 10U);
}

TEST_F(StoreTest, UndoesAFailingWriteAloneAndKeepsTheRestOfItsBatch) {
    store_.reset();
    options_.commit_window = std::chrono::milliseconds(50);
    options_.commit_window_from_batch = 0;  // always the whole window
    open();
    ASSERT_TRUE(state().put("lever", "token", "one", 0));
    std::vector<std::thread> senders;
    std::atomic<int> refused{0};
    for (int i = 0; i < 10; ++i) {
        senders.emplace_back([this, i] { EXPECT_TRUE(Inbox(*store_).accept(webhook("k" + std::to_string(i)))); });
        senders.emplace_back([this, &refused] { refused += State(*store_).put("lever", "token", "two", 0) ? 0 : 1; });
    }
    for (auto& sender : senders) {
        sender.join();
    }
    EXPECT_EQ(refused, 10);
    EXPECT_EQ(inbox().pending().value(), 10);
    EXPECT_EQ(inbox().due("lever", clock_.now(), 100)->size(), 10U);
    EXPECT_EQ(state().get("lever", "token")->value, "one");
    EXPECT_TRUE(store_->status().writable);
}

TEST_F(StoreTest, RefusesAWriteWhenTheQueueIsFull) {
    store_.reset();
    options_.write_queue_max = 0;
    open();
    EXPECT_EQ(inbox().accept(webhook("a")).error().code, ErrorCode::rate_limited);
}

TEST_F(StoreTest, TakesWritesThatAreMoreThanACommitHoldsInTheirOrder) {
    for (std::size_t const most : {std::size_t{2}, std::size_t{100}}) {
        store_.reset();
        std::filesystem::remove(options_.path);
        options_.commit_batch_max = most;
        open();
        constexpr int many = 300;
        std::atomic<int> answered{0};
        std::atomic<bool> in_order{true};
        for (int i = 0; i < many; ++i) {
            inbox().accept(webhook("k" + std::to_string(i)), [&, i](model::Result<Verdict> const& stored) {
                in_order = in_order && stored && stored->id == i + 1 && answered == i;
                ++answered;
            });
        }
        while (answered < many) {
            std::this_thread::yield();
        }
        EXPECT_TRUE(in_order);
        EXPECT_GE(store_->status().commits, many / most);
    }
}

TEST_F(StoreTest, KeepsTheWriteAheadLogBelowItsBrake) {
    store_.reset();
    options_.wal_pages_brake = 100;
    open();
    Accepted large = webhook("");
    large.raw.body.assign(100'000, 'x');
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(inbox().accept(large));
    }
    auto log = options_.path;
    log += "-wal";
    // 10 MB went through a log that starts over at 100 pages of 4 KiB plus one commit.
    EXPECT_LT(std::filesystem::file_size(log), 1'500'000U);
}

TEST_F(StoreTest, CommitsAndCheckpointsInItsCallerWithoutThreadsOfItsOwn) {
    store_.reset();
    options_.own_threads = false;
    options_.checkpoint_pages = 10;
    open();
    std::vector<std::thread::id> ran_on;
    auto const note = [&ran_on](auto const&...) {
        ran_on.push_back(std::this_thread::get_id());
        return model::Result<void>();
    };
    ASSERT_TRUE(store_->database().write(note, note));
    EXPECT_EQ(ran_on, std::vector(2, std::this_thread::get_id()));
    Accepted large = webhook("");
    large.raw.body.assign(100'000, 'x');
    auto const before = std::filesystem::file_size(options_.path);
    ASSERT_TRUE(inbox().accept(large));
    // Some of it goes into pages that the file had free.
    EXPECT_GT(std::filesystem::file_size(options_.path), before + 50'000) << "the log was moved into the file";
}

TEST_F(StoreTest, KeepsWhatWasAcceptedWhileItWasClosing) {
    std::atomic<int> stored{0};
    std::vector<std::thread> senders;
    for (int i = 0; i < 8; ++i) {
        senders.emplace_back([this, i, &stored] {
            for (int n = 0; Inbox(*store_).accept(webhook(std::to_string(i) + "-" + std::to_string(n))); ++n) {
                ++stored;
            }
        });
    }
    while (stored < 100) {
        std::this_thread::yield();
    }
    store_->close();
    for (auto& sender : senders) {
        sender.join();
    }
    reopen();
    EXPECT_EQ(inbox().pending().value(), stored);
}

TEST_F(StoreTest, PutsNoPersonalValueIntoItsLog) {
    dispatched({push("d1")}, "Zacharias Example");
    reopen();
    EXPECT_EQ(log_.str().find("Zacharias"), std::string::npos);
}

}  // namespace
}  // namespace crosswalk::store

// What is left when a disk forgets: a sync that failed once must not be believed when it works the next time.
#include "forgetful_vfs.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace crosswalk::store {
namespace {

using testing::HasSubstr;

constexpr char log_file[] = "crosswalk.db-wal";
constexpr char data_file[] = "crosswalk.db";

class PowerCut : public StoreFixture {
protected:
    void accept_all(std::string const& prefix, int count) {
        for (int i = 0; i < count; ++i) {
            std::string key = prefix + std::to_string(i);
            if (inbox().accept(webhook(key))) {
                acknowledged_.push_back(std::move(key));
            }
        }
    }
    void crash_and_lose_power() {
        disk_.die();
        store_.reset();
        disk_.lose_power();
        open();
    }
    void expect_all_are_kept() {
        for (std::string const& key : acknowledged_) {
            auto const again = inbox().accept(webhook(key));
            ASSERT_TRUE(again) << again.error().detail;
            ASSERT_TRUE(again->duplicate) << key << " was acknowledged and is gone";
        }
        auto const counted = history().conservation();
        ASSERT_TRUE(counted) << counted.error().detail;
        EXPECT_EQ(counted->difference(), 0);
    }
    // Waits for the checkpoint thread.
    template <class Condition>
    static bool eventually(Condition const& condition) {
        for (int i = 0; i < 2000 && !condition(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        return condition();
    }

    ForgetfulDisk disk_;
    std::vector<std::string> acknowledged_;
};

TEST_F(PowerCut, KeepsWhatWasSyncedAndNothingElse) {
    accept_all("k", 20);
    crash_and_lose_power();
    ASSERT_EQ(acknowledged_.size(), 20U);
    expect_all_are_kept();
}

TEST_F(PowerCut, KeepsWhatIsAcknowledgedAfterASyncOfTheLogFailed) {
    accept_all("before", 3);
    disk_.fail_next_sync(log_file);
    EXPECT_FALSE(inbox().accept(webhook("failed")));
    accept_all("after", 3);
    crash_and_lose_power();
    ASSERT_EQ(acknowledged_.size(), 6U);
    expect_all_are_kept();
}

// The log that a crashed host left may hold frames which the disk never stored: the next host must not build on them.
TEST_F(PowerCut, KeepsWhatTheNextHostAcknowledgesAfterASyncFailedAndTheHostCrashed) {
    accept_all("before", 3);
    disk_.fail_next_sync(log_file);
    EXPECT_FALSE(inbox().accept(webhook("failed")));
    disk_.die();
    store_.reset();
    disk_.start_again();
    open();
    accept_all("after", 3);
    crash_and_lose_power();
    ASSERT_EQ(acknowledged_.size(), 6U);
    expect_all_are_kept();
}

// A checkpoint that could not finish leaves pages in the system's cache that nobody syncs; when the system fails to
// store them it says so once, and the next checkpoint would start behind them.
TEST_F(PowerCut, KeepsWhatWasMovedIntoTheFileBeforeItsSyncFailed) {
    sqlite3* reader = nullptr;
    ASSERT_EQ(sqlite3_open(options_.path.string().c_str(), &reader), SQLITE_OK);
    accept_all("early", 300);
    ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM inbox", nullptr, nullptr, nullptr), SQLITE_OK);
    accept_all("held", 300);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));  // a checkpoint up to where the reader is
    disk_.forget_now(data_file);
    ASSERT_EQ(sqlite3_exec(reader, "ROLLBACK", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(reader);
    int more = 0;
    ASSERT_TRUE(eventually([&] {
        accept_all("more" + std::to_string(more++) + "-", 20);
        return disk_.failures(data_file) > 0;
    }));
    // It goes on by itself.
    ASSERT_TRUE(eventually([&] { return store_->probe().has_value(); }));
    accept_all("last", 300);
    store_.reset();  // in order, with its last checkpoint
    disk_.lose_power();
    open();
    expect_all_are_kept();
}

}  // namespace
}  // namespace crosswalk::store

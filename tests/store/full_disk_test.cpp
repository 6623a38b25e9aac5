// A disk that becomes full, by what others put there or by the store's own log, and gets room again.
#include "failing_vfs.hpp"
#include "store_fixture.hpp"

namespace crosswalk::store {
namespace {

using model::ErrorCode;

constexpr std::int64_t mebibyte = 1024 * 1024;

class FullDiskTest : public StoreFixture {
protected:
    void SetUp() override {
        options_.free_bytes = [this] { return static_cast<std::uintmax_t>(disk_.room()); };
        StoreFixture::SetUp();
    }
    void TearDown() override {
        disk_.heal();
        store_.reset();
    }
    static Accepted large(std::string const& key, std::size_t bytes) {
        Accepted item = webhook(key);
        item.raw.body = std::string(bytes, 'b');
        return item;
    }
    [[nodiscard]] std::int64_t log_bytes() const {
        return static_cast<std::int64_t>(std::filesystem::file_size(folder_ / "crosswalk.db-wal"));
    }
    FailingDisk disk_;
};

// With nobody moving it the log grows until the brake, which is far above what this disk has.
TEST_F(FullDiskTest, TheLogLeavesTheFileTheRoomThatItIsToBeMovedInto) {
    store_.reset();
    options_.checkpoint_pages = 1'000'000;
    open();
    disk_.leave_room(3 * mebibyte);
    for (int i = 0; i < 120; ++i) {
        auto const stored = inbox().accept(large("k" + std::to_string(i), 4096));
        ASSERT_TRUE(stored) << "webhook " << i << ": " << stored.error().detail << " The log has " << log_bytes()
                            << " bytes, and " << disk_.room() << " are free.";
    }
    EXPECT_LT(log_bytes(), mebibyte);
    EXPECT_EQ(inbox().pending().value(), 120);
}

TEST_F(FullDiskTest, RecoversByItselfAsSoonAsThereIsRoom) {
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(inbox().accept(webhook("before" + std::to_string(i))));
    }
    disk_.leave_room(0);
    int accepted = 0;
    while (accepted < 10'000 && inbox().accept(large("full" + std::to_string(accepted), 20'000))) {
        ++accepted;
    }
    ASSERT_LT(accepted, 10'000);
    EXPECT_FALSE(store_->status().writable);
    disk_.leave_room(16 * mebibyte);
    EXPECT_TRUE(store_->probe());
    EXPECT_TRUE(store_->status().writable);
    EXPECT_TRUE(inbox().accept(large("after", 20'000)));
    EXPECT_EQ(inbox().pending().value(), 21 + accepted);
}

TEST_F(FullDiskTest, AFailedCommitGivesTheRoomOfTheLogBack) {
    // So few that the writer, who looks at the room after it has answered the last, leaves the log as it is.
    for (int i = 0; i < 8; ++i) {
        ASSERT_TRUE(inbox().accept(webhook("k" + std::to_string(i))));
    }
    std::int64_t const before = log_bytes();
    // The log itself stands in the way of what comes: twice as much as it holds, and the file needs some of that.
    disk_.leave_room(before / 2);
    ASSERT_FALSE(inbox().accept(large("large", static_cast<std::size_t>(before))));
    ASSERT_TRUE(inbox().accept(webhook("small")));
    EXPECT_LT(log_bytes(), before);
}

TEST_F(FullDiskTest, IsNotReadyWhileOnlySmallWritesPass) {
    disk_.leave_room(200'000);
    ASSERT_FALSE(inbox().accept(large("large", 400'000)));
    EXPECT_TRUE(inbox().accept(webhook("small"))) << "what still has room is taken";
    auto const ready = store_->probe();
    ASSERT_FALSE(ready);
    EXPECT_EQ(ready.error().code, ErrorCode::unavailable);
    EXPECT_FALSE(store_->status().writable);
    disk_.leave_room(16 * mebibyte);
    EXPECT_TRUE(store_->probe());
    EXPECT_TRUE(inbox().accept(large("large", 400'000)));
}

}  // namespace
}  // namespace crosswalk::store

// What moves the log into the file, by itself and when it knows little of the disk.
#include "store/checkpointer.hpp"

#include "store_fixture.hpp"

namespace crosswalk::store {
namespace {

class CheckpointerTest : public StoreFixture {
protected:
    static std::unique_ptr<Sqlite> connect(std::filesystem::path const& path) {
        auto sqlite = Sqlite::open(path, Sqlite::Access::read_write);
        EXPECT_TRUE(sqlite) << sqlite.error().detail;
        EXPECT_TRUE((*sqlite)->script("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0"));
        return std::move(*sqlite);
    }
};

TEST_F(CheckpointerTest, MovesNothingFromAStartThatFailedUntilOneSucceeds) {
    StoreOptions options;
    options.path = folder_ / "own.db";
    options.own_threads = false;
    options.checkpoint_pages = 1;
    auto const writer = connect(options.path);
    Checkpointer checkpointer(connect(options.path), logger_, options);
    ASSERT_FALSE(checkpointer.start_over([]() -> model::Result<std::unique_ptr<Sqlite>> {
        return model::Error{model::ErrorCode::unavailable, "The file cannot be opened."};
    }));
    ASSERT_TRUE(writer->script("CREATE TABLE many AS SELECT randomblob(100000)"));
    auto const before = std::filesystem::file_size(options.path);
    checkpointer.log_grew(26);
    checkpointer.finish(*writer);
    EXPECT_EQ(std::filesystem::file_size(options.path), before);
    ASSERT_TRUE(
        checkpointer.start_over([&]() -> model::Result<std::unique_ptr<Sqlite>> { return connect(options.path); }));
    checkpointer.log_grew(26);
    checkpointer.finish(*writer);
    EXPECT_GT(std::filesystem::file_size(options.path), before + 100'000);
}

// Otherwise a store whose folder was moved away would stop and move its log at each commit.
TEST_F(CheckpointerTest, TakesADiskThatDoesNotSayWhatIsFreeForOneThatHasRoom) {
    store_.reset();
    options_.checkpoint_pages = 1'000'000;  // only the brake moves anything
    open();
    auto const away = folder_.string() + "-away";
    std::filesystem::rename(folder_, away);  // what is open stays open
    for (int i = 0; i < 40; ++i) {
        Accepted large = webhook("k" + std::to_string(i));
        large.raw.body = std::string(20'000, 'b');
        ASSERT_TRUE(inbox().accept(std::move(large)));
    }
    EXPECT_GT(std::filesystem::file_size(away + "/crosswalk.db-wal"), 40 * 20'000U);
    std::filesystem::rename(away, folder_);
    EXPECT_EQ(inbox().pending().value(), 40);
}

}  // namespace
}  // namespace crosswalk::store

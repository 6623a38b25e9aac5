#include "simulation/disk.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace crosswalk::simulation {
namespace {

struct DiskTest : testing::Test {
    Disk disk;
    std::shared_ptr<File> file;

    void begin(std::uint64_t seed) {
        disk.reset(seed, {{"/a", std::string(2048, 'o')}});
        file = disk.open("/a", false);
    }
    int write(std::string const& bytes, std::size_t offset) {
        return disk.write(*file, bytes.data(), bytes.size(), offset);
    }
    std::string content() { return disk.files().at("/a"); }
};

TEST_F(DiskTest, KeepsWhatWasSyncedThroughAPowerCut) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        begin(seed);
        ASSERT_EQ(write("synced", 4), SQLITE_OK);
        ASSERT_EQ(disk.sync(*file), SQLITE_OK);
        disk.power_off();
        disk.power_on(Loss::cut);
        EXPECT_EQ(content().substr(0, 12), "oooosyncedoo");
    }
}

TEST_F(DiskTest, DropsOrKeepsWhatWasNotSyncedByItsSeed) {
    int kept = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        begin(seed);
        ASSERT_EQ(write("written", 0), SQLITE_OK);
        disk.power_off();
        disk.power_on(Loss::cut);
        kept += content().starts_with("written") ? 1 : 0;
    }
    EXPECT_GT(kept, 5);
    EXPECT_LT(kept, 45);
}

TEST_F(DiskTest, TearsAWriteAtASectorOnly) {
    int torn = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        begin(seed);
        ASSERT_EQ(write(std::string(1500, 'n'), 100), SQLITE_OK);
        disk.power_off();
        disk.power_on(Loss::cut);
        std::size_t const fresh = content().find_last_of('n') + 1;  // 0: none of it
        EXPECT_TRUE(fresh == 0 || fresh == 1600 || fresh % sector_bytes == 0) << fresh;
        torn += fresh != 0 && fresh != 1600 ? 1 : 0;
    }
    EXPECT_GT(torn, 0);
}

TEST_F(DiskTest, KeepsEverythingWrittenWhenOnlyTheProcessEnds) {
    begin(1);
    ASSERT_EQ(write("written", 0), SQLITE_OK);
    disk.power_off();
    EXPECT_EQ(write("late", 0), SQLITE_IOERR);
    disk.power_on(Loss::kill);
    EXPECT_TRUE(content().starts_with("written"));
}

TEST_F(DiskTest, MayForgetWhatAFailedSyncShouldHaveWrittenAlthoughTheNextSyncWorks) {
    int lost = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        begin(seed);
        ASSERT_EQ(write("first", 0), SQLITE_OK);
        disk.fail_next(1, SQLITE_IOERR_FSYNC);
        ASSERT_EQ(disk.sync(*file), SQLITE_IOERR_FSYNC);
        ASSERT_EQ(write("second", 512), SQLITE_OK);
        ASSERT_EQ(disk.sync(*file), SQLITE_OK);
        EXPECT_TRUE(content().starts_with("first")) << "reading shows it all the same";
        disk.power_off();
        disk.power_on(Loss::cut);
        EXPECT_EQ(content().substr(512, 6), "second");
        lost += content().starts_with("first") ? 0 : 1;
    }
    EXPECT_GT(lost, 5);
    EXPECT_LT(lost, 45);
}

TEST_F(DiskTest, TakesNothingWhileItIsFull) {
    begin(1);
    disk.fail_next(2, SQLITE_FULL);
    EXPECT_EQ(write("one", 0), SQLITE_FULL);
    EXPECT_EQ(write("two", 0), SQLITE_FULL);
    EXPECT_EQ(content(), std::string(2048, 'o'));
    EXPECT_EQ(write("three", 0), SQLITE_OK);
    EXPECT_EQ(disk.refused(), 2U);
}

TEST_F(DiskTest, LosesItsPowerAfterTheCallsItWasGiven) {
    begin(1);
    bool told = false;
    disk.power_off_after(1, [&told] { told = true; });
    EXPECT_EQ(write("one", 0), SQLITE_OK);
    EXPECT_FALSE(told);
    EXPECT_EQ(disk.sync(*file), SQLITE_IOERR);
    EXPECT_TRUE(told);
    EXPECT_TRUE(disk.is_off());
}

}  // namespace
}  // namespace crosswalk::simulation

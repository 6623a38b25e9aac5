#include "spool/spool.hpp"

#include "platform/process.hpp"
#include "spool/content.hpp"
#include "support/fake_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

namespace crosswalk::spool {
namespace {

using namespace std::chrono_literals;
using model::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace fs = std::filesystem;

// SHA-256 of "abc", from FIPS 180-2 appendix B.1.
constexpr char const* abc_id = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class SpoolTest : public testing::Test {
protected:
    SpoolTest() {
        static std::atomic<int> number{0};
        folder_ = fs::temp_directory_path() /
                  ("crosswalk_spool_" + std::to_string(platform::process_id()) + "_" + std::to_string(++number));
        options_.folder = folder_ / "crosswalk.db.files";
    }
    ~SpoolTest() override {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    void SetUp() override { open(); }

    void open() {
        spool_.reset();
        auto opened = Spool::open(options_, clock_, logger_);
        ASSERT_TRUE(opened) << opened.error().detail;
        spool_ = std::move(*opened);
    }
    static void write(fs::path const& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }
    [[nodiscard]] static std::string read(fs::path const& path) {
        std::ostringstream out;
        out << std::ifstream(path, std::ios::binary).rdbuf();
        return out.str();
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> found;
        for (auto const& entry : fs::directory_iterator(options_.folder)) {
            found.push_back(entry.path().filename().string());
        }
        return found;
    }
    [[nodiscard]] fs::path downloaded(std::string_view bytes) {
        auto const path = spool_->incoming();
        EXPECT_TRUE(path) << path.error().detail;
        write(*path, bytes);
        return *path;
    }

    fs::path folder_;
    SpoolOptions options_;
    support::FakeClock clock_;
    std::ostringstream log_;
    telemetry::Logger logger_{log_, clock_, telemetry::Level::debug};
    std::unique_ptr<Spool> spool_;
};

TEST_F(SpoolTest, GivesBackWhatWasPutUnderItsSha256) {  // C.18
    EXPECT_EQ(spool_->put("abc").value(), abc_id);
    auto const found = spool_->find(abc_id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size, 3);
    EXPECT_EQ(read(found->path), "abc");
}

TEST_F(SpoolTest, KeepsTheSameContentOnce) {
    ASSERT_TRUE(spool_->put("abc"));
    ASSERT_TRUE(spool_->put("abc"));
    EXPECT_EQ(spool_->adopt(downloaded("abc")).value(), abc_id);
    EXPECT_EQ(spool_->files(), 1U);
    EXPECT_EQ(spool_->total_bytes(), 4096);
    EXPECT_THAT(names(), ElementsAre(std::string(abc_id) + "-3"));
}

TEST_F(SpoolTest, TakesOverADownload) {
    EXPECT_EQ(spool_->adopt(downloaded("abc")).value(), abc_id);
    EXPECT_EQ(read(spool_->find(abc_id)->path), "abc");
    EXPECT_THAT(names(), ElementsAre(std::string(abc_id) + "-3"));
}

TEST_F(SpoolTest, KeepsAnEmptyFile) {
    auto const id = spool_->put("");
    ASSERT_TRUE(id);
    EXPECT_EQ(spool_->find(*id)->size, 0);
}

TEST_F(SpoolTest, TakesOverOnlyWhatItNamedItself) {
    fs::path const other = folder_ / "incoming-9";
    write(other, "abc");
    EXPECT_EQ(spool_->adopt(other).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(spool_->adopt(options_.folder / ".." / "incoming-9").error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(fs::exists(other));
    EXPECT_EQ(spool_->adopt(options_.folder / "incoming-77").error().code, ErrorCode::not_found);
}

TEST_F(SpoolTest, KnowsItsFilesAfterARestart) {
    ASSERT_TRUE(spool_->put("abc"));
    open();
    EXPECT_EQ(read(spool_->find(abc_id).value().path), "abc");
    EXPECT_EQ(spool_->total_bytes(), 4096);
}

TEST_F(SpoolTest, SweepsUnfinishedDownloadsWhenItIsOpened) {
    static_cast<void>(downloaded("half a fi"));
    open();
    EXPECT_THAT(names(), IsEmpty());
    EXPECT_THAT(log_.str(), HasSubstr("Unfinished files"));
}

TEST_F(SpoolTest, LeavesFilesThatAreNotItsOwnAlone) {
    write(options_.folder / "README", "mine");
    write(options_.folder / (std::string(abc_id) + "-03"), "abc");
    open();
    EXPECT_EQ(spool_->files(), 0U);
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(SpoolTest, ClosesFolderAndFilesToOthers) {
    ASSERT_TRUE(spool_->put("abc"));
    auto const others = fs::perms::group_all | fs::perms::others_all;
    EXPECT_EQ(fs::status(options_.folder).permissions() & others, fs::perms::none);
    EXPECT_EQ(fs::status(spool_->find(abc_id)->path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(fs::status(spool_->incoming().value()).permissions() & others, fs::perms::none);
}

TEST_F(SpoolTest, RefusesAFileAboveItsLimitAndSaysTheLimit) {
    options_.file_bytes_max = 10;
    open();
    EXPECT_TRUE(spool_->put(std::string(10, 'x')));
    auto const refused = spool_->put(std::string(11, 'x'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
    EXPECT_THAT(refused.error().detail, HasSubstr("10 bytes"));
    auto const download = downloaded(std::string(11, 'y'));
    EXPECT_EQ(spool_->adopt(download).error().code, ErrorCode::too_large);
    EXPECT_FALSE(fs::exists(download));
    EXPECT_EQ(spool_->file_bytes_max(), 10);
}

TEST_F(SpoolTest, RefusesMoreThanAllFilesMayHaveTogether) {
    options_.total_bytes_max = 3 * 4096;
    open();
    auto const download = downloaded("four");
    ASSERT_TRUE(spool_->put("one"));
    ASSERT_TRUE(spool_->put("two"));
    ASSERT_TRUE(spool_->put("three"));
    auto const refused = spool_->put("five");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_THAT(refused.error().detail, HasSubstr("limits.files_total_bytes_max"));
    EXPECT_EQ(spool_->incoming().error().code, ErrorCode::unavailable);
    EXPECT_EQ(spool_->adopt(download).error().code, ErrorCode::unavailable);
    EXPECT_FALSE(fs::exists(download));
    EXPECT_TRUE(spool_->put("one")) << "what is there already takes no more room";
}

TEST_F(SpoolTest, MakesRoomAgainByPurging) {
    options_.total_bytes_max = 4096;
    open();
    ASSERT_TRUE(spool_->put("one"));
    EXPECT_FALSE(spool_->put("two"));
    clock_.advance(25h);
    EXPECT_EQ(spool_->purge(24h, {}).value(), 1U);
    EXPECT_TRUE(spool_->put("two"));
}

TEST_F(SpoolTest, PurgesWhatIsOldAndKeepsWhatIsNamedOrYoung) {
    auto const old = spool_->put("old").value();
    auto const used = spool_->put("used").value();
    auto const renewed = spool_->put("renewed").value();
    clock_.advance(20h);
    ASSERT_TRUE(spool_->put("renewed"));
    clock_.advance(5h);
    EXPECT_EQ(spool_->older_than(24h).size(), 2U);
    EXPECT_EQ(spool_->purge(24h, {used}).value(), 1U);
    EXPECT_EQ(spool_->find(old).error().code, ErrorCode::not_found);
    EXPECT_TRUE(spool_->find(used));
    EXPECT_TRUE(spool_->find(renewed));
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(SpoolTest, RemembersTheAgeOfAFileOverARestart) {
    auto const id = spool_->put("old").value();
    clock_.advance(25h);
    open();
    EXPECT_THAT(spool_->older_than(24h), ElementsAre(id));
    EXPECT_THAT(spool_->older_than(26h), IsEmpty());
}

TEST_F(SpoolTest, DoesNotHandOutAFileThatLostItsEnd) {
    ASSERT_TRUE(spool_->put("abc"));
    fs::resize_file(spool_->find(abc_id)->path, 2);
    EXPECT_EQ(spool_->find(abc_id).error().code, ErrorCode::corruption);
    EXPECT_THAT(log_.str(), HasSubstr("no longer has the content"));
    log_.str("");
    open();
    EXPECT_THAT(log_.str(), HasSubstr("no longer has the content"));
    EXPECT_EQ(spool_->find(abc_id).error().code, ErrorCode::corruption);
}

TEST_F(SpoolTest, ReplacesADamagedFileWhenItsContentComesAgain) {
    ASSERT_TRUE(spool_->put("abc"));
    fs::resize_file(spool_->find(abc_id)->path, 2);
    ASSERT_TRUE(spool_->put("abc"));
    EXPECT_EQ(read(spool_->find(abc_id).value().path), "abc");
    EXPECT_EQ(spool_->total_bytes(), 4096);
}

TEST_F(SpoolTest, FindsNothingByAnythingButAnId) {
    ASSERT_TRUE(spool_->put("abc"));
    for (char const* id : {"", "../crosswalk.db", "BA7816", "incoming-1"}) {
        EXPECT_EQ(spool_->find(id).error().code, ErrorCode::not_found) << id;
    }
}

TEST_F(SpoolTest, VerifyFindsContentThatChangedAtTheSameSize) {
    ASSERT_TRUE(spool_->put("abc"));
    ASSERT_TRUE(spool_->put("fine"));
    write(spool_->find(abc_id)->path, "abd");
    auto const verdict = verify(options_.folder);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->files, 2U);
    EXPECT_THAT(verdict->damaged, ElementsAre(std::string(abc_id) + "-3"));
}

TEST_F(SpoolTest, VerifyOfAFolderThatWasNeverMadeFindsNothing) {
    auto const verdict = verify(folder_ / "none");
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->files, 0U);
}

TEST_F(SpoolTest, TakesOverALargeFileWithoutHoldingItInMemory) {
    constexpr int pieces = 40;
    auto const path = spool_->incoming();
    ASSERT_TRUE(path);
    {
        std::ofstream out(*path, std::ios::binary);
        std::string const piece(1024 * 1024, 'z');
        for (int i = 0; i < pieces; ++i) {
            out << piece;
        }
    }
    auto const before = platform::resident_bytes();
    auto const id = spool_->adopt(*path);
    ASSERT_TRUE(id) << id.error().detail;
    EXPECT_LT(platform::resident_bytes(), before + 8 * 1024 * 1024);
    EXPECT_EQ(spool_->find(*id)->size, pieces * 1024 * 1024);
}

TEST_F(SpoolTest, TakesTheSameContentFromManyThreadsAtOnce) {
    std::atomic<int> good{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, i] {
                for (int round = 0; round < 20; ++round) {
                    auto const id = i % 2 == 0 ? spool_->put("abc") : spool_->adopt(downloaded("abc"));
                    good += id && *id == abc_id && spool_->find(abc_id) ? 1 : 0;
                }
            });
        }
    }
    EXPECT_EQ(good, 80);
    EXPECT_EQ(spool_->total_bytes(), 4096);
    EXPECT_THAT(names(), ElementsAre(std::string(abc_id) + "-3"));
}

TEST_F(SpoolTest, CannotBeOpenedWhereAFileStandsInItsPlace) {
    options_.folder = folder_ / "file";
    write(options_.folder, "x");
    auto const opened = Spool::open(options_, clock_, logger_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
    EXPECT_THAT(opened.error().detail, Not(IsEmpty()));
}

TEST(SpoolNames, AreReadBackOnlyInTheOneWayTheyAreWritten) {
    EXPECT_EQ(parse_name(name_of(abc_id, 3))->size, 3);
    for (std::string const tail : {"-", "-03", "-x", "-3x", "--3", "", "3"}) {
        EXPECT_FALSE(parse_name(abc_id + tail)) << tail;
    }
    EXPECT_FALSE(parse_name("g" + std::string(abc_id).substr(1) + "-3"));
}

}  // namespace
}  // namespace crosswalk::spool

#include "spool/spool.hpp"

#include "platform/process.hpp"
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
        auto opened = Spool::open(options_, key_, clock_, logger_);
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
    [[nodiscard]] std::unique_ptr<Incoming> downloaded(std::string_view bytes) {
        auto incoming = spool_->incoming();
        EXPECT_TRUE(incoming) << incoming.error().detail;
        EXPECT_TRUE((*incoming)->begin());
        EXPECT_TRUE((*incoming)->add(bytes));
        return std::move(*incoming);
    }
    [[nodiscard]] static std::string content(StoredFile& file) {
        std::string bytes(static_cast<std::size_t>(file.size()), '\0');
        auto const read = file.read(0, bytes);
        return read ? bytes : read.error().detail;
    }
    [[nodiscard]] std::string content(std::string const& id) {
        auto found = spool_->find(id);
        return found ? content(*found) : found.error().detail;
    }
    // Where the one file lies.
    [[nodiscard]] fs::path only() const { return options_.folder / names().at(0); }

    fs::path folder_;
    SpoolOptions options_;
    vault::Key key_ = vault::Key::random().value();
    support::FakeClock clock_;
    std::ostringstream log_;
    telemetry::Logger logger_{log_, clock_, telemetry::Level::debug};
    std::unique_ptr<Spool> spool_;
};

TEST_F(SpoolTest, GivesBackWhatWasPutUnderItsSha256) {  // C.18
    EXPECT_EQ(spool_->put("abc").value(), abc_id);
    auto found = spool_->find(abc_id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size(), 3);
    EXPECT_EQ(content(*found), "abc");
}

TEST_F(SpoolTest, KeepsTheSameContentOnce) {
    ASSERT_TRUE(spool_->put("abc"));
    ASSERT_TRUE(spool_->put("abc"));
    EXPECT_EQ(downloaded("abc")->keep().value(), abc_id);
    EXPECT_EQ(spool_->files(), 1U);
    EXPECT_EQ(spool_->total_bytes(), 4096);
    EXPECT_EQ(names().size(), 1U);
}

TEST_F(SpoolTest, TakesOverADownload) {
    EXPECT_EQ(downloaded("abc")->keep().value(), abc_id);
    EXPECT_EQ(content(abc_id), "abc");
    EXPECT_EQ(names().size(), 1U);
}

TEST_F(SpoolTest, KeepsNothingOfADownloadThatBeganAnew) {
    auto const incoming = downloaded("half a fi");
    ASSERT_TRUE(incoming->begin());
    ASSERT_TRUE(incoming->add("abc"));
    EXPECT_EQ(incoming->keep().value(), abc_id);
}

TEST_F(SpoolTest, RemovesADownloadThatNobodyKeeps) {
    static_cast<void>(downloaded("half a fi"));
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(SpoolTest, KeepsAnEmptyFile) {
    auto const id = spool_->put("");
    ASSERT_TRUE(id);
    EXPECT_EQ(content(*id), "");
    EXPECT_EQ(spool_->find(*id)->size(), 0);
    EXPECT_EQ(spool_->incoming().value()->keep().value(), *id);
}

TEST_F(SpoolTest, KnowsItsFilesAfterARestart) {
    ASSERT_TRUE(spool_->put("abc"));
    open();
    EXPECT_EQ(content(abc_id), "abc");
    EXPECT_EQ(spool_->total_bytes(), 4096);
}

TEST_F(SpoolTest, HasNothingOnDiskThatTellsContentOrDigest) {
    std::string const text = "Canaryfirst Canarylast earns a salary";
    auto const id = spool_->put(text).value();
    auto const incoming = downloaded(text + std::string(70'000, ' '));  // its first piece is written by now
    for (std::string const& name : names()) {
        std::string const bytes = read(options_.folder / name);
        EXPECT_FALSE(bytes.empty());
        EXPECT_THAT(bytes, Not(HasSubstr("Canary")));
        EXPECT_THAT(bytes, Not(HasSubstr(id)));
        EXPECT_THAT(name, Not(HasSubstr(id)));
    }
}

TEST_F(SpoolTest, SweepsUnfinishedDownloadsWhenItIsOpened) {
    write(options_.folder / "incoming-1", "half a fi");
    write(options_.folder / "going-1", "what was being erased");
    open();
    EXPECT_THAT(names(), IsEmpty());
    EXPECT_THAT(log_.str(), HasSubstr("Unfinished files"));
}

TEST_F(SpoolTest, LeavesFilesThatAreNotItsOwnAlone) {
    write(options_.folder / "README", "mine");
    write(options_.folder / (std::string(abc_id) + "-03"), "abc");  // as no host ever wrote it
    open();
    EXPECT_EQ(spool_->files(), 0U);
    EXPECT_EQ(names().size(), 2U);
}

TEST_F(SpoolTest, EncryptsWhatAnEarlierHostKeptInTheClear) {
    fs::path const plain = options_.folder / (std::string(abc_id) + "-3");
    write(plain, "abc");
    fs::last_write_time(plain, fs::file_time_type::clock::now() - 25h);
    write(options_.folder / (std::string(64, '0') + "-3"), "xyz");  // not what it is named for
    open();
    EXPECT_EQ(content(abc_id), "abc");
    EXPECT_EQ(names().size(), 1U);
    EXPECT_THAT(read(only()), Not(HasSubstr("abc")));
}

TEST_F(SpoolTest, ClosesFolderAndFilesToOthers) {
    ASSERT_TRUE(spool_->put("abc"));
    auto const others = fs::perms::group_all | fs::perms::others_all;
    EXPECT_EQ(fs::status(options_.folder).permissions() & others, fs::perms::none);
    EXPECT_EQ(fs::status(only()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SpoolTest, RefusesAFileAboveItsLimitAndSaysTheLimit) {
    options_.file_bytes_max = 10;
    open();
    EXPECT_TRUE(spool_->put(std::string(10, 'x')));
    auto const refused = spool_->put(std::string(11, 'x'));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
    EXPECT_THAT(refused.error().detail, HasSubstr("10 bytes"));
    EXPECT_EQ(downloaded(std::string(11, 'y'))->keep().error().code, ErrorCode::too_large);
    EXPECT_EQ(names().size(), 1U);
    EXPECT_EQ(spool_->file_bytes_max(), 10);
}

TEST_F(SpoolTest, RefusesMoreThanAllFilesMayHaveTogether) {
    options_.total_bytes_max = 3 * 4096;
    open();
    auto download = downloaded("four");
    ASSERT_TRUE(spool_->put("one"));
    ASSERT_TRUE(spool_->put("two"));
    ASSERT_TRUE(spool_->put("three"));
    auto const refused = spool_->put("five");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_THAT(refused.error().detail, HasSubstr("limits.files_total_bytes_max"));
    EXPECT_EQ(spool_->incoming().error().code, ErrorCode::unavailable);
    EXPECT_EQ(download->keep().error().code, ErrorCode::unavailable);
    download.reset();
    EXPECT_EQ(names().size(), 3U);
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

TEST_F(SpoolTest, ErasesTheseWhateverTheirAge) {
    auto const one = spool_->put("one").value();
    auto const two = spool_->put("two").value();
    EXPECT_EQ(spool_->erase({one, std::string(64, '0')}).value(), 1U);
    EXPECT_EQ(spool_->find(one).error().code, ErrorCode::not_found);
    EXPECT_EQ(content(two), "two");
    EXPECT_EQ(spool_->total_bytes(), 4096);
}

TEST_F(SpoolTest, LeavesNoKeyInAFileThatWasErased) {
    ASSERT_TRUE(spool_->put("abc"));
    fs::path const link = folder_ / "what a forensic tool finds";
    fs::create_hard_link(only(), link);
    std::string const before = read(link);
    ASSERT_EQ(spool_->erase({abc_id}).value(), 1U);
    std::string const after = read(link);
    ASSERT_EQ(after.size(), before.size());
    EXPECT_EQ(after.substr(0, 136), std::string(136, '\0'));
}

TEST_F(SpoolTest, GoesOnReadingAFileThatIsPurgedMeanwhile) {
    std::string const bytes(200'000, 'b');
    auto const id = spool_->put(bytes).value();
    auto found = spool_->find(id);
    ASSERT_TRUE(found);
    ASSERT_EQ(spool_->erase({id}).value(), 1U);
    EXPECT_TRUE(content(*found) == bytes);
}

TEST_F(SpoolTest, DoesNotHandOutAFileThatLostItsEnd) {
    ASSERT_TRUE(spool_->put("abc"));
    fs::resize_file(only(), fs::file_size(only()) - 1);
    EXPECT_EQ(spool_->find(abc_id).error().code, ErrorCode::corruption);
    EXPECT_THAT(log_.str(), HasSubstr("was changed or is gone"));
    log_.str("");
    open();
    EXPECT_THAT(log_.str(), HasSubstr("was changed or is gone"));
    EXPECT_EQ(spool_->find(abc_id).error().code, ErrorCode::corruption);
}

TEST_F(SpoolTest, HandsOutADamagedFileOnceAtMost) {
    ASSERT_TRUE(spool_->put("abc"));
    std::string bytes = read(only());
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    write(only(), bytes);
    auto found = spool_->find(abc_id);
    ASSERT_TRUE(found);
    std::string out(3, ' ');
    EXPECT_EQ(found->read(0, out).error().code, ErrorCode::corruption);
    EXPECT_EQ(out, "   ");
    EXPECT_EQ(spool_->find(abc_id).error().code, ErrorCode::corruption);
}

TEST_F(SpoolTest, ReplacesADamagedFileWhenItsContentComesAgain) {
    ASSERT_TRUE(spool_->put("abc"));
    fs::resize_file(only(), 2);
    ASSERT_TRUE(spool_->put("abc"));
    EXPECT_EQ(content(abc_id), "abc");
    EXPECT_EQ(spool_->total_bytes(), 4096);
}

TEST_F(SpoolTest, PurgesAFileWhoseHeadIsBrokenByItsAge) {
    ASSERT_TRUE(spool_->put("abc"));
    auto const put_at = fs::last_write_time(only());  // by the test's clock
    write(only(), "nothing that can be read");
    fs::last_write_time(only(), put_at);
    open();
    EXPECT_EQ(spool_->purge(24h, {}).value(), 0U);
    clock_.advance(25h);
    EXPECT_EQ(spool_->purge(24h, {}).value(), 1U);
    EXPECT_THAT(names(), IsEmpty());
}

TEST_F(SpoolTest, CannotReadTheFilesOfAnotherKey) {
    ASSERT_TRUE(spool_->put("abc"));
    key_ = vault::Key::random().value();
    open();
    EXPECT_EQ(spool_->find(abc_id).error().code, ErrorCode::not_found);
    EXPECT_EQ(spool_->files(), 1U) << "it is not thrown away either";
}

TEST_F(SpoolTest, FindsNothingByAnythingButAnId) {
    ASSERT_TRUE(spool_->put("abc"));
    for (char const* id : {"", "../crosswalk.db", "BA7816", "incoming-1"}) {
        EXPECT_EQ(spool_->find(id).error().code, ErrorCode::not_found) << id;
    }
}

TEST_F(SpoolTest, WritesAndReadsALargeFileWithoutHoldingItInMemory) {
    constexpr int pieces = 64;
    auto const incoming = spool_->incoming();
    ASSERT_TRUE(incoming);
    ASSERT_TRUE((*incoming)->begin());
    std::string piece(1024 * 1024, 'z');
    auto const before = platform::resident_bytes();
    for (int i = 0; i < pieces; ++i) {
        ASSERT_TRUE((*incoming)->add(piece));
    }
    auto const id = (*incoming)->keep();
    ASSERT_TRUE(id) << id.error().detail;
    auto found = spool_->find(*id);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), pieces * 1024 * 1024);
    for (int i = 0; i < pieces; ++i) {
        ASSERT_TRUE(found->read(i * 1024 * 1024, piece));
        ASSERT_EQ(piece.find_first_not_of('z'), std::string::npos);
    }
    EXPECT_LT(platform::resident_bytes(), before + 8 * 1024 * 1024);
}

TEST_F(SpoolTest, TakesTheSameContentFromManyThreadsAtOnce) {
    std::atomic<int> good{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, i] {
                for (int round = 0; round < 20; ++round) {
                    auto const id = i % 2 == 0 ? spool_->put("abc") : downloaded("abc")->keep();
                    good += id && *id == abc_id && spool_->find(abc_id) ? 1 : 0;
                }
            });
        }
    }
    EXPECT_EQ(good, 80);
    EXPECT_EQ(spool_->total_bytes(), 4096);
    EXPECT_EQ(names().size(), 1U);
}

TEST_F(SpoolTest, CannotBeOpenedWhereAFileStandsInItsPlace) {
    options_.folder = folder_ / "file";
    write(options_.folder, "x");
    auto const opened = Spool::open(options_, key_, clock_, logger_);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
    EXPECT_THAT(opened.error().detail, Not(IsEmpty()));
}

TEST(SpoolNames, OfEarlierHostsAreReadOnlyInTheOneWayTheyWereWritten) {
    EXPECT_EQ(parse_plain_name(std::string(abc_id) + "-3")->size, 3);
    for (std::string const tail : {"-", "-03", "-x", "-3x", "--3", "", "3"}) {
        EXPECT_FALSE(parse_plain_name(abc_id + tail)) << tail;
    }
    EXPECT_FALSE(parse_plain_name("g" + std::string(abc_id).substr(1) + "-3"));
}

}  // namespace
}  // namespace crosswalk::spool

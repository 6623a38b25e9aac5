#include "store/log_vfs.hpp"

#include "failing_vfs.hpp"
#include "store/sqlite.hpp"
#include "vfs_in_front.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace crosswalk::store {
namespace {

class TestFolder {
public:
    TestFolder()
        : path_(std::filesystem::temp_directory_path() /
                ("crosswalk_log_" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()))) {
        std::filesystem::create_directories(path_);
    }
    ~TestFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

// What reaches the log's file, under the layer that is tested.
struct Writes {
    std::vector<std::size_t> sizes;
    int syncs = 0;
    int closes = 0;
    bool fail = false;
    bool refuse_to_open = false;  // but leaves the file open, as an open that fails late may
};
Writes* seen = nullptr;
sqlite3_io_methods const* log_original = nullptr;
sqlite3_io_methods log_patched;
VfsInFront below;

int watched_open(sqlite3_vfs*, char const* path, sqlite3_file* file, int flags, int* out_flags) {
    int const status = below.real->xOpen(below.real, path, file, flags, out_flags);
    if (status == SQLITE_OK && (flags & SQLITE_OPEN_WAL) != 0) {
        log_original = file->pMethods;
        log_patched = *log_original;
        log_patched.xWrite = [](sqlite3_file* to, void const* bytes, int size, sqlite3_int64 at) {
            seen->sizes.push_back(static_cast<std::size_t>(size));
            return seen->fail ? SQLITE_IOERR_WRITE : log_original->xWrite(to, bytes, size, at);
        };
        log_patched.xClose = [](sqlite3_file* to) {
            ++seen->closes;
            return log_original->xClose(to);
        };
        log_patched.xSync = [](sqlite3_file* to, int how) {
            ++seen->syncs;
            return log_original->xSync(to, how);
        };
        file->pMethods = &log_patched;
        return seen->refuse_to_open ? SQLITE_CANTOPEN : status;
    }
    return status;
}

class LogVfs : public testing::Test {
protected:
    LogVfs() {
        seen = &writes_;
        below.install("watcher", watched_open);
        sqlite_ = open();
        EXPECT_TRUE(
            sqlite_->script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                            "CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB)"));
        writes_ = {};
    }
    ~LogVfs() override {
        sqlite_.reset();
        below.remove();
    }
    std::unique_ptr<Sqlite> open(Sqlite::Access access = Sqlite::Access::read_write) {
        auto opened = Sqlite::open(folder_.path() / "log.db", access);
        return opened ? std::move(*opened) : nullptr;
    }
    // Rows that fill about so many pages.
    void insert(int pages) {
        for (int i = 0; i < pages; ++i) {
            ASSERT_TRUE(sqlite_->run("INSERT INTO t (bytes) VALUES (randomblob(3900))"));
        }
    }
    static std::int64_t count(Sqlite& sqlite) {
        std::int64_t rows = -1;
        EXPECT_TRUE(sqlite.each("SELECT count(*) FROM t WHERE length(bytes) = 3900",
                                [&](Row const& row) { rows = row.integer(0); }));
        return rows;
    }
    std::string check() {
        std::string said;
        EXPECT_TRUE(sqlite_->each("PRAGMA integrity_check", [&](Row const& row) { said = row.text(0); }));
        return said;
    }

    TestFolder folder_;
    Writes writes_;
    std::unique_ptr<Sqlite> sqlite_;
};

TEST_F(LogVfs, ACommitReachesTheLogInOneWriteAndOneSync) {
    ASSERT_TRUE(sqlite_->run("BEGIN IMMEDIATE"));
    insert(20);
    EXPECT_TRUE(writes_.sizes.empty());
    ASSERT_TRUE(sqlite_->run("COMMIT"));
    ASSERT_EQ(writes_.sizes.size(), 1U);
    EXPECT_GT(writes_.sizes.front(), 20U * 4096U);
    EXPECT_EQ(writes_.syncs, 1);
    auto const reader = open(Sqlite::Access::read_only);
    EXPECT_EQ(count(*reader), 20);
}

TEST_F(LogVfs, ALargeCommitGoesOutInPiecesThatTheUnixFilesTake) {
    ASSERT_TRUE(sqlite_->run("BEGIN IMMEDIATE"));
    insert(300);
    ASSERT_TRUE(sqlite_->run("COMMIT"));
    EXPECT_GT(writes_.sizes.size(), 8U);
    for (std::size_t const size : writes_.sizes) {
        EXPECT_LE(size, gathered_max);
    }
    auto const reader = open(Sqlite::Access::read_only);
    EXPECT_EQ(count(*reader), 300);
    EXPECT_EQ(check(), "ok");
}

// Pages that have no room in the cache go to the log before the commit and are read back from it.
TEST_F(LogVfs, ReadsBackWhatItHasGathered) {
    ASSERT_TRUE(sqlite_->script("PRAGMA cache_size = 10"));
    ASSERT_TRUE(sqlite_->run("BEGIN IMMEDIATE"));
    insert(100);
    EXPECT_EQ(count(*sqlite_), 100);
    ASSERT_TRUE(sqlite_->run("UPDATE t SET bytes = zeroblob(3900) WHERE id % 2"));
    EXPECT_EQ(count(*sqlite_), 100);
    ASSERT_TRUE(sqlite_->run("COMMIT"));
    EXPECT_EQ(check(), "ok");
    ASSERT_EQ(sqlite3_wal_checkpoint_v2(sqlite_->handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr),
              SQLITE_OK);
    EXPECT_EQ(count(*sqlite_), 100);
}

// By their own calls, because SQLite mostly reads a log before it closes it, and asks nothing else of it.
class OneLog : public LogVfs {
protected:
    OneLog() {
        std::ofstream(folder_.path() / "other.db").close();  // whose permissions the log gets
        vfs_ = sqlite3_vfs_find(log_vfs());
        room_.resize(static_cast<std::size_t>(vfs_->szOsFile));
        file_ = reinterpret_cast<sqlite3_file*>(room_.data());
    }
    int open_it() {
        return vfs_->xOpen(vfs_, path_.c_str(), file_, SQLITE_OPEN_WAL | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                           nullptr);
    }

    std::string const path_ = (folder_.path() / "other.db-wal").string() + '\0';
    sqlite3_vfs* vfs_ = nullptr;
    std::vector<char> room_;
    sqlite3_file* file_ = nullptr;
};

TEST_F(OneLog, IsClosedAlsoWhenItsLastWriteFails) {
    ASSERT_EQ(open_it(), SQLITE_OK);
    ASSERT_EQ(file_->pMethods->xWrite(file_, "frame", 5, 0), SQLITE_OK);
    EXPECT_TRUE(writes_.sizes.empty());
    writes_.fail = true;
    EXPECT_EQ(file_->pMethods->xClose(file_), SQLITE_IOERR_WRITE);
    EXPECT_EQ(writes_.closes, 1);
}

TEST_F(OneLog, ThatCannotBeOpenedIsClosedAndNobodyElseClosesIt) {
    writes_.refuse_to_open = true;
    EXPECT_EQ(open_it(), SQLITE_CANTOPEN);
    EXPECT_EQ(file_->pMethods, nullptr);
    EXPECT_EQ(writes_.closes, 1);
}

TEST_F(OneLog, TakesAPieceThatIsLargerThanWhatItGathersAtOnce) {
    ASSERT_EQ(open_it(), SQLITE_OK);
    std::string const large(gathered_max + 1, 'x');
    ASSERT_EQ(file_->pMethods->xWrite(file_, "frame", 5, 0), SQLITE_OK);
    ASSERT_EQ(file_->pMethods->xWrite(file_, large.data(), static_cast<int>(large.size()), 5), SQLITE_OK);
    EXPECT_EQ(writes_.sizes, (std::vector<std::size_t>{5, large.size()}));
    sqlite3_int64 size = 0;
    ASSERT_EQ(file_->pMethods->xFileSize(file_, &size), SQLITE_OK);
    EXPECT_EQ(size, static_cast<sqlite3_int64>(large.size()) + 5);
    EXPECT_EQ(file_->pMethods->xClose(file_), SQLITE_OK);
}

TEST_F(OneLog, LeavesAllElseToTheFileItself) {
    ASSERT_EQ(open_it(), SQLITE_OK);
    sqlite3_io_methods const& methods = *file_->pMethods;
    int level = -1;
    EXPECT_EQ(methods.xLock(file_, SQLITE_LOCK_SHARED), SQLITE_OK);
    EXPECT_EQ(methods.xFileControl(file_, SQLITE_FCNTL_LOCKSTATE, &level), SQLITE_OK);
    EXPECT_EQ(level, SQLITE_LOCK_NONE) << "a log is not locked, and its file takes no notice";
    int held = -1;
    EXPECT_EQ(methods.xCheckReservedLock(file_, &held), SQLITE_OK);
    EXPECT_EQ(held, 0);
    EXPECT_EQ(methods.xUnlock(file_, SQLITE_LOCK_NONE), SQLITE_OK);
    EXPECT_GE(methods.xSectorSize(file_), 512);
    EXPECT_NE(methods.xDeviceCharacteristics(file_) & SQLITE_IOCAP_POWERSAFE_OVERWRITE, 0);
    EXPECT_EQ(methods.xClose(file_), SQLITE_OK);
}

TEST(LogVfsOnAFailingDisk, AWriteThatFailsFailsItsCommitAndNothingOfItComesBack) {
    TestFolder const folder;
    FailingDisk disk;
    auto opened = Sqlite::open(folder.path() / "log.db", Sqlite::Access::read_write);
    ASSERT_TRUE(opened);
    Sqlite& sqlite = **opened;
    ASSERT_TRUE(
        sqlite.script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                      "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)"));
    for (int const calls : {0, 1}) {  // the write, and the sync after it
        disk.fail_once_after(calls, SQLITE_FULL);
        auto const refused = sqlite.run("INSERT INTO t VALUES (2)");
        ASSERT_FALSE(refused) << calls;
        EXPECT_EQ(refused.error().code, model::ErrorCode::unavailable);
        disk.heal();
    }
    disk.fail_once_after(0, SQLITE_IOERR);  // a piece that goes out before the commit
    EXPECT_FALSE(
        sqlite.run("CREATE TABLE large AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
                   " SELECT randomblob(3900) FROM n"));
    disk.heal();
    ASSERT_TRUE(sqlite.run("INSERT INTO t VALUES (3)"));
    std::vector<std::int64_t> ids;
    auto const reader = Sqlite::open(folder.path() / "log.db", Sqlite::Access::read_only);
    ASSERT_TRUE(reader);
    ASSERT_TRUE(
        (*reader)->each("SELECT id FROM t ORDER BY id", [&](Row const& row) { ids.push_back(row.integer(0)); }));
    EXPECT_EQ(ids, (std::vector<std::int64_t>{1, 3}));
}

}  // namespace
}  // namespace crosswalk::store

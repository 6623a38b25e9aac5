#include "failing_vfs.hpp"

#include "vfs_in_front.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <limits>
#include <mutex>

namespace crosswalk::store {
namespace {

constexpr int never = std::numeric_limits<int>::max();

std::atomic<int> calls_left{never};
std::atomic<int> files_left{never};
std::atomic<int> failure{SQLITE_IOERR};
std::atomic<bool> has_failed{false};
std::atomic<bool> fails_once{false};

std::mutex room_mutex;  // held while a file changes its size; guards the next
std::int64_t room_left = std::numeric_limits<std::int64_t>::max();

VfsInFront front;

// SQLite has one table of methods per way of locking: the database's and the write-ahead log's differ.
struct Patched {
    sqlite3_io_methods const* original = nullptr;
    sqlite3_io_methods methods{};
};
std::mutex patched_mutex;  // guards which entries are in use; an entry in use never changes
std::array<Patched, 8> patched;

sqlite3_io_methods const& original_of(sqlite3_file const* file) {
    auto const* const found = std::find_if(patched.begin(), patched.end(),
                                           [&](Patched const& entry) { return &entry.methods == file->pMethods; });
    assert(found != patched.end());
    return *found->original;
}

enum class Verdict { pass, first_failure, fail };

Verdict next_call() {
    int left = calls_left.load();
    while (left != never && left > 0 && !calls_left.compare_exchange_weak(left, left - 1)) {
    }
    if (left > 0) {
        return Verdict::pass;
    }
    if (fails_once) {
        calls_left = never;
    }
    return has_failed.exchange(true) ? Verdict::fail : Verdict::first_failure;
}

sqlite3_int64 size_of(sqlite3_file* file) {
    sqlite3_int64 size = 0;
    original_of(file).xFileSize(file, &size);
    return size;
}

int write_if_room(sqlite3_file* file, void const* bytes, int size, sqlite3_int64 offset) {
    std::lock_guard const lock(room_mutex);
    std::int64_t const grows = std::max<std::int64_t>(0, offset + size - size_of(file));
    if (grows > room_left) {
        return SQLITE_FULL;
    }
    int const status = original_of(file).xWrite(file, bytes, size, offset);
    room_left -= status == SQLITE_OK ? grows : 0;
    return status;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    std::lock_guard const lock(room_mutex);
    std::int64_t const before = size_of(file);
    int const status = original_of(file).xTruncate(file, size);
    room_left += status == SQLITE_OK && room_left != std::numeric_limits<std::int64_t>::max() ? before - size : 0;
    return status;
}

int write(sqlite3_file* file, void const* bytes, int size, sqlite3_int64 offset) {
    Verdict const verdict = next_call();
    if (verdict == Verdict::pass) {
        return write_if_room(file, bytes, size, offset);
    }
    if (verdict == Verdict::first_failure) {
        original_of(file).xWrite(file, bytes, size / 2, offset);
    }
    return failure;
}

int sync(sqlite3_file* file, int flags) {
    return next_call() == Verdict::pass ? original_of(file).xSync(file, flags) : failure.load();
}

int open(sqlite3_vfs*, char const* path, sqlite3_file* file, int flags, int* out_flags) {
    int left = files_left.load();
    while (left != never && left > 0 && !files_left.compare_exchange_weak(left, left - 1)) {
    }
    if (left == 0) {
        has_failed = true;
        file->pMethods = nullptr;
        return SQLITE_CANTOPEN;
    }
    int const status = front.real->xOpen(front.real, path, file, flags, out_flags);
    if (file->pMethods == nullptr) {
        return status;
    }
    std::lock_guard const lock(patched_mutex);
    auto* const entry = std::find_if(patched.begin(), patched.end(), [&](Patched const& known) {
        return known.original == nullptr || known.original == file->pMethods;
    });
    assert(entry != patched.end());
    if (entry->original == nullptr) {
        entry->original = file->pMethods;
        entry->methods = *entry->original;
        entry->methods.xWrite = write;
        entry->methods.xSync = sync;
        entry->methods.xTruncate = truncate;
    }
    file->pMethods = &entry->methods;
    return status;
}

}  // namespace

FailingDisk::FailingDisk() {
    front.install("failing", open);
    heal();
}

FailingDisk::~FailingDisk() {
    heal();
    front.remove();
}

void FailingDisk::fail_after(int calls, int status) {
    failure = status;
    has_failed = false;
    fails_once = false;
    calls_left = calls;
}

void FailingDisk::fail_once_after(int calls, int status) {
    fail_after(never, status);
    fails_once = true;
    calls_left = calls;
}

void FailingDisk::refuse_to_open_after(int files) {
    has_failed = false;
    files_left = files;
}

void FailingDisk::leave_room(std::int64_t bytes) {
    std::lock_guard const lock(room_mutex);
    room_left = bytes;
}

std::int64_t FailingDisk::room() const {
    std::lock_guard const lock(room_mutex);
    return room_left;
}

void FailingDisk::heal() {
    calls_left = never;
    files_left = never;
    leave_room(std::numeric_limits<std::int64_t>::max());
}

bool FailingDisk::failed() const {
    return has_failed;
}

}  // namespace crosswalk::store

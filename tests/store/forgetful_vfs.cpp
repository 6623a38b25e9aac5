#include "forgetful_vfs.hpp"

#include "vfs_in_front.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace crosswalk::store {
namespace {

constexpr std::int64_t block_bytes = 4096;

struct File {
    std::string platter;
    std::set<std::int64_t> dirty;  // blocks that are in the cache only
    bool fails_next = false;
    int failures = 0;
};

std::mutex mutex;  // guards what follows
std::map<std::string, File> files;
std::map<sqlite3_file*, std::string> names;
bool dead = false;

VfsInFront front;

struct Patched {
    sqlite3_io_methods const* original = nullptr;
    sqlite3_io_methods methods{};
};
std::array<Patched, 8> patched;

std::string content(std::string const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// From the cache to the platter. Only what is dirty is read: a log of megabytes is synced hundreds of times.
void store_dirty_blocks(std::string const& path, File& file) {
    auto const size = static_cast<std::int64_t>(std::filesystem::file_size(path));
    file.platter.resize(static_cast<std::size_t>(size));
    std::ifstream in(path, std::ios::binary);
    for (std::int64_t const block : file.dirty) {
        std::int64_t const begin = block * block_bytes;
        if (begin < size) {
            in.seekg(begin).read(file.platter.data() + begin, std::min(block_bytes, size - begin));
        }
    }
}

// Both with the lock held.
sqlite3_io_methods const& original_of(sqlite3_file const* file) {
    auto const* const found = std::find_if(patched.begin(), patched.end(),
                                           [&](Patched const& entry) { return &entry.methods == file->pMethods; });
    assert(found != patched.end());
    return *found->original;
}
File* known(sqlite3_file* file) {
    auto const named = names.find(file);
    return named == names.end() ? nullptr : &files[named->second];
}

int write(sqlite3_file* file, void const* bytes, int size, sqlite3_int64 offset) {
    std::lock_guard const lock(mutex);
    if (dead) {
        return SQLITE_IOERR_WRITE;
    }
    if (File* const at = known(file)) {
        for (std::int64_t block = offset / block_bytes; block * block_bytes < offset + size; ++block) {
            at->dirty.insert(block);
        }
    }
    return original_of(file).xWrite(file, bytes, size, offset);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    std::lock_guard const lock(mutex);
    return dead ? SQLITE_IOERR_TRUNCATE : original_of(file).xTruncate(file, size);
}

int sync(sqlite3_file* file, int flags) {
    std::lock_guard const lock(mutex);
    if (dead) {
        return SQLITE_IOERR_FSYNC;
    }
    File* const at = known(file);
    if (at == nullptr) {
        return original_of(file).xSync(file, flags);
    }
    if (at->fails_next) {
        at->fails_next = false;
        ++at->failures;
        at->dirty.clear();
        return SQLITE_IOERR_FSYNC;
    }
    store_dirty_blocks(names[file], *at);
    at->dirty.clear();
    return SQLITE_OK;
}

int close(sqlite3_file* file) {
    std::lock_guard const lock(mutex);
    names.erase(file);
    return original_of(file).xClose(file);
}

int open(sqlite3_vfs*, char const* path, sqlite3_file* file, int flags, int* out_flags) {
    int const status = front.real->xOpen(front.real, path, file, flags, out_flags);
    if (file->pMethods == nullptr) {
        return status;
    }
    std::lock_guard const lock(mutex);
    auto* const entry = std::find_if(patched.begin(), patched.end(), [&](Patched const& one) {
        return one.original == nullptr || one.original == file->pMethods;
    });
    assert(entry != patched.end());
    if (entry->original == nullptr) {
        entry->original = file->pMethods;
        entry->methods = *entry->original;
        entry->methods.xWrite = write;
        entry->methods.xTruncate = truncate;
        entry->methods.xSync = sync;
        entry->methods.xClose = close;
    }
    file->pMethods = &entry->methods;
    if (path != nullptr && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) != 0) {
        names[file] = path;
        files.try_emplace(path, File{content(path), {}, false, 0});
    }
    return status;
}

// Removing a file is in the folder's journal; it does not wait for the file's own sync.
int remove(sqlite3_vfs*, char const* path, int sync_folder) {
    std::lock_guard const lock(mutex);
    if (dead) {
        return SQLITE_IOERR_DELETE;
    }
    files.erase(path);
    return front.real->xDelete(front.real, path, sync_folder);
}

template <class Act>
void each_ending(std::string_view name_end, Act&& act) {
    std::lock_guard const lock(mutex);
    for (auto& [path, file] : files) {
        if (path.ends_with(name_end)) {
            act(file);
        }
    }
}

}  // namespace

ForgetfulDisk::ForgetfulDisk() {
    front.install("forgetful", open, remove);
}

ForgetfulDisk::~ForgetfulDisk() {
    front.remove();
    std::lock_guard const lock(mutex);
    files.clear();
    dead = false;
}

void ForgetfulDisk::fail_next_sync(std::string_view name_end) {
    each_ending(name_end, [](File& file) { file.fails_next = true; });
}

void ForgetfulDisk::forget_now(std::string_view name_end) {
    each_ending(name_end, [](File& file) {
        file.dirty.clear();
        file.fails_next = true;
    });
}

int ForgetfulDisk::failures(std::string_view name_end) const {
    int count = 0;
    each_ending(name_end, [&](File const& file) { count += file.failures; });
    return count;
}

void ForgetfulDisk::die() {
    std::lock_guard const lock(mutex);
    dead = true;
}

void ForgetfulDisk::start_again() {
    std::lock_guard const lock(mutex);
    dead = false;
}

void ForgetfulDisk::lose_power() {
    std::lock_guard const lock(mutex);
    assert(names.empty());
    for (auto const& [path, file] : files) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << file.platter;
        if (file.platter.empty()) {
            std::filesystem::remove(path);
        }
    }
    files.clear();
    dead = false;
}

}  // namespace crosswalk::store

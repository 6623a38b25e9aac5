#include "store/log_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>

namespace crosswalk::store {
namespace {

constexpr char const* vfs_name = "crosswalk-log";

sqlite3_vfs* real() noexcept {
    return sqlite3_vfs_find(nullptr);
}

struct Gathered {
    std::unique_ptr<char[]> real_file;  // as large as its file system asks for
    std::unique_ptr<char[]> bytes{new (std::nothrow) char[gathered_max]};
    std::size_t size = 0;
    sqlite3_int64 at = 0;  // where in the log they belong
};

// SQLite makes room for it and knows nothing of constructors.
struct LogFile {
    sqlite3_file base;  // first, because SQLite has only this
    Gathered* gathered;
};

Gathered& gathered_of(sqlite3_file* file) noexcept {
    return *reinterpret_cast<LogFile*>(file)->gathered;
}

sqlite3_file* real_file(sqlite3_file* file) noexcept {
    return reinterpret_cast<sqlite3_file*>(gathered_of(file).real_file.get());
}

int send_out(sqlite3_file* file) noexcept {
    Gathered& gathered = gathered_of(file);
    if (gathered.size == 0) {
        return SQLITE_OK;
    }
    auto const size = static_cast<int>(gathered.size);
    gathered.size = 0;
    sqlite3_file* const to = real_file(file);
    return to->pMethods->xWrite(to, gathered.bytes.get(), size, gathered.at);
}

// What a call does to the file itself, after all that was written before it.
template <class Call>
int after_all(sqlite3_file* file, Call&& call) noexcept {
    int const sent = send_out(file);
    return sent == SQLITE_OK ? call(real_file(file)) : sent;
}

int close(sqlite3_file* file) noexcept {
    int const sent = send_out(file);
    sqlite3_file* const to = real_file(file);
    int const closed = to->pMethods->xClose(to);  // in any case, for nobody else has its handle
    delete &gathered_of(file);
    return sent == SQLITE_OK ? closed : sent;
}

int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 at) noexcept {
    return after_all(file, [&](sqlite3_file* to) { return to->pMethods->xRead(to, bytes, size, at); });
}

int write(sqlite3_file* file, void const* bytes, int size, sqlite3_int64 at) noexcept {
    Gathered& gathered = gathered_of(file);
    auto const more = static_cast<std::size_t>(size);
    bool const follows = gathered.size > 0 && at == gathered.at + static_cast<sqlite3_int64>(gathered.size);
    if (!follows || gathered.size + more > gathered_max) {
        if (int const sent = send_out(file); sent != SQLITE_OK) {
            return sent;
        }
        gathered.at = at;
    }
    if (more > gathered_max) {
        sqlite3_file* const to = real_file(file);
        return to->pMethods->xWrite(to, bytes, size, at);
    }
    std::memcpy(gathered.bytes.get() + gathered.size, bytes, more);
    gathered.size += more;
    return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) noexcept {
    return after_all(file, [&](sqlite3_file* to) { return to->pMethods->xTruncate(to, size); });
}

int sync(sqlite3_file* file, int flags) noexcept {
    return after_all(file, [&](sqlite3_file* to) { return to->pMethods->xSync(to, flags); });
}

int file_size(sqlite3_file* file, sqlite3_int64* size) noexcept {
    return after_all(file, [&](sqlite3_file* to) { return to->pMethods->xFileSize(to, size); });
}

int lock(sqlite3_file* file, int level) noexcept {
    return real_file(file)->pMethods->xLock(real_file(file), level);
}

int unlock(sqlite3_file* file, int level) noexcept {
    return real_file(file)->pMethods->xUnlock(real_file(file), level);
}

int check_reserved_lock(sqlite3_file* file, int* held) noexcept {
    return real_file(file)->pMethods->xCheckReservedLock(real_file(file), held);
}

int file_control(sqlite3_file* file, int what, void* value) noexcept {
    return real_file(file)->pMethods->xFileControl(real_file(file), what, value);
}

int sector_size(sqlite3_file* file) noexcept {
    return real_file(file)->pMethods->xSectorSize(real_file(file));
}

int characteristics(sqlite3_file* file) noexcept {
    return real_file(file)->pMethods->xDeviceCharacteristics(real_file(file));
}

// Version 1: a log is neither shared memory nor mapped.
sqlite3_io_methods const log_methods{1,
                                     close,
                                     read,
                                     write,
                                     truncate,
                                     sync,
                                     file_size,
                                     lock,
                                     unlock,
                                     check_reserved_lock,
                                     file_control,
                                     sector_size,
                                     characteristics,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr,
                                     nullptr};

int open(sqlite3_vfs*, char const* name, sqlite3_file* file, int flags, int* out_flags) noexcept {
    sqlite3_vfs* const vfs = real();
    if ((flags & SQLITE_OPEN_WAL) == 0) {
        return vfs->xOpen(vfs, name, file, flags, out_flags);
    }
    file->pMethods = nullptr;  // until it is open, SQLite must not close it
    std::unique_ptr<Gathered> gathered(new (std::nothrow) Gathered);
    if (gathered) {
        gathered->real_file.reset(new (std::nothrow) char[static_cast<std::size_t>(vfs->szOsFile)]());
    }
    if (!gathered || !gathered->bytes || !gathered->real_file) {
        return SQLITE_NOMEM;
    }
    auto* const to = reinterpret_cast<sqlite3_file*>(gathered->real_file.get());
    int const opened = vfs->xOpen(vfs, name, to, flags, out_flags);
    if (opened != SQLITE_OK) {
        if (to->pMethods != nullptr) {
            to->pMethods->xClose(to);
        }
        return opened;
    }
    auto* const log = reinterpret_cast<LogFile*>(file);
    log->gathered = gathered.release();
    log->base.pMethods = &log_methods;
    return SQLITE_OK;
}

// Everything that is not about an open file is the default's own.
void stand_before(sqlite3_vfs& vfs, sqlite3_vfs const& other) noexcept {
    sqlite3_vfs_unregister(&vfs);
    vfs = other;
    vfs.pNext = nullptr;
    vfs.zName = vfs_name;
    vfs.szOsFile = std::max(other.szOsFile, static_cast<int>(sizeof(LogFile)));
    vfs.xOpen = open;
    sqlite3_vfs_register(&vfs, 0);
}

}  // namespace

char const* log_vfs() noexcept {
    static std::mutex mutex;
    static sqlite3_vfs vfs{};
    static sqlite3_vfs const* before = nullptr;
    std::lock_guard const lock(mutex);
    // Only tests change the default.
    if (sqlite3_vfs const* const now = real(); now != before) {
        stand_before(vfs, *now);
        before = now;
    }
    return vfs_name;
}

}  // namespace crosswalk::store

#include "simulation/file_layer.hpp"

#include "simulation/disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace crosswalk::simulation {
namespace {

constexpr int page_sector_bytes = 4096;  // what SQLite's own layer says of a disk
constexpr double noon_of_some_day = 2461000.0;

Disk* the_disk = nullptr;

// One open file; SQLite gives the memory.
struct Handle {
    sqlite3_file base;
    std::shared_ptr<File> file;
    int level = SQLITE_LOCK_NONE;
    bool maps_index = false;
    bool index_shared[SQLITE_SHM_NLOCK] = {};
};

Handle& handle_of(sqlite3_file* file) {
    return *reinterpret_cast<Handle*>(file);
}

int unlock(sqlite3_file* base, int level) {
    Handle& handle = handle_of(base);
    File& file = *handle.file;
    if (handle.level <= level) {
        return SQLITE_OK;
    }
    if (file.exclusive == &handle) {
        file.exclusive = nullptr;
    }
    if (file.reserved == &handle) {
        file.reserved = nullptr;
    }
    if (level == SQLITE_LOCK_NONE) {
        --file.shared;
    }
    handle.level = level;
    return SQLITE_OK;
}

int lock(sqlite3_file* base, int level) {
    Handle& handle = handle_of(base);
    File& file = *handle.file;
    if (handle.level >= level) {
        return SQLITE_OK;
    }
    if (file.exclusive != nullptr && file.exclusive != &handle) {
        return SQLITE_BUSY;
    }
    if (handle.level == SQLITE_LOCK_NONE) {
        ++file.shared;
        handle.level = SQLITE_LOCK_SHARED;
    }
    if (level == SQLITE_LOCK_SHARED) {
        return SQLITE_OK;
    }
    if (file.reserved != nullptr && file.reserved != &handle) {
        return SQLITE_BUSY;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE && file.shared > 1) {
        return SQLITE_BUSY;
    }
    file.reserved = &handle;
    if (level == SQLITE_LOCK_EXCLUSIVE) {
        file.exclusive = &handle;
    }
    handle.level = level;
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* base, int* reserved) {
    *reserved = handle_of(base).file->reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
}

int index_map(sqlite3_file* base, int region, int bytes, int extend, void volatile** memory) {
    Handle& handle = handle_of(base);
    File& file = *handle.file;
    if (!handle.maps_index) {
        handle.maps_index = true;
        ++file.index_users;
    }
    auto const wanted = static_cast<std::size_t>(region) + 1;
    while (extend != 0 && file.index.size() < wanted) {
        file.index.push_back(std::make_unique<char[]>(static_cast<std::size_t>(bytes)));
    }
    *memory = file.index.size() < wanted ? nullptr : file.index[wanted - 1].get();
    return SQLITE_OK;
}

int index_unlock(Handle& handle, int slot) {
    File& file = *handle.file;
    if (file.index_exclusive[slot] == &handle) {
        file.index_exclusive[slot] = nullptr;
    }
    if (handle.index_shared[slot]) {
        handle.index_shared[slot] = false;
        --file.index_shared[slot];
    }
    return SQLITE_OK;
}

bool index_is_free(Handle const& handle, int slot, bool shared) {
    File const& file = *handle.file;
    bool const owned = file.index_exclusive[slot] != nullptr && file.index_exclusive[slot] != &handle;
    int const others = file.index_shared[slot] - (handle.index_shared[slot] ? 1 : 0);
    return !owned && (shared || others == 0);
}

int index_lock(sqlite3_file* base, int first, int count, int flags) {
    Handle& handle = handle_of(base);
    bool const shared = (flags & SQLITE_SHM_SHARED) != 0;
    for (int slot = first; slot < first + count && (flags & SQLITE_SHM_UNLOCK) == 0; ++slot) {
        if (!index_is_free(handle, slot, shared)) {
            return SQLITE_BUSY;
        }
    }
    for (int slot = first; slot < first + count; ++slot) {
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
            index_unlock(handle, slot);
        } else if (!shared) {
            handle.file->index_exclusive[slot] = &handle;
        } else if (!handle.index_shared[slot]) {
            handle.index_shared[slot] = true;
            ++handle.file->index_shared[slot];
        }
    }
    return SQLITE_OK;
}

void index_barrier(sqlite3_file*) {}

int index_unmap(sqlite3_file* base, int) {
    Handle& handle = handle_of(base);
    if (!handle.maps_index) {
        return SQLITE_OK;
    }
    for (int slot = 0; slot < SQLITE_SHM_NLOCK; ++slot) {
        index_unlock(handle, slot);
    }
    handle.maps_index = false;
    if (--handle.file->index_users == 0) {
        handle.file->index.clear();
    }
    return SQLITE_OK;
}

int close(sqlite3_file* base) {
    Handle& handle = handle_of(base);
    index_unmap(base, 0);
    unlock(base, SQLITE_LOCK_NONE);
    handle.~Handle();
    return SQLITE_OK;
}

int read(sqlite3_file* base, void* bytes, int size, sqlite3_int64 offset) {
    if (the_disk->is_off()) {
        return SQLITE_IOERR_READ;
    }
    std::string const& content = handle_of(base).file->bytes;
    auto const wanted = static_cast<std::size_t>(size);
    auto const from = std::min(static_cast<std::size_t>(offset), content.size());
    std::size_t const got = content.copy(static_cast<char*>(bytes), wanted, from);
    if (got == wanted) {
        return SQLITE_OK;
    }
    std::memset(static_cast<char*>(bytes) + got, 0, wanted - got);
    return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* base, void const* bytes, int size, sqlite3_int64 offset) {
    return the_disk->write(*handle_of(base).file, static_cast<char const*>(bytes), static_cast<std::size_t>(size),
                           static_cast<std::size_t>(offset));
}

int truncate(sqlite3_file* base, sqlite3_int64 size) {
    return the_disk->truncate(*handle_of(base).file, static_cast<std::size_t>(size));
}

int sync(sqlite3_file* base, int) {
    return the_disk->sync(*handle_of(base).file);
}

int file_size(sqlite3_file* base, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(handle_of(base).file->bytes.size());
    return the_disk->is_off() ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file*) {
    return page_sector_bytes;
}

int characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

sqlite3_io_methods const methods{2,
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
                                 index_map,
                                 index_lock,
                                 index_barrier,
                                 index_unmap,
                                 nullptr,
                                 nullptr};

int open(sqlite3_vfs*, char const* path, sqlite3_file* base, int flags, int* out_flags) {
    base->pMethods = nullptr;
    if (the_disk->is_off()) {
        return SQLITE_CANTOPEN;
    }
    auto file = path == nullptr ? std::make_shared<File>() : the_disk->open(path, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!file) {
        return SQLITE_CANTOPEN;
    }
    auto* const handle = new (base) Handle{};
    handle->file = std::move(file);
    handle->base.pMethods = &methods;
    if (out_flags != nullptr) {
        *out_flags = flags;
    }
    return SQLITE_OK;
}

int remove(sqlite3_vfs*, char const* path, int) {
    if (the_disk->is_off()) {
        return SQLITE_IOERR_DELETE;
    }
    if (!the_disk->exists(path)) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    the_disk->remove(path);
    return SQLITE_OK;
}

int access(sqlite3_vfs*, char const* path, int, int* found) {
    *found = the_disk->exists(path) ? 1 : 0;
    return the_disk->is_off() ? SQLITE_IOERR_ACCESS : SQLITE_OK;
}

int full_pathname(sqlite3_vfs*, char const* path, int size, char* full) {
    sqlite3_snprintf(size, full, "%s", path);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs*, int size, char* bytes) {
    the_disk->randomness(bytes, size);
    return size;
}

int sleep(sqlite3_vfs*, int microseconds) {
    return microseconds;
}

int current_time(sqlite3_vfs*, double* days) {
    *days = noon_of_some_day;
    return SQLITE_OK;
}

int last_error(sqlite3_vfs*, int, char*) {
    return 0;
}

sqlite3_vfs layer;

}  // namespace

void install_file_layer(Disk& disk) {
    assert(the_disk == nullptr);
    the_disk = &disk;
    layer = {};
    layer.iVersion = 1;
    layer.szOsFile = static_cast<int>(sizeof(Handle));
    layer.mxPathname = 512;
    layer.zName = "simulated";
    layer.xOpen = open;
    layer.xDelete = remove;
    layer.xAccess = access;
    layer.xFullPathname = full_pathname;
    layer.xRandomness = randomness;
    layer.xSleep = sleep;
    layer.xCurrentTime = current_time;
    layer.xGetLastError = last_error;
    sqlite3_vfs_register(&layer, 1);
}

void remove_file_layer() {
    sqlite3_vfs_unregister(&layer);
    the_disk = nullptr;
}

}  // namespace crosswalk::simulation

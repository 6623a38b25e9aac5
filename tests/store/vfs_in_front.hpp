// A file system before SQLite's default one: a copy of it but for what is replaced.
//
// Threads  install and remove while nobody opens a connection. Owner  outlives the connections opened meanwhile.
#pragma once

#include <sqlite3.h>

namespace crosswalk::store {

struct VfsInFront {
    sqlite3_vfs* real = nullptr;  // what stood there before
    sqlite3_vfs shim{};

    using Open = decltype(sqlite3_vfs::xOpen);
    using Delete = decltype(sqlite3_vfs::xDelete);
    // From here on it is the default for connections that are opened. Null: as the real one.
    void install(char const* name, Open open, Delete deletes = nullptr) {
        real = sqlite3_vfs_find(nullptr);
        shim = *real;
        shim.zName = name;
        shim.pNext = nullptr;
        shim.xOpen = open;
        shim.xDelete = deletes == nullptr ? shim.xDelete : deletes;
        sqlite3_vfs_register(&shim, 1);
    }
    void remove() {
        sqlite3_vfs_unregister(&shim);
        sqlite3_vfs_register(real, 1);
    }
};

}  // namespace crosswalk::store

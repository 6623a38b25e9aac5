// A layer over SQLite's default file system that writes the write-ahead log in large pieces.
//
// Shape    SQLite writes each page of a commit with two calls, 24 bytes of header and the page, all of them end to end.
//          Here they are gathered, and go out as one write when the log is synced or read, or above `gathered_max`.
//          Other files are opened by the default file system itself.
// Order    nothing is gathered across a sync, and SQLite shows a commit to other connections only after its sync; so this
//          is for connections with `synchronous = FULL`, whose every commit ends in one.
// Errors   a gathered write that fails is the error of the sync or the read that sent it out, under SQLite's own code;
//          what was gathered is dropped with it, as SQLite rolls the commit back.
// Threads  as SQLite's: one connection's file is used by one thread at a time.
#pragma once

#include <cstddef>

namespace crosswalk::store {

// SQLite's Unix files take a write's size modulo 128 KiB, so that 128 KiB would be nothing.
inline constexpr std::size_t gathered_max = std::size_t{120} * 1024;

// The name to open a connection with. Looks at the file system that is the default now.
[[nodiscard]] char const* log_vfs() noexcept;

}  // namespace crosswalk::store

// The tables, and how a file of an older host becomes one of today.
//
// Shape    PRAGMA user_version counts the migrations that a file has seen; each runs once, in its own transaction.
// Errors   failed_precondition: a newer host wrote this file, it is not a Crosswalk store at all, or it was encrypted
//          with another key. The file is as it was then.
#pragma once

#include "model/error.hpp"
#include "store/key_ring.hpp"
#include "store/sqlite.hpp"

namespace crosswalk::store {

[[nodiscard]] int schema_version() noexcept;
[[nodiscard]] model::Result<void> migrate(Sqlite& sqlite, KeyRing& ring);

}  // namespace crosswalk::store

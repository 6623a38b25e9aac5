// The tables, and how a file of an older host becomes one of today.
//
// Shape    PRAGMA user_version counts the migrations that a file has seen; each runs once, in its own transaction.
// Errors   failed_precondition: a newer host wrote this file, or it is not a Crosswalk store at all.
#pragma once

#include "model/error.hpp"
#include "store/sqlite.hpp"

namespace crosswalk::store {

[[nodiscard]] int schema_version() noexcept;
[[nodiscard]] model::Result<void> migrate(Sqlite& sqlite);

}  // namespace crosswalk::store

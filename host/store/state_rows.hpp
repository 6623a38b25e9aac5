// Connectors' values and the cursors of polls as rows: what of them is encrypted, and under which key.
//
// Shape    kv.value and poll_cursor.value are ciphertext under the general key, bound to their rows. Names (connection,
//          key, route, selection) stand in the clear, because rows are found by them.
// Errors   as KeyRing; corruption: what is stored does not open in its place.
// Threads  any, for the texts; encrypt_version_5 as a migration.
#pragma once

#include "store/key_ring.hpp"
#include "store/sqlite.hpp"

#include <string>
#include <string_view>

namespace crosswalk::store {

[[nodiscard]] model::Result<std::string> seal_value(KeyRing const& ring, std::string_view connection,
                                                    std::string_view key, std::string_view plain);
[[nodiscard]] model::Result<std::string> open_value(KeyRing const& ring, std::string_view connection,
                                                    std::string_view key, std::string_view sealed);
[[nodiscard]] model::Result<std::string> seal_cursor(KeyRing const& ring, std::string_view route,
                                                     std::string_view plain);
[[nodiscard]] model::Result<std::string> open_cursor(KeyRing const& ring, std::string_view route,
                                                     std::string_view sealed);

// Version 5 of the schema kept both in the clear.
[[nodiscard]] model::Result<void> encrypt_version_5(Sqlite& sqlite, KeyRing& ring);

}  // namespace crosswalk::store

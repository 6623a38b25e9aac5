// Finding a part of a title whatever the case of its letters.
//
// SQLite folds ASCII only. This adds title_contains(title, needle) to a connection, which also folds Latin, Greek and
// Cyrillic letters, so that "åsa" finds "Åsa".
#pragma once

#include "model/error.hpp"
#include "store/sqlite.hpp"

#include <string>
#include <string_view>

namespace crosswalk::store {

// Bytes that are not UTF-8 stay as they are.
[[nodiscard]] std::string fold_case(std::string_view utf8);
[[nodiscard]] model::Result<void> add_title_search(Sqlite& sqlite);

}  // namespace crosswalk::store

// Finding a part of a title whatever the case of its letters: folds ASCII, Latin, Greek and Cyrillic letters, so that
// "åsa" finds "Åsa".
#pragma once

#include <string>
#include <string_view>

namespace crosswalk::store {

// Bytes that are not UTF-8 stay as they are.
[[nodiscard]] std::string fold_case(std::string_view utf8);

}  // namespace crosswalk::store

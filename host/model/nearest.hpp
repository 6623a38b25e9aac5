// Did you mean …? The one way in which the house suggests a name.
//
// Threads  a plain function. Limits  names above 128 bytes are never near.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::model {

// Of `known`, the name that `given` was most likely meant to be: few letters added, missing, changed or swapped (case
// does not count), or one is the beginning of the other. Empty when none is close; the first one wins a draw.
[[nodiscard]] std::string nearest(std::string_view given, std::vector<std::string> const& known);

}  // namespace crosswalk::model

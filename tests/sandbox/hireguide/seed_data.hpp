// The sample payloads under hireguide/samples/, as they are on disk; the build writes them into a source file.
#pragma once

#include <string_view>

namespace crosswalk::sandbox::hireguide::seed_data {

extern std::string_view const positions_list;

}  // namespace crosswalk::sandbox::hireguide::seed_data

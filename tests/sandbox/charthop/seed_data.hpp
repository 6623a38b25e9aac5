// The sample payloads under charthop/samples/, as they are on disk; the build writes them into a source file.
#pragma once

#include <string_view>

namespace crosswalk::sandbox::charthop::seed_data {

extern std::string_view const openapi;
extern std::string_view const job_find_page1;
extern std::string_view const job_find_page2;
extern std::string_view const person_find_match;
extern std::string_view const group_location_list;
extern std::string_view const field_built_in;

}  // namespace crosswalk::sandbox::charthop::seed_data

// The sample payloads under goco/samples/, as they are on disk; the build writes them into a source file.
#pragma once

#include <string_view>

namespace crosswalk::sandbox::goco::seed_data {

extern std::string_view const company;
extern std::string_view const departments;
extern std::string_view const locations;
extern std::string_view const job_titles;
extern std::string_view const employee_search_match;
extern std::string_view const employee_search_page1;
extern std::string_view const employee_search_page2;

}  // namespace crosswalk::sandbox::goco::seed_data

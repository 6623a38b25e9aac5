// The sample payloads under greenhouse/samples/, as they are on disk; the build writes them into a source file.
#pragma once

#include <string_view>

namespace crosswalk::sandbox::greenhouse::seed_data {

extern std::string_view const applications_list;
extern std::string_view const attachments_list;
extern std::string_view const candidates_list;
extern std::string_view const custom_fields_list_offer;
extern std::string_view const jobs_list;
extern std::string_view const offers_list_current;
extern std::string_view const openings_list;
extern std::string_view const users_list;

}  // namespace crosswalk::sandbox::greenhouse::seed_data

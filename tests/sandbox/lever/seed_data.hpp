// The sample payloads under lever/samples/, as they are on disk; the build writes them into a source file.
#pragma once

#include <string_view>

namespace crosswalk::sandbox::lever::seed_data {

extern std::string_view const opportunity_hired_expanded;
extern std::string_view const contact;
extern std::string_view const posting;
extern std::string_view const offers_list_signed;
extern std::string_view const stages_list;
extern std::string_view const archive_reasons_list;
extern std::string_view const users_list;
extern std::string_view const requisition;
extern std::string_view const requisition_fields_list;

}  // namespace crosswalk::sandbox::lever::seed_data

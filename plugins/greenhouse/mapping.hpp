// Greenhouse's records to canonical ones and back. Pure: the same record gives the same result.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::greenhouse {

inline constexpr std::string_view canonical_hire = "crosswalk.hire/1";
inline constexpr std::string_view note_schema = "greenhouse.note/1";

// greenhouse.hire/1 → crosswalk.hire/1, by the table mapping/hire.json. Warns about values that could not be used.
[[nodiscard]] connector::Record map_in(connector::Call& call, Settings const& settings, json::object hire);

// crosswalk.note/1 → what push() takes. Failure(CW_ERR_INVALID) names the fields that are missing.
[[nodiscard]] connector::Record map_note(connector::Call& call, json::object const& record);

}  // namespace crosswalk::greenhouse

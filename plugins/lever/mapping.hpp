// Lever's records to canonical ones and back. Pure: the same record gives the same result.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::lever {

inline constexpr std::string_view canonical_hire = "crosswalk.hire/1";
inline constexpr std::string_view note_schema = "lever.note/1";
inline constexpr std::string_view tag_schema = "lever.tag/1";
inline constexpr std::string_view file_schema = "lever.file/1";

// lever.hire/1 → crosswalk.hire/1, by the table mapping/hire.json. Warns about values that could not be used.
[[nodiscard]] connector::Record map_in(connector::Call& call, Settings const& settings, json::object hire);

// A canonical note, tag or attachment → what push() takes. Failure(CW_ERR_INVALID) names the fields that are missing.
[[nodiscard]] connector::Record map_out(connector::Call& call, connector::MapRequest const& request);

}  // namespace crosswalk::lever

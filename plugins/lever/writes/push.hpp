// What this connector does at Lever: notes, tags and files of opportunities, requisitions, postings. Lever has no
// idempotency keys, so whoever creates looks first whether an earlier attempt already did.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

inline constexpr std::string_view note_schema = "lever.note/1";
inline constexpr std::string_view tag_schema = "lever.tag/1";
inline constexpr std::string_view file_schema = "lever.file/1";

// A canonical record → what push() takes. Failure(CW_ERR_INVALID) names the fields that are missing.
[[nodiscard]] connector::Record map_out(connector::Call& call, connector::MapRequest const& request);

[[nodiscard]] connector::Outcome push(connector::Call& call, Api& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up(connector::Call& call, Api& api, connector::PushRequest const& request);

}  // namespace crosswalk::lever

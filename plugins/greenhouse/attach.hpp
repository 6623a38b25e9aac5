// Files of a candidate or an application, over Harvest v3.
//
// Greenhouse has no idempotency keys: a file is looked for by name and type before it is written. On a first attempt
// one of the same name counts only when its content is the same; after that the name is enough.
// Source   greenhouse.md section 6: the body is v1's with the ids beside it, which nobody has confirmed.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::greenhouse {

inline constexpr std::string_view attach_action = "attach_file";
inline constexpr std::string_view attachment_schema = "greenhouse.attachment/1";
// Content travels as base64 inside JSON, so it is in memory whole.
inline constexpr std::int64_t attachment_bytes_max = std::int64_t{16} * 1024 * 1024;

// crosswalk.attachment/1 → {candidate_id or application_id, file_name, type, content_type, and bytes, content_base64 or
// url}. Failure(CW_ERR_INVALID) names the fields that are missing.
[[nodiscard]] connector::Record map_attachment(connector::Call& call, json::object const& record);

[[nodiscard]] connector::Outcome attach(connector::Call& call, Api& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_attachment(connector::Call& call, Api& api,
                                                    connector::PushRequest const& request);

}  // namespace crosswalk::greenhouse

// Postings: a job as it is shown to applicants. The record lever.posting/1 is the posting as Lever prints it.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

inline constexpr std::string_view posting_schema = "lever.posting/1";
inline constexpr std::string_view canonical_posting = "crosswalk.posting/1";
inline constexpr std::string_view posting_update_schema = "lever.posting_update/1";

// One turn of posting.changed. Select {"posting": id} asks for one; Failure(CW_ERR_CONFIG) when Lever has no such one.
[[nodiscard]] bool poll_postings(connector::Call& call, Api& api, connector::PollRequest const& request);

// Emits the canonical postings of that id, or whose title holds that text in any case; at most 50.
void find_postings(connector::Call& call, Api& api, json::object const& query);

// lever.posting/1 → crosswalk.posting/1, by the table mapping/posting.json.
[[nodiscard]] connector::Record map_posting(connector::Call& call, json::object posting);

// crosswalk.posting/1 → lever.posting_update/1: what update_posting takes.
[[nodiscard]] connector::Record map_posting_out(connector::Call& call, json::object posting);

// Writes the fields that differ, in the acting user's name; without a difference nothing.
[[nodiscard]] connector::Outcome push_posting(connector::Call& call, Api& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_posting(connector::Call& call, Api& api,
                                                 connector::PushRequest const& request);

}  // namespace crosswalk::lever

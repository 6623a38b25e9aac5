// Applications and jobs as records of their own, from the webhook or from Harvest alike.
//
//     greenhouse.application/1   id, status, applied_at, rejected_at, updated_at, source, stage, prospect, job_post_id
//                                candidate {id, first_name, last_name, email_addresses, phone_numbers}   job, as below
//     greenhouse.posting/1       id, name, status, requisition_id, department, location, created_at, updated_at
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::greenhouse {

inline constexpr std::string_view application_schema = "greenhouse.application/1";
inline constexpr std::string_view posting_schema = "greenhouse.posting/1";
inline constexpr std::string_view canonical_application = "crosswalk.application/1";
inline constexpr std::string_view canonical_posting = "crosswalk.posting/1";

// payload.application of the webhook new_candidate_application.
[[nodiscard]] json::object application_of_webhook(json::value const& application);
// What Harvest v3 tells; `candidate` and `job` are null when they may not be read. `job` is a greenhouse.posting/1.
[[nodiscard]] json::object application_of_harvest(json::value const& application, json::value const& candidate,
                                                  json::value const& job);
// `department` and `office` are rows of Harvest, null when they may not be read.
[[nodiscard]] json::object posting_of_harvest(json::value const& job, json::value const& department,
                                              json::value const& office);

// The event without id, type and time.
[[nodiscard]] connector::Event application_event(json::object application);

// → crosswalk.application/1, crosswalk.posting/1. Failure(CW_ERR_INVALID) when the record names nothing.
[[nodiscard]] connector::Record map_application(connector::Call const& call, json::object application);
[[nodiscard]] connector::Record map_posting(connector::Call const& call, json::object posting);

}  // namespace crosswalk::greenhouse

// Requisitions: an approved need for people, with the code that both sides match it by.
//
// Records  lever.requisition/1          {"requisition": as Lever prints it, "users": {id: {name, email}}}
//          lever.requisition_metrics/1  {"id", "code", "as_of", "candidates", "active", "hired", "archived", "stages"}
//          lever.requisition_update/1   what upsert_requisition takes, see map_requisition_out()
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

inline constexpr std::string_view requisition_schema = "lever.requisition/1";
inline constexpr std::string_view metrics_schema = "lever.requisition_metrics/1";
inline constexpr std::string_view requisition_update_schema = "lever.requisition_update/1";
inline constexpr std::string_view canonical_requisition = "crosswalk.requisition/1";
inline constexpr std::string_view canonical_metrics = "crosswalk.requisition_metrics/1";

// One turn of requisition.listed: Lever tells of no changes, so all are read and compared by their content.
[[nodiscard]] bool poll_requisitions(connector::Call& call, Api& api, connector::PollRequest const& request);

// One turn of requisition.metrics: counts the opportunities on the postings of a few requisitions.
[[nodiscard]] bool poll_metrics(connector::Call& call, Api& api, connector::PollRequest const& request);

// Emits the canonical requisitions of that id or code, or whose name or code holds that text; at most 50.
void find_requisitions(connector::Call& call, Api& api, json::object const& query);

// A requisition with the users that it names, as the record of requisition.listed.
class Lookups;
[[nodiscard]] json::object requisition_record(Lookups& lookups, json::value requisition);

// To canonical, by mapping/requisition.json.
[[nodiscard]] connector::Record map_requisition(connector::Call& call, json::object record);
[[nodiscard]] connector::Record map_metrics(connector::Call& call, json::object record);

// crosswalk.requisition/1 → {"theirs": ref, "code", "fields": in Lever's words, "status", "hiring_manager", "owner":
// e-mail addresses, "department", "custom"}.
[[nodiscard]] connector::Record map_requisition_out(connector::Call& call, json::object requisition);

// Creates or changes the requisition that is linked with the record, else the one of its code. Lever replaces the whole
// object, so it is read, merged and written; without a difference nothing is.
[[nodiscard]] connector::Outcome push_requisition(connector::Call& call, Api& api,
                                                  connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_requisition(connector::Call& call, Api& api,
                                                     connector::PushRequest const& request);

}  // namespace crosswalk::lever

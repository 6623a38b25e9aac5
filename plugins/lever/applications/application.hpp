// One candidate's way through one job: the record lever.application/1.
//
//     opportunity   as Lever prints it, stage expanded    contact       the person; may be absent
//     application   may be absent                         posting       without its advertising text; may be absent
//     archiveReason of an archived one                    deletedAt     ms, of one that Lever no longer has
#pragma once

#include "lookups.hpp"
#include "webhook.hpp"
#include <crosswalk/connector.hpp>

#include <optional>

namespace crosswalk::lever {

inline constexpr std::string_view application_schema = "lever.application/1";
inline constexpr std::string_view canonical_application = "crosswalk.application/1";

// What an opportunity must be asked to expand for application_of().
inline constexpr std::string_view application_expansion = "expand=applications&expand=contact&expand=stage";

// The new application that a webhook speaks of. nullopt, with the reason noted, when there is none to carry: deleted,
// anonymised, confidential, archived meanwhile.
[[nodiscard]] std::optional<json::object> fetch_application(connector::Call& call, Api& api, Delivery const& delivery);

// The record of an opportunity that a list or a read brought.
[[nodiscard]] json::object application_of(Lookups& lookups, json::value opportunity);

// One turn of application.changed. Select {"posting": id} asks for one posting's opportunities, archived ones included.
// Deleted and anonymised ones are told of only where another connection has a record linked with them.
[[nodiscard]] bool poll_applications(connector::Call& call, Api& api, connector::PollRequest const& request);

// lever.application/1 → crosswalk.application/1, by the table mapping/application.json.
[[nodiscard]] connector::Record map_application(connector::Call& call, Settings const& settings, json::object record);

}  // namespace crosswalk::lever

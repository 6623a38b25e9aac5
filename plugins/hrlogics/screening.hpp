// Screenings out of HRLogics, from its callback and from its list of changes.
//
// Shape    one state of one screening becomes up to two events: screening.completed, and screening.decided when the
//          status has a tag and the survey was submitted. Their ids are made of applicant, status and time of the
//          change, so that a callback and the row of the list that says the same are one event to a route.
// Errors   Failure; an applicant that this connection did not create is no failure: no event, and the reason.
#pragma once

#include "api.hpp"
#include "callback.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::hrlogics {

inline constexpr std::string_view applicant_kind = "applicant";
inline constexpr std::string_view result_schema = "hrlogics.screening/1";
inline constexpr std::string_view decision_schema = "hrlogics.decision/1";

// Emits the events of a verified callback.
void parse_callback(connector::Call& call, Api const& api, connector::WebhookRequest const& request);

// One page of the changes; true asks for the next one.
[[nodiscard]] bool poll_changes(connector::Call& call, Api const& api, connector::PollRequest const& request);

}  // namespace crosswalk::hrlogics

// Canonical records of what HRLogics says, and HRLogics' applicant of a canonical application. Pure.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::hrlogics {

inline constexpr std::string_view applicant_schema = "hrlogics.applicant/1";

// A crosswalk.screening_result/1 of hrlogics.screening/1.
[[nodiscard]] connector::Record map_result(connector::Call const& call, json::object const& screening);

// A crosswalk.tag/1 of hrlogics.decision/1: exactly one of the tags of status_map, in the place of its others.
[[nodiscard]] connector::Record map_decision(connector::Call const& call, Settings const& settings,
                                             json::object const& decision);

// Its key is the applicant's external_id. Social security numbers and dates of birth are left out, however they came
// in.
[[nodiscard]] connector::Record map_applicant(connector::Call& call, Settings const& settings,
                                              json::object const& application);

}  // namespace crosswalk::hrlogics

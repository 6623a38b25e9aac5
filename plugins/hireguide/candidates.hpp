// Applicants of the ATS become candidates of a position, where interviewers find them by part of their name.
#pragma once

#include "positions.hpp"

namespace crosswalk::hireguide {

inline constexpr char const* candidate_kind = "candidate";

// action upsert_candidate, a hireguide.candidate/1. What Hireguide holds already is unchanged; a record that no
// configured position is about, or whose position is gone, is skipped.
[[nodiscard]] connector::Outcome upsert_candidate(Api const& api, Positions& positions,
                                                  connector::PushRequest const& request);

}  // namespace crosswalk::hireguide

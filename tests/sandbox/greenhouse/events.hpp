// The payloads of webhooks, composed from the records.
//
// Source   greenhouse.md, sections 4.5 and 4.6; samples/webhooks/.
// Threads  the state's lock is held.
#pragma once

#include "sandbox/greenhouse/state.hpp"

#include <boost/json.hpp>

#include <cstdint>

namespace crosswalk::sandbox::greenhouse {

// hire_candidate, with the current offer if there is one; {"application": …}.
[[nodiscard]] boost::json::object hire_payload(State const& state, std::int64_t application);

// new_candidate_application, as the sample has it but for interviews and the hiring team.
[[nodiscard]] boost::json::object application_payload(State const& state, std::int64_t application);

// unhire_candidate: active again, and no offer.
[[nodiscard]] boost::json::object unhire_payload(State const& state, std::int64_t application);

// offer_created, offer_approved, offer_updated: flat, with the start month first.
[[nodiscard]] boost::json::object offer_payload(State const& state, std::int64_t offer);

// delete_candidate: {"person": …}.
[[nodiscard]] boost::json::object delete_payload(State const& state, std::int64_t candidate);

}  // namespace crosswalk::sandbox::greenhouse

// The endpoints H1 to H8 of the contract, one function each; hrlogics.cpp has the table. The state's lock is held.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/hrlogics/errors.hpp"
#include "sandbox/hrlogics/state.hpp"

namespace crosswalk::sandbox::hrlogics {

struct Call {
    State& state;
    Request const& request;
    Arguments ids;
};

// applicants.cpp
[[nodiscard]] Answer create_applicant(Call const& call);
[[nodiscard]] Answer get_applicant(Call const& call);
[[nodiscard]] Answer find_applicants(Call const& call);
[[nodiscard]] Answer resend_survey(Call const& call);

// screenings.cpp
[[nodiscard]] Answer list_changes(Call const& call);
[[nodiscard]] Answer register_callback(Call const& call);
[[nodiscard]] Answer remove_callback(Call const& call);

// tokens.cpp: OAuth client credentials.
[[nodiscard]] Answer request_token(State& state, Request const& request);
[[nodiscard]] bool is_authorized(State& state, Request const& request);

// RFC 3339 in UTC: "2026-11-21T21:00:00Z", "2026-11-21T21:00:00.250Z".
[[nodiscard]] bool is_time(std::string_view text) noexcept;

}  // namespace crosswalk::sandbox::hrlogics

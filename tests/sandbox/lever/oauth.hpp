// Lever's OAuth, played: a consent page that answers at once, codes, access tokens, refresh tokens that change each
// time.
//
// Paths    GET /lever/authorize, POST /lever/oauth/token (form-encoded, client in the body).
// Strict   the audience decides: without it, or with another one, only offline_access is granted. A code works once and
//          with its own redirect_uri; a refresh token works once.
// Threads  take the state's lock themselves.
#pragma once

#include "sandbox/lever/controls.hpp"
#include "sandbox/lever/state.hpp"

#include <optional>

namespace crosswalk::sandbox::lever {

// Nothing when the request is for another path.
[[nodiscard]] std::optional<Answer> answer_oauth(State& state, Request const& request);

// What the person says, how long tokens live, which client there is.
[[nodiscard]] Answer control_oauth(ControlCall const& call);
// Ends every access token; refresh tokens stay.
[[nodiscard]] Answer control_expire_tokens(ControlCall const& call);
// Settings > Authorized Apps > Revoke: ends access and refresh tokens.
[[nodiscard]] Answer control_revoke_consent(ControlCall const& call);

}  // namespace crosswalk::sandbox::lever

// Where a vendor sends the person back who was asked for a consent: GET /oauth/callback.
//
// Shape    an HTML page without script that says in words what happened. 200 connected · 400 refused, unknown, used or
//          too old · 405 not GET · 502 the vendor gave no token.
// Threads  safe from any thread. Owner  borrows the desk.
// Privacy  neither code nor state is repeated, logged or left in a referrer.
#pragma once

#include "access/desk.hpp"
#include "http/server.hpp"

#include <string_view>

namespace crosswalk::access {

inline constexpr std::string_view callback_path = "/oauth/callback";

[[nodiscard]] http::Response answer_callback(Desk& desk, http::Request const& request);

}  // namespace crosswalk::access

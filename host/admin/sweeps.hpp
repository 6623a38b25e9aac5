// What sweeps found on a connection, and a sweep that a person asks for.
#pragma once

#include "admin/api.hpp"

#include <boost/json/object.hpp>

namespace crosswalk::admin {

// When the connection was swept last, what was missing and what keeps webhooks from coming, added to its view as
// "sweep"; nothing where nobody sweeps it.
void add_sweep(Api& api, std::string const& connection, boost::json::object& view);

// One page: {"from": "2026-11-01"}, and "event" and "cursor" of the page before; "backfill" takes what is missing.
[[nodiscard]] http::Response sweep_connection(Api& api, Call const& call);

}  // namespace crosswalk::admin

// What Lever should have told by webhook: hires and new applications of a window of time, listed from the
// opportunities; and what in Lever's settings may keep webhooks from coming.
//
// Source   GET /opportunities with archived_at_* and updated_at_*; GET /webhooks. README.md says what Lever does not
//          tell.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::lever {

// One page. The listed events carry {"opportunity": id} only.
[[nodiscard]] bool sweep(connector::Call& call, Api& api, connector::SweepRequest const& request);

// The whole event of a listed one.
void fetch_swept(connector::Call& call, Api& api, connector::Event const& listed);

// Warns of each webhook that is missing, goes elsewhere, is limited or cannot be verified here.
void diagnose(connector::Call& call, Api& api, std::string_view url, json::array const& triggers);

}  // namespace crosswalk::lever

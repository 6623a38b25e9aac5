// What Greenhouse should have told by webhook, over Harvest v3: new applications and hires of a window of time; and
// what keeps webhooks from coming.
//
// Hires    Harvest does not say when somebody was hired. An accepted offer says when it was resolved, and who is hired
//          has one; a page of these and their applications, which must be hired, are two requests.
// Limits   who was hired without an offer, or later than the window reaches back after accepting one, is not listed.
//          Webhooks cannot be read by any documented call.
// Errors   as api.hpp; CW_ERR_UNSUPPORTED with Harvest v1.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::greenhouse {

// One page. The listed events carry {"application": id} only.
[[nodiscard]] bool sweep(connector::Call& call, Api& api, connector::SweepRequest const& request);

// The whole event of a listed one, as parsing its webhook would have made it.
void fetch_swept(connector::Call& call, Api& api, connector::Event const& listed);

// `triggers` are those that somebody waits for. Reads what the credential may still read of what they need.
void diagnose(connector::Call& call, Api& api, json::array const& triggers);

}  // namespace crosswalk::greenhouse

// What Greenhouse should have told by webhook: new applications of a window of time, over Harvest v3; and where to look
// when webhooks do not come.
//
// Limits   hires are not listed: Harvest does not say when somebody was hired, and prints a hire in another shape than
//          the webhook that the connector reads. Webhooks cannot be read by any documented call.
// Errors   as api.hpp; CW_ERR_UNSUPPORTED with Harvest v1.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::greenhouse {

// One page. The listed events carry {"application": id} only.
[[nodiscard]] bool sweep(connector::Call& call, Api& api, connector::SweepRequest const& request);

// The whole event of a listed one.
void fetch_swept(connector::Call& call, Api& api, connector::Event const& listed);

void diagnose(connector::Call& call, Settings const& settings);

}  // namespace crosswalk::greenhouse

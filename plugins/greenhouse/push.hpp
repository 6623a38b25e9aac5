// Notes in a candidate's activity feed.
//
// Greenhouse has no idempotency keys. A note therefore ends in a marker made from ours; a second attempt looks for it
// before it writes.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::greenhouse {

[[nodiscard]] connector::Outcome push(connector::Call& call, Api& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up(connector::Call& call, Api& api, connector::PushRequest const& request);

}  // namespace crosswalk::greenhouse

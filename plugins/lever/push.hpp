// Writing to one opportunity: notes, tags, files.
//
// Lever has no idempotency keys. A note therefore ends in a marker made from ours, a file is known by its name and
// size, a tag is a set's member; a second attempt looks for the first one's effect before it repeats anything.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

[[nodiscard]] connector::Outcome push(connector::Call& call, Api& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up(connector::Call& call, Api& api, connector::PushRequest const& request);

}  // namespace crosswalk::lever

// What the connector says of itself: triggers, actions, secrets, addresses, limits.
#pragma once

#include <crosswalk/connector.h>

namespace crosswalk::lever {

[[nodiscard]] cw_descriptor const& descriptor() noexcept;

}  // namespace crosswalk::lever

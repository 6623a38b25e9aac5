// Lever's OAuth: which addresses, and which permissions for what the connection is used for. The host runs the dance
// and keeps the tokens.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

// The settings under /auth. Failure(CW_ERR_CONFIG) names what is missing.
[[nodiscard]] OAuth read_oauth(json::object const& auth, bool sandbox);

// The record crosswalk.oauth/1; empty unless the connection authenticates by OAuth.
[[nodiscard]] json::object describe_oauth(Settings const& settings);

}  // namespace crosswalk::lever

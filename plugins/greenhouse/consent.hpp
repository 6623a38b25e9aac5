// How the host gets tokens when a person consents to the app of a listed partner: the record crosswalk.oauth/1.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::greenhouse {

// Empty unless the connection's auth is of type oauth.
[[nodiscard]] json::object describe_oauth(Settings const& settings);

}  // namespace crosswalk::greenhouse

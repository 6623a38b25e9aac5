// What monitors ask: no token, no personal data.
#pragma once

#include "admin/api.hpp"

namespace crosswalk::admin {

[[nodiscard]] http::Response livez(Api& api, Call const& call);
[[nodiscard]] http::Response readyz(Api& api, Call const& call);
[[nodiscard]] http::Response version(Api& api, Call const& call);
[[nodiscard]] http::Response metrics(Api& api, Call const& call);

}  // namespace crosswalk::admin

// POST /api/v1/connections/{name}/settings/check: would these settings do? Nothing is written.
#pragma once

#include "admin/api.hpp"

namespace crosswalk::admin {

// 200 {"valid":true}; 422 with what is wrong; 400: the body has no object "settings"; 404: no such connection; 409: its
// connector is not loaded.
[[nodiscard]] http::Response check_settings(Api& api, Call const& call);

}  // namespace crosswalk::admin

// Connectors, connections and routes: what is there, in which state, and the switches an operator has.
#pragma once

#include "admin/api.hpp"

namespace crosswalk::admin {

[[nodiscard]] http::Response list_connectors(Api& api, Call const& call);
[[nodiscard]] http::Response list_connections(Api& api, Call const& call);
[[nodiscard]] http::Response check_connection(Api& api, Call const& call);
[[nodiscard]] http::Response resume_connection(Api& api, Call const& call);
[[nodiscard]] http::Response list_routes(Api& api, Call const& call);
[[nodiscard]] http::Response set_route_mode(Api& api, Call const& call);

}  // namespace crosswalk::admin

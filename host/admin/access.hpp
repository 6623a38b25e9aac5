// The access of connections: authorize, webhooks at the vendor, secrets, disconnect and connect.
#pragma once

#include "admin/api.hpp"

#include <boost/json/object.hpp>

namespace crosswalk::admin {

// State, reason and webhooks of a connection, added to its view.
void add_access(Api& api, std::string const& connection, boost::json::object& view);

[[nodiscard]] http::Response authorize_connection(Api& api, Call const& call);
[[nodiscard]] http::Response subscribe_connection(Api& api, Call const& call);
[[nodiscard]] http::Response rotate_secret(Api& api, Call const& call);
[[nodiscard]] http::Response disconnect_connection(Api& api, Call const& call);
[[nodiscard]] http::Response connect_connection(Api& api, Call const& call);

}  // namespace crosswalk::admin

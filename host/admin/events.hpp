// Events and their deliveries: list, show, replay; what was given up is in dead.hpp.
#pragma once

#include "admin/api.hpp"

namespace crosswalk::admin {

[[nodiscard]] http::Response list_events(Api& api, Call const& call);
[[nodiscard]] http::Response show_event(Api& api, Call const& call);
[[nodiscard]] http::Response replay_event(Api& api, Call const& call);
[[nodiscard]] http::Response conservation(Api& api, Call const& call);

}  // namespace crosswalk::admin

// Events and their deliveries: list, show, replay, retry, discard.
#pragma once

#include "admin/api.hpp"

namespace crosswalk::admin {

[[nodiscard]] http::Response list_events(Api& api, Call const& call);
[[nodiscard]] http::Response show_event(Api& api, Call const& call);
[[nodiscard]] http::Response replay_event(Api& api, Call const& call);
[[nodiscard]] http::Response retry_delivery(Api& api, Call const& call);
[[nodiscard]] http::Response discard_delivery(Api& api, Call const& call);
[[nodiscard]] http::Response list_dead(Api& api, Call const& call);
[[nodiscard]] http::Response conservation(Api& api, Call const& call);

}  // namespace crosswalk::admin

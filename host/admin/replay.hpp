// Dead letters tried again: rehearsed, replayed, edited.
#pragma once

#include "admin/api.hpp"

namespace crosswalk::admin {

[[nodiscard]] http::Response replay_dead(Api& api, Call const& call);
[[nodiscard]] http::Response edit_dead(Api& api, Call const& call);

}  // namespace crosswalk::admin

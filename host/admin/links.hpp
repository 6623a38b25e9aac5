// Links between records: what is the same as what, and the way to mend a wrong one.
#pragma once

#include "admin/api.hpp"

namespace crosswalk::admin {

[[nodiscard]] http::Response list_links(Api& api, Call const& call);
[[nodiscard]] http::Response remove_link(Api& api, Call const& call);

}  // namespace crosswalk::admin

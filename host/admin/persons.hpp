// Erasing a person, for who answers for personal data.
#pragma once

#include "admin/api.hpp"

namespace crosswalk::admin {

[[nodiscard]] http::Response erase_person(Api& api, Call const& call);

}  // namespace crosswalk::admin

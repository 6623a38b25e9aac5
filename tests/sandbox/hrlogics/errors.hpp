// HRLogics' error answers, as in the contract: {"error": {"code", "message", "details"?}}.
#pragma once

#include "sandbox/exchange.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox::hrlogics {

struct Detail {
    std::string field;
    std::string reason;
};

// 400 when the request itself is malformed, 422 when its fields are.
[[nodiscard]] Answer validation_failed(int status, std::vector<Detail> const& details);
[[nodiscard]] Answer duplicate(std::string_view existing_id);
// Carries Retry-After.
[[nodiscard]] Answer rate_limited();
[[nodiscard]] Answer not_found();

// What HRLogics says with this status.
[[nodiscard]] Answer error_of_status(int status);

}  // namespace crosswalk::sandbox::hrlogics

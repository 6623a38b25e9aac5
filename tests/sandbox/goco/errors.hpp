// GoCo's error answers, as in samples/error_*.json: {"error": {"code", "message", "details"?}}.
#pragma once

#include "sandbox/exchange.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox::goco {

struct Detail {
    std::string field;
    std::string reason;
};

// 400 when the request itself is malformed, 422 when its fields are.
[[nodiscard]] Answer validation_failed(int status, std::vector<Detail> const& details);
[[nodiscard]] Answer unauthorized();
[[nodiscard]] Answer forbidden();
[[nodiscard]] Answer not_found(std::string_view message);
[[nodiscard]] Answer duplicate(std::string_view field, std::string_view existing_id);
// Carries Retry-After.
[[nodiscard]] Answer rate_limited();

// What GoCo says with this status.
[[nodiscard]] Answer error_of_status(int status);

}  // namespace crosswalk::sandbox::goco

// Hireguide's error answers: {"error": {"code", "message", "details"?}}.
#pragma once

#include "sandbox/exchange.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox::hireguide {

struct Detail {
    std::string field;
    std::string reason;
};

[[nodiscard]] boost::json::object error_object(std::string_view code, std::string_view message,
                                               std::vector<Detail> const& details = {});
[[nodiscard]] Answer error(int status, std::string_view code, std::string_view message,
                           std::vector<Detail> const& details = {});
// 400 when the request itself is malformed, 422 when its fields are.
[[nodiscard]] Answer invalid(int status, std::vector<Detail> const& details);
[[nodiscard]] Answer no_such(std::string_view thing);

// What Hireguide says with this status.
[[nodiscard]] Answer error_of_status(int status);

}  // namespace crosswalk::sandbox::hireguide

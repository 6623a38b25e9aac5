// Moments as Hireguide writes them: RFC 3339 in UTC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crosswalk::hireguide {

// "2026-11-21T21:20:00Z" as milliseconds since 1970; a fraction of a second is cut off. 0 when it is nothing like it.
[[nodiscard]] std::int64_t parse_time(std::string_view text) noexcept;
[[nodiscard]] std::string print_time(std::int64_t unix_ms);

}  // namespace crosswalk::hireguide

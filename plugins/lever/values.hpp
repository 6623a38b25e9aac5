// Reading Lever's loosely typed values: an id or the object itself, times as numbers or as text of digits.
#pragma once

#include <crosswalk/connector.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::lever {

namespace json = boost::json;

// The id of something that Lever prints as an id or, when expanded, as the object. Empty when there is neither.
[[nodiscard]] std::string_view id_of(json::value const* value);

// Milliseconds since 1970 or a size: an integer, or a text of digits. nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> integer_of(json::value const* value);

// "2026-11-22" and "2026-11-22T08:00:00.000Z", both UTC. nullopt outside the years 1 to 9999.
[[nodiscard]] std::optional<std::string> utc_date(std::int64_t unix_ms);
[[nodiscard]] std::optional<std::string> utc_time(std::int64_t unix_ms);

// A calendar date that exists, written YYYY-MM-DD.
[[nodiscard]] bool is_date(std::string_view text);

// Without white space at its ends; inside, each run of white space (Unicode's too) becomes one blank.
[[nodiscard]] std::string folded(std::string_view text);

// Case folded by Unicode's rules and composed, to compare names that people type.
[[nodiscard]] std::string lowered(std::string_view text);

}  // namespace crosswalk::lever

// Reading Greenhouse's values: numeric ids, days and times.
#pragma once

#include <crosswalk/connector.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::greenhouse {

namespace json = boost::json;

// The digits of the positive id at a JSON Pointer; empty when there is none.
[[nodiscard]] std::string id_at(json::value const& root, std::string_view pointer);
[[nodiscard]] bool is_id(std::string_view text) noexcept;

// A calendar date that exists, written YYYY-MM-DD.
[[nodiscard]] bool is_date(std::string_view text);

// Milliseconds since 1970 of "2014-11-20T22:49:14Z", with or without a fraction. nullopt for anything else.
[[nodiscard]] std::optional<std::int64_t> unix_ms_of(std::string_view text);

// "2026-11-22T08:00:00Z". Only for the years 1 to 9999.
[[nodiscard]] std::string utc_time(std::int64_t unix_ms);

// Without white space at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);
// ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);

}  // namespace crosswalk::greenhouse

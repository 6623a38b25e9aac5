// Times as Greenhouse writes them: ISO 8601 in UTC, and month first in the events of offers.
//
// Units    milliseconds since 1970 UTC.
// Threads  safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::sandbox::greenhouse {

[[nodiscard]] std::string iso(std::int64_t ms);          // "2026-11-18T12:00:00.000Z"
[[nodiscard]] std::string iso_seconds(std::int64_t ms);  // "2026-11-18T12:00:00Z"

// Takes both of the above and a plain date; nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);
[[nodiscard]] bool is_date(std::string_view text);

// "12/07/2026" of "2026-12-07"; empty of anything else.
[[nodiscard]] std::string month_first(std::string_view date);

}  // namespace crosswalk::sandbox::greenhouse

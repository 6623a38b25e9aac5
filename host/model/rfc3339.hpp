// Times as people and other programs write them, read back.
//
// Threads  a plain function.
#pragma once

#include "model/clock.hpp"

#include <optional>
#include <string_view>

namespace crosswalk::model {

// A date ("2026-11-22": its beginning) or a time in UTC ("2026-11-22T08:00Z", seconds and up to six decimals as one
// likes). Nothing for any other text, another offset and a day or hour that no calendar has.
[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text) noexcept;

}  // namespace crosswalk::model

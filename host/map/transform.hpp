// The closed set of transforms: each takes any value and gives text or nothing. None of them fails.
//
// Units    dates are UTC, years 0001 to 9999.
// Source   Unicode's simple case mapping and white space through utf8proc; RFC 3339 for times.
#pragma once

#include "model/mapping.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::map {

// "trim" …, as it is written in a route.
[[nodiscard]] std::string_view name(model::Transform transform) noexcept;

// The value as text: strings as they are, numbers and booleans as people write them. Lists, objects and null have none.
[[nodiscard]] std::optional<std::string> text_of(boost::json::value const& value);

// nullopt: the transform makes nothing of this value, or only blank text.
//
// date takes a whole number as milliseconds; as text milliseconds need at least 11 digits, because shorter ones are
// more likely seconds or a date such as 20261122, which would quietly become a day in 1970.
[[nodiscard]] std::optional<std::string> transformed(model::Transform transform, boost::json::value const& value);

// True when there is nothing but white space, byte order marks and zero-width spaces.
[[nodiscard]] bool is_blank(std::string_view text) noexcept;

}  // namespace crosswalk::map

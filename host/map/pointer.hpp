// JSON Pointers (RFC 6901) as the rules use them: to read, to write and to take away one place in a record.
//
// Shape    a Pointer names at least one field; "" (the whole record) is not one.
// Limits   at most pointer_tokens_max steps.
// Threads  plain functions and values.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::map {

inline constexpr std::size_t pointer_tokens_max = 32;

using Pointer = std::vector<std::string>;

// nullopt: the text does not start with '/', has a stray '~', or has too many steps.
[[nodiscard]] std::optional<Pointer> parse_pointer(std::string_view text);

// What stands there, null included; nullptr when nothing does.
[[nodiscard]] boost::json::value const* find(boost::json::object const& root, Pointer const& pointer);

// Puts a value there and makes the objects on the way. List elements are replaced, never added.
// False, and nothing changed, when something on the way is neither an object nor a list with that element.
[[nodiscard]] bool put(boost::json::object& root, Pointer const& pointer, boost::json::value value);

// Takes away what stands there; a list element becomes null, so that its neighbours keep their places.
void take_away(boost::json::object& root, Pointer const& pointer);

}  // namespace crosswalk::map

// Changes one value of a JSON text inside an input, so that what comes out is still JSON.
//
// Why      most of what vendors send is JSON. A fuzzer that changes bytes makes nearly all of it unreadable, and sees
//          the parser's refusal and little of what stands behind it.
// Threads  plain functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::fuzz {

// Takes one part of the input (targets.hpp) that is JSON from its first bracket on, and changes one value in it: to
// another kind, another length, a value from elsewhere in the text, with a member or element more or less. The same
// seed makes the same change. Nothing when no part is JSON.
[[nodiscard]] std::optional<std::string> mutate_json(std::string_view input, unsigned seed);

}  // namespace crosswalk::fuzz

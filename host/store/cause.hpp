// Why something died, as a code that many dead letters share: what to group, list and replay them by.
//
// Shape    "<stage>.<error code>" and, when fields are to blame, ":" and their names: "push.invalid_argument:email".
//          The reason in words may name a number or an id and so differs from one letter to the next; this does not.
// Stages   read     the item could not be parsed or brought into canonical form; read.corruption: nor can the store
//                   read any more what it kept of it, of an item or of a delivery
//          map      the route's rules or the target's mapping refused the record; nothing was sent
//          push     the target refused it, or its attempts ran out
//          unknown  it may have been applied, and nobody could say
// Privacy  names of fields only, never values; at most cause_bytes_max.
#pragma once

#include "model/error.hpp"
#include "model/outcome.hpp"

#include <cstddef>
#include <string>

namespace crosswalk::store {

inline constexpr std::size_t cause_bytes_max = 240;

// Of an item that is buried.
[[nodiscard]] std::string cause_of_item(model::Error const& error);
// Of a delivery that was decided without asking the target.
[[nodiscard]] std::string cause_of_mapping(model::AttemptReport const& report);
// Of a delivery whose last attempt ended like this.
[[nodiscard]] std::string cause_of_attempt(model::AttemptReport const& report);

}  // namespace crosswalk::store

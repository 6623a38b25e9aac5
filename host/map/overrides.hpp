// What a person set or took away in one record, on top of the rules of its route.
//
// Shape    fields are JSON Pointers into the canonical record: "/personal_email", "/extra/badge" for a field of the
//          target's own. Where a rule wrote or complained about the same field, the person has the last word.
// Errors   problems in the result: a pointer that is none, a field that the schema does not have (the nearest is
// named),
//          a place that cannot be written. Texts name fields, never values.
// Threads  plain functions and values.
#pragma once

#include "map/mapper.hpp"

#include <string_view>
#include <vector>

namespace crosswalk::map {

inline constexpr std::string_view set_by_person = "set by a person";
inline constexpr std::string_view removed_by_person = "removed by a person";

// In order. `schema` is the canonical schema of the record.
void put_overrides(std::string_view schema, std::vector<Override> const& overrides, Mapped& mapped);

}  // namespace crosswalk::map

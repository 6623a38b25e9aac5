// Whose is a record? The names by which a person is found again: e-mail addresses and references.
//
// Shape    an address is trimmed and in lower case; a reference is "connection/kind/id". In a canonical record only the
//          person that it is about counts: a manager, recruiter or interviewer is named in records of many others, and
//          one who is erased must not take these along. Of any other record nobody knows who is who.
// Limits   64 handles of one record; a text above 512 bytes is none.
// Threads  plain functions.
// Source   plugin-api/schemas.
#pragma once

#include "model/record.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::store {

enum class Owner : std::uint8_t {
    nobody,  // a requisition, a posting: about a job
    person,  // the handles name one person
    unsure,  // not canonical: the handles are all addresses that stand in it
};

struct Handles {
    Owner owner = Owner::unsure;
    std::vector<std::string> texts;  // each once
};

[[nodiscard]] Handles handles_of(model::Record const& record);

// The handle in what a person typed; empty when it is neither an address nor a reference.
[[nodiscard]] std::string handle_from(std::string_view typed);
[[nodiscard]] bool is_address(std::string_view handle) noexcept;

}  // namespace crosswalk::store

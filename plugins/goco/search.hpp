// Is this hire in GoCo already? The duplicate rule of goco.md section 3.
//
// Shape    every page of /paths/employee_search is read and compared here: the server's filter may be a prefix match,
//          a contains match or none. Any status counts, former employees too.
// Errors   those of Api; nothing has been applied when one is thrown.
#pragma once

#include "api.hpp"

#include <optional>
#include <string>

namespace crosswalk::goco {

struct Person {
    json::object row;
    [[nodiscard]] std::string id(Api const& api) const { return id_text(api.field(row, "id")); }
};

struct Found {
    std::optional<Person> ours;      // carries our external_id: an earlier attempt made it
    std::optional<Person> namesake;  // somebody whom the duplicate rule takes for the same person
};

// `hire` is a goco.employee/1 record.
[[nodiscard]] Found search_employee(Api const& api, json::object const& hire);

// Does the person with that id carry this external_id?
[[nodiscard]] std::optional<Person> read_back(Api const& api, std::string const& id);
[[nodiscard]] bool is_ours(Api const& api, Person const& person, std::string_view external_id);

}  // namespace crosswalk::goco

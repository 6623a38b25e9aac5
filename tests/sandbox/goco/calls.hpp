// The endpoints G1 to G9 of the contract, one function each; goco.cpp has the table. The state's lock is held.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/goco/errors.hpp"
#include "sandbox/goco/state.hpp"

#include <functional>
#include <vector>

namespace crosswalk::sandbox::goco {

// `ids` begins with the company's url name, already checked.
struct Call {
    State& state;
    Request const& request;
    Arguments ids;
};

[[nodiscard]] Answer get_company(Call const& call);
[[nodiscard]] Answer list_departments(Call const& call);
[[nodiscard]] Answer list_locations(Call const& call);
[[nodiscard]] Answer list_job_titles(Call const& call);

// employees.cpp
[[nodiscard]] Answer search_employees(Call const& call);
[[nodiscard]] Answer get_employee(Call const& call);
[[nodiscard]] Answer create_employee(Call const& call);

// documents.cpp
[[nodiscard]] Answer upload_document(Call const& call);

// {"data": […], "meta": {"limit", "offset", "total"}} of what has passed the filters.
[[nodiscard]] Answer answer_page(Request const& request,
                                 std::vector<std::reference_wrapper<boost::json::object const>> const& all);

// What is wrong with a new employee; empty if it may be created (employee_rules.cpp).
[[nodiscard]] std::vector<Detail> check_employee(State& state, boost::json::object const& wanted);

}  // namespace crosswalk::sandbox::goco

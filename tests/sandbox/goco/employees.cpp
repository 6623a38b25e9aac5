#include "sandbox/goco/calls.hpp"

#include <algorithm>

namespace crosswalk::sandbox::goco {
namespace {

namespace json = boost::json;

// An empty filter is no filter.
bool name_fits(NameFilter filter, std::string const& name, std::string const& wanted) {
    switch (filter) {
        case NameFilter::contains:
            return name.find(wanted) != std::string::npos;
        case NameFilter::exact:
            return wanted.empty() || name == wanted;
        case NameFilter::prefix:
            break;
    }
    return name.starts_with(wanted);
}

bool email_fits(Employee const& employee, std::string const& wanted) {
    return wanted.empty() || lower(text_of(employee.printed, "personal_email")) == wanted ||
           lower(text_of(employee.printed, "work_email")) == wanted;
}

json::object const* find_duplicate(State const& state, json::object const& wanted) {
    auto const external_id = text_of(wanted, "external_id");
    auto const first = fold(text_of(wanted, "first_name"));
    auto const last = fold(text_of(wanted, "last_name"));
    auto const found = std::find_if(state.employees.begin(), state.employees.end(), [&](Employee const& employee) {
        if (state.settings.duplicates == Duplicates::external_id) {
            return !external_id.empty() && text_of(employee.printed, "external_id") == external_id;
        }
        return employee.first_name == first && employee.last_name == last;
    });
    return found == state.employees.end() ? nullptr : &found->printed;
}

Answer create_now(State& state, json::object wanted) {
    if (auto const details = check_employee(state, wanted); !details.empty()) {
        return validation_failed(422, details);
    }
    if (state.settings.duplicates != Duplicates::off) {
        if (auto const* const existing = find_duplicate(state, wanted); existing != nullptr) {
            bool const by_name = state.settings.duplicates == Duplicates::name;
            return duplicate(by_name ? "name" : "external_id", text_of(*existing, "id"));
        }
    }
    std::string const id = "emp_" + std::to_string(state.next_employee++);
    wanted["id"] = id;
    wanted["status"] = "pending";
    wanted["profile_url"] = "https://goco.example/" + text_of(state.company, "url_name") + "/employees/" + id;
    wanted["created_at"] = timestamp();
    return json_answer(201, {{"data", state.add_employee(std::move(wanted))}});
}

}  // namespace

Answer search_employees(Call const& call) {
    Request const& request = call.request;
    auto const first = fold(request.parameter("first_name").value_or(""));
    auto const last = fold(request.parameter("last_name").value_or(""));
    auto const name = fold(request.parameter("name").value_or(""));
    auto const email = lower(request.parameter("email").value_or(""));
    auto const external_id = request.parameter("external_id").value_or("");
    NameFilter const filter = call.state.settings.name_filter;
    std::vector<std::reference_wrapper<json::object const>> matching;
    for (Employee const& employee : call.state.employees) {
        if (name_fits(filter, employee.first_name, first) && name_fits(filter, employee.last_name, last) &&
            (name.empty() || name_fits(filter, employee.first_name + " " + employee.last_name, name)) &&
            email_fits(employee, email) &&
            (external_id.empty() || text_of(employee.printed, "external_id") == external_id)) {
            matching.emplace_back(employee.printed);
        }
    }
    return answer_page(request, matching);
}

Answer get_employee(Call const& call) {
    auto const* const employee = call.state.find_employee(call.ids[1]);
    return employee == nullptr ? not_found("No employee with that id")
                               : json_answer(200, {{"data", employee->printed}});
}

Answer create_employee(Call const& call) {
    auto wanted = call.request.json_object();
    if (!wanted) {
        return validation_failed(400, {{"body", "must be a JSON object"}});
    }
    State& state = call.state;
    std::string const key(call.request.header("Idempotency-Key"));
    if (!state.settings.idempotency_honoured || key.empty()) {
        return create_now(state, std::move(*wanted));
    }
    if (auto const known = state.idempotency.find(key); known != state.idempotency.end()) {
        return known->second.request_body == call.request.body
                   ? known->second.answer
                   : validation_failed(422, {{"Idempotency-Key", "was used with another body"}});
    }
    Answer answer = create_now(state, std::move(*wanted));
    if (answer.status == 201 && state.idempotency.size() < State::remembered_max) {
        state.idempotency.emplace(key, Remembered{call.request.body, answer});
    }
    return answer;
}

}  // namespace crosswalk::sandbox::goco

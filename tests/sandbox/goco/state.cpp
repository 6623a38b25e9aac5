#include "sandbox/goco/state.hpp"

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Timestamp.h>
#include <Poco/UTF8String.h>

namespace crosswalk::sandbox::goco {

namespace json = boost::json;

json::object const& State::add_employee(json::object printed) {
    Employee employee{.printed = std::move(printed), .first_name = {}, .last_name = {}};
    employee.first_name = fold(text_of(employee.printed, "first_name"));
    employee.last_name = fold(text_of(employee.printed, "last_name"));
    employee_index.insert_or_assign(text_of(employee.printed, "id"), employees.size());
    return employees.emplace_back(std::move(employee)).printed;
}

void State::clear_employees() {
    employees.clear();
    employee_index.clear();
    documents.clear();
    idempotency.clear();
}

Employee* State::find_employee(std::string_view id) {
    auto const found = employee_index.find(std::string(id));
    return found == employee_index.end() ? nullptr : &employees[found->second];
}

void State::reset() {
    settings = Settings();
    bucket = TokenBucket();
    clear_employees();
    departments.clear();
    locations.clear();
    job_titles.clear();
    next_employee = 902;
    next_document = 31;
    seed(*this);
}

std::string fold(std::string_view name) {
    while (name.starts_with(' ')) {
        name.remove_prefix(1);
    }
    while (name.ends_with(' ')) {
        name.remove_suffix(1);
    }
    return Poco::UTF8::toLower(std::string(name));
}

std::string text_of(json::object const& record, std::string_view name) {
    auto const* const found = record.if_contains({name.data(), name.size()});
    if (found == nullptr || !found->is_string()) {
        return {};
    }
    return {found->get_string().c_str(), found->get_string().size()};
}

std::string timestamp() {
    return Poco::DateTimeFormatter::format(Poco::Timestamp(), Poco::DateTimeFormat::ISO8601_FORMAT);
}

}  // namespace crosswalk::sandbox::goco

#include "sandbox/goco/seed_data.hpp"
#include "sandbox/goco/state.hpp"

namespace crosswalk::sandbox::goco {
namespace {

namespace json = boost::json;

json::object object_in(std::string_view sample) {
    return json::parse({sample.data(), sample.size()}).at("data").as_object();
}

json::array array_in(std::string_view sample) {
    return json::parse({sample.data(), sample.size()}).at("data").as_array();
}

void add_all(std::deque<json::object>& into, std::string_view sample) {
    for (json::value const& record : array_in(sample)) {
        into.push_back(record.as_object());
    }
}

}  // namespace

void seed(State& state) {
    state.company = object_in(seed_data::company);
    add_all(state.departments, seed_data::departments);
    add_all(state.locations, seed_data::locations);
    add_all(state.job_titles, seed_data::job_titles);
    for (std::string_view const sample :
         {seed_data::employee_search_page1, seed_data::employee_search_page2, seed_data::employee_search_match}) {
        for (json::value const& record : array_in(sample)) {
            json::object employee = record.as_object();
            employee.emplace("status", "active");
            state.add_employee(std::move(employee));
        }
    }
    // The manager whom the sample request names; the direct manager of the sample offer in Lever.
    state.add_employee({{"id", "emp_77"},
                        {"first_name", "Direct"},
                        {"last_name", "Manager"},
                        {"personal_email", nullptr},
                        {"work_email", "manager@example.com"},
                        {"status", "active"},
                        {"created_at", "2025-02-03T15:04:05Z"}});
}

}  // namespace crosswalk::sandbox::goco

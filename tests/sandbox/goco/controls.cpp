#include "sandbox/goco/controls.hpp"

#include "sandbox/fields.hpp"

#include <array>

namespace crosswalk::sandbox::goco {
namespace {

namespace json = boost::json;

Answer list_employees(ControlCall const& call) {
    auto const first = call.request.parameter("first_name");
    auto const last = call.request.parameter("last_name");
    auto const external_id = call.request.parameter("external_id");
    auto const source = call.request.parameter("import_source");
    json::array printed;
    for (Employee const& employee : call.state.employees) {
        if ((!first || text_of(employee.printed, "first_name") == *first) &&
            (!last || text_of(employee.printed, "last_name") == *last) &&
            (!external_id || text_of(employee.printed, "external_id") == *external_id) &&
            (!source || text_of(employee.printed, "import_source") == *source)) {
            printed.push_back(employee.printed);
        }
    }
    return json_answer(200, {{"count", printed.size()}, {"employees", std::move(printed)}});
}

// Whatever the test says, unchecked: so that GoCo may hold people whom its API would not take.
Answer add_employee(ControlCall const& call) {
    json::object employee = call.body;
    employee.emplace("id", "emp_" + std::to_string(call.state.next_employee));
    employee.emplace("status", "active");
    employee.emplace("created_at", timestamp());
    ++call.state.next_employee;
    return json_answer(201, call.state.add_employee(std::move(employee)));
}

Answer clear_employees(ControlCall const& call) {
    call.state.clear_employees();
    return {.status = 204};
}

Answer list_documents(ControlCall const& call) {
    auto const employee = call.request.parameter("employee");
    json::array printed;
    for (json::object const& document : call.state.documents) {
        if (!employee || text_of(document, "employee_id") == *employee) {
            printed.push_back(document);
        }
    }
    return json_answer(200, {{"count", printed.size()}, {"documents", std::move(printed)}});
}

Answer add_named(ControlCall const& call, std::deque<json::object>& into, std::string const& prefix) {
    Fields fields(call.body);
    auto const name = fields.text("name");
    if (!fields.complaint().empty() || !name) {
        return control_refusal(400, "name is required and alone");
    }
    json::object const record{{"id", prefix + std::to_string(1000 + into.size())}, {"name", *name}};
    into.push_back(record);
    return json_answer(201, record);
}

Answer add_department(ControlCall const& call) {
    return add_named(call, call.state.departments, "dep_");
}

Answer add_location(ControlCall const& call) {
    return add_named(call, call.state.locations, "loc_");
}

Answer add_job_title(ControlCall const& call) {
    return add_named(call, call.state.job_titles, "job_");
}

// The value that a word of the control side stands for; false when it stands for none.
template <typename Value, std::size_t size>
bool choose(std::optional<std::string> const& word, std::array<std::pair<std::string_view, Value>, size> const& words,
            Value& value) {
    for (auto const& [known, meant] : words) {
        if (word && *word == known) {
            value = meant;
            return true;
        }
    }
    return !word;
}

Answer change_settings(ControlCall const& call) {
    static constexpr std::array<std::pair<std::string_view, NameFilter>, 3> filters{
        {{"prefix", NameFilter::prefix}, {"contains", NameFilter::contains}, {"exact", NameFilter::exact}}};
    static constexpr std::array<std::pair<std::string_view, Duplicates>, 3> duplicate_rules{
        {{"off", Duplicates::off}, {"external_id", Duplicates::external_id}, {"name", Duplicates::name}}};
    static constexpr std::array<std::pair<std::string_view, bool>, 2> idempotency{
        {{"ignored", false}, {"honoured", true}}};
    Fields fields(call.body);
    Settings settings = call.state.settings;
    settings.api_key = fields.text("api_key").value_or(settings.api_key);
    settings.full_access = fields.flag("full_access").value_or(settings.full_access);
    settings.rate_per_s = fields.number("rate_per_s").value_or(settings.rate_per_s);
    settings.burst = fields.number("burst").value_or(settings.burst);
    bool const understood = choose(fields.text("name_filter"), filters, settings.name_filter) &
                            choose(fields.text("duplicates"), duplicate_rules, settings.duplicates) &
                            choose(fields.text("idempotency"), idempotency, settings.idempotency_honoured);
    if (auto const complaint = fields.complaint(); !complaint.empty() || !understood) {
        return control_refusal(400, complaint.empty() ? "a setting has a value that is not known" : complaint);
    }
    call.state.settings = settings;
    call.state.bucket = TokenBucket();
    return json_answer(200, {{"changed", true}});
}

}  // namespace

std::vector<Endpoint<ControlCall>> const& controls() {
    static std::vector<Endpoint<ControlCall>> const endpoints{
        {"GET", "/employees", list_employees, {"first_name", "last_name", "external_id", "import_source"}},
        {"POST", "/employees", add_employee},
        {"DELETE", "/employees", clear_employees},
        {"GET", "/documents", list_documents, {"employee"}},
        {"POST", "/departments", add_department},
        {"POST", "/locations", add_location},
        {"POST", "/job_titles", add_job_title},
        {"POST", "/settings", change_settings},
    };
    return endpoints;
}

}  // namespace crosswalk::sandbox::goco

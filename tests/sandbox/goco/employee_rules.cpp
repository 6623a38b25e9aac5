#include "sandbox/goco/calls.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace crosswalk::sandbox::goco {
namespace {

namespace json = boost::json;

constexpr std::size_t text_bytes_max = 255;
constexpr std::array<std::string_view, 12> known_fields{
    "external_id",   "import_source", "first_name", "last_name",       "personal_email", "personal_phone",
    "department_id", "location_id",   "job_title",  "employment_type", "start_date",     "manager_id"};
constexpr std::array<std::string_view, 4> employment_types{"Contractor", "full_time", "partner_time", "Temporary"};

bool has_record(std::deque<json::object> const& records, char const* field, std::string const& value) {
    return std::any_of(records.begin(), records.end(),
                       [&](json::object const& record) { return text_of(record, field) == value; });
}

// One @ with something before it and a dotted name behind it, no blanks.
bool looks_like_email(std::string const& text) {
    auto const at = text.find('@');
    auto const dot = text.rfind('.');
    return at != std::string::npos && at > 0 && text.find('@', at + 1) == std::string::npos &&
           dot != std::string::npos && dot > at + 1 && dot + 1 < text.size() &&
           text.find_first_of(" \t\r\n") == std::string::npos;
}

bool is_date(std::string const& text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    auto const year = parse_number(text.substr(0, 4));
    auto const month = parse_number(text.substr(5, 2));
    auto const day = parse_number(text.substr(8, 2));
    if (!year || !month || !day || *month < 0 || *day < 0) {
        return false;
    }
    return std::chrono::year_month_day(std::chrono::year(static_cast<int>(*year)),
                                       std::chrono::month(static_cast<unsigned>(*month)),
                                       std::chrono::day(static_cast<unsigned>(*day)))
        .ok();
}

// Why a field's text is refused; empty if it is fine.
std::string complaint_about(State& state, std::string_view field, std::string const& text) {
    if (text.size() > text_bytes_max) {
        return "must not be longer than 255 bytes";
    }
    if (field == "first_name" || field == "last_name") {
        return fold(text).empty() ? "must not be blank" : "";
    }
    if (field == "personal_email") {
        return looks_like_email(text) ? "" : "must be an e-mail address";
    }
    if (field == "department_id") {
        return has_record(state.departments, "id", text) ? "" : "must be the id of a department";
    }
    if (field == "location_id") {
        return has_record(state.locations, "id", text) ? "" : "must be the id of a location";
    }
    if (field == "job_title") {
        return has_record(state.job_titles, "name", text) ? "" : "must be an existing job title";
    }
    if (field == "manager_id") {
        return state.find_employee(text) != nullptr ? "" : "must be the id of an employee";
    }
    if (field == "start_date") {
        return is_date(text) ? "" : "must be YYYY-MM-DD";
    }
    if (field == "employment_type") {
        bool const known = std::find(employment_types.begin(), employment_types.end(), text) != employment_types.end();
        return known ? "" : "must be one of Contractor, full_time, partner_time, Temporary";
    }
    return text.empty() ? "must not be empty" : "";
}

}  // namespace

std::vector<Detail> check_employee(State& state, json::object const& wanted) {
    std::vector<Detail> details;
    for (char const* const required : {"first_name", "last_name"}) {
        if (!wanted.contains(required)) {
            details.push_back({required, "is required"});
        }
    }
    for (auto const& member : wanted) {
        std::string const field(member.key().data(), member.key().size());
        if (std::find(known_fields.begin(), known_fields.end(), field) == known_fields.end()) {
            details.push_back({field, "is not a known field"});
        } else if (!member.value().is_string()) {
            details.push_back({field, "must be a string"});
        } else if (auto reason = complaint_about(state, field, text_of(wanted, field)); !reason.empty()) {
            details.push_back({field, std::move(reason)});
        }
    }
    return details;
}

}  // namespace crosswalk::sandbox::goco

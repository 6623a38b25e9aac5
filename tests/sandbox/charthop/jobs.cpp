#include "sandbox/charthop/calls.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::charthop {
namespace {

namespace json = boost::json;

constexpr std::size_t title_size_max = 160;

struct Words {
    std::string_view code;
    std::vector<std::string_view> allowed;
};
std::vector<Words> const& enumerations() {
    static std::vector<Words> const all{
        {"recruit", {"ACTIVE", "PASSIVE", "INACTIVE", "PENDING", "OFFER", "CLOSED"}},
        {"employment", {"FULL", "PART", "TEMP", "CONTRACT", "INTERN", "EXPAT"}},
        {"sensitive", {"GLOBAL", "ORG", "SENSITIVE", "PERSONAL", "MANAGER", "HIGH", "PRIVATE"}}};
    return all;
}
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> group_codes{
    {{"department", "DEPARTMENT"}, {"team", "TEAM"}, {"location", "LOCATION"}}};

std::string text_of_value(json::value const& value) {
    return value.is_string() ? std::string(value.get_string()) : std::string();
}

std::string value_complaint(State& state, std::string const& code, json::value const& value) {
    std::string const text = text_of_value(value);
    for (Words const& words : enumerations()) {
        if (words.code == code) {
            bool const known = std::find(words.allowed.begin(), words.allowed.end(), text) != words.allowed.end();
            return known ? "" : code + " is none of its values";
        }
    }
    for (auto const& [name, type] : group_codes) {
        if (name == code) {
            return state.find_group(std::string(type), text).empty() ? code + " is no group" : "";
        }
    }
    if (code == "hiremgr" || code == "recruiter") {
        return state.knows_person(text) ? "" : code + " is nobody";
    }
    if (code == "title") {
        return text.empty() || text.size() > title_size_max ? "title must have 1 to 160 characters" : "";
    }
    if (code == "base") {
        bool const interval = value.is_object() && value.get_object().contains("interval");
        return state.contract.complaint(interval ? "PayInterval" : "Money", value);
    }
    if (code == "startDate" || code == "startDatePlanned") {
        return text.size() == 10 && text[4] == '-' && text[7] == '-' ? "" : code + " is no date";
    }
    return {};
}

bool is_open(json::object const& job) {
    return text_of(job, "personId").empty();
}

std::vector<std::string> codes_in(std::string const& fields) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin < fields.size();) {
        std::size_t const comma = std::min(fields.find(',', begin), fields.size());
        out.push_back(fields.substr(begin, comma - begin));
        begin = comma + 1;
    }
    return out;
}

}  // namespace

json::object print_job(State const& state, json::object const& job, std::string const& fields) {
    json::object whole = job;
    whole["open"] = is_open(job) ? "open" : "filled";
    whole["state"] = is_open(job) ? "OPEN" : "FILLED";
    for (auto const& [code, type] : group_codes) {
        std::string const id = text_of(job, code);
        auto const of_type = state.groups.find(std::string(type));
        if (!id.empty() && of_type != state.groups.end() && of_type->second.contains(id)) {
            whole[std::string(code) + ".name"] = of_type->second.at(id).at("name");
        }
    }
    if (fields.empty()) {
        return whole;
    }
    json::object out{{"jobId", job.at("jobId")}};
    for (std::string const& wanted : codes_in(fields)) {
        for (auto const& [code, value] : whole) {
            if (lower({code.data(), code.size()}) == lower(wanted)) {
                out[code] = value;
            }
        }
    }
    return out;
}

std::string job_complaint(State& state, json::object const& values, bool is_new) {
    if (is_new && !values.contains("title")) {
        return "title is required";
    }
    for (auto const& [key, value] : values) {
        std::string const code(key.data(), key.size());
        bool const known = state.fields.contains(lower(code));
        if (!known) {
            return code + " is no field";
        }
        if (auto why = value.is_null() ? std::string() : value_complaint(state, code, value); !why.empty()) {
            return why;
        }
    }
    return {};
}

void write_job(State const& state, json::object& job, json::object const& values) {
    for (auto const& [code, value] : values) {
        job[code] = value;
    }
    for (auto const& [code, type] : group_codes) {
        std::string const id = state.find_group(std::string(type), text_of(job, code));
        if (!id.empty()) {
            job[std::string(code)] = id;
        }
    }
}

Answer list_jobs(Call const& call) {
    std::string const filter = call.request.parameter("q").value_or("");
    std::string const fields = call.request.parameter("fields").value_or("");
    std::vector<json::object> rows;
    for (auto const& [id, job] : call.state.jobs) {
        auto const wanted = fits(job, filter, is_open(job));
        if (!wanted) {
            return refusal(400, "the query cannot be read");
        }
        if (*wanted) {
            rows.push_back(print_job(call.state, job, fields));
        }
    }
    return answer_page(call, rows, "jobId");
}

Answer get_job(Call const& call) {
    auto const job = call.state.jobs.find(call.ids[1]);
    return job == call.state.jobs.end()
               ? refusal(404, "job not found")
               : answer_row(call, 200,
                            print_job(call.state, job->second, call.request.parameter("fields").value_or("")));
}

Answer create_job(Call const& call) {
    json::object const values = call.request.json_object().value_or(json::object{});
    if (auto const why = job_complaint(call.state, values, true); !why.empty()) {
        return refusal(400, why);
    }
    std::string const id = call.state.next_id();
    json::object& job = call.state.jobs[id];
    job["jobId"] = id;
    write_job(call.state, job, values);
    call.news.push_back(call.state.add_event("change.create.create", app_user, {{"jobId", id}}, {}));
    return answer_row(call, created(call.state), print_job(call.state, job, {}));
}

Answer change_job(Call const& call) {
    auto const job = call.state.jobs.find(call.ids[1]);
    if (job == call.state.jobs.end()) {
        return refusal(404, "job not found");
    }
    json::object const values = call.request.json_object().value_or(json::object{});
    if (auto const why = values.empty() ? "nothing to change" : job_complaint(call.state, values, false);
        !why.empty()) {
        return refusal(400, why);
    }
    write_job(call.state, job->second, values);
    json::array changed;
    for (auto const& entry : values) {
        changed.emplace_back(entry.key());
    }
    call.news.push_back(call.state.add_event("change.create.update", app_user, {{"jobId", call.ids[1]}}, changed));
    return answer_row(call, 200, print_job(call.state, job->second, {}));
}

Answer list_groups(Call const& call) {
    auto const of_type = call.state.groups.find(call.ids[1]);
    if (of_type == call.state.groups.end()) {
        return refusal(400, "no such group type");
    }
    std::string const wanted = lower(call.request.parameter("search").value_or(""));
    std::vector<json::object> rows;
    for (auto const& [id, group] : of_type->second) {
        if (lower(text_of(group, "name")).find(wanted) != std::string::npos) {
            rows.push_back(group);
        }
    }
    return answer_page(call, rows, "id");
}

Answer create_group(Call const& call) {
    json::object const values = call.request.json_object().value_or(json::object{});
    std::string const name = text_of(values, "name");
    if (!call.state.groups.contains(call.ids[1]) || name.empty() || values.size() != 1) {
        return refusal(400, "a group has a type and a name");
    }
    std::string const id = call.state.next_id();
    json::object const group{{"id", id}, {"name", name}};
    call.state.groups[call.ids[1]][id] = group;
    return answer_row(call, created(call.state), group);
}

}  // namespace crosswalk::sandbox::charthop

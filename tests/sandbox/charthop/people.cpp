#include "sandbox/charthop/calls.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::charthop {
namespace {

namespace json = boost::json;

constexpr std::array person_codes = {"name.first",          "name.last", "contact.homeEmail", "contact.workEmail",
                                     "contact.mobilePhone", "address",   "startDate",         "costCenter"};

std::string person_complaint(State& state, json::object const& values) {
    if (text_of(values, "name.last").empty()) {
        return "name.last is required";
    }
    for (auto const& [key, value] : values) {
        std::string const code(key.data(), key.size());
        if (std::find(person_codes.begin(), person_codes.end(), code) == person_codes.end()) {
            return code + " is no field";
        }
        if (code == "address") {
            if (auto why = state.contract.complaint("Address", value); !why.empty()) {
                return why;
            }
        } else if (!value.is_string() || value.get_string().empty()) {
            return code + " must be a text";
        }
    }
    return {};
}

// Former people and those who were never in a job are hidden, unless includeAll asks for them.
bool is_current(State const& state, json::object const& person) {
    std::string const id = text_of(person, "id");
    return text_of(person, "state") == "ACTIVE" ||
           std::any_of(state.jobs.begin(), state.jobs.end(),
                       [&](auto const& entry) { return text_of(entry.second, "personId") == id; });
}

}  // namespace

Answer list_people(Call const& call) {
    std::string const filter = call.request.parameter("q").value_or("");
    bool const all = call.request.parameter("includeAll").value_or("") == "true";
    std::vector<json::object> rows;
    for (auto const& [id, person] : call.state.people) {
        auto const wanted = fits(person, filter, false);
        if (!wanted) {
            return refusal(400, "the query cannot be read");
        }
        if (*wanted && (all || is_current(call.state, person))) {
            rows.push_back(person);
        }
    }
    return answer_page(call, rows, "id");
}

Answer get_person(Call const& call) {
    auto const person = call.state.people.find(call.ids[1]);
    return person == call.state.people.end() ? refusal(404, "person not found") : answer_row(call, 200, person->second);
}

Answer create_person(Call const& call) {
    json::object person = call.request.json_object().value_or(json::object{});
    if (auto const why = person_complaint(call.state, person); !why.empty()) {
        return refusal(400, why);
    }
    std::string const id = call.state.next_id();
    person["id"] = id;
    person["name"] = text_of(person, "name.first") + " " + text_of(person, "name.last");
    person["state"] = "UPCOMING";
    call.state.people[id] = person;
    return answer_row(call, created(call.state), person);
}

Answer list_changes(Call const& call) {
    std::string const job = call.request.parameter("jobId").value_or("");
    std::string const type = call.request.parameter("type").value_or("");
    std::string const status = call.request.parameter("status").value_or("");
    std::vector<json::object> rows;
    for (auto const& [id, change] : call.state.changes) {
        if ((job.empty() || text_of(change, "jobId") == job) && (type.empty() || text_of(change, "type") == type) &&
            (status.empty() || text_of(change, "status") == status)) {
            rows.push_back(change);
        }
    }
    return answer_page(call, rows, "id");
}

Answer get_change(Call const& call) {
    auto const change = call.state.changes.find(call.ids[1]);
    return change == call.state.changes.end() ? refusal(404, "change not found") : json_answer(200, change->second);
}

// "sync": the change is made only if it does not exist.
Answer create_hire(Call const& call) {
    State& state = call.state;
    json::object const wanted = call.request.json_object().value_or(json::object{});
    std::string const job = text_of(wanted, "jobId");
    std::string const person = text_of(wanted, "personId");
    if (call.ids[1] != "HIRE" || text_of(wanted, "type") != "HIRE") {
        return refusal(400, "only HIRE is played, in path and body");
    }
    if (!state.jobs.contains(job) || !state.people.contains(person) || text_of(wanted, "date").size() != 10) {
        return refusal(400, "a hire needs a job, a person and a date that exist");
    }
    bool taken = !text_of(state.jobs.at(job), "personId").empty();
    for (auto const& [id, change] : state.changes) {
        bool const active = text_of(change, "status") == "ACTIVE" && text_of(change, "jobId") == job;
        if (active && text_of(change, "personId") == person) {
            return json_answer(200, change);
        }
        taken = taken || active;
    }
    json::object change = wanted;
    std::string const id = state.next_id();
    change["id"] = id;
    change["orgId"] = state.org.at("id");
    change["status"] = taken ? "CONFLICT" : "ACTIVE";
    change["createAt"] = timestamp();
    state.changes[id] = change;
    if (!taken) {
        state.jobs.at(job)["upcoming"] =
            json::object{{"type", "HIRE"}, {"personId", person}, {"date", wanted.at("date")}};
        if (text_of(wanted, "date") <= today()) {
            state.jobs.at(job)["personId"] = person;
        }
    }
    call.news.push_back(state.add_event("change.create.hire", app_user, change, {}));
    return json_answer(created(state), change);
}

Answer delete_change(Call const& call) {
    State& state = call.state;
    auto const change = state.changes.find(call.ids[1]);
    if (change == state.changes.end()) {
        return refusal(404, "change not found");
    }
    json::object& job = state.jobs[text_of(change->second, "jobId")];
    job.erase("upcoming");
    if (text_of(job, "personId") == text_of(change->second, "personId")) {
        job.erase("personId");
    }
    call.news.push_back(state.add_event("change.delete.hire", person_user, change->second, {}));
    state.changes.erase(change);
    return json_answer(200, {{"ok", true}});
}

}  // namespace crosswalk::sandbox::charthop

#include "sandbox/charthop/seed_data.hpp"
#include "sandbox/charthop/state.hpp"

namespace crosswalk::sandbox::charthop {
namespace {

namespace json = boost::json;

json::array rows_in(std::string_view sample) {
    return json::parse({sample.data(), sample.size()}).at("data").as_array();
}

// "department.name": "Sales" becomes the group's id; the group is made when it is not there.
void name_to_group(State& state, json::object& job, std::string const& code, std::string const& type) {
    std::string const name = text_of(job, code + ".name");
    if (name.empty()) {
        return;
    }
    job.erase(code + ".name");
    std::string id = state.find_group(type, name);
    if (id.empty()) {
        id = state.next_id();
        state.groups[type][id] = json::object{{"id", id}, {"name", name}};
    }
    job[code] = id;
}

void add_field(State& state, json::object field) {
    field.emplace("id", state.next_id());
    field.emplace("plural", "SINGLE");
    field.emplace("isRequired", false);
    field.emplace("isUnique", false);
    field.emplace("sensitive", "ORG");
    state.fields[lower(text_of(field, "name"))] = std::move(field);
}

}  // namespace

void seed(State& state) {
    state.org = {{"id", "588f7ee98f138b19220041a7"}, {"name", "Acme Demo"}, {"slug", "acme-demo"}};
    for (json::value const& group : rows_in(seed_data::group_location_list)) {
        state.groups["LOCATION"][std::string(group.at("id").as_string())] = group.as_object();
    }
    state.groups["DEPARTMENT"];
    state.groups["TEAM"];
    for (std::string_view const sample : {seed_data::job_find_page1, seed_data::job_find_page2}) {
        for (json::value const& row : rows_in(sample)) {
            json::object job = row.as_object();
            job.erase("open");
            name_to_group(state, job, "department", "DEPARTMENT");
            name_to_group(state, job, "team", "TEAM");
            name_to_group(state, job, "location", "LOCATION");
            state.jobs[text_of(job, "jobId")] = std::move(job);
        }
    }
    // Nora Okafor, who left; and the hiring manager and the recruiter whom the sample job names by id.
    json::object former = rows_in(seed_data::person_find_match).at(0).as_object();
    state.people[text_of(former, "id")] = former;
    state.people["6553c1f0a1b2c3d4e5f6a001"] = {{"id", "6553c1f0a1b2c3d4e5f6a001"},
                                                {"name", "Jane Public"},
                                                {"contact.workEmail", "jane.public@example.com"},
                                                {"state", "ACTIVE"}};
    state.people["6553c1f0a1b2c3d4e5f6a002"] = {{"id", "6553c1f0a1b2c3d4e5f6a002"},
                                                {"name", "Rae Cruz"},
                                                {"contact.workEmail", "rae.cruz@example.com"},
                                                {"state", "ACTIVE"}};
    for (json::value const& field : rows_in(seed_data::field_built_in)) {
        add_field(state, field.as_object());
    }
    for (char const* name : {"employment", "sensitive", "department", "team", "location", "hiremgr", "recruiter",
                             "base", "startDatePlanned", "startDate"}) {
        add_field(state, {{"name", name}, {"label", name}, {"type", "TEXT"}, {"entityType", "JOB"}});
    }
}

}  // namespace crosswalk::sandbox::charthop

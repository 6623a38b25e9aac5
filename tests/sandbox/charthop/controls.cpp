#include "sandbox/charthop/controls.hpp"

#include "sandbox/charthop/calls.hpp"
#include "sandbox/fields.hpp"

#include <algorithm>

namespace crosswalk::sandbox::charthop {
namespace {

namespace json = boost::json;

constexpr std::int64_t wait_ms_max = 120'000;

template <typename Rows>
Answer list_all(std::string_view name, Rows const& rows) {
    json::array all;
    for (auto const& [id, row] : rows) {
        all.push_back(row);
    }
    return json_answer(200, {{"count", all.size()}, {json::string_view(name.data(), name.size()), std::move(all)}});
}

Answer list_jobs_held(ControlCall const& call) {
    json::array all;
    for (auto const& [id, job] : call.state.jobs) {
        all.push_back(print_job(call.state, job, {}));
    }
    return json_answer(200, {{"count", all.size()}, {"jobs", std::move(all)}});
}

Answer make_job(ControlCall const& call) {
    if (auto const why = job_complaint(call.state, call.body, true); !why.empty()) {
        return control_refusal(400, why);
    }
    std::string const id = call.state.next_id();
    json::object& job = call.state.jobs[id];
    job["jobId"] = id;
    write_job(call.state, job, call.body);
    call.news.push_back(call.state.add_event("change.create.create", person_user, {{"jobId", id}}, {}));
    return json_answer(201, print_job(call.state, job, {}));
}

// As somebody does it in ChartHop: the event says who and what. Empty personId: nobody holds the job any more.
Answer edit_job(ControlCall const& call) {
    auto const job = call.state.jobs.find(call.ids.front());
    if (job == call.state.jobs.end()) {
        return control_refusal(404, "no such job");
    }
    json::object values = call.body;
    if (json::value const* holder = values.if_contains("personId"); holder != nullptr) {
        *holder == "" ? (void)job->second.erase("personId") : (void)(job->second["personId"] = *holder);
        values.erase("personId");
    }
    if (auto const why = job_complaint(call.state, values, false); !why.empty()) {
        return control_refusal(400, why);
    }
    write_job(call.state, job->second, values);
    json::array changed;
    for (auto const& entry : call.body) {
        changed.emplace_back(entry.key());
    }
    call.news.push_back(
        call.state.add_event("change.create.update", person_user, {{"jobId", call.ids.front()}}, changed));
    return json_answer(200, print_job(call.state, job->second, {}));
}

Answer list_people_held(ControlCall const& call) {
    return list_all("people", call.state.people);
}

Answer make_person(ControlCall const& call) {
    std::string const id = call.state.next_id();
    json::object person = call.body;
    person["id"] = id;
    person.emplace("state", "ACTIVE");
    call.state.people[id] = person;
    return json_answer(201, person);
}

Answer list_changes_held(ControlCall const& call) {
    return list_all("changes", call.state.changes);
}

Answer remove_change(ControlCall const& call) {
    Answer const answer =
        delete_change({.state = call.state, .request = call.request, .ids = {"", call.ids.front()}, .news = call.news});
    return answer.status == 200 ? Answer{.status = 204} : control_refusal(404, "no such change");
}

Answer make_group(ControlCall const& call) {
    Fields fields(call.body);
    auto const type = fields.text("type");
    auto const name = fields.text("name");
    if (!fields.complaint().empty() || !type || !name || !call.state.groups.contains(*type)) {
        return control_refusal(400, "type (DEPARTMENT, TEAM, LOCATION) and name are required and alone");
    }
    std::string const id = call.state.next_id();
    json::object const group{{"id", id}, {"name", *name}};
    call.state.groups[*type][id] = group;
    return json_answer(201, group);
}

// A custom field of jobs.
Answer make_field(ControlCall const& call) {
    Fields fields(call.body);
    auto const name = fields.text("name");
    if (!fields.complaint().empty() || !name) {
        return control_refusal(400, "name is required and alone");
    }
    json::object const field{
        {"id", call.state.next_id()}, {"name", *name},       {"label", *name},    {"type", "TEXT"},
        {"plural", "SINGLE"},         {"isRequired", false}, {"isUnique", false}, {"sensitive", "ORG"},
        {"entityType", "JOB"}};
    call.state.fields[lower(*name)] = field;
    return json_answer(201, field);
}

Answer set_webhook(ControlCall const& call) {
    Fields fields(call.body);
    std::string const url = fields.text("url").value_or("");
    RetryPolicy policy;
    policy.tries = static_cast<int>(fields.integer("tries").value_or(policy.tries));
    policy.gap = std::chrono::milliseconds(fields.integer("retry_gap_ms").value_or(policy.gap.count()));
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    if (!url.empty() && !is_loopback_url(url)) {
        return control_refusal(400, "url must be http on loopback");
    }
    call.hook = {url, policy};
    return json_answer(200, {{"url", url}});
}

Answer list_deliveries(ControlCall const& call) {
    return json_answer(200, {{"deliveries", call.sender.list("", call.request.parameter("job").value_or(""),
                                                             call.request.parameter("state").value_or(""), 1000)}});
}

Answer show_delivery(ControlCall const& call) {
    auto const wait = parse_number(call.request.parameter("wait_ms").value_or("0"));
    if (!wait || *wait < 0 || *wait > wait_ms_max) {
        return control_refusal(400, "wait_ms is out of range");
    }
    auto const shown = call.sender.show(call.ids.front(), std::chrono::milliseconds(*wait));
    return shown ? json_answer(200, *shown) : control_refusal(404, "no such delivery");
}

Answer list_events_held(ControlCall const& call) {
    return json_answer(200, {{"events", json::array(call.state.events.begin(), call.state.events.end())}});
}

Answer change_settings(ControlCall const& call) {
    Fields fields(call.body);
    Settings settings = call.state.settings;
    settings.token = fields.text("token").value_or(settings.token);
    settings.may_write = fields.flag("may_write").value_or(settings.may_write);
    settings.era_2026 = fields.flag("era_2026").value_or(settings.era_2026);
    settings.building = fields.integer("building").value_or(settings.building);
    settings.building_applies = fields.flag("building_applies").value_or(settings.building_applies);
    settings.rate_per_s = fields.number("rate_per_s").value_or(settings.rate_per_s);
    settings.burst = fields.number("burst").value_or(settings.burst);
    std::string const rows = fields.text("rows").value_or("flat");
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    if (rows != "flat" && rows != "nested" && rows != "wrapped") {
        return control_refusal(400, "rows is flat, nested or wrapped");
    }
    settings.rows = rows == "nested" ? Rows::nested : rows == "wrapped" ? Rows::wrapped : Rows::flat;
    call.state.settings = settings;
    call.state.bucket = TokenBucket();
    return json_answer(200, {{"changed", true}});
}

}  // namespace

std::vector<Endpoint<ControlCall>> const& controls() {
    static std::vector<Endpoint<ControlCall>> const endpoints{
        {"GET", "/jobs", list_jobs_held},
        {"POST", "/jobs", make_job},
        {"POST", "/jobs/:id", edit_job},
        {"GET", "/people", list_people_held},
        {"POST", "/people", make_person},
        {"GET", "/changes", list_changes_held},
        {"DELETE", "/changes/:id", remove_change},
        {"POST", "/groups", make_group},
        {"POST", "/fields", make_field},
        {"GET", "/events", list_events_held},
        {"POST", "/webhook", set_webhook},
        {"GET", "/deliveries", list_deliveries, {"job", "state"}},
        {"GET", "/deliveries/:id", show_delivery, {"wait_ms"}},
        {"POST", "/settings", change_settings},
    };
    return endpoints;
}

}  // namespace crosswalk::sandbox::charthop

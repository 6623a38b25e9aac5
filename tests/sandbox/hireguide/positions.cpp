#include "sandbox/fields.hpp"
#include "sandbox/hireguide/calls.hpp"

#include <algorithm>

namespace crosswalk::sandbox::hireguide {
namespace {

namespace json = boost::json;

constexpr std::size_t positions_max = 10'000;

// What the fields' reader says of the wrong field, as a refusal.
Answer refused(std::string const& complaint, std::string const& missing) {
    return invalid(422, {{"body", complaint.empty() ? missing + " is required" : complaint}});
}

// Reads the switches over what is there.
std::string read_switches(json::object const* given, json::object& sync) {
    if (given == nullptr) {
        return {};
    }
    Fields fields(*given);
    for (char const* name : {"import_job_details", "import_applicant_details"}) {
        if (auto const flag = fields.flag(name)) {
            sync[name] = *flag;
        }
    }
    return fields.complaint();
}

json::object const* linked_elsewhere(State& state, std::string const& job, std::string const& but) {
    auto const found = std::find_if(state.positions.begin(), state.positions.end(), [&](json::object const& at) {
        json::value const& linked = at.at("ats_job");
        return text_of(at, "id") != but && linked.is_object() && text_of(linked.get_object(), "external_id") == job;
    });
    return found == state.positions.end() ? nullptr : &*found;
}

}  // namespace

Answer list_positions(Call const& call) {
    return answer_page(call.request, {call.state.positions.begin(), call.state.positions.end()});
}

Answer create_position(Call const& call) {
    auto const body = call.request.json_object();
    if (!body) {
        return invalid(400, {{"body", "must be a JSON object"}});
    }
    Fields fields(*body);
    auto const role = fields.text("role");
    auto const ats = fields.text("ats");
    auto const job = fields.text("external_job_id");
    auto const* const sync = fields.object("sync");
    if (auto const complaint = fields.complaint(); !complaint.empty() || !role || !ats || !job || role->empty()) {
        return refused(complaint, "role, ats, external_job_id");
    }
    if (auto const* const other = linked_elsewhere(call.state, *job, {}); other != nullptr) {
        return error(409, "duplicate", "The job is connected with a position",
                     {{"existing_id", text_of(*other, "id")}});
    }
    if (call.state.positions.size() == positions_max) {
        return error_of_status(503);
    }
    json::object& position = call.state.add_position(*role);
    position["ats_job"] = json::object{{"ats", *ats}, {"external_id", *job}};
    if (auto const complaint = read_switches(sync, position["sync"].as_object()); !complaint.empty()) {
        call.state.positions.pop_back();
        return refused(complaint, {});
    }
    return json_answer(201, {{"data", position}});
}

Answer link_position(Call const& call) {
    auto const body = call.request.json_object();
    if (!body) {
        return invalid(400, {{"body", "must be a JSON object"}});
    }
    json::object* const position = call.state.find_position(call.ids[0]);
    if (position == nullptr) {
        return no_such("position");
    }
    Fields fields(*body);
    auto const ats = fields.text("ats");
    auto const job = fields.text("external_job_id");
    auto const name = fields.text("external_job_name");
    auto const* const sync = fields.object("sync");
    if (auto const complaint = fields.complaint(); !complaint.empty() || !ats || !job || !name || name->empty()) {
        return refused(complaint, "ats, external_job_id, external_job_name");
    }
    if (auto const* const other = linked_elsewhere(call.state, *job, call.ids[0]); other != nullptr) {
        return error(409, "duplicate", "The job is connected with another position",
                     {{"existing_id", text_of(*other, "id")}});
    }
    if (auto const complaint = read_switches(sync, (*position)["sync"].as_object()); !complaint.empty()) {
        return refused(complaint, {});
    }
    (*position)["ats_job"] = json::object{{"ats", *ats}, {"external_id", *job}};
    (*position)["name"] = *name;
    return json_answer(200, {{"data", *position}});
}

Answer change_position(Call const& call) {
    auto const body = call.request.json_object();
    if (!body || body->empty()) {
        return invalid(400, {{"body", "must be a JSON object with a field"}});
    }
    json::object* const position = call.state.find_position(call.ids[0]);
    if (position == nullptr) {
        return no_such("position");
    }
    Fields fields(*body);
    json::object changed = *position;
    for (char const* name : {"name", "description", "location", "department", "status"}) {
        if (auto const text = fields.text(name)) {
            changed[name] = *text;
        }
    }
    if (auto const complaint = fields.complaint(); !complaint.empty() || text_of(changed, "name").empty()) {
        return refused(complaint, "name");
    }
    *position = std::move(changed);
    return json_answer(200, {{"data", *position}});
}

Answer put_sync_status(Call const& call) {
    auto const body = call.request.json_object();
    if (!body) {
        return invalid(400, {{"body", "must be a JSON object"}});
    }
    json::object* const position = call.state.find_position(call.ids[0]);
    if (position == nullptr) {
        return no_such("position");
    }
    Fields fields(*body);
    auto const model = fields.text("model");
    auto const status = fields.text("status");
    auto const finished = fields.text("last_sync_finished");
    (void)fields.text("last_sync_started");
    (void)fields.text("next_sync");
    (void)fields.integer("interval_seconds");
    (void)fields.flag("initial");
    bool const known = model && (*model == "candidates" || *model == "jobs") && status;
    if (auto const complaint = fields.complaint();
        !complaint.empty() || !known || (finished && !is_timestamp(*finished))) {
        return refused(complaint, "model, status, last_sync_finished");
    }
    json::object& sync = (*position)["sync"].as_object();
    sync["status"] = *status;
    if (finished) {
        sync["last_synced_at"] = *finished;
    }
    json::value& kept = call.state.sync_status[call.ids[0]];
    (kept.is_object() ? kept.get_object() : kept.emplace_object())[*model] = *body;
    return json_answer(200, {{"data", *position}});
}

Answer disconnect(Call const& call) {
    bool any = false;
    for (json::object& position : call.state.positions) {
        json::value& job = position["ats_job"];
        if (job.is_object() && text_of(job.get_object(), "ats") == call.ids[0]) {
            job = nullptr;
            any = true;
        }
    }
    return any ? Answer{.status = 204} : no_such("integration");
}

}  // namespace crosswalk::sandbox::hireguide

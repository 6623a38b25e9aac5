#include "sandbox/greenhouse/controls.hpp"

#include "sandbox/fields.hpp"
#include "sandbox/greenhouse/custom_fields.hpp"
#include "sandbox/greenhouse/events.hpp"
#include "sandbox/greenhouse/people.hpp"
#include "sandbox/greenhouse/print.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

Answer refusal(model::Error const& error) {
    return control_refusal(error.code == model::ErrorCode::failed_precondition ? 409 : 400, error.detail);
}

json::value id_or_null(std::int64_t id) {
    return id == 0 ? json::value() : json::value(id);
}

// The candidate of the path and its newest application; both zero when there is none.
struct Person {
    std::int64_t candidate = 0;
    std::int64_t application = 0;
};

Person find_person(ControlCall const& call) {
    Person person;
    std::int64_t const id = parse_number(call.ids.front()).value_or(0);
    auto const applications = applications_of(call.state, id);
    if (find(call.state.candidates, id) != nullptr && !applications.empty()) {
        person = {id, applications.back()};
    }
    return person;
}

void append(json::array& deliveries, std::vector<std::string> const& sent) {
    for (std::string const& delivery : sent) {
        deliveries.emplace_back(delivery);
    }
}

Answer add_candidate(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const made = make_candidate(call.state, call.body);
    if (!made) {
        return refusal(made.error());
    }
    json::array deliveries;
    if (!flag_of(call.state.applications.at(made->application).v3, "prospect")) {
        append(deliveries,
               call.hooks.send("new_candidate_application", application_payload(call.state, made->application),
                               std::to_string(made->candidate)));
    }
    return json_answer(201, {{"candidate_id", made->candidate},
                             {"application_id", made->application},
                             {"job_id", id_or_null(made->job)},
                             {"offer_id", id_or_null(made->offer)},
                             {"attachment_ids", json::value_from(made->attachments)},
                             {"deliveries", std::move(deliveries)}});
}

Answer get_candidate(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const person = find_person(call);
    if (person.candidate == 0) {
        return control_refusal(404, "no such candidate");
    }
    auto const* const offer = current_offer(std::as_const(call.state), person.application);
    json::array attachments;
    for (std::int64_t const id : attachments_of_candidate(call.state, person.candidate)) {
        json::object printed = call.state.attachments.at(id).v3;
        printed["url"] = call.state.link_to(id);
        attachments.push_back(std::move(printed));
    }
    return json_answer(200, {{"candidate", call.state.candidates.at(person.candidate).v3},
                             {"application", call.state.applications.at(person.application).v3},
                             {"offer", offer == nullptr ? json::value() : json::value(offer->v3)},
                             {"attachments", std::move(attachments)}});
}

// Hiring changes the offer too, so its event goes out before the hire's.
Answer hire_candidate(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const person = find_person(call);
    if (person.candidate == 0) {
        return control_refusal(404, "no such candidate");
    }
    if (auto const hired = hire(call.state, person.application); !hired) {
        return refusal(hired.error());
    }
    std::string const subject = std::to_string(person.candidate);
    json::array deliveries;
    if (auto const* const offer = current_offer(std::as_const(call.state), person.application); offer != nullptr) {
        json::object const payload = offer_payload(call.state, number_of(offer->v3, "id"));
        append(deliveries, call.hooks.send("offer_updated", payload, subject));
    }
    json::object const payload = hire_payload(call.state, person.application);
    append(deliveries, call.hooks.send("hire_candidate", payload, subject));
    return json_answer(200, {{"application_id", person.application}, {"deliveries", std::move(deliveries)}});
}

Answer unhire_candidate(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const person = find_person(call);
    if (person.candidate == 0) {
        return control_refusal(404, "no such candidate");
    }
    if (auto const undone = unhire(call.state, person.application); !undone) {
        return refusal(undone.error());
    }
    json::array deliveries;
    append(deliveries, call.hooks.send("unhire_candidate", unhire_payload(call.state, person.application),
                                       std::to_string(person.candidate)));
    return json_answer(200, {{"deliveries", std::move(deliveries)}});
}

Answer add_offer(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const person = find_person(call);
    if (person.candidate == 0) {
        return control_refusal(404, "no such candidate");
    }
    auto const* const before = current_offer(std::as_const(call.state), person.application);
    std::int64_t const old = before == nullptr ? 0 : number_of(before->v3, "id");
    auto const made = make_offer(call.state, person.application, call.body);
    if (!made) {
        return refusal(made.error());
    }
    std::string const subject = std::to_string(person.candidate);
    json::array deliveries;
    if (old != 0) {
        append(deliveries, call.hooks.send("offer_updated", offer_payload(call.state, old), subject));
    }
    append(deliveries, call.hooks.send("offer_created", offer_payload(call.state, *made), subject));
    return json_answer(201, {{"offer_id", *made}, {"deliveries", std::move(deliveries)}});
}

Answer delete_candidate(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const person = find_person(call);
    if (person.candidate == 0) {
        return control_refusal(404, "no such candidate");
    }
    json::object const payload = delete_payload(call.state, person.candidate);
    remove_candidate(call.state, person.candidate);
    json::array deliveries;
    append(deliveries, call.hooks.send("delete_candidate", payload, std::to_string(person.candidate)));
    return json_answer(200, {{"deliveries", std::move(deliveries)}});
}

Answer list_notes(ControlCall const& call) {
    auto const candidate = call.request.parameter("candidate");
    std::lock_guard const lock(call.state.mutex);
    json::array notes;
    for (auto const& [id, note] : call.state.notes) {
        if (!candidate || number_of(note.v3, "candidate_id") == parse_number(*candidate).value_or(0)) {
            notes.push_back(note.v3);
        }
    }
    return json_answer(200, {{"count", notes.size()}, {"notes", std::move(notes)}});
}

// {name, external_id?, parent_id?} and, for an office, {location?}.
Answer add_named(ControlCall const& call, Records State::*records, bool with_location) {
    Fields fields(call.body);
    auto const name = fields.text("name");
    auto const external_id = fields.text("external_id");
    auto const parent = fields.integer("parent_id");
    auto const location = with_location ? fields.text("location") : std::nullopt;
    if (auto const complaint = fields.complaint(); !complaint.empty() || !name) {
        return control_refusal(400, complaint.empty() ? "name is needed" : complaint);
    }
    json::object record{{"name", *name},
                        {"parent_id", parent ? json::value(*parent) : json::value()},
                        {"external_id", external_id ? json::value(*external_id) : json::value()}};
    if (with_location) {
        record["location"] = location ? json::value(*location) : json::value();
    }
    std::lock_guard const lock(call.state.mutex);
    auto const id = call.state.add(call.state.*records, {.v3 = std::move(record)});
    return json_answer(201, (call.state.*records).at(id).v3);
}

Answer add_department(ControlCall const& call) {
    return add_named(call, &State::departments, false);
}

Answer add_office(ControlCall const& call) {
    return add_named(call, &State::offices, true);
}

Answer add_job(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto const job = make_job(call.state, call.body);
    return job ? json_answer(201, call.state.jobs.at(*job).v3) : refusal(job.error());
}

Answer add_user(ControlCall const& call) {
    Fields fields(call.body);
    auto const first = fields.text("first_name");
    auto const last = fields.text("last_name");
    auto const email = fields.text("email");
    bool const site_admin = fields.flag("site_admin").value_or(false);
    bool const deactivated = fields.flag("deactivated").value_or(false);
    if (auto const complaint = fields.complaint(); !complaint.empty() || !first || !last || !email) {
        return control_refusal(400, complaint.empty() ? "first_name, last_name and email are needed" : complaint);
    }
    json::object user{{"first_name", *first},
                      {"last_name", *last},
                      {"name", *first + " " + *last},
                      {"job_title", nullptr},
                      {"primary_email", *email},
                      {"emails", json::array{json::value(*email)}},
                      {"deactivated", deactivated},
                      {"site_admin", site_admin},
                      {"agency_id", nullptr},
                      {"employee_id", nullptr},
                      {"linked_candidate_ids", json::array()},
                      {"office_ids", json::array()},
                      {"department_ids", json::array()},
                      {"interviewer_tags", json::array()}};
    std::lock_guard const lock(call.state.mutex);
    auto const id = call.state.add(call.state.users, {.v3 = std::move(user)});
    return json_answer(201, call.state.users.at(id).v3);
}

Answer add_custom_field(ControlCall const& call) {
    Fields fields(call.body);
    auto const type = fields.text("field_type");
    auto const name = fields.text("name");
    auto const key = fields.text("name_key");
    auto const value_type = fields.text("value_type");
    auto const options = fields.texts("options").value_or(std::vector<std::string>());
    if (auto const complaint = fields.complaint(); !complaint.empty() || !type || !name || !key || !value_type) {
        return control_refusal(400,
                               complaint.empty() ? "field_type, name, name_key and value_type are needed" : complaint);
    }
    std::lock_guard const lock(call.state.mutex);
    auto const id = define_custom_field(
        call.state, {{"field_type", *type}, {"name", *name}, {"value_type", *value_type}, {"name_key", *key}}, options);
    return json_answer(201, call.state.custom_fields.at(id).v3);
}

}  // namespace

std::vector<Endpoint<ControlCall>> const& controls() {
    static std::vector<Endpoint<ControlCall>> const endpoints{
        {"POST", "/candidates", add_candidate},
        {"GET", "/candidates/:id", get_candidate},
        {"POST", "/candidates/:id/hire", hire_candidate},
        {"POST", "/candidates/:id/unhire", unhire_candidate},
        {"POST", "/candidates/:id/offers", add_offer},
        {"POST", "/candidates/:id/delete", delete_candidate},
        {"GET", "/notes", list_notes, {"candidate"}},
        {"POST", "/departments", add_department},
        {"POST", "/offices", add_office},
        {"POST", "/jobs", add_job},
        {"POST", "/users", add_user},
        {"POST", "/custom_fields", add_custom_field},
        {"POST", "/credentials", control_add_credential},
        {"POST", "/credentials/revoke", control_revoke_credential},
        {"GET", "/permissions", control_list_permissions},
        {"POST", "/tokens/expire", control_expire_tokens},
        {"POST", "/settings", control_change_settings},
        {"GET", "/webhooks", control_list_webhooks},
        {"POST", "/webhooks", control_add_webhook},
        {"POST", "/webhooks/settings", control_webhook_settings},
        {"POST", "/webhooks/rerun/:delivery", control_rerun},
        {"POST", "/webhooks/ping/:id", control_ping_webhook},
        {"POST", "/webhooks/:id", control_change_webhook},
        {"DELETE", "/webhooks/:id", control_remove_webhook},
        {"GET", "/deliveries", control_list_deliveries, {"event", "candidate", "state", "last"}},
        {"GET", "/deliveries/:id", control_get_delivery, {"wait_ms"}},
    };
    return endpoints;
}

}  // namespace crosswalk::sandbox::greenhouse

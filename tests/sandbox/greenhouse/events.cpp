#include "sandbox/greenhouse/events.hpp"

#include "sandbox/greenhouse/custom_fields.hpp"
#include "sandbox/greenhouse/print.hpp"
#include "sandbox/greenhouse/times.hpp"

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

// Where a recruiter would look at the person; never fetched.
constexpr char const* people_url = "https://app.greenhouse.io/people/";

// Webhooks print times without the fraction.
json::value time_of(json::object const& record, std::string_view member) {
    auto const time = parse_time(text_of(record, member));
    return time ? json::value(iso_seconds(*time)) : json::value();
}

json::value user_of(State const& state, std::int64_t id) {
    auto const* const user = find(state.users, id);
    if (user == nullptr) {
        return nullptr;
    }
    return json::object{{"id", id},
                        {"email", value_of(user->v3, "primary_email")},
                        {"name", value_of(user->v3, "name")},
                        {"employee_id", value_of(user->v3, "employee_id")}};
}

json::object custom_fields_of(json::object const& record) {
    return webhook_fields(record.at("custom_fields").as_object());
}

json::array departments_of(State const& state, json::object const& job) {
    std::int64_t const id = number_of(job, "department_id");
    auto const* const department = find(state.departments, id);
    if (department == nullptr) {
        return {};
    }
    return {json::object{{"id", id},
                         {"name", value_of(department->v3, "name")},
                         {"external_id", value_of(department->v3, "external_id")}}};
}

json::array offices_of(State const& state, json::object const& job) {
    json::array printed;
    for (std::int64_t const id : ids_in(job, "office_ids")) {
        if (auto const* const office = find(state.offices, id); office != nullptr) {
            printed.push_back(json::object{{"id", id},
                                           {"name", value_of(office->v3, "name")},
                                           {"location", value_of(office->v3, "location")},
                                           {"external_id", value_of(office->v3, "external_id")}});
        }
    }
    return printed;
}

json::object job_of(State const& state, json::object const& job) {
    return {{"id", value_of(job, "id")},
            {"name", value_of(job, "name")},
            {"requisition_id", value_of(job, "requisition_id")},
            {"confidential", value_of(job, "confidential")},
            {"opened_at", time_of(job, "opened_at")},
            {"closed_at", time_of(job, "closed_at")},
            {"departments", departments_of(state, job)},
            {"offices", offices_of(state, job)},
            {"custom_fields", custom_fields_of(job)}};
}

// The deprecated twin of the first job, which names its times otherwise.
json::object twin_of(json::object const& job) {
    return {{"id", job.at("id")},
            {"name", job.at("name")},
            {"open_date", job.at("opened_at")},
            {"close_date", job.at("closed_at")},
            {"requisition_id", job.at("requisition_id")},
            {"departments", job.at("departments")},
            {"offices", job.at("offices")},
            {"custom_fields", job.at("custom_fields")}};
}

json::object candidate_of(State const& state, Record const& record, json::object const& application) {
    json::object const& candidate = record.v3;
    std::int64_t const id = number_of(candidate, "id");
    json::array attachments;
    for (std::int64_t const attachment : attachments_of_candidate(state, id)) {
        json::object const& printed = state.attachments.at(attachment).v3;
        attachments.push_back(json::object{{"filename", value_of(printed, "filename")},
                                           {"url", state.link_to(attachment)},
                                           {"type", value_of(printed, "type")}});
    }
    return {{"id", id},
            {"first_name", value_of(candidate, "first_name")},
            {"last_name", value_of(candidate, "last_name")},
            {"title", value_of(candidate, "title")},
            {"external_id", value_of(record.beside, "external_id")},
            {"url", people_url + std::to_string(id)},
            {"is_private", value_of(candidate, "private")},
            {"can_email", value_of(candidate, "can_email")},
            {"phone_numbers", value_of(candidate, "phone_numbers")},
            {"email_addresses", value_of(candidate, "email_addresses")},
            {"addresses", value_of(candidate, "addresses")},
            {"educations", json::array()},
            {"employments", json::array()},
            {"recruiter", user_of(state, number_of(application, "recruiter_id"))},
            {"coordinator", user_of(state, number_of(application, "coordinator_id"))},
            {"attachments", std::move(attachments)},
            {"custom_fields", custom_fields_of(candidate)}};
}

json::object application_of(State const& state, json::object const& application) {
    std::int64_t const id = number_of(application, "id");
    std::int64_t const candidate = number_of(application, "candidate_id");
    json::array jobs;
    for (std::int64_t const job : jobs_of(application)) {
        if (auto const* const known = find(state.jobs, job); known != nullptr) {
            jobs.push_back(job_of(state, known->v3));
        }
    }
    json::value opening_id;
    for (auto const& [number, opening] : state.openings) {
        if (number_of(opening.v3, "application_id") == id) {
            opening_id = value_of(opening.v3, "opening_id");
        }
    }
    json::object printed{{"id", id},
                         {"opening", json::object{{"opening_id", opening_id}, {"custom_fields", json::array()}}},
                         {"credited_to", user_of(state, number_of(application, "referrer_id"))},
                         {"source", source_of(application)},
                         {"url", people_url + std::to_string(candidate) + "?application_id=" + std::to_string(id)},
                         {"candidate", candidate_of(state, state.candidates.at(candidate), application)}};
    if (!jobs.empty()) {
        printed["job"] = twin_of(jobs.front().as_object());
    }
    printed["jobs"] = std::move(jobs);
    printed["custom_fields"] = custom_fields_of(application);
    return printed;
}

}  // namespace

json::object hire_payload(State const& state, std::int64_t application) {
    json::object printed = application_of(state, state.applications.at(application).v3);
    if (auto const* const offer = current_offer(state, application); offer != nullptr) {
        printed["offer"] = json::object{{"id", value_of(offer->v3, "id")},
                                        {"version", value_of(offer->v3, "version")},
                                        {"created_at", time_of(offer->v3, "created_at")},
                                        {"sent_at", value_of(offer->v3, "sent_on")},
                                        {"resolved_at", time_of(offer->v3, "resolved_at")},
                                        {"starts_at", value_of(offer->v3, "starts_on")},
                                        {"custom_fields", custom_fields_of(offer->v3)}};
    }
    return {{"application", std::move(printed)}};
}

json::object application_payload(State const& state, std::int64_t application) {
    json::object const& record = state.applications.at(application).v3;
    json::object printed = application_of(state, record);
    printed.erase("job");  // only a hire has the twin
    printed.erase("opening");
    printed["status"] = text_of(record, "status") == "in_process" ? json::value("active") : value_of(record, "status");
    printed["prospect"] = value_of(record, "prospect");
    printed["applied_at"] = time_of(record, "created_at");
    printed["rejected_at"] = time_of(record, "rejected_at");
    printed["last_activity_at"] = time_of(record, "last_activity_at");
    if (json::object const* source = printed["source"].if_object();
        source != nullptr && source->contains("public_name")) {
        printed["source"] = json::object{{"id", source->at("id")}, {"name", source->at("public_name")}};
    }
    printed["current_stage"] =
        value_of(record, "stage_name").is_null()
            ? json::value()
            : json::value({{"id", value_of(record, "stage_id")}, {"name", value_of(record, "stage_name")}});
    return {{"application", std::move(printed)}};
}

json::object unhire_payload(State const& state, std::int64_t application) {
    json::object printed = application_of(state, state.applications.at(application).v3);
    printed["status"] = "active";
    return {{"application", std::move(printed)}};
}

json::object offer_payload(State const& state, std::int64_t offer) {
    Record const& record = state.offers.at(offer);
    return {{"id", offer},
            {"application_id", value_of(record.v3, "application_id")},
            {"job_id", value_of(record.v3, "job_id")},
            {"user_id", value_of(record.beside, "user_id")},
            {"version", value_of(record.v3, "version")},
            {"sent_on", value_of(record.v3, "sent_on")},
            {"resolved_at", time_of(record.v3, "resolved_at")},
            {"start_date", month_first(text_of(record.v3, "starts_on"))},
            {"notes", nullptr},
            {"offer_status", value_of(record.v3, "status")},
            {"custom_fields", custom_fields_of(record.v3)}};
}

json::object delete_payload(State const& state, std::int64_t candidate) {
    Record const& record = state.candidates.at(candidate);
    json::array applications;
    for (std::int64_t const application : applications_of(state, candidate)) {
        applications.emplace_back(application);
    }
    return {{"person", json::object{{"id", candidate},
                                    {"first_name", value_of(record.v3, "first_name")},
                                    {"last_name", value_of(record.v3, "last_name")},
                                    {"company", value_of(record.v3, "company")},
                                    {"title", value_of(record.v3, "title")},
                                    {"created_at", time_of(record.v3, "created_at")},
                                    {"headline", nullptr},
                                    {"is_private", value_of(record.v3, "private")},
                                    {"recruiter_user_id", nullptr},
                                    {"coordinator_user_id", nullptr},
                                    {"can_email", value_of(record.v3, "can_email")},
                                    {"deleted_application_ids", std::move(applications)}}}};
}

}  // namespace crosswalk::sandbox::greenhouse

#include "sandbox/greenhouse/print.hpp"

#include "sandbox/greenhouse/custom_fields.hpp"

#include <algorithm>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

json::value user_in_short(State const& state, std::int64_t id) {
    auto const* const user = find(state.users, id);
    if (user == nullptr) {
        return nullptr;
    }
    return json::object{{"id", id},
                        {"first_name", value_of(user->v3, "first_name")},
                        {"last_name", value_of(user->v3, "last_name")},
                        {"name", value_of(user->v3, "name")},
                        {"employee_id", value_of(user->v3, "employee_id")}};
}

json::object attachment_in_short(State const& state, std::int64_t id) {
    json::object const& attachment = state.attachments.at(id).v3;
    return {{"filename", value_of(attachment, "filename")},
            {"url", state.link_to(id)},
            {"type", value_of(attachment, "type")},
            {"created_at", value_of(attachment, "created_at")}};
}

// A department or office with those above and below it.
json::object with_kin(Records const& records, json::object const& record, std::string_view noun) {
    std::int64_t const id = number_of(record, "id");
    json::array child_ids;
    json::array child_external_ids;
    for (auto const& [child, other] : records) {
        if (number_of(other.v3, "parent_id") == id) {
            child_ids.emplace_back(child);
            child_external_ids.push_back(value_of(other.v3, "external_id"));
        }
    }
    auto const* const parent = find(records, number_of(record, "parent_id"));
    json::object printed{{"id", id}, {"name", value_of(record, "name")}, {"parent_id", value_of(record, "parent_id")}};
    printed["parent_" + std::string(noun) + "_external_id"] =
        parent == nullptr ? json::value() : value_of(parent->v3, "external_id");
    printed["child_ids"] = std::move(child_ids);
    printed["child_" + std::string(noun) + "_external_ids"] = std::move(child_external_ids);
    printed["external_id"] = value_of(record, "external_id");
    return printed;
}

json::array offices_of(State const& state, json::object const& record) {
    json::array printed;
    for (std::int64_t const id : ids_in(record, "office_ids")) {
        if (auto const* const office = find(state.offices, id); office != nullptr) {
            printed.push_back(v1_office(state, *office));
        }
    }
    return printed;
}

void add_custom_fields(json::object& printed, json::object const& record) {
    json::object const keyed = record.at("custom_fields").as_object();
    printed["custom_fields"] = v1_by_name(keyed);
    printed["keyed_custom_fields"] = v1_by_key(keyed);
}

}  // namespace

std::string v1_status(std::string_view v3_status) {
    if (v3_status == "in_process") {
        return "active";
    }
    return v3_status == "Created" ? "unresolved" : lower(v3_status);
}

json::value source_of(json::object const& application) {
    std::int64_t const id = number_of(application, "source_id");
    if (id == 0) {
        return nullptr;
    }
    return json::object{{"id", id}, {"public_name", id == 25 ? "Monster" : "Jobs page on your website"}};
}

std::vector<std::int64_t> ids_in(json::object const& record, std::string_view list) {
    std::vector<std::int64_t> ids;
    json::value const listed = value_of(record, list);
    if (auto const* const array = listed.if_array(); array != nullptr) {
        for (json::value const& id : *array) {
            ids.push_back(id.is_int64() ? id.get_int64() : 0);
        }
    }
    return ids;
}

std::vector<std::int64_t> applications_of(State const& state, std::int64_t candidate) {
    std::vector<std::int64_t> ids;
    for (auto const& [id, application] : state.applications) {
        if (number_of(application.v3, "candidate_id") == candidate) {
            ids.push_back(id);
        }
    }
    return ids;
}

std::vector<std::int64_t> jobs_of(json::object const& application) {
    if (std::int64_t const job = number_of(application, "job_id"); job != 0) {
        return {job};
    }
    return ids_in(application, "prospective_job_ids");
}

std::vector<std::int64_t> attachments_of_candidate(State const& state, std::int64_t candidate) {
    auto const applications = applications_of(state, candidate);
    std::vector<std::int64_t> ids;
    for (auto const& [id, attachment] : state.attachments) {
        auto const application = number_of(attachment.v3, "application_id");
        if (number_of(attachment.v3, "candidate_id") == candidate ||
            std::find(applications.begin(), applications.end(), application) != applications.end()) {
            ids.push_back(id);
        }
    }
    return ids;
}

json::object v1_candidate(State const& state, Record const& candidate) {
    std::int64_t const id = number_of(candidate.v3, "id");
    json::array application_ids;
    json::array applications;
    json::value recruiter;
    json::value coordinator;
    for (std::int64_t const application : applications_of(state, id)) {
        auto const& record = state.applications.at(application);
        application_ids.emplace_back(application);
        applications.push_back(v1_application(state, record));
        recruiter = user_in_short(state, number_of(record.v3, "recruiter_id"));
        coordinator = user_in_short(state, number_of(record.v3, "coordinator_id"));
    }
    json::array attachments;
    for (std::int64_t const attachment : attachments_of_candidate(state, id)) {
        attachments.push_back(attachment_in_short(state, attachment));
    }
    json::object printed{{"id", id}};
    for (char const* const member : {"first_name", "last_name", "company", "title", "created_at", "updated_at"}) {
        printed[member] = value_of(candidate.v3, member);
    }
    printed["last_activity"] = value_of(candidate.v3, "last_activity_at");
    printed["is_private"] = value_of(candidate.v3, "private");
    printed["photo_url"] = nullptr;
    printed["attachments"] = std::move(attachments);
    printed["application_ids"] = std::move(application_ids);
    for (char const* const member : {"phone_numbers", "addresses", "email_addresses", "website_addresses",
                                     "social_media_addresses", "can_email", "tags", "linked_user_ids"}) {
        printed[member] = value_of(candidate.v3, member);
    }
    printed["recruiter"] = std::move(recruiter);
    printed["coordinator"] = std::move(coordinator);
    printed["applications"] = std::move(applications);
    printed["educations"] = json::array();
    printed["employments"] = json::array();
    add_custom_fields(printed, candidate.v3);
    return printed;
}

json::object v1_application(State const& state, Record const& record) {
    json::object const& application = record.v3;
    std::int64_t const id = number_of(application, "id");
    json::array jobs;
    for (std::int64_t const job : jobs_of(application)) {
        if (auto const* const known = find(state.jobs, job); known != nullptr) {
            jobs.push_back({{"id", job}, {"name", value_of(known->v3, "name")}});
        }
    }
    json::array attachments;
    for (auto const& [attachment, other] : state.attachments) {
        if (number_of(other.v3, "application_id") == id) {
            attachments.push_back(attachment_in_short(state, attachment));
        }
    }
    json::value const address = value_of(application, "location_address");
    json::value const stage = value_of(application, "stage_id");
    json::object printed{
        {"id", id},
        {"candidate_id", value_of(application, "candidate_id")},
        {"prospect", value_of(application, "prospect")},
        {"applied_at", value_of(application, "created_at")},
        {"rejected_at", value_of(application, "rejected_at")},
        {"last_activity_at", value_of(application, "last_activity_at")},
        {"location", address.is_null() ? json::value() : json::value(json::object{{"address", address}})},
        {"source", source_of(application)},
        {"credited_to", user_in_short(state, number_of(application, "referrer_id"))},
        {"recruiter", user_in_short(state, number_of(application, "recruiter_id"))},
        {"coordinator", user_in_short(state, number_of(application, "coordinator_id"))},
        {"rejection_reason", nullptr},
        {"rejection_details", nullptr},
        {"jobs", std::move(jobs)},
        {"job_post_id", value_of(application, "job_post_id")},
        {"status", v1_status(text_of(application, "status"))}};
    printed["current_stage"] =
        stage.is_null() ? json::value() : json::object{{"id", stage}, {"name", value_of(application, "stage_name")}};
    printed["answers"] = value_of(application, "answers");
    printed["prospective_office"] = nullptr;
    printed["prospective_department"] = nullptr;
    printed["prospect_detail"] = {{"prospect_pool", nullptr}, {"prospect_stage", nullptr}, {"prospect_owner", nullptr}};
    add_custom_fields(printed, application);
    printed["attachments"] = std::move(attachments);
    return printed;
}

json::object v1_offer(State const& state, Record const& record) {
    json::object const& offer = record.v3;
    auto const* const opening = find(state.openings, number_of(offer, "opening_id"));
    json::object printed;
    for (char const* const member : {"id", "version", "application_id", "job_id", "candidate_id"}) {
        printed[member] = value_of(offer, member);
    }
    printed["opening"] = opening == nullptr ? json::value() : json::value(v1_opening(state, *opening));
    printed["created_at"] = value_of(offer, "created_at");
    printed["updated_at"] = value_of(offer, "updated_at");
    printed["sent_at"] = value_of(offer, "sent_on");
    printed["resolved_at"] = value_of(offer, "resolved_at");
    printed["starts_at"] = value_of(offer, "starts_on");
    printed["status"] = v1_status(text_of(offer, "status"));
    add_custom_fields(printed, offer);
    return printed;
}

json::object v1_opening(State const& /*state*/, Record const& record) {
    json::value const reason = value_of(record.v3, "close_reason_id");
    return {{"id", value_of(record.v3, "id")},
            {"opening_id", value_of(record.v3, "opening_id")},
            {"status", flag_of(record.v3, "open") ? "open" : "closed"},
            {"opened_at", value_of(record.v3, "opened_at")},
            {"closed_at", value_of(record.v3, "closed_at")},
            {"application_id", value_of(record.v3, "application_id")},
            {"close_reason",
             reason.is_null() ? json::value() : json::value(json::object{{"id", reason}, {"name", "Hired"}})}};
}

json::object v1_job(State const& state, Record const& record) {
    json::object const& job = record.v3;
    json::object printed;
    for (char const* const member : {"id", "name", "requisition_id", "notes", "confidential", "status", "created_at",
                                     "opened_at", "closed_at", "updated_at", "is_template", "copied_from_id"}) {
        printed[member] = value_of(job, member);
    }
    json::array departments;
    if (auto const* const department = find(state.departments, number_of(job, "department_id"));
        department != nullptr) {
        departments.push_back(v1_department(state, *department));
    }
    json::array openings;
    for (auto const& [id, opening] : state.openings) {
        if (number_of(opening.v3, "job_id") == number_of(job, "id")) {
            openings.push_back(v1_opening(state, opening));
        }
    }
    printed["departments"] = std::move(departments);
    printed["offices"] = offices_of(state, job);
    add_custom_fields(printed, job);
    printed["hiring_team"] = {{"hiring_managers", json::array()},
                              {"recruiters", json::array()},
                              {"coordinators", json::array()},
                              {"sourcers", json::array()}};
    printed["openings"] = std::move(openings);
    return printed;
}

json::object v1_department(State const& state, Record const& department) {
    return with_kin(state.departments, department.v3, "department");
}

json::object v1_office(State const& state, Record const& office) {
    json::object printed = with_kin(state.offices, office.v3, "office");
    printed["location"] = json::object{{"name", value_of(office.v3, "location")}};
    printed["primary_contact_user_id"] = nullptr;
    return printed;
}

json::object v1_user(State const& /*state*/, Record const& record) {
    json::object printed;
    for (char const* const member : {"id", "name", "first_name", "last_name", "updated_at", "created_at", "site_admin",
                                     "emails", "employee_id", "linked_candidate_ids"}) {
        printed[member] = value_of(record.v3, member);
    }
    printed["primary_email_address"] = value_of(record.v3, "primary_email");
    printed["disabled"] = value_of(record.v3, "deactivated");
    printed["offices"] = json::array();
    printed["departments"] = json::array();
    return printed;
}

json::object v1_custom_field(State const& state, Record const& record) {
    json::object const& field = record.v3;
    json::array options;
    for (auto const& [id, option] : state.custom_field_options) {
        if (number_of(option.v3, "custom_field_id") == number_of(field, "id")) {
            options.push_back({{"id", id},
                               {"name", value_of(option.v3, "name")},
                               {"priority", value_of(option.v3, "sort_order")},
                               {"external_id", value_of(option.v3, "external_id")}});
        }
    }
    return {{"id", value_of(field, "id")},
            {"name", value_of(field, "name")},
            {"active", value_of(field, "active")},
            {"field_type", value_of(field, "field_type")},
            {"priority", 1},
            {"value_type", value_of(field, "value_type")},
            {"private", value_of(field, "private")},
            {"required", value_of(field, "required")},
            {"require_approval", false},
            {"trigger_new_version", false},
            {"name_key", value_of(field, "name_key")},
            {"description", nullptr},
            {"expose_in_job_board_api", false},
            {"api_only", false},
            {"offices", json::array()},
            {"departments", json::array()},
            {"template_token_string", nullptr},
            {"custom_field_options", std::move(options)}};
}

json::object v1_note(State const& state, Record const& note) {
    std::string visibility = text_of(note.v3, "visibility");
    visibility = visibility == "publicly_visible"    ? "public"
                 : visibility == "privately_visible" ? "private"
                                                     : "admin_only";
    return {{"id", value_of(note.v3, "id")},
            {"created_at", value_of(note.v3, "created_at")},
            {"body", value_of(note.v3, "body")},
            {"user", user_in_short(state, number_of(note.v3, "user_id"))},
            {"private", visibility == "private"},
            {"visiblity", visibility},  // the vendor prints this misspelling beside the right one
            {"visibility", visibility}};
}

}  // namespace crosswalk::sandbox::greenhouse

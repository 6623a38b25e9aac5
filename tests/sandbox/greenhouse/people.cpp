#include "sandbox/greenhouse/people.hpp"

#include "sandbox/fields.hpp"
#include "sandbox/greenhouse/custom_fields.hpp"
#include "sandbox/greenhouse/print.hpp"
#include "sandbox/greenhouse/times.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

constexpr std::int64_t sample_job = 323753;
constexpr std::int64_t first_stage = 771100;
constexpr std::size_t documents_max = 20;
constexpr std::array<std::string_view, 8> attachment_types{"cover_letter",   "offer_packet", "resume",
                                                           "take_home_test", "offer_letter", "signed_offer_letter",
                                                           "attachment",     "other"};
constexpr std::array<std::string_view, 4> offer_states{"Created", "Accepted", "Rejected", "Deprecated"};

model::Error refused(std::string why) {
    return {model::ErrorCode::invalid_argument, std::move(why)};
}

json::value or_null(std::optional<std::string> const& text) {
    return text ? json::value(*text) : json::value();
}

json::array list_or_empty(json::array const* list) {
    return list == nullptr ? json::array() : *list;
}

json::object object_or_empty(json::object const* object) {
    return object == nullptr ? json::object() : *object;
}

// `many` as it is ({value, type} each), or a list of one from `one`, or nothing.
json::array contacts(json::array const* many, std::optional<std::string> const& one, char const* type) {
    if (many != nullptr) {
        return *many;
    }
    return one ? json::array{json::object{{"value", *one}, {"type", type}}} : json::array();
}

// The offer without the ids that tie it to an application.
model::Result<json::object> read_offer(State& state, json::object const& order) {
    Fields fields(order);
    std::string const status = fields.text("status").value_or("Created");
    auto const starts_on = fields.text("starts_on");
    auto const sent_on = fields.text("sent_on");
    auto const custom = fill_custom_fields(state, "offer", object_or_empty(fields.object("custom_fields")));
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return refused("offer: " + complaint);
    }
    if (!custom) {
        return custom.error();
    }
    if (std::find(offer_states.begin(), offer_states.end(), status) == offer_states.end()) {
        return refused("offer: status must be Created, Accepted, Rejected or Deprecated");
    }
    if ((starts_on && !is_date(*starts_on)) || (sent_on && !is_date(*sent_on))) {
        return refused("offer: starts_on and sent_on must be dates");
    }
    bool const resolved = status != "Created";
    return json::object{{"status", status},
                        {"starts_on", or_null(starts_on)},
                        {"sent_on", or_null(sent_on)},
                        {"resolved_at", resolved ? json::value(iso(now_ms())) : json::value()},
                        {"custom_fields", *custom}};
}

std::int64_t add_offer(State& state, std::int64_t application, json::object const& read, std::int64_t version) {
    json::object const& about = state.applications.at(application).v3;
    json::value opening;
    for (auto const& [id, record] : state.openings) {
        if (flag_of(record.v3, "open") && value_of(record.v3, "job_id") == value_of(about, "job_id")) {
            opening = id;
        }
    }
    json::object offer{{"version", version},
                       {"application_id", application},
                       {"job_id", value_of(about, "job_id")},
                       {"candidate_id", value_of(about, "candidate_id")},
                       {"opening_id", opening}};
    offer.insert(read.begin(), read.end());
    return state.add(state.offers, {.v3 = std::move(offer), .beside = {{"user_id", nullptr}}});
}

// Documents are checked before anything is made.
model::Result<void> check_documents(State const& state, json::array const& documents) {
    std::uint64_t bytes = state.document_bytes;
    if (documents.size() > documents_max) {
        return refused("documents: at most 20");
    }
    for (json::value const& one : documents) {
        if (!one.is_object()) {
            return refused("documents must be objects");
        }
        Fields fields(one.get_object());
        std::string const type = fields.text("type").value_or("");
        std::string const on = fields.text("on").value_or("application");
        bool const named = fields.text("filename").has_value();
        bytes += fields.text("content").value_or("").size();
        (void)fields.text("content_type");
        if (auto const complaint = fields.complaint(); !complaint.empty()) {
            return refused("documents: " + complaint);
        }
        if (!named || std::find(attachment_types.begin(), attachment_types.end(), type) == attachment_types.end() ||
            (on != "application" && on != "candidate")) {
            return refused("documents: filename, a known type, and on (application or candidate) are needed");
        }
    }
    return bytes > State::document_bytes_max ? model::Result<void>(refused("documents: too many bytes in all"))
                                             : model::Result<void>();
}

std::int64_t add_document(State& state, json::object const& order, Made const& made) {
    bool const on_candidate = text_of(order, "on") == "candidate";
    std::int64_t const id = state.add(
        state.attachments, {.v3 = {{"application_id", made.application},
                                   {"candidate_id", on_candidate ? json::value(made.candidate) : json::value()},
                                   {"type", value_of(order, "type")},
                                   {"filename", value_of(order, "filename")}}});
    std::string const type = text_of(order, "content_type");
    Document document{.content = text_of(order, "content"), .content_type = type.empty() ? "application/pdf" : type};
    state.document_bytes += document.content.size();
    state.documents[id] = std::move(document);
    return id;
}

// The job that an order names by id or describes; 0 for a prospect without one.
model::Result<std::int64_t> job_for(State& state, json::value const* order, bool prospect) {
    if (order == nullptr) {
        return prospect ? 0 : sample_job;
    }
    if (order->is_object()) {
        return make_job(state, order->get_object());
    }
    if (!order->is_int64() || find(state.jobs, order->get_int64()) == nullptr) {
        return refused("job must be the id of a job, or a job");
    }
    return order->get_int64();
}

model::Result<json::object> read_person(State& state, Fields& fields) {
    auto const first = fields.text("first_name");
    auto const last = fields.text("last_name");
    if (!first || !last) {
        return refused("first_name and last_name are needed");
    }
    auto const custom = fill_custom_fields(state, "candidate", object_or_empty(fields.object("custom_fields")));
    if (!custom) {
        return custom.error();
    }
    auto const email = fields.text("email");
    auto const phone = fields.text("phone");
    auto const address = fields.text("address");
    return json::object{{"last_activity_at", iso(now_ms())},
                        {"first_name", *first},
                        {"last_name", *last},
                        {"preferred_name", or_null(fields.text("preferred_name"))},
                        {"company", or_null(fields.text("company"))},
                        {"title", or_null(fields.text("title"))},
                        {"private", fields.flag("private").value_or(false)},
                        {"can_email", true},
                        {"tags", list_or_empty(fields.array("tags"))},
                        {"linked_user_ids", json::array()},
                        {"phone_numbers", contacts(fields.array("phones"), phone, "mobile")},
                        {"addresses", contacts(fields.array("addresses"), address, "home")},
                        {"email_addresses", contacts(fields.array("emails"), email, "personal")},
                        {"website_addresses", json::array()},
                        {"social_media_addresses", json::array()},
                        {"custom_fields", *custom}};
}

json::object new_application(std::int64_t candidate, std::int64_t job, bool prospect, json::object custom) {
    return {{"candidate_id", candidate},
            {"job_id", job == 0 || prospect ? json::value() : json::value(job)},
            {"job_post_id", nullptr},
            {"recruiter_id", nullptr},
            {"coordinator_id", nullptr},
            {"referrer_id", nullptr},
            {"source_id", 25},
            {"stage_id", prospect ? json::value() : json::value(first_stage)},
            {"stage_name", prospect ? json::value() : json::value("Offer")},
            {"status", "in_process"},
            {"needs_decision", prospect ? json::value() : json::value(false)},
            {"prospect", prospect},
            {"rejected_at", nullptr},
            {"last_activity_at", iso(now_ms())},
            {"location_address", nullptr},
            {"answers", json::array()},
            {"prospective_job_ids", prospect && job != 0 ? json::array{job} : json::array()},
            {"custom_fields", std::move(custom)},
            {"agency_note_id", nullptr}};
}

}  // namespace

model::Result<Made> make_candidate(State& state, json::object const& order) {
    if (state.candidates.size() >= State::records_max) {
        return refused("there are too many candidates");
    }
    Fields fields(order);
    bool const prospect = fields.flag("prospect").value_or(false);
    auto const external_id = fields.text("external_id");
    auto const recruiter = fields.integer("recruiter_id");
    auto const coordinator = fields.integer("coordinator_id");
    auto const referrer = fields.integer("referrer_id");
    auto const* const offer = fields.object("offer");
    auto const* const job_order = fields.any("job");
    json::array const documents = list_or_empty(fields.array("documents"));
    auto person = read_person(state, fields);
    auto custom = fill_custom_fields(state, "application", object_or_empty(fields.object("application_custom_fields")));
    if (auto const complaint = fields.complaint(); !complaint.empty()) {
        return refused(complaint);
    }
    auto const read = offer == nullptr ? model::Result<json::object>(json::object()) : read_offer(state, *offer);
    auto const checked = check_documents(state, documents);
    if (!person || !custom || !read || !checked) {
        return !person ? person.error() : !custom ? custom.error() : !read ? read.error() : checked.error();
    }
    for (auto const& user : {recruiter, coordinator, referrer}) {
        if (user && find(state.users, *user) == nullptr) {
            return refused("recruiter_id, coordinator_id and referrer_id must be users");
        }
    }
    auto const job = job_for(state, job_order, prospect);
    if (!job) {
        return job.error();
    }
    Made made{.job = *job, .attachments = {}};
    made.candidate =
        state.add(state.candidates, {.v3 = std::move(*person), .beside = {{"external_id", or_null(external_id)}}});
    json::object application = new_application(made.candidate, *job, prospect, std::move(*custom));
    application["recruiter_id"] = recruiter ? json::value(*recruiter) : json::value();
    application["coordinator_id"] = coordinator ? json::value(*coordinator) : json::value();
    application["referrer_id"] = referrer ? json::value(*referrer) : json::value();
    made.application = state.add(state.applications, {.v3 = std::move(application)});
    if (offer != nullptr) {
        made.offer = add_offer(state, made.application, *read, 1);
    }
    for (json::value const& document : documents) {
        made.attachments.push_back(add_document(state, document.as_object(), made));
    }
    return made;
}

model::Result<std::int64_t> make_offer(State& state, std::int64_t application, json::object const& order) {
    auto const read = read_offer(state, order);
    if (!read) {
        return read.error();
    }
    std::int64_t version = 1;
    if (auto* const before = current_offer(state, application); before != nullptr) {
        version = number_of(before->v3, "version") + 1;
        before->v3["status"] = "Deprecated";
        before->v3["updated_at"] = iso(now_ms());
    }
    return add_offer(state, application, *read, version);
}

model::Result<std::int64_t> make_job(State& state, json::object const& order) {
    Fields fields(order);
    auto const name = fields.text("name");
    auto const requisition = fields.text("requisition_id");
    auto const department = fields.integer("department_id");
    json::array const offices = list_or_empty(fields.array("office_ids"));
    bool const confidential = fields.flag("confidential").value_or(false);
    auto const opening = fields.text("opening_id");
    auto const custom = fill_custom_fields(state, "job", object_or_empty(fields.object("custom_fields")));
    if (auto const complaint = fields.complaint(); !complaint.empty() || !name) {
        return refused("job: " + (complaint.empty() ? "name is needed" : complaint));
    }
    if (!custom) {
        return custom.error();
    }
    bool const known = std::all_of(offices.begin(), offices.end(), [&](json::value const& id) {
        return id.is_int64() && find(state.offices, id.get_int64()) != nullptr;
    });
    if (!known || (department && find(state.departments, *department) == nullptr)) {
        return refused("job: department_id and office_ids must be there");
    }
    std::string const now = iso(now_ms());
    std::int64_t const job =
        state.add(state.jobs, {.v3 = {{"name", *name},
                                      {"requisition_id", or_null(requisition)},
                                      {"notes", nullptr},
                                      {"confidential", confidential},
                                      {"status", "open"},
                                      {"opened_at", now},
                                      {"closed_at", nullptr},
                                      {"is_template", false},
                                      {"copied_from_id", nullptr},
                                      {"department_id", department ? json::value(*department) : json::value()},
                                      {"office_ids", offices},
                                      {"custom_fields", *custom}}});
    state.add(state.openings, {.v3 = {{"job_id", job},
                                      {"opened_at", now},
                                      {"closed_at", nullptr},
                                      {"sort_order", 0},
                                      {"opening_id", or_null(opening)},
                                      {"application_id", nullptr},
                                      {"close_reason_id", nullptr},
                                      {"target_start_on", nullptr},
                                      {"open", true}}});
    return job;
}

model::Result<void> hire(State& state, std::int64_t application) {
    json::object& about = state.applications.at(application).v3;
    if (flag_of(about, "prospect")) {
        return model::Error{model::ErrorCode::failed_precondition, "a prospect cannot be hired"};
    }
    std::string const now = iso(now_ms());
    about["status"] = "hired";
    about["stage_id"] = nullptr;
    about["stage_name"] = nullptr;
    about["needs_decision"] = nullptr;
    about["last_activity_at"] = now;
    about["updated_at"] = now;
    ++state.hired;
    auto* const offer = current_offer(state, application);
    if (offer == nullptr) {
        return {};
    }
    offer->v3["status"] = "Accepted";
    offer->v3["resolved_at"] = now;
    offer->v3["updated_at"] = now;
    // An opening takes one hire; when it is taken already, the hire stays without one.
    auto* const opening = find(state.openings, number_of(offer->v3, "opening_id"));
    if (opening != nullptr && flag_of(opening->v3, "open")) {
        opening->v3["open"] = false;
        opening->v3["closed_at"] = now;
        opening->v3["application_id"] = application;
        opening->v3["close_reason_id"] = 678;
        opening->v3["updated_at"] = now;
    }
    return {};
}

model::Result<void> unhire(State& state, std::int64_t application) {
    json::object& about = state.applications.at(application).v3;
    if (text_of(about, "status") != "hired") {
        return model::Error{model::ErrorCode::failed_precondition, "the application is not hired"};
    }
    about["status"] = "in_process";
    about["stage_id"] = first_stage;
    about["stage_name"] = "Offer";
    about["updated_at"] = iso(now_ms());
    for (auto& [id, opening] : state.openings) {
        if (number_of(opening.v3, "application_id") == application) {
            opening.v3["open"] = true;
            opening.v3["closed_at"] = nullptr;
            opening.v3["application_id"] = nullptr;
            opening.v3["close_reason_id"] = nullptr;
        }
    }
    return {};
}

void remove_candidate(State& state, std::int64_t candidate) {
    for (std::int64_t const attachment : attachments_of_candidate(state, candidate)) {
        state.document_bytes -= state.documents[attachment].content.size();
        state.documents.erase(attachment);
        state.attachments.erase(attachment);
    }
    auto const is_theirs = [&](auto const& numbered) {
        return number_of(numbered.second.v3, "candidate_id") == candidate;
    };
    std::erase_if(state.offers, is_theirs);
    std::erase_if(state.notes, is_theirs);
    std::erase_if(state.applications, is_theirs);
    state.candidates.erase(candidate);
}

}  // namespace crosswalk::sandbox::greenhouse

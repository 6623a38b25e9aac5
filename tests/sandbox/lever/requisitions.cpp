#include "sandbox/lever/requisitions.hpp"

#include "sandbox/fields.hpp"
#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/lever/paging.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> statuses{"open", "onHold", "closed", "draft"};
constexpr std::array<std::string_view, 5> employment{"full-time", "part-time", "intern", "contractor", "temp-worker"};

template <typename Names>
bool contains(Names const& names, std::string_view wanted) {
    return std::find(names.begin(), names.end(), wanted) != names.end();
}

// Keys are ids of requisition fields; members of an object are subfields.
std::string check_custom_fields(State const& state, json::object const& custom) {
    for (auto const& entry : custom) {
        auto const* const field = state.requisition_fields.find(std::string(entry.key()));
        if (field == nullptr) {
            return "customFields does not know " + std::string(entry.key());
        }
        bool const is_object = text_of(*field, "type") == "object";
        if (entry.value().is_object() != is_object || entry.value().is_array()) {
            return "customFields has a value of the wrong type for " + std::string(entry.key());
        }
    }
    return {};
}

std::string check_band(json::object const& band) {
    Fields fields(band);
    (void)fields.text("currency");
    (void)fields.text("interval");
    (void)fields.number("min");
    (void)fields.number("max");
    return fields.complaint();
}

// {"headcountTotal": 3} or "unlimited".
bool is_headcount(json::value const* value) {
    return value != nullptr &&
           ((value->is_int64() && value->get_int64() >= 0) || (value->is_string() && *value == "unlimited"));
}

std::string check_people(State const& state, Fields& fields) {
    for (char const* const name : {"hiringManager", "owner"}) {
        auto const id = fields.text(name);
        if (id && state.users.find(*id) == nullptr) {
            return std::string(name) + " must be the id of a user";
        }
    }
    return {};
}

std::string check_words(State const& state, Fields& fields, std::string_view before) {
    auto const status = fields.text("status");
    if (status && !contains(statuses, *status)) {
        return "status does not know " + *status;
    }
    if (status == "draft" && before.empty() && !state.settings.hybrid_requisitions) {
        return "draft requisitions can only be created in hybrid mode";
    }
    if (status == "draft" && !before.empty() && before != "draft") {
        return "a requisition cannot go back to draft";
    }
    auto const type = fields.text("employmentStatus");
    return type && !contains(employment, *type) ? "employmentStatus does not know " + *type : "";
}

bool code_is_taken(State const& state, std::string const& code, std::string const& id) {
    auto const& all = state.requisitions.all();
    return std::any_of(all.begin(), all.end(), [&](json::object const& one) {
        return text_of(one, "requisitionCode") == code && id_of(one) != id && !one.contains("deletedHere");
    });
}

// What is wrong with a whole requisition as it is sent; empty if nothing is. `before` is the status that it has.
std::string complaint_about(State const& state, json::object const& body, std::string_view before,
                            std::string const& id) {
    Fields fields(body);
    auto const name = fields.text("name");
    auto const code = fields.text("requisitionCode");
    auto const* const headcount = fields.any("headcountTotal");
    std::string complaint = check_people(state, fields);
    complaint = complaint.empty() ? check_words(state, fields, before) : complaint;
    for (char const* const text : {"location", "team", "internalNotes"}) {
        (void)fields.text(text);
    }
    (void)fields.flag("backfill");
    (void)fields.integer("createdAt");
    (void)fields.texts("postingIds");
    auto const* const band = fields.object("compensationBand");
    auto const* const custom = fields.object("customFields");
    complaint = complaint.empty() ? fields.complaint() : complaint;
    complaint = complaint.empty() && band != nullptr ? check_band(*band) : complaint;
    complaint = complaint.empty() && custom != nullptr ? check_custom_fields(state, *custom) : complaint;
    if (!complaint.empty()) {
        return complaint;
    }
    if (!name || name->empty() || !code || code->empty() || !is_headcount(headcount)) {
        return "name, requisitionCode and headcountTotal are required";
    }
    return code_is_taken(state, *code, id) ? "requisitionCode is used by another requisition" : "";
}

// As Lever prints what was written: what was left out is gone.
json::object printed_of(json::object const& body, json::object const& own) {
    json::object printed = own;
    for (auto const& member : body) {
        bool const ids = member.key() == "postingIds";
        printed[ids ? json::string_view("postings") : member.key()] = member.value();
    }
    for (char const* const list : {"postings", "offerIds"}) {
        if (!printed.contains(list)) {
            printed[list] = json::array();
        }
    }
    if (!printed.contains("customFields")) {
        printed["customFields"] = json::object();
    }
    if (!printed.contains("status")) {
        printed["status"] = "open";
    }
    return printed;
}

json::object const* find_requisition(Call const& call) {
    auto const* const found = call.state.requisitions.find(call.ids.front());
    return found == nullptr || found->contains("deletedHere") ? nullptr : found;
}

std::optional<Answer> refuse_management(Call const& call) {
    return call.state.settings.requisitions_api ? std::nullopt : std::optional(forbidden());
}

bool is_confidential(json::object const& requisition) {
    return text_of(requisition, "confidentiality") == "confidential";
}

}  // namespace

Answer list_requisitions(Call const& call) {
    Request const& request = call.request;
    std::string const secrecy = request.parameter("confidentiality").value_or("non-confidential");
    static constexpr std::array<std::string_view, 3> levels{"confidential", "non-confidential", "all"};
    if (!contains(levels, secrecy)) {
        return bad_request("confidentiality does not know " + secrecy);
    }
    if (secrecy != "non-confidential" && !call.credential.confidential) {
        return forbidden();
    }
    auto const start = request.parameter("created_at_start");
    auto const end = request.parameter("created_at_end");
    if ((start && !parse_number(*start)) || (end && !parse_number(*end))) {
        return bad_request("created_at_start and created_at_end must be milliseconds");
    }
    return answer_list(
        request, call.state.requisitions.all(),
        [&](json::object const& one) {
            return !one.contains("deletedHere") &&
                   (secrecy == "all" || (secrecy == "confidential") == is_confidential(one)) &&
                   wanted(request, "requisition_code", text_of(one, "requisitionCode")) &&
                   wanted(request, "status", text_of(one, "status")) &&
                   (!start || created_of(one) >= *parse_number(*start)) &&
                   (!end || created_of(one) <= *parse_number(*end));
        },
        [](json::object const& one) { return one; });
}

Answer get_requisition(Call const& call) {
    auto const* const found = find_requisition(call);
    if (found == nullptr) {
        return not_found("requisitions", call.ids.front());
    }
    return is_confidential(*found) && !call.credential.confidential ? forbidden()
                                                                    : json_answer(200, {{"data", *found}});
}

Answer create_requisition(Call const& call) {
    if (auto refusal = refuse_management(call)) {
        return *refusal;
    }
    auto const body = call.request.json_object();
    std::string const complaint = body ? complaint_about(call.state, *body, {}, {}) : "the body must be a JSON object";
    if (!complaint.empty()) {
        return bad_request(complaint);
    }
    json::object const own{{"id", call.state.ids.uuid()},
                           {"confidentiality", "non-confidential"},
                           {"creator", id_of(call.state.users.all().front())},
                           {"headcountHired", 0},
                           {"approval", {{"steps", json::array()}}},
                           {"createdAt", now_ms()},
                           {"updatedAt", now_ms()}};
    json::object printed = printed_of(*body, own);
    call.state.requisitions.add(printed);
    return json_answer(201, {{"data", std::move(printed)}});
}

Answer replace_requisition(Call const& call) {
    if (auto refusal = refuse_management(call)) {
        return *refusal;
    }
    auto const* const before = find_requisition(call);
    if (before == nullptr) {
        return not_found("requisitions", call.ids.front());
    }
    auto const body = call.request.json_object();
    std::string const complaint = body ? complaint_about(call.state, *body, text_of(*before, "status"), id_of(*before))
                                       : "the body must be a JSON object";
    if (!complaint.empty()) {
        return bad_request(complaint);
    }
    // The rest of what Lever printed was the caller's to send back.
    json::object own;
    for (char const* const field : {"id", "confidentiality", "creator", "headcountHired", "offerIds", "approval",
                                    "department", "createdAt", "timeToFillStartAt", "timeToFillEndAt"}) {
        if (auto const* const value = before->if_contains(field); value != nullptr) {
            own[field] = *value;
        }
    }
    own["updatedAt"] = now_ms();
    json::object printed = printed_of(*body, own);
    if (text_of(printed, "status") == "closed") {
        printed["closedAt"] = now_ms();
    }
    call.state.requisitions.add(printed);
    return json_answer(201, {{"data", std::move(printed)}});
}

Answer delete_requisition(Call const& call) {
    if (auto refusal = refuse_management(call)) {
        return *refusal;
    }
    if (find_requisition(call) == nullptr) {
        return not_found("requisitions", call.ids.front());
    }
    (*call.state.requisitions.find(call.ids.front()))["deletedHere"] = true;
    return {.status = 204};
}

Answer list_requisition_fields(Call const& call) {
    return answer_list(
        call.request, call.state.requisition_fields.all(),
        [&](json::object const& field) {
            std::string const required =
                field.contains("isRequired") && field.at("isRequired") == true ? "true" : "false";
            return wanted(call.request, "type", text_of(field, "type")) && wanted(call.request, "isRequired", required);
        },
        [](json::object const& field) { return field; });
}

Answer get_requisition_field(Call const& call) {
    auto const* const found = call.state.requisition_fields.find(call.ids.front());
    return found == nullptr ? not_found("requisition_fields", call.ids.front()) : json_answer(200, {{"data", *found}});
}

Answer control_add_requisition(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    json::object wanted_fields = call.body;
    bool const secret = wanted_fields.contains("confidential") && wanted_fields.at("confidential") == true;
    wanted_fields.erase("confidential");
    json::value const department = wanted_fields.contains("department") ? wanted_fields.at("department") : nullptr;
    wanted_fields.erase("department");
    if (auto const complaint = complaint_about(call.state, wanted_fields, "draft", {}); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    json::object own{{"id", call.state.ids.uuid()},
                     {"confidentiality", secret ? "confidential" : "non-confidential"},
                     {"creator", id_of(call.state.users.all().front())},
                     {"headcountHired", 0},
                     {"approval", {{"steps", json::array()}}},
                     {"createdAt", now_ms()},
                     {"updatedAt", now_ms()}};
    if (department.is_string()) {
        own["department"] = department;
    }
    json::object printed = printed_of(wanted_fields, own);
    std::string const id = id_of(printed);
    call.state.requisitions.add(std::move(printed));
    return json_answer(201, {{"requisition_id", id}});
}

Answer control_change_requisition(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    auto* const found = call.state.requisitions.find(call.ids.front());
    if (found == nullptr) {
        return control_refusal(404, "no such requisition");
    }
    for (auto const& member : call.body) {
        (*found)[member.key()] = member.value();
    }
    return json_answer(200, *found);
}

Answer control_list_requisitions(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    json::array printed;
    for (json::object const& one : call.state.requisitions.all()) {
        if (!one.contains("deletedHere")) {
            printed.push_back(one);
        }
    }
    return json_answer(200, {{"count", printed.size()}, {"requisitions", std::move(printed)}});
}

Answer control_add_requisition_field(ControlCall const& call) {
    Fields fields(call.body);
    auto const id = fields.text("id");
    auto const type = fields.text("type");
    auto const* const subfields = fields.array("subfields");
    static constexpr std::array<std::string_view, 5> types{"number", "text", "date", "object", "dropdown"};
    if (!fields.complaint().empty() || !id || !type || !contains(types, *type)) {
        return control_refusal(400, "id and a type of Lever's are required, subfields is a list");
    }
    std::lock_guard const lock(call.state.mutex);
    json::object field{{"id", *id}, {"text", *id}, {"type", *type}, {"isRequired", false}};
    if (subfields != nullptr) {
        field["subfields"] = *subfields;
    }
    call.state.requisition_fields.add(std::move(field));
    return json_answer(201, {{"id", *id}});
}

}  // namespace crosswalk::sandbox::lever

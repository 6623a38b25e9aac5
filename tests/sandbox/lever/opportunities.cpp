#include "sandbox/fields.hpp"
#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/lever/paging.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::int64_t deleted_window_ms_max = 30LL * 24 * 3600 * 1000;

constexpr std::array<std::string_view, 6> expandable{"applications", "stage",     "owner",
                                                     "followers",    "sourcedBy", "contact"};

// The vendor's attribute table, with the flat archive fields of its examples.
constexpr std::array<std::string_view, 31> opportunity_fields{"id",
                                                              "name",
                                                              "headline",
                                                              "contact",
                                                              "emails",
                                                              "phones",
                                                              "location",
                                                              "links",
                                                              "createdAt",
                                                              "updatedAt",
                                                              "lastAdvancedAt",
                                                              "lastInteractionAt",
                                                              "archived",
                                                              "archivedAt",
                                                              "archiveReason",
                                                              "snoozedUntil",
                                                              "stage",
                                                              "stageChanges",
                                                              "owner",
                                                              "tags",
                                                              "sources",
                                                              "origin",
                                                              "sourcedBy",
                                                              "applications",
                                                              "resume",
                                                              "followers",
                                                              "urls",
                                                              "dataProtection",
                                                              "isAnonymized",
                                                              "confidentiality",
                                                              "opportunityLocation"};

template <typename Names>
std::optional<Answer> check_names(Request const& request, std::string_view parameter, Names const& known) {
    for (std::string const& name : request.parameters(parameter)) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            return bad_request(std::string(parameter) + " does not know " + name);
        }
    }
    return std::nullopt;
}

// The object in place of an id; the id stays when it names nothing.
void expand_in(json::object& printed, std::string_view field, Collection const& collection) {
    json::value& value = printed[json::string_view(field.data(), field.size())];
    auto const replace = [&](json::value& id) {
        auto const* const found = id.is_string() ? collection.find(id.get_string().c_str()) : nullptr;
        if (found != nullptr) {
            id = *found;
        }
    };
    if (value.is_array()) {
        std::for_each(value.get_array().begin(), value.get_array().end(), replace);
    } else {
        replace(value);
    }
}

json::object print_for(State const& state, Candidate const& candidate, Request const& request) {
    json::object printed = print_plain(candidate);
    keep_included(printed, request);
    json::object const whole = print_plain(candidate);
    for (std::string const& field : request.parameters("expand")) {
        printed[field] = whole.contains(field) ? whole.at(field) : json::value(nullptr);
        if (field == "applications") {
            printed[field] = candidate.application ? json::array{print_application(candidate)} : json::array();
        } else if (field == "stage") {
            expand_in(printed, field, state.stages);
        } else if (field == "contact") {
            expand_in(printed, field, state.contacts);
        } else {
            expand_in(printed, field, state.users);
        }
    }
    return printed;
}

bool any_wanted(Request const& request, std::string_view parameter, json::object const& record, char const* field) {
    if (!request.has_parameter(parameter)) {
        return true;
    }
    auto const* const values = record.if_contains(field);
    return values != nullptr && values->is_array() &&
           std::any_of(values->get_array().begin(), values->get_array().end(),
                       [&](json::value const& value) { return wanted(request, parameter, value.as_string().c_str()); });
}

// One of the "created_at_start" filters; a bound that is no number lets nothing through.
bool in_window(Request const& request, std::string const& field, std::int64_t time) {
    auto const start = request.parameter(field + "_start");
    auto const end = request.parameter(field + "_end");
    return (!start || time >= parse_number(*start).value_or(INT64_MAX)) &&
           (!end || time <= parse_number(*end).value_or(INT64_MIN));
}

bool has_posting(Request const& request, Candidate const& candidate, std::string_view parameter, bool archived) {
    if (!request.has_parameter(parameter)) {
        return true;
    }
    return candidate.application && candidate.archived.has_value() == archived &&
           wanted(request, parameter, text_of(*candidate.application, "posting"));
}

bool fits(Request const& request, Candidate const& candidate) {
    json::object const& opportunity = candidate.opportunity;
    std::string const confidentiality = request.parameter("confidentiality").value_or("non-confidential");
    if (candidate.deleted_at ||
        (confidentiality != "all" && (confidentiality == "confidential") != candidate.confidential())) {
        return false;
    }
    std::string const archived = candidate.archived ? "true" : "false";
    std::string const snoozed = number_of(opportunity, "snoozedUntil") > now_ms() ? "true" : "false";
    return any_wanted(request, "tag", opportunity, "tags") && any_wanted(request, "email", opportunity, "emails") &&
           any_wanted(request, "source", opportunity, "sources") &&
           wanted(request, "origin", text_of(opportunity, "origin")) &&
           wanted(request, "stage_id", text_of(opportunity, "stage")) &&
           wanted(request, "contact_id", candidate.contact) &&
           wanted(request, "location", text_of(opportunity, "opportunityLocation")) &&
           wanted(request, "archived", archived) && wanted(request, "snoozed", snoozed) &&
           has_posting(request, candidate, "posting_id", false) &&
           has_posting(request, candidate, "archived_posting_id", true) &&
           wanted(request, "archive_reason_id", candidate.archived ? candidate.archived->reason : "") &&
           in_window(request, "created_at", candidate.created_at) &&
           in_window(request, "updated_at", number_of(opportunity, "updatedAt")) &&
           in_window(request, "advanced_at", number_of(opportunity, "lastAdvancedAt")) &&
           in_window(request, "archived_at", candidate.archived ? candidate.archived->archived_at : 0);
}

std::optional<Answer> check_list(Call const& call) {
    Request const& request = call.request;
    if (auto refusal = check_names(request, "expand", expandable)) {
        return refusal;
    }
    if (auto refusal = check_names(request, "include", opportunity_fields)) {
        return refusal;
    }
    static constexpr std::array<std::string_view, 3> levels{"confidential", "non-confidential", "all"};
    if (auto refusal = check_names(request, "confidentiality", levels)) {
        return refusal;
    }
    if (request.parameter("confidentiality").value_or("non-confidential") != "non-confidential" &&
        !call.credential.confidential) {
        return forbidden();
    }
    for (Pair const& pair : request.query) {
        bool const is_time = pair.name.ends_with("_at_start") || pair.name.ends_with("_at_end");
        if (is_time && !parse_number(pair.value)) {
            return bad_request(pair.name + " must be milliseconds");
        }
        bool const is_flag = pair.name == "archived" || pair.name == "snoozed";
        if (is_flag && pair.value != "true" && pair.value != "false") {
            return bad_request(pair.name + " must be true or false");
        }
    }
    return std::nullopt;
}

// Both tag calls: {"tags": ["…"]} and nothing else.
Answer change_tags(Call const& call, bool add) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    if (auto refusal = check_perform_as(call, false)) {
        return *refusal;
    }
    auto const body = call.request.json_object();
    if (!body) {
        return bad_request("the body must be a JSON object");
    }
    Fields fields(*body);
    auto const tags = fields.texts("tags");
    if (!fields.complaint().empty() || !tags || tags->empty()) {
        return bad_request(fields.complaint().empty() ? "tags is required" : fields.complaint());
    }
    json::array& kept = access.candidate->opportunity["tags"].as_array();
    for (std::string const& tag : *tags) {
        auto* const found = std::find(kept.begin(), kept.end(), json::value(tag));
        if (add && found == kept.end()) {
            kept.emplace_back(tag);
        } else if (!add && found != kept.end()) {
            kept.erase(found);
        }
    }
    access.candidate->opportunity["updatedAt"] = now_ms();
    return json_answer(200, {{"data", print_plain(*access.candidate)}});
}

}  // namespace

Access find_visible(Call const& call) {
    Candidate* const candidate = call.state.find_candidate(call.ids.front());
    if (candidate == nullptr || candidate->deleted_at) {
        return {.refusal = not_found("opportunities", call.ids.front())};
    }
    if (candidate->confidential() && !call.credential.confidential) {
        return {.refusal = forbidden()};
    }
    return {.candidate = candidate};
}

std::optional<Answer> check_perform_as(Call const& call, bool required) {
    auto const user = call.request.parameter("perform_as");
    if (!user) {
        return required ? std::optional(bad_request("perform_as is required")) : std::nullopt;
    }
    return call.state.users.find(*user) == nullptr ? std::optional(bad_request("perform_as must be the id of a user"))
                                                   : std::nullopt;
}

json::object print_plain(Candidate const& candidate) {
    json::object printed = candidate.opportunity;
    bool const visible = candidate.archived && candidate.stale_reads == 0;
    if (candidate.archive_shape != ArchiveShape::nested) {
        printed["archivedAt"] = visible ? json::value(candidate.archived->archived_at) : json::value(nullptr);
        printed["archiveReason"] = visible ? json::value(candidate.archived->reason) : json::value(nullptr);
    }
    if (candidate.archive_shape != ArchiveShape::flat) {
        printed["archived"] = visible ? json::value{{"archivedAt", candidate.archived->archived_at},
                                                    {"reason", candidate.archived->reason}}
                                      : json::value(nullptr);
    }
    return printed;
}

json::object print_application(Candidate const& candidate) {
    json::object printed = *candidate.application;
    if (candidate.archived && candidate.stale_reads == 0) {
        printed["archived"] = {{"archivedAt", candidate.archived->archived_at}, {"reason", candidate.archived->reason}};
    }
    return printed;
}

void keep_included(json::object& printed, Request const& request) {
    auto const included = request.parameters("include");
    if (included.empty()) {
        return;
    }
    json::object kept;
    for (std::string const& field : included) {
        if (auto const* const value = printed.if_contains(field); value != nullptr) {
            kept[field] = *value;
        }
    }
    printed = std::move(kept);
}

bool wanted(Request const& request, std::string_view parameter, std::string_view value) {
    return !request.has_parameter(parameter) ||
           std::any_of(request.query.begin(), request.query.end(),
                       [&](Pair const& pair) { return pair.name == parameter && pair.value == value; });
}

Answer list_opportunities(Call const& call) {
    if (auto refusal = check_list(call)) {
        return *refusal;
    }
    return answer_list(
        call.request, call.state.candidates, [&](Candidate const& candidate) { return fits(call.request, candidate); },
        [&](Candidate const& candidate) { return print_for(call.state, candidate, call.request); });
}

Answer list_deleted_opportunities(Call const& call) {
    auto const start = parse_number(call.request.parameter("deleted_at_start").value_or(""));
    auto const end = parse_number(call.request.parameter("deleted_at_end").value_or(""));
    if (!start || !end || *end < *start || *end - *start > deleted_window_ms_max) {
        return bad_request("deleted_at_start and deleted_at_end must span at most 30 days");
    }
    return answer_list(
        call.request, call.state.candidates,
        [&](Candidate const& candidate) {
            return candidate.deleted_at && *candidate.deleted_at >= *start && *candidate.deleted_at <= *end;
        },
        [](Candidate const& candidate) {
            json::object printed = print_plain(candidate);
            printed["deletedAt"] = *candidate.deleted_at;
            printed["deletedBy"] = nullptr;
            return printed;
        });
}

Answer get_opportunity(Call const& call) {
    if (auto refusal = check_names(call.request, "expand", expandable)) {
        return *refusal;
    }
    if (auto refusal = check_names(call.request, "include", opportunity_fields)) {
        return *refusal;
    }
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    Answer answer = json_answer(200, {{"data", print_for(call.state, *access.candidate, call.request)}});
    access.candidate->stale_reads = std::max<std::int64_t>(access.candidate->stale_reads - 1, 0);
    return answer;
}

Answer list_applications(Call const& call) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    std::deque<json::object> applications;
    if (access.candidate->application) {
        applications.push_back(print_application(*access.candidate));
    }
    return answer_list(
        call.request, applications, [](json::object const&) { return true; },
        [](json::object const& application) { return application; });
}

Answer get_application(Call const& call) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    if (!access.candidate->application || id_of(*access.candidate->application) != call.ids[1]) {
        return not_found("applications", call.ids[1]);
    }
    return json_answer(200, {{"data", print_application(*access.candidate)}});
}

Answer list_offers(Call const& call) {
    static constexpr std::array<std::string_view, 1> known{"creator"};
    if (auto refusal = check_names(call.request, "expand", known)) {
        return *refusal;
    }
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    return answer_list(
        call.request, access.candidate->offers, [&](json::object const&) { return access.candidate->stale_reads == 0; },
        [&](json::object offer) {
            if (call.request.has_parameter("expand")) {
                expand_in(offer, "creator", call.state.users);
            }
            return offer;
        });
}

Answer get_contact(Call const& call) {
    auto const* const contact = call.state.contacts.find(call.ids.front());
    return contact == nullptr ? not_found("contacts", call.ids.front()) : json_answer(200, {{"data", *contact}});
}

Answer add_tags(Call const& call) {
    return change_tags(call, true);
}

Answer remove_tags(Call const& call) {
    return change_tags(call, false);
}

}  // namespace crosswalk::sandbox::lever

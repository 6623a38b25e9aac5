#include "applicant.hpp"

#include "screening.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::hrlogics {

using connector::Call;
using connector::Failure;
using connector::FieldProblem;
using connector::find;
using connector::HttpResponse;
using connector::Outcome;
using connector::PushRequest;
using connector::text_at;

namespace {

constexpr std::array<std::string_view, 5> required_fields{"external_id", "source", "first_name", "last_name",
                                                          "applied_at"};

Outcome told(Call& call, Outcome outcome, std::string_view why) {
    call.note(CW_NOTE_REASON, why);
    return outcome;
}

// Why nobody shall get a survey; empty when somebody shall.
std::string skipped(Settings const& settings, json::value const& applicant) {
    std::string const status(text_at(applicant, "/status"));
    json::value const* deleted = find(applicant, "/deleted");
    if (deleted != nullptr && deleted->is_bool() && deleted->get_bool()) {
        return "deleted: the application no longer exists at its source.";
    }
    auto const& skip = settings.skip_statuses;
    if (std::find(skip.begin(), skip.end(), status) != skip.end()) {
        return status + ": the application is closed, so no survey is sent.";
    }
    if (!is_email(text_at(applicant, "/email"))) {
        return "missing e-mail: HRLogics sends its survey by e-mail. Add an address at the source, then replay the "
               "event.";
    }
    return {};
}

void check_required(json::value const& applicant) {
    std::vector<FieldProblem> missing;
    for (std::string_view const field : required_fields) {
        if (text_at(applicant, "/" + std::string(field)).empty()) {
            missing.push_back({std::string(field), "is missing"});
        }
    }
    if (!missing.empty()) {
        throw Failure(CW_ERR_INVALID, "The application lacks fields that HRLogics requires.", std::move(missing));
    }
}

json::value body_of(Settings const& settings, json::value const& applicant) {
    json::object values;
    if (json::value const* extra = find(applicant, "/extra"); extra != nullptr && extra->is_object()) {
        values = extra->get_object();
    }
    Texts const& pointers = settings.fields.find("applicant")->second;
    for (auto const& entry : pointers) {
        if (json::value const* value = find(applicant, "/" + entry.first); value != nullptr) {
            values.emplace(entry.first, *value);
        }
    }
    json::object body;
    for (auto const& [name, value] : values) {
        auto const known = pointers.find(std::string_view(name));
        std::string const pointer = known == pointers.end() ? "/" + std::string(name) : known->second;
        if (!set_at(body, pointer, value)) {
            throw Failure(CW_ERR_CONFIG, "Two fields of the applicant have the same place: " + pointer);
        }
    }
    return body;
}

// From now on a callback about this applicant leads back to the opportunity.
void link(Call& call, std::string const& id, json::value const& applicant) {
    for (char const* ref : {"/candidate", "/application"}) {
        if (json::value const* found = find(applicant, ref); found != nullptr && found->is_object()) {
            call.link(applicant_kind, id, found->get_object());
        }
    }
    call.note(CW_NOTE_TARGET_KEY, id);
}

std::string survey_words(std::string const& status) {
    return status.empty() ? "HRLogics sends the survey." : "Survey: " + status + ".";
}

Outcome delivered(Call& call, Api const& api, json::value const& applicant, json::value const& stored) {
    link(call, api.stored(stored, "id"), applicant);
    call.note(CW_NOTE_EFFECT, "created");
    return told(call, Outcome::delivered, survey_words(api.stored(stored, "survey_status")));
}

// The applicant with our external_id; nullopt when HRLogics has none.
std::optional<json::value> find_ours(Call& call, Api const& api, std::string const& external_id) {
    auto const answer = api.read(call, "applicant_find", {{"external_id", external_id}});
    json::value const* data = answer ? find(*answer, api.settings().pointer("answer", "data")) : nullptr;
    auto const fits = [&](json::value const& one) {
        return one.is_object() && api.stored(one, "external_id") == external_id && !api.stored(one, "id").empty();
    };
    if (data != nullptr && data->is_array()) {
        for (json::value const& one : data->get_array()) {
            if (fits(one)) {
                return one;
            }
        }
    }
    return data != nullptr && fits(*data) ? std::optional(*data) : std::nullopt;
}

Outcome unchanged(Call& call, std::string const& id, json::value const& applicant) {
    link(call, id, applicant);
    return told(call, Outcome::unchanged,
                "HRLogics already has this applicant: one survey each, so none is sent anew.");
}

// 409: HRLogics has this applicant. By our own identity it is ours; by anything else it is somebody else's.
Outcome conflict(Call& call, Api const& api, json::value const& applicant, HttpResponse const& response) {
    Settings const& settings = api.settings();
    std::string const ours = settings.pointer("applicant", "external_id").substr(1);
    std::optional<json::value> const body = parsed(response);
    json::value const* details = body ? find(*body, settings.pointer("answer", "details")) : nullptr;
    if (details != nullptr && details->is_array()) {
        for (json::value const& detail : details->get_array()) {
            std::string const existing = id_at(detail, settings.pointer("detail", "existing_id"));
            if (existing.empty()) {
                continue;
            }
            if (text_at(detail, settings.pointer("detail", "field")) == ours) {
                return unchanged(call, existing, applicant);
            }
            call.note(CW_NOTE_TARGET_KEY, existing);
            return told(call, Outcome::duplicate,
                        "HRLogics has another applicant that is the same person; no second survey is sent.");
        }
    }
    if (auto const stored = find_ours(call, api, std::string(text_at(applicant, "/external_id")))) {
        return unchanged(call, api.stored(*stored, "id"), applicant);
    }
    return told(call, Outcome::duplicate, "HRLogics says that this applicant exists already (409).");
}

}  // namespace

Outcome create_applicant(Call& call, Api const& api, PushRequest const& request) {
    json::value const applicant(request.data);
    if (std::string const why = skipped(api.settings(), applicant); !why.empty()) {
        return told(call, Outcome::skipped, why);
    }
    check_required(applicant);
    json::value const body = body_of(api.settings(), applicant);
    auto const response =
        api.write(call, "POST", "applicant_create", {}, body, text_at(applicant, "/external_application_id"));
    if (!response) {
        return told(call, Outcome::unknown, "HRLogics did not answer; the applicant may have been created.");
    }
    if (response->status == 409) {
        return conflict(call, api, applicant, *response);
    }
    if (is_undecided(response->status)) {
        return told(
            call, Outcome::unknown,
            "HRLogics answered with " + std::to_string(response->status) + "; the applicant may have been created.");
    }
    if (!is_success(response->status)) {
        throw api.refusal("applicant_create", *response, body);
    }
    std::optional<json::value> const answer = parsed(*response);
    json::value const* stored = answer ? api.data(*answer) : nullptr;
    if (stored == nullptr || api.stored(*stored, "id").empty()) {
        return told(call, Outcome::unknown, "HRLogics accepted the applicant but did not say which one it is.");
    }
    return delivered(call, api, applicant, *stored);
}

Outcome look_up_applicant(Call& call, Api const& api, PushRequest const& request) {
    json::value const applicant(request.data);
    std::string const external_id(text_at(applicant, "/external_id"));
    try {
        if (auto const stored = find_ours(call, api, external_id)) {
            return delivered(call, api, applicant, *stored);
        }
        return Outcome::retry;
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_AUTH || failure.status() == CW_ERR_CONFIG) {
            throw;
        }
        // That the look-up failed says nothing about the push: "try again" would be taken for "not applied".
        return told(call, Outcome::unknown, failure.message());
    }
}

}  // namespace crosswalk::hrlogics

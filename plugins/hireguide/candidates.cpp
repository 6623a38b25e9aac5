#include "candidates.hpp"

#include "times.hpp"

namespace crosswalk::hireguide {
namespace {

using connector::Outcome;

Outcome skipped(Call& call, std::string const& reason) {
    call.note(CW_NOTE_REASON, reason);
    return Outcome::skipped;
}

// The item of the answer that is about this candidate.
json::object item_of(Api const& api, json::value const& answer, std::string_view external_id) {
    if (answer.is_array()) {
        for (json::value const& item : answer.get_array()) {
            if (item.is_object() && api.settings().text(item.get_object(), "external_id") == external_id) {
                return item.get_object();
            }
        }
    }
    throw Failure(CW_ERR_TRANSIENT, "Hireguide's answer to /paths/candidates_upsert leaves out the candidate.");
}

// The code is a word of Hireguide's; its message may repeat a name, so it is not passed on.
std::string why(json::object const& item) {
    json::value const whole(item);
    std::string_view const code = connector::text_at(whole, "/error/code");
    std::string text = "Hireguide did not take the candidate";
    if (is_id(code)) {
        text += " (" + std::string(code) + ")";
    }
    return text + ". Correct the candidate in the ATS; the next change is sent again.";
}

}  // namespace

Outcome upsert_candidate(Api const& api, Positions& positions, connector::PushRequest const& request) {
    Settings const& settings = api.settings();
    Call& call = api.call();
    json::value const record(request.data);
    Positions::Match const match = Positions::find(settings, connector::find(record, "/jobs"));
    if (match.position == nullptr) {
        return skipped(call, "No position of /positions is connected with this job.");
    }
    if (!match.position->import_applicant_details) {
        return skipped(call, "import_applicant_details is off for /positions/" + match.position->name + ".");
    }
    json::object const& application = record.at("application").as_object();
    if (connector::find(record, "/deleted") != nullptr && call.linked_here(application, candidate_kind).empty()) {
        return skipped(call, "The application was removed before it came to Hireguide.");
    }
    std::string effect;
    auto const id = positions.ensure(api, match, std::string(connector::text_at(record, "/job_name")), effect);
    if (!id) {
        return Outcome::skipped;
    }
    json::object candidate = record.at("candidate").as_object();
    candidate.emplace("updated_at", print_time(call.unix_ms()));
    json::value answer;
    try {
        answer = api.send("POST", "candidates_upsert", {{"id", *id}},
                          {{"candidates", json::array{settings.on_the_wire(candidate)}}});
    } catch (Failure const& failure) {
        if (failure.status() != CW_ERR_NOT_FOUND) {
            throw;
        }
        Positions::forget(api, match, *id);
        return Outcome::skipped;
    }
    json::object const item = item_of(api, answer, candidate.at("external_id").as_string());
    std::string_view const result = settings.text(item, "result");
    if (result == "error") {
        throw Failure(CW_ERR_INVALID, why(item));
    }
    std::string_view const theirs = settings.text(item, "id");
    if (!is_id(theirs) || (result != "created" && result != "updated" && result != "unchanged")) {
        throw Failure(CW_ERR_CONFIG, "Hireguide's answer to /paths/candidates_upsert has no usable id or result.");
    }
    // Exports name the candidate; the link says whose file that is.
    call.link(candidate_kind, theirs, application);
    call.note(CW_NOTE_TARGET_KEY, theirs);
    positions.tell_sync(api, *id, "candidates");
    if (result == "unchanged") {
        return Outcome::unchanged;
    }
    call.note(CW_NOTE_EFFECT, result);
    return Outcome::delivered;
}

}  // namespace crosswalk::hireguide

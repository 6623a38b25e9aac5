#include "exports.hpp"

#include "candidates.hpp"
#include "map.hpp"
#include "pdf.hpp"

namespace crosswalk::hireguide {
namespace {

constexpr int conflicts_max = 20;

std::string state_key(std::string const& key) {
    return "export/" + key;
}

json::value state_of(Call& call, std::string const& key, std::uint64_t* version = nullptr) {
    auto const stored = call.kv_get(state_key(key));
    if (!stored) {
        return json::object{};
    }
    if (version != nullptr) {
        *version = stored->version;
    }
    return connector::parse_json(stored->value, "The connector's state");
}

void tell(Api const& api, std::string const& interview_id, json::object const& result) {
    (void)api.send("POST", "export_result", {{"id", interview_id}}, api.settings().on_the_wire(result));
}

[[noreturn]] void refuse(std::string_view field, std::string const& why) {
    throw Failure(CW_ERR_INVALID, "The export is refused: " + why, {{std::string(field), why}});
}

// Whose file it is: the application that this connection synced as that candidate.
json::object owner_of(Api const& api, json::object const& data) {
    Settings const& settings = api.settings();
    std::string_view const candidate = settings.text(data, "candidate_id");
    std::string_view const external_id = settings.text(data, "external_candidate_id");
    if (is_id(candidate) && !external_id.empty()) {
        json::object const theirs{{"system", api.call().connection()}, {"kind", candidate_kind}, {"id", candidate}};
        for (json::value const& ref : api.call().linked(theirs)) {
            if (ref.is_object() && settings.external_id(ref) == external_id) {
                return ref.get_object();
            }
        }
    }
    refuse("external_candidate_id", "the candidate did not come from the ATS through this connection.");
}

json::object exported_of(Api const& api, std::string const& interview_id, json::object const& data) {
    Settings const& settings = api.settings();
    json::value const* scored = settings.field(data, "scores_submitted");
    if (scored == nullptr || !scored->is_bool() || !scored->get_bool()) {
        refuse("scores_submitted", "submit scores first, then export again.");
    }
    json::value const* file = settings.field(data, "file");
    if (file == nullptr || !file->is_object()) {
        refuse("file", "it is missing.");
    }
    json::object owner = owner_of(api, data);
    Pdf pdf = take_pdf(api, interview_id, file->get_object());
    return {{"interview_id", interview_id},      {"owner", std::move(owner)}, {"file_name", std::move(pdf.name)},
            {"content_type", "application/pdf"}, {"size", pdf.size},          {"sha256", std::move(pdf.sha256)}};
}

// Ends with the refusal, once Hireguide knows of it: that is where the person who pressed the button looks.
[[noreturn]] void tell_refused(Api const& api, std::string const& interview_id, Failure const& refusal) {
    try {
        tell(api, interview_id, {{"status", "failed"}, {"message", refusal.message()}});
    } catch (Failure const& failure) {
        if (failure.status() != CW_ERR_INVALID && failure.status() != CW_ERR_NOT_FOUND) {
            throw Failure(failure.status(), refusal.message() + " Hireguide does not know yet: " + failure.message(),
                          {}, failure.retry_after());
        }
        api.call().log(CW_LOG_WARN, "Hireguide did not take the result of an export.", {{"detail", failure.message()}});
    }
    throw refusal;
}

}  // namespace

void parse_export(Api const& api, Callback const& callback) {
    Call& call = api.call();
    std::string const interview_id(api.settings().text(callback.data, "interview_id"));
    if (!is_id(interview_id)) {
        throw Failure(CW_ERR_INVALID, "The callback names no interview.");
    }
    json::object exported;
    try {
        exported = exported_of(api, interview_id, callback.data);
    } catch (Failure const& failure) {
        if (failure.status() != CW_ERR_INVALID) {
            throw;
        }
        tell_refused(api, interview_id, failure);
    }
    std::string const key = export_key(interview_id, exported.at("sha256").as_string());
    json::value const state = state_of(call, key);
    if (connector::text_at(state, "/status") == "done") {
        json::object result{{"status", "done"}, {"message", connector::text_at(state, "/message")}};
        if (std::string_view const file = connector::text_at(state, "/ats_file_id"); !file.empty()) {
            result["ats_file_id"] = file;
        }
        tell(api, interview_id, result);
        call.note(CW_NOTE_REASON, "The same PDF of this interview is in the ATS already.");
        return;
    }
    connector::Event event;
    event.id = "export:" + key;
    if (json::value const* failures = connector::find(state, "/failures"); failures != nullptr) {
        event.id += ":" + json::serialize(*failures);
    }
    event.type = exported_event;
    event.subject = "interview:" + interview_id;
    event.title = exported.at("file_name").as_string();
    event.occurred_unix_ms = callback.occurred_unix_ms;
    event.record = {"hireguide.export/1", key, std::move(exported)};
    call.emit(event);
}

connector::Outcome report_export(Api const& api, connector::PushRequest const& request) {
    Call& call = api.call();
    json::value const record(request.data);
    std::string const interview_id(connector::text_at(record, "/interview_id"));
    std::string const key = export_key(interview_id, connector::text_at(record, "/sha256"));
    json::object result;
    for (char const* name : {"status", "message", "ats_file_id"}) {
        if (json::value const* value = request.data.if_contains(name); value != nullptr) {
            result[name] = *value;
        }
    }
    // Remembered before it is told, so that an export that failed can be repeated whether Hireguide hears of it or not.
    for (int turn = 0;; ++turn) {
        std::uint64_t version = 0;
        json::value const before = state_of(call, key, &version);
        json::object after = result;
        std::int64_t failures = 0;
        if (json::value const* count = connector::find(before, "/failures"); count != nullptr && count->is_int64()) {
            failures = count->get_int64();
        }
        bool const again = connector::text_at(before, "/reported") == request.idempotency_key;
        if (!again && connector::text_at(record, "/status") == "failed") {
            ++failures;
        }
        if (failures > 0) {
            after["failures"] = failures;
        }
        after["reported"] = request.idempotency_key;
        if (call.kv_put(state_key(key), json::serialize(after), version)) {
            break;
        }
        if (turn == conflicts_max) {
            throw Failure(CW_ERR_TRANSIENT, "The connector's state changes too fast.");
        }
    }
    tell(api, interview_id, result);
    call.note(CW_NOTE_TARGET_KEY, interview_id);
    call.note(CW_NOTE_EFFECT, "updated");
    return connector::Outcome::delivered;
}

}  // namespace crosswalk::hireguide

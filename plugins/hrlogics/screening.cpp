#include "screening.hpp"

#include <algorithm>

namespace crosswalk::hrlogics {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::text_at;

namespace {

constexpr std::int64_t pages_max = 10'000;
// How far a run looks back behind the newest change that it knows: HRLogics' own clocks may differ by this much.
constexpr std::int64_t overlap_ms = 60'000;
constexpr std::string_view beginning = "1970-01-01T00:00:00Z";

// What the screened applicant is at the source.
struct Source {
    json::object application;  // what carries the tag
    json::object candidate;
};

// "lever:opp:250d…": which system, and which record there.
bool names(std::string_view external_id, json::object const& application) {
    json::value const ref(application);
    std::string const system(text_at(ref, "/system"));
    return external_id == system + ":opp:" + std::string(text_at(ref, "/id")) ||
           external_id.starts_with(system + ":app:");
}

// nullopt: nothing that this connection created.
std::optional<Source> source_of(Call& call, Screening const& screening) {
    Source source;
    for (json::value const& ref :
         call.linked({{"system", call.connection()}, {"kind", applicant_kind}, {"id", screening.applicant_id}})) {
        if (!ref.is_object() || text_at(ref, "/system") == call.connection()) {
            continue;
        }
        if (text_at(ref, "/kind") == "application" && names(screening.external_id, ref.get_object())) {
            source.application = ref.get_object();
        } else if (text_at(ref, "/kind") == "candidate") {
            source.candidate = ref.get_object();
        }
    }
    if (source.application.empty()) {
        return std::nullopt;
    }
    if (source.candidate.empty()) {
        source.candidate = source.application;
    }
    return source;
}

// A decision without a survey behind it must not become a tag, so HRLogics is asked where the message does not say.
bool is_completed(Call& call, Api const& api, Screening& screening) {
    if (!screening.survey_submitted_at.empty()) {
        return true;
    }
    auto const answer = api.read(call, "applicant_get", {{"id", screening.applicant_id}});
    json::value const* applicant = answer ? api.data(*answer) : nullptr;
    if (applicant == nullptr) {
        return false;
    }
    screening.survey_submitted_at = api.stored(*applicant, "survey_submitted_at");
    return folded(api.stored(*applicant, "survey_status")) == "completed";
}

json::object record_of(Screening const& screening, Source const& source) {
    json::object record{
        {"applicant_id", screening.applicant_id}, {"external_id", screening.external_id},
        {"program", screening.program},           {"status", screening.status},
        {"changed_at", screening.changed_at},     {"survey_submitted_at", screening.survey_submitted_at},
        {"application", source.application},      {"candidate", source.candidate}};
    return record;
}

void emit(Call& call, std::string_view type, std::string_view schema, Screening const& screening, Source const& source,
          std::string const& run) {
    connector::Event event;
    event.id = std::string(type) + ':' + screening.applicant_id + ':' + folded(screening.status) + ':' +
               screening.changed_at + run;
    event.type = type;
    event.subject = "applicant:" + screening.applicant_id;
    event.title = "Applicant " + screening.applicant_id;
    event.occurred_unix_ms = unix_ms_of(screening.changed_at).value_or(0);
    event.record = {std::string(schema), screening.applicant_id, record_of(screening, source)};
    call.emit(event);
}

// Which events are wanted: of a callback both, of a poll the one that its route asks for.
struct Wanted {
    bool completed = false;
    bool decided = false;
};

void emit_events(Call& call, Api const& api, Screening screening, Wanted wanted, std::string const& run) {
    std::optional<Source> const source = source_of(call, screening);
    if (!source) {
        call.note(CW_NOTE_REASON, "unknown external_id: this connection created no such applicant in HRLogics.");
        call.note(CW_NOTE_UNLINKED, std::string(applicant_kind) + ' ' + screening.applicant_id);
        call.log(CW_LOG_INFO, "A screening of an unknown applicant was passed over.",
                 {{"applicant", screening.applicant_id}});
        return;
    }
    bool const has_tag = api.settings().tag_of(screening.status) != nullptr;
    bool const decided = wanted.decided && has_tag && is_completed(call, api, screening);
    if (wanted.completed) {
        emit(call, completed_event, result_schema, screening, *source, run);
    }
    if (decided) {
        emit(call, decided_event, decision_schema, screening, *source, run);
    } else if (wanted.decided) {
        call.note(CW_NOTE_REASON, has_tag ? "survey not completed: no tag." : "unsupported status: no tag.");
    }
}

// Where a run stands: the changes since a moment, page by page, and the newest one that was seen.
struct Cursor {
    std::string since{beginning};
    std::int64_t page = 1;
    std::int64_t newest_ms = 0;
};

Cursor read_cursor(std::string_view text) {
    Cursor cursor;
    if (text.empty()) {
        return cursor;
    }
    json::error_code error;
    json::value const value = json::parse(text, error);
    json::value const* page = error ? nullptr : find(value, "/page");
    json::value const* newest = error ? nullptr : find(value, "/newest_ms");
    if (page == nullptr || !page->is_int64() || page->get_int64() < 1 || newest == nullptr || !newest->is_int64() ||
        !unix_ms_of(text_at(value, "/since"))) {
        throw Failure(CW_ERR_CURSOR, "The cursor of HRLogics' changes cannot be read; the next run reads them all.");
    }
    cursor.since = text_at(value, "/since");
    cursor.page = page->get_int64();
    cursor.newest_ms = newest->get_int64();
    return cursor;
}

std::string print(Cursor const& cursor) {
    return json::serialize(
        json::object{{"since", cursor.since}, {"page", cursor.page}, {"newest_ms", cursor.newest_ms}});
}

}  // namespace

void parse_callback(Call& call, Api const& api, connector::WebhookRequest const& request) {
    json::value const body = connector::parse_json(request.body(), "The callback");
    emit_events(call, api, read_screening(api.settings(), "callback", body), {true, true}, {});
}

bool poll_changes(Call& call, Api const& api, connector::PollRequest const& request) {
    Settings const& settings = api.settings();
    Cursor cursor = read_cursor(request.cursor);
    auto const answer = api.read(call, "changes",
                                 {{"since", cursor.since},
                                  {"page", std::to_string(cursor.page)},
                                  {"per_page", std::to_string(settings.page_size)}});
    json::value const* rows = answer ? find(*answer, settings.pointer("answer", "data")) : nullptr;
    if (rows == nullptr || !rows->is_array()) {
        throw Failure(CW_ERR_CONFIG,
                      "HRLogics' answer to /paths/changes is not a list: check /base_url, that path and "
                      "/fields/answer.");
    }
    Wanted const wanted{request.event == completed_event, request.event == decided_event};
    std::string const run = request.full ? ':' + std::string(request.run) : std::string{};
    for (json::value const& row : rows->get_array()) {
        Screening screening = read_screening(settings, "change", row);
        if (!screening.names_applicant_and_status()) {
            // One row that cannot be read must not stop those behind it.
            call.log(CW_LOG_WARN, "A change without applicant or status was passed over.");
            continue;
        }
        cursor.newest_ms = std::max(cursor.newest_ms, unix_ms_of(screening.changed_at).value_or(0));
        emit_events(call, api, std::move(screening), wanted, run);
    }
    json::value const* next = find(*answer, settings.pointer("answer", "next_page"));
    if (next != nullptr) {
        // A page that does not lie behind this one would be read for ever.
        if (!next->is_int64() || next->get_int64() <= cursor.page || next->get_int64() > pages_max) {
            throw Failure(CW_ERR_TRANSIENT, "HRLogics' list of changes has no end.");
        }
        cursor.page = next->get_int64();
        call.set_cursor(print(cursor));
        return true;
    }
    if (cursor.newest_ms > overlap_ms) {
        cursor.since = time_of(cursor.newest_ms - overlap_ms);
    }
    cursor.page = 1;
    call.set_cursor(print(cursor));
    return false;
}

}  // namespace crosswalk::hrlogics

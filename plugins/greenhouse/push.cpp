#include "push.hpp"

#include "create.hpp"
#include "mapping.hpp"
#include "values.hpp"

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::HttpResponse;
using connector::Outcome;
using connector::PushRequest;
using connector::Record;
using connector::text_at;

namespace {

std::string marker(Call const& call, PushRequest const& request) {
    return "[crosswalk " + call.sha256_hex(request.idempotency_key).substr(0, 12) + "]";
}

std::string candidate_of(PushRequest const& request) {
    if (request.action != "add_note" || request.schema != note_schema) {
        throw Failure(CW_ERR_UNSUPPORTED, "Greenhouse's connector has no such action for this record.");
    }
    json::value const record(request.data);
    std::string const id(text_at(record, "/candidate_id"));
    if (!is_id(id) || trimmed(text_at(record, "/body")).empty()) {
        throw Failure(CW_ERR_INVALID, "The note names no candidate, or says nothing.",
                      {{"candidate_id", "is required"}, {"body", "is required"}});
    }
    return id;
}

bool is_written(Call& call, Api& api, std::string const& candidate, std::string const& wanted) {
    bool found = false;
    auto const look = [&](json::value const& note) {
        found = text_at(note, "/body").find(wanted) != std::string_view::npos;
        if (found) {
            call.note(CW_NOTE_TARGET_KEY, id_at(note, "/id"));
        }
        return !found;
    };
    if (api.is_v3()) {
        api.each(call, "/notes", "candidate_ids=" + candidate, "notes", look);
        return found;
    }
    Read const feed = api.need(call, "/candidates/" + candidate + "/activity_feed", {}, "candidates");
    if (json::value const* notes = find(feed.data, "/notes"); notes != nullptr && notes->is_array()) {
        for (json::value const& note : notes->get_array()) {
            if (!look(note)) {
                break;
            }
        }
    }
    return found;
}

HttpResponse write(Call& call, Api& api, PushRequest const& request, std::string const& candidate,
                   std::string const& author) {
    json::value const record(request.data);
    json::object body{{"user_id", std::stoll(author)},
                      {"body", std::string(text_at(record, "/body")) + "\n\n" + marker(call, request)},
                      {"visibility", text_at(record, "/visibility")}};
    if (!api.is_v3()) {
        return api.post(call, "/candidates/" + candidate + "/activity_feed/notes", body, author);
    }
    body["candidate_id"] = std::stoll(candidate);
    body["note_type"] = "NOTE";
    return api.post(call, "/notes", body, author);
}

Failure refusal(Api& api, int status) {
    std::string const said = "(" + std::to_string(status) + ").";
    // One private candidate is no reason to stop everything, so this is the note's own failure.
    if (status == 403) {
        return {CW_ERR_INVALID, "Greenhouse does not let this note be written (403): the credential lacks " +
                                    api.permission("notes", "create") +
                                    ", or its user may not see a private candidate."};
    }
    if (status == 404) {
        return {CW_ERR_INVALID,
                "Greenhouse has no such candidate any more " + said,
                {{"candidate_id", "does not exist in Greenhouse"}}};
    }
    return {CW_ERR_INVALID, "Greenhouse refuses the note " + said, {{"body", "is refused by Greenhouse"}}};
}

}  // namespace

Record map_note(Call& call, json::object const& data) {
    json::value const record(data);
    json::value const* ref = find(record, "/candidate");
    std::string const id(ref == nullptr ? std::string_view{} : text_at(*ref, "/id"));
    if (ref == nullptr || text_at(*ref, "/system") != call.connection() || text_at(*ref, "/kind") != "candidate" ||
        !is_id(id)) {
        throw Failure(CW_ERR_INVALID,
                      "The note does not say which candidate of this Greenhouse connection it is about.",
                      {{"candidate", "holds no candidate of this connection"}});
    }
    std::string body(text_at(record, "/body"));
    if (trimmed(body).empty()) {
        throw Failure(CW_ERR_INVALID, "The note lacks its body.", {{"body", "is required"}});
    }
    if (std::string_view const subject = text_at(record, "/subject"); !subject.empty()) {
        body = std::string(subject) + "\n\n" + body;
    }
    std::string_view visibility = text_at(record, "/visibility");
    visibility = visibility == "private" || visibility == "admin_only" ? visibility : "public";
    return {std::string(note_schema), id, {{"candidate_id", id}, {"body", body}, {"visibility", visibility}}};
}

Outcome push(Call& call, Api& api, PushRequest const& request) {
    std::string const candidate = candidate_of(request);
    if (api.settings().user_email.empty()) {
        call.note(CW_NOTE_REASON, "Notes are off: this connection has no user_email.");
        return Outcome::skipped;
    }
    if (request.attempt > 1 && is_written(call, api, candidate, marker(call, request))) {
        return Outcome::delivered;
    }
    std::string const author = api.note_author(call);
    return create(
        call, "The note may have been written before.", [&] { return write(call, api, request, candidate, author); },
        [&](int status) { return refusal(api, status); });
}

Outcome look_up(Call& call, Api& api, PushRequest const& request) {
    std::string const candidate = candidate_of(request);
    return is_written(call, api, candidate, marker(call, request)) ? Outcome::delivered : Outcome::retry;
}

}  // namespace crosswalk::greenhouse

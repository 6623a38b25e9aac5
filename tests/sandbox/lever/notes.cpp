#include "sandbox/fields.hpp"
#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/lever/paging.hpp"

#include <algorithm>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

// Everybody whom "@username" in a note would notify.
json::array mentioned(State const& state, std::string const& text) {
    json::array users;
    for (json::object const& user : state.users.all()) {
        std::string const username = text_of(user, "username");
        if (!username.empty() && text.find("@" + username) != std::string::npos) {
            users.push_back(user.at("id"));
        }
    }
    return users;
}

// "mentions" is ours: what the note set off, for the control side to show.
json::object without_mentions(json::object note) {
    note.erase("mentions");
    return note;
}

json::object* find_note(Candidate& candidate, std::string_view id) {
    auto const found = std::find_if(candidate.notes.begin(), candidate.notes.end(),
                                    [&](json::object const& note) { return id_of(note) == id; });
    return found == candidate.notes.end() ? nullptr : &*found;
}

struct NewNote {
    std::string value;
    bool secret = false;
    std::optional<std::int64_t> score;
    std::int64_t created_at = 0;
};

// What is wrong with the body; empty if `note` now holds it.
std::string read(json::object const& body, NewNote& note) {
    Fields fields(body);
    note.value = fields.text("value").value_or("");
    note.secret = fields.flag("secret").value_or(false);
    note.score = fields.integer("score");
    (void)fields.flag("notifyFollowers");
    std::int64_t const now = now_ms();
    note.created_at = fields.integer("createdAt").value_or(now);
    if (auto complaint = fields.complaint(); !complaint.empty()) {
        return complaint;
    }
    if (note.value.empty()) {
        return "value is required";
    }
    if (note.score && (*note.score < 1 || *note.score > 4)) {
        return "score must be from 1 to 4";
    }
    return note.created_at > now ? "createdAt must not be in the future" : "";
}

json::object print_field(NewNote const& note, json::value const& author, Candidate const& candidate) {
    return {{"type", "note"},
            {"text", "Comment"},
            {"value", note.value},
            {"createdAt", note.created_at},
            {"user", author},
            {"score", note.score ? json::value(*note.score) : json::value(nullptr)},
            {"stage", candidate.opportunity.at("stage")}};
}

}  // namespace

Answer list_notes(Call const& call) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    return answer_list(
        call.request, access.candidate->notes, [](json::object const&) { return true; }, without_mentions);
}

Answer get_note(Call const& call) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    auto const* const note = find_note(*access.candidate, call.ids[1]);
    return note == nullptr ? not_found("notes", call.ids[1]) : json_answer(200, {{"data", without_mentions(*note)}});
}

Answer create_note(Call const& call) {
    auto const access = find_visible(call);
    if (access.candidate == nullptr) {
        return access.refusal;
    }
    Candidate& candidate = *access.candidate;
    if (auto refusal = check_perform_as(call, false)) {
        return *refusal;
    }
    auto const body = call.request.json_object();
    NewNote note;
    auto const complaint = body ? read(*body, note) : std::string("the body must be a JSON object");
    if (!complaint.empty()) {
        return bad_request(complaint);
    }
    auto const author = call.request.parameter("perform_as");
    json::value const user = author ? json::value(*author) : json::value(nullptr);
    json::object field = print_field(note, user, candidate);
    json::array mentions = mentioned(call.state, note.value);
    auto const thread = call.request.parameter("note_id");
    if (thread) {
        auto* const known = find_note(candidate, *thread);
        if (known == nullptr) {
            return not_found("notes", *thread);
        }
        (*known)["fields"].as_array().push_back(std::move(field));
        for (auto& mention : mentions) {
            (*known)["mentions"].as_array().push_back(std::move(mention));
        }
        return json_answer(201, {{"data", {{"noteId", *thread}}}});
    }
    std::string const id = call.state.ids.uuid();
    candidate.notes.push_back({{"id", id},
                               {"text", "Note"},
                               {"fields", json::array{std::move(field)}},
                               {"user", user},
                               {"secret", note.secret},
                               {"completedAt", note.created_at},
                               {"createdAt", note.created_at},
                               {"deletedAt", nullptr},
                               {"mentions", std::move(mentions)}});
    return json_answer(201, {{"data", {{"noteId", id}}}});
}

}  // namespace crosswalk::sandbox::lever

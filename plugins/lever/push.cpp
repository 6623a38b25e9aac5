#include "push.hpp"

#include "files.hpp"
#include "mapping.hpp"
#include "values.hpp"

#include <array>
#include <optional>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::HttpResponse;
using connector::Outcome;
using connector::PushRequest;
using connector::text_at;

namespace {

// One write to one opportunity, as its action sees it.
struct Write {
    Call& call;
    Api& api;
    PushRequest const& request;
    json::value const record;
    std::string const path;  // "/opportunities/<id>"
};

// What an action writes, and whether an earlier attempt already did.
struct Action {
    std::string_view name;
    std::string_view schema;
    std::string_view right;  // as Lever's key page names it
    std::string_view field;  // what to name when Lever finds fault with the data
    Ask (*ask)(Write const&);
    bool (*done)(Write const&);
    bool repeatable;  // once more changes nothing
};

std::string marker(Write const& write) {
    return "[crosswalk " + write.call.sha256_hex(write.request.idempotency_key).substr(0, 12) + "]";
}

Ask note_ask(Write const& write) {
    json::value const* secret = find(write.record, "/secret");
    json::object const body{{"value", std::string(text_at(write.record, "/value")) + "\n\n" + marker(write)},
                            {"secret", secret != nullptr && secret->is_bool() && secret->get_bool()},
                            {"notifyFollowers", false}};
    return {"POST", write.api.as_user(write.path + "/notes"), json::serialize(body), "application/json"};
}

bool holds(json::value const& note, std::string_view text) {
    json::value const* fields = find(note, "/fields");
    if (fields == nullptr || !fields->is_array()) {
        return false;
    }
    for (json::value const& field : fields->get_array()) {
        if (text_at(field, "/value").find(text) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

bool note_done(Write const& write) {
    std::string const wanted = marker(write);
    bool found = false;
    write.api.each(write.call, write.path + "/notes", "notes", "List notes", [&](json::value const& note) {
        found = holds(note, wanted);
        if (found) {
            write.call.note(CW_NOTE_TARGET_KEY, text_at(note, "/id"));
        }
        return !found;
    });
    return found;
}

Ask tag_ask(Write const& write, std::string_view verb) {
    json::object const body{{"tags", json::array{text_at(write.record, "/tag")}}};
    return {"POST", write.api.as_user(write.path + std::string(verb)), json::serialize(body), "application/json"};
}

// Tags are exact, case-sensitive text.
bool has_tag(Write const& write) {
    json::value const opportunity =
        write.api.need(write.call, write.path, "opportunity", "Retrieve a single opportunity");
    json::value const* tags = find(opportunity, "/tags");
    if (tags == nullptr || !tags->is_array()) {
        return false;
    }
    for (json::value const& tag : tags->get_array()) {
        if (tag.is_string() && tag.get_string() == text_at(write.record, "/tag")) {
            return true;
        }
    }
    return false;
}

Ask file_ask(Write const& write) {
    if (write.api.settings().perform_as.empty()) {
        throw Failure(CW_ERR_CONFIG, "Lever takes files only in a user's name. Set perform_as to the id of a user.",
                      {{"/perform_as", "is required by attach_file"}});
    }
    File file = load_file(write.call, write.api, write.record);
    connector::Form form;
    form.add_file("file", file.name, file.content_type, std::move(file.bytes));
    return {"POST", write.api.as_user(write.path + "/files"), form.body(), form.content_type()};
}

bool file_done(Write const& write) {
    File const file = load_file(write.call, write.api, write.record);
    bool found = false;
    write.api.each(write.call, write.path + "/files", "files", "List all files", [&](json::value const& one) {
        found = text_at(one, "/name") == file.name &&
                integer_of(find(one, "/size")) == static_cast<std::int64_t>(file.bytes.size());
        if (found) {
            write.call.note(CW_NOTE_TARGET_KEY, text_at(one, "/id"));
        }
        return !found;
    });
    return found;
}

constexpr std::array<Action, 4> actions = {{
    {"add_note", note_schema, "Create note", "value", note_ask, note_done, false},
    {"add_tag", tag_schema, "Add candidate tags", "tags", [](Write const& at) { return tag_ask(at, "/addTags"); },
     has_tag, true},
    {"remove_tag", tag_schema, "Remove candidate tags", "tags",
     [](Write const& at) { return tag_ask(at, "/removeTags"); }, [](Write const& at) { return !has_tag(at); }, true},
    {"attach_file", file_schema, "Upload a single file", "file", file_ask, file_done, false},
}};

Action const& action_of(PushRequest const& request) {
    for (Action const& action : actions) {
        if (action.name == request.action && action.schema == request.schema) {
            return action;
        }
    }
    throw Failure(CW_ERR_UNSUPPORTED, "Lever's connector has no such action for this record.");
}

Write write_of(Call& call, Api& api, PushRequest const& request) {
    json::value record(request.data);
    std::string_view const id = text_at(record, "/opportunity_id");
    if (!is_id(id)) {
        throw Failure(CW_ERR_INVALID, "The record names no opportunity.", {{"opportunity_id", "is required"}});
    }
    if (request.schema == tag_schema) {
        std::string_view const op = text_at(record, "/op");
        bool const removes = request.action == "remove_tag";
        if (text_at(record, "/tag").empty() || (op == "remove" && !removes) || (op == "add" && removes)) {
            throw Failure(CW_ERR_INVALID, "The tag is missing, or it is meant for the opposite action.",
                          {{"op", "does not fit the action"}});
        }
    }
    std::string path = "/opportunities/" + std::string(id);
    return {call, api, request, std::move(record), std::move(path)};
}

Outcome delivered(Call& call, HttpResponse const& response) {
    json::error_code error;
    json::value const answer = unwrapped(json::parse(response.body, error));
    if (!error) {
        std::string_view const note_id = text_at(answer, "/noteId");
        call.note(CW_NOTE_TARGET_KEY, note_id.empty() ? text_at(answer, "/id") : note_id);
        call.note(CW_NOTE_TARGET_URL, text_at(answer, "/urls/show"));
    }
    return Outcome::delivered;
}

Outcome judged(Call& call, Action const& action, HttpResponse const& response) {
    int const status = response.status;
    std::string const code = error_code(response);
    std::string const said = "(" + std::to_string(status) + (code.empty() ? "" : " " + code) + ")";
    if (status >= 200 && status <= 299) {
        return delivered(call, response);
    }
    if (status == 403) {
        throw Failure(CW_ERR_AUTH, "Lever does not let this key write here " + said + ". The key lacks the right '" +
                                       std::string(action.right) +
                                       "', or the candidate is confidential and the key was made without access to "
                                       "confidential data.");
    }
    if (status == 404) {
        throw Failure(CW_ERR_INVALID, "Lever has no such opportunity any more " + said + ".",
                      {{"opportunity_id", "does not exist in Lever"}});
    }
    // The body never arrived whole, or nothing was looked at: in neither case was anything written.
    if (status == 408 || status == 503 || (status >= 500 && action.repeatable)) {
        throw Failure(CW_ERR_TRANSIENT, "Lever is not available " + said + ".", {}, response.retry_after);
    }
    if (status >= 500) {
        call.note(CW_NOTE_REASON, "Lever failed " + said + " and may have written it before.");
        return Outcome::unknown;
    }
    throw Failure(CW_ERR_INVALID, "Lever refuses the data " + said + ".",
                  {{std::string(action.field), "is refused by Lever " + said}});
}

// A read that is refused here says nothing about the data: it is the key that lacks a right.
bool is_done(Action const& action, Write const& write) {
    try {
        return action.done(write);
    } catch (Failure const& failure) {
        if (failure.status() == CW_ERR_INVALID && failure.fields().empty()) {
            throw Failure(CW_ERR_AUTH, failure.message());
        }
        throw;
    }
}

}  // namespace

Outcome push(Call& call, Api& api, PushRequest const& request) {
    Action const& action = action_of(request);
    Write const write = write_of(call, api, request);
    if (request.attempt > 1 && !action.repeatable && is_done(action, write)) {
        return Outcome::delivered;
    }
    Ask const ask = action.ask(write);
    try {
        return judged(call, action, api.write(call, ask));
    } catch (Failure const& failure) {
        switch (failure.status()) {
            case CW_ERR_DEADLINE:
            case CW_ERR_INTERNAL:
            case CW_ERR_CANCELLED:
            case CW_ERR_TOO_LARGE:
                call.note(CW_NOTE_REASON, "The request left, but Lever's answer did not arrive whole.");
                return Outcome::unknown;
            default:
                throw;
        }
    }
}

Outcome look_up(Call& call, Api& api, PushRequest const& request) {
    Action const& action = action_of(request);
    return is_done(action, write_of(call, api, request)) ? Outcome::delivered : Outcome::retry;
}

}  // namespace crosswalk::lever

#include "writes/actions.hpp"
#include "writes/write.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::find;
using connector::Outcome;
using connector::PushRequest;
using connector::text_at;

namespace {

std::string marker(Call const& call, PushRequest const& request) {
    return "[crosswalk " + call.sha256_hex(request.idempotency_key).substr(0, 12) + "]";
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

bool is_there(Call& call, Api& api, std::string const& path, std::string const& wanted) {
    bool found = false;
    with_rights([&] {
        api.each(call, path + "/notes", "notes", "List notes", [&](json::value const& note) {
            found = holds(note, wanted);
            if (found) {
                call.note(CW_NOTE_TARGET_KEY, text_at(note, "/id"));
            }
            return !found;
        });
    });
    return found;
}

}  // namespace

Outcome push_note(Call& call, Api& api, PushRequest const& request) {
    json::value const record(request.data);
    std::string const path = opportunity_path(record);
    std::string const mark = marker(call, request);
    if (request.attempt > 1 && is_there(call, api, path, mark)) {
        return Outcome::delivered;
    }
    json::value const* secret = find(record, "/secret");
    json::object const body{{"value", std::string(text_at(record, "/value")) + "\n\n" + mark},
                            {"secret", secret != nullptr && secret->is_bool() && secret->get_bool()},
                            {"notifyFollowers", false}};
    auto const answer = written(call, api, json_ask("POST", api.as_user(path + "/notes"), body),
                                {.right = "Create note", .field = "value", .thing = "opportunity"});
    if (!answer) {
        return Outcome::unknown;
    }
    call.note(CW_NOTE_TARGET_KEY, text_at(*answer, "/noteId"));
    call.note(CW_NOTE_EFFECT, "created");
    return Outcome::delivered;
}

Outcome look_up_note(Call& call, Api& api, PushRequest const& request) {
    std::string const path = opportunity_path(json::value(request.data));
    return is_there(call, api, path, marker(call, request)) ? Outcome::delivered : Outcome::retry;
}

}  // namespace crosswalk::lever

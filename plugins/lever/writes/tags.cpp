#include "writes/actions.hpp"
#include "writes/write.hpp"

#include <algorithm>
#include <set>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Outcome;
using connector::PushRequest;
using connector::text_at;

namespace {

// What stands between an opportunity's tags and those that the record wants.
struct Change {
    std::string path;
    json::array add;
    json::array remove;
};

std::set<std::string, std::less<>> texts_at(json::value const& root, std::string_view pointer) {
    std::set<std::string, std::less<>> texts;
    json::value const* list = find(root, pointer);
    if (list != nullptr && list->is_array()) {
        for (json::value const& text : list->get_array()) {
            if (text.is_string()) {
                texts.emplace(text.get_string());
            }
        }
    }
    return texts;
}

Change change_for(Call& call, Api& api, PushRequest const& request) {
    json::value const record(request.data);
    Change change{opportunity_path(record), {}, {}};
    std::string_view const tag = text_at(record, "/tag");
    std::string_view const op = text_at(record, "/op");
    bool const removes = request.action == "remove_tag";
    if (tag.empty() || (op == "remove" && !removes) || (op == "add" && removes)) {
        throw Failure(CW_ERR_INVALID, "The tag is missing, or it is meant for the opposite action.",
                      {{"op", "does not fit the action"}});
    }
    json::value const opportunity =
        with_rights([&] { return api.need(call, change.path, "opportunity", "Retrieve a single opportunity"); });
    if (!opportunity.is_object()) {
        throw Failure(CW_ERR_INVALID, "Lever has no such opportunity any more.",
                      {{"opportunity_id", "does not exist in Lever"}});
    }
    auto const there = texts_at(opportunity, "/tags");
    if (removes) {
        if (there.contains(tag)) {
            change.remove.emplace_back(tag);
        }
        return change;
    }
    if (!there.contains(tag)) {
        change.add.emplace_back(tag);
    }
    for (std::string const& old : texts_at(record, "/replaces")) {
        if (old != tag && there.contains(old)) {
            change.remove.emplace_back(old);
        }
    }
    return change;
}

// Nothing to do counts as done; false when Lever may or may not have done it.
bool apply(Call& call, Api& api, std::string const& path, json::array const& tags, std::string_view right) {
    if (tags.empty()) {
        return true;
    }
    auto const answer = written(call, api, json_ask("POST", api.as_user(path), {{"tags", tags}}),
                                {.right = right, .field = "tags", .thing = "opportunity", .repeatable = true});
    if (answer) {
        call.note(CW_NOTE_TARGET_KEY, text_at(*answer, "/id"));
        call.note(CW_NOTE_TARGET_URL, text_at(*answer, "/urls/show"));
    }
    return answer.has_value();
}

}  // namespace

Outcome push_tag(Call& call, Api& api, PushRequest const& request) {
    Change const change = change_for(call, api, request);
    if (change.add.empty() && change.remove.empty()) {
        return Outcome::unchanged;
    }
    if (!apply(call, api, change.path + "/addTags", change.add, "Add candidate tags") ||
        !apply(call, api, change.path + "/removeTags", change.remove, "Remove candidate tags")) {
        return Outcome::unknown;
    }
    call.note(CW_NOTE_EFFECT, "updated");
    return Outcome::delivered;
}

Outcome look_up_tag(Call& call, Api& api, PushRequest const& request) {
    Change const change = change_for(call, api, request);
    return change.add.empty() && change.remove.empty() ? Outcome::delivered : Outcome::retry;
}

}  // namespace crosswalk::lever

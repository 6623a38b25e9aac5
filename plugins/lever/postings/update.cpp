#include "fields.hpp"
#include "postings/posting.hpp"
#include "values.hpp"
#include "writes/write.hpp"

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Outcome;
using connector::PushRequest;
using connector::Record;
using connector::text_at;

namespace {

// The posting of this connection that a canonical one is about: itself, or one that it is linked with.
std::string id_in(Call const& call, json::value const& record) {
    auto const fits = [&](json::value const& ref) {
        return text_at(ref, "/system") == call.connection() && text_at(ref, "/kind") == "posting" &&
               is_id(text_at(ref, "/id"));
    };
    if (json::value const* ref = find(record, "/ref"); ref != nullptr && fits(*ref)) {
        return std::string(text_at(*ref, "/id"));
    }
    if (json::value const* links = find(record, "/links"); links != nullptr && links->is_array()) {
        for (json::value const& ref : links->get_array()) {
            if (fits(ref)) {
                return std::string(text_at(ref, "/id"));
            }
        }
    }
    return {};
}

void put_text(json::value const& record, std::string_view pointer, std::string_view to, json::object& fields) {
    if (std::string text = folded(text_at(record, pointer)); !text.empty()) {
        fields[to] = std::move(text);
    }
}

// The posting's id: from the record, else by its link.
std::string target_of(Call& call, json::value const& wanted) {
    std::string id(text_at(wanted, "/id"));
    json::value const* theirs = find(wanted, "/theirs");
    if (id.empty() && theirs != nullptr && theirs->is_object()) {
        id = call.linked_here(theirs->get_object(), "posting");
    }
    if (!is_id(id)) {
        throw Failure(CW_ERR_INVALID, "The record is linked with no posting of this Lever connection.",
                      {{"ref", "leads to no Lever posting"}});
    }
    return id;
}

// An object with the wanted members put over those that Lever holds, so that none is lost.
json::value overlaid(json::value const* now, json::value const& wanted) {
    if (now == nullptr || !now->is_object() || !wanted.is_object()) {
        return wanted;
    }
    json::object out = now->get_object();
    for (auto const& member : wanted.get_object()) {
        out[member.key()] = member.value();
    }
    return out;
}

// The fields of `wanted` that Lever holds otherwise.
json::object difference(json::value const& wanted, json::value const& posting) {
    json::object changed;
    json::value const* fields = find(wanted, "/fields");
    if (fields == nullptr || !fields->is_object()) {
        return changed;
    }
    for (auto const& entry : fields->get_object()) {
        json::value const* now = posting.as_object().if_contains(entry.key());
        json::value value = overlaid(now, entry.value());
        if (now == nullptr || *now != value) {
            changed[entry.key()] = std::move(value);
        }
    }
    return changed;
}

json::value current(Call& call, Api& api, std::string const& id) {
    json::value posting =
        with_rights([&] { return api.need(call, "/postings/" + id, "posting", "Retrieve postings"); });
    if (!posting.is_object()) {
        throw Failure(CW_ERR_INVALID, "Lever has no such posting: the job must exist in Lever first.",
                      {{"ref", "leads to no Lever posting"}});
    }
    return posting;
}

}  // namespace

Record map_posting_out(Call& call, json::object object) {
    json::value const record(std::move(object));
    json::value const* theirs = find(record, "/ref");
    if (theirs == nullptr) {
        throw Failure(CW_ERR_INVALID, "The posting has no ref.", {{"ref", "is required"}});
    }
    json::object fields;
    put_text(record, "/title", "text", fields);
    if (std::string_view const state = word_of("posting_status_out", text_at(record, "/status")); !state.empty()) {
        fields["state"] = state;
    }
    json::object categories;
    put_text(record, "/department/name", "department", categories);
    put_text(record, "/team/name", "team", categories);
    put_text(record, "/location/name", "location", categories);
    if (!categories.empty()) {
        fields["categories"] = std::move(categories);
    }
    if (json::value const* extra = find(record, "/extra"); extra != nullptr && extra->is_object()) {
        for (auto const& entry : extra->get_object()) {
            fields[entry.key()] = entry.value();
        }
    }
    json::object out{{"theirs", *theirs}, {"fields", std::move(fields)}};
    std::string const id = id_in(call, record);
    if (!id.empty()) {
        out["id"] = id;
    }
    std::string key = "posting:" + (id.empty() ? std::string(text_at(*theirs, "/id")) : id);
    return {std::string(posting_update_schema), std::move(key), std::move(out)};
}

Outcome push_posting(Call& call, Api& api, PushRequest const& request) {
    if (api.settings().perform_as.empty()) {
        throw Failure(CW_ERR_CONFIG,
                      "Lever takes changes of postings only in a user's name. Set perform_as to the id of a user.",
                      {{"/perform_as", "is required by update_posting"}});
    }
    json::value const wanted(request.data);
    std::string const id = target_of(call, wanted);
    json::object const changed = difference(wanted, current(call, api, id));
    call.note(CW_NOTE_TARGET_KEY, id);
    if (changed.empty()) {
        return Outcome::unchanged;
    }
    auto const answer =
        written(call, api, json_ask("POST", api.as_user("/postings/" + id), changed),
                {.right = "Update a posting", .field = "posting", .thing = "posting", .repeatable = true});
    if (!answer) {
        return Outcome::unknown;
    }
    call.note(CW_NOTE_EFFECT, "updated");
    return Outcome::delivered;
}

Outcome look_up_posting(Call& call, Api& api, PushRequest const& request) {
    json::value const wanted(request.data);
    std::string const id = target_of(call, wanted);
    call.note(CW_NOTE_TARGET_KEY, id);
    return difference(wanted, current(call, api, id)).empty() ? Outcome::delivered : Outcome::retry;
}

}  // namespace crosswalk::lever

#include "fields.hpp"
#include "polls/poll.hpp"
#include "requisitions/custom_fields.hpp"
#include "requisitions/requisition.hpp"
#include "values.hpp"
#include "writes/write.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::lever {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::Outcome;
using connector::PushRequest;
using connector::text_at;

namespace {

// What Lever takes; everything else that it prints is its own.
constexpr std::array<std::string_view, 14> writable = {
    "name",   "requisitionCode", "headcountTotal",   "backfill",      "compensationBand", "createdAt", "customFields",
    "status", "hiringManager",   "employmentStatus", "internalNotes", "location",         "owner",     "team"};

std::string code_of(Call const& call, json::value const& wanted) {
    if (std::string_view const code = text_at(wanted, "/code"); !code.empty()) {
        return std::string(code);
    }
    // Lever wants a code. One made from whom it is about is the same in every attempt, so that it can be looked up.
    json::value const* theirs = find(wanted, "/theirs");
    std::string const about = theirs == nullptr ? std::string() : json::serialize(*theirs);
    std::string code = call.sha256_hex(about).substr(0, 10);
    std::transform(code.begin(), code.end(), code.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
    return "CW-" + code;
}

json::object theirs_of(json::value const& wanted) {
    json::value const* theirs = find(wanted, "/theirs");
    if (theirs == nullptr || !theirs->is_object()) {
        throw Failure(CW_ERR_INVALID, "The record does not say whose requisition it is.", {{"theirs", "is required"}});
    }
    return theirs->get_object();
}

// The requisition that is linked, else the one of that code; null when there is none.
json::value find_existing(Call& call, Api& api, json::value const& wanted, std::string const& code) {
    json::object const theirs = theirs_of(wanted);
    bool const ours = text_at(wanted, "/theirs/system") == call.connection();
    std::string const id = ours ? std::string(text_at(wanted, "/theirs/id")) : call.linked_here(theirs, "requisition");
    if (is_id(id)) {
        json::value linked = api.need(call, "/requisitions/" + id, "requisition", "Retrieve requisitions");
        if (linked.is_object()) {
            return linked;
        }
    }
    json::value found = nullptr;
    Page page = open_page(call, api, "/requisitions?requisition_code=" + connector::url_encode(code), {},
                          "requisitions", "List all requisitions");
    for (json::value& one : page.items) {
        if (text_at(one, "/requisitionCode") != code) {
            continue;
        }
        if (!found.is_null()) {
            throw Failure(CW_ERR_INVALID, "Two requisitions in Lever have this code. Give one of them another code.",
                          {{"code", "is not unique in Lever"}});
        }
        found = std::move(one);
    }
    return found;
}

// The whole object as it must be written back; what is left out Lever erases.
json::object writable_part(json::value const& requisition) {
    json::object part;
    for (std::string_view const field : writable) {
        if (json::value const* value = find(requisition, "/" + std::string(field)); value != nullptr) {
            part[field] = *value;
        }
    }
    for (std::string_view const field : {"/postings", "/postingIds"}) {
        if (json::value const* ids = find(requisition, field); ids != nullptr && ids->is_array()) {
            part["postingIds"] = *ids;
        }
    }
    return part;
}

// No match leaves Lever's own value as it is.
void put_user(Call& call, Api& api, json::value const& wanted, std::string_view from, std::string_view to,
              json::object& merged) {
    std::string_view const email = text_at(wanted, "/" + std::string(from));
    if (email.empty()) {
        return;
    }
    Page const page = api.page(call, "/users?email=" + connector::url_encode(email), {}, "users", "List all users");
    std::string const folded_email = lowered(email);
    for (json::value const& user : page.items) {
        if (lowered(text_at(user, "/email")) == folded_email && !text_at(user, "/id").empty()) {
            merged[to] = text_at(user, "/id");
            return;
        }
    }
    call.warn(from, "Lever has no active user with this e-mail address; the field was left as it is.");
}

void put_pay(Call& call, json::value const& band, json::object& merged) {
    std::string_view const unit = text_at(band, "/interval");
    json::value& place = merged["compensationBand"];
    std::string const current(text_at(place, "/interval"));
    std::string interval(word_of("pay_interval_out", unit));
    if (current.starts_with("per-" + std::string(unit))) {
        interval = current;
    }
    if (interval.empty()) {
        call.warn("pay", "Lever's word for this interval of pay is not known; the pay was left as it is.");
        if (place.is_null()) {
            merged.erase("compensationBand");
        }
        return;
    }
    json::object& into = place.is_object() ? place.get_object() : place.emplace_object();
    for (auto const& entry : band.as_object()) {
        into[entry.key()] = entry.value();
    }
    into["interval"] = interval;
}

// Never back to draft.
void put_status(Call& call, json::value const& wanted, json::object& merged) {
    std::string_view const status = text_at(wanted, "/status");
    std::string_view const word = word_of("requisition_status_out", status);
    std::string_view const current =
        merged.contains("status") ? std::string_view(merged.at("status").as_string()) : std::string_view{};
    if (word.empty()) {
        return;
    }
    if (word == "draft" && !current.empty() && current != "draft") {
        call.warn("status", "Lever takes no requisition back to draft; the status was left as it is.");
        return;
    }
    merged["status"] = word;
}

json::object merged_with(Call& call, Api& api, json::value const& wanted, json::object merged) {
    if (json::value const* fields = find(wanted, "/fields"); fields != nullptr && fields->is_object()) {
        for (auto const& entry : fields->get_object()) {
            if (entry.key() == "compensationBand") {
                put_pay(call, entry.value(), merged);
            } else {
                merged[entry.key()] = entry.value();
            }
        }
    }
    put_status(call, wanted, merged);
    with_rights([&] {
        put_user(call, api, wanted, "hiring_manager", "hiringManager", merged);
        put_user(call, api, wanted, "owner", "owner", merged);
    });
    if (json::value const* custom = find(wanted, "/custom"); custom != nullptr && custom->is_object()) {
        json::value const* held = merged.if_contains("customFields");
        json::object fields = held != nullptr && held->is_object() ? held->get_object() : json::object();
        merge_custom_fields(call, api, custom->get_object(), fields);
        // What Lever prints as {} stays so: nothing of it changed, so nothing is to be written.
        if (!fields.empty()) {
            merged["customFields"] = std::move(fields);
        }
    }
    return merged;
}

void warn_of_department(Call& call, json::value const& wanted, json::value const& requisition) {
    std::string_view const department = text_at(wanted, "/department");
    if (!department.empty() && text_at(requisition, "/department") != department) {
        call.warn("department", "Lever derives a requisition's department from its team; it cannot be written.");
    }
}

// What is known once the requisition exists: its link and where to find it.
void remember(Call& call, json::value const& wanted, std::string_view id) {
    if (text_at(wanted, "/theirs/system") != call.connection()) {
        call.link("requisition", id, theirs_of(wanted));
    }
    call.note(CW_NOTE_TARGET_KEY, id);
}

// An empty id, with the reason noted, when Lever may or may not have applied it.
bool write(Call& call, Api& api, json::value const& wanted, std::string_view id, json::object const& body) {
    bool const creates = id.empty();
    std::string const path = creates ? "/requisitions" : "/requisitions/" + std::string(id);
    Purpose const purpose{.right = creates ? "Create a requisition" : "Update a requisition",
                          .field = "requisition",
                          .thing = "requisition",
                          .repeatable = !creates};
    auto const answer = written(call, api, json_ask(creates ? "POST" : "PUT", path, body), purpose);
    if (!answer) {
        return false;
    }
    std::string_view const made = creates ? text_at(*answer, "/id") : id;
    if (!is_id(made)) {
        call.note(CW_NOTE_REASON, "Lever's answer does not say which requisition it made.");
        return false;
    }
    remember(call, wanted, made);
    warn_of_department(call, wanted, *answer);
    call.note(CW_NOTE_EFFECT, creates ? "created" : "updated");
    return true;
}

Outcome create(Call& call, Api& api, json::value const& wanted, std::string const& code) {
    std::string_view const status = text_at(wanted, "/status");
    std::string_view const word = word_of("requisition_status_out", status);
    if (word == "closed" || (word == "draft" && !api.settings().hybrid_requisitions)) {
        call.note(CW_NOTE_REASON, word == "closed"
                                      ? "The requisition is closed and Lever has none of it, so there is nothing to do."
                                      : "Lever takes drafts only in hybrid mode, and hybrid_requisitions is off.");
        return Outcome::skipped;
    }
    json::object body = merged_with(call, api, wanted, {{"requisitionCode", code}, {"headcountTotal", 1}});
    return write(call, api, wanted, {}, body) ? Outcome::delivered : Outcome::unknown;
}

}  // namespace

Outcome push_requisition(Call& call, Api& api, PushRequest const& request) {
    json::value const wanted(request.data);
    std::string const code = code_of(call, wanted);
    json::value const existing = with_rights([&] { return find_existing(call, api, wanted, code); });
    if (!existing.is_object()) {
        return create(call, api, wanted, code);
    }
    json::object const before = writable_part(existing);
    json::object merged = merged_with(call, api, wanted, before);
    if (!text_at(wanted, "/code").empty()) {
        merged["requisitionCode"] = code;
    }
    std::string_view const id = text_at(existing, "/id");
    if (merged == before) {
        warn_of_department(call, wanted, existing);
        remember(call, wanted, id);
        return Outcome::unchanged;
    }
    return write(call, api, wanted, id, merged) ? Outcome::delivered : Outcome::unknown;
}

Outcome look_up_requisition(Call& call, Api& api, PushRequest const& request) {
    json::value const wanted(request.data);
    json::value const existing = with_rights([&] { return find_existing(call, api, wanted, code_of(call, wanted)); });
    if (!existing.is_object()) {
        return Outcome::retry;
    }
    remember(call, wanted, text_at(existing, "/id"));
    json::object const before = writable_part(existing);
    return merged_with(call, api, wanted, before) == before ? Outcome::delivered : Outcome::retry;
}

}  // namespace crosswalk::lever

#include "hire.hpp"

#include "documents.hpp"
#include "values.hpp"
#include "webhook.hpp"

#include <algorithm>
#include <chrono>

namespace crosswalk::greenhouse {

using connector::Call;
using connector::Failure;
using connector::find;
using connector::text_at;
using std::chrono::milliseconds;

namespace {

// The webhook may overtake what it speaks of, so for a while "not hired" means "not yet".
constexpr milliseconds settle = std::chrono::minutes(10);
constexpr milliseconds settle_wait_least = std::chrono::seconds(1);
constexpr milliseconds settle_wait_most = std::chrono::seconds(20);

[[noreturn]] void not_visible(Call& call, Api& api) {
    if (api.seems_retired(call)) {
        throw Failure(
            CW_ERR_AUTH,
            "Greenhouse answers 404 to everything: Harvest v1 is switched off. Greenhouse announced its removal "
            "for 31 August 2026. Make OAuth client credentials and set api to v3.");
    }
    throw Failure(CW_ERR_INVALID,
                  "Greenhouse shows no such application. It was deleted, or the acting user may not see it: a private "
                  "candidate or a confidential job needs a Site Admin on the hiring team. Grant that, then replay.");
}

// The application as Harvest has it now.
json::value remote_application(Call& call, Api& api, std::string const& id) {
    Read answer = api.is_v3() ? api.need(call, "/applications", "ids=" + id, "applications")
                              : api.need(call, "/applications/" + id, {}, "applications");
    if (!api.is_v3() && answer.kind == Read::Kind::found && id_at(answer.data, "/id") == id) {
        return std::move(answer.data);
    }
    // Unknown ids are an empty list in v3, and a filter that was not understood would be a long one.
    if (json::array const* list = answer.data.if_array(); list != nullptr) {
        for (json::value const& one : *list) {
            if (id_at(one, "/id") == id) {
                return one;
            }
        }
    }
    not_visible(call, api);
}

// True when it is a hire; false, with the reason noted, when it no longer is.
bool is_hired(Call& call, json::value const& application, json::value const& remote) {
    std::string const status = lower(text_at(remote, "/status"));
    if (status == "hired") {
        return true;
    }
    // v3 says in_process for what v1 and its own filter call active.
    if (status == "in_process" || status == "active") {
        auto const resolved = unix_ms_of(text_at(application, "/offer/resolved_at"));
        milliseconds const age(resolved ? call.unix_ms() - *resolved : 0);
        if (age < settle) {
            throw Failure(CW_ERR_TRANSIENT, "Greenhouse does not show the candidate as hired yet.", {},
                          std::clamp(age / 2, settle_wait_least, settle_wait_most));
        }
    }
    call.note(CW_NOTE_REASON, "Greenhouse does not show the candidate as hired: the hire was taken back.");
    return false;
}

void copy(json::value const& from, std::string_view pointer, json::object& to, std::string_view key) {
    if (json::value const* found = find(from, pointer); found != nullptr) {
        to[key] = *found;
    }
}

std::string name_of(json::value const& hire) {
    std::string name(trimmed(text_at(hire, "/candidate/first_name")));
    std::string_view const last = trimmed(text_at(hire, "/candidate/last_name"));
    if (!name.empty() && !last.empty()) {
        name += ' ';
    }
    return name.append(last);
}

// Somebody can be hired without an offer, so there may be none. Only an accepted one counts.
json::value offer_of(Call& call, Api& api, json::value const& application, json::array& unread) {
    if (json::value const* offer = find(application, "/offer"); offer != nullptr && !id_at(*offer, "/id").empty()) {
        return *offer;
    }
    std::string const id = id_at(application, "/id");
    Read const answer = api.is_v3() ? api.read(call, "/offers", "application_ids=" + id + "&current_only=true")
                                    : api.read(call, "/applications/" + id + "/offers/current_offer");
    if (answer.kind == Read::Kind::forbidden) {
        unread.push_back(
            json::object{{"object", "offer"},
                         {"reason", "The credential lacks " + api.permission("offers") + ", so there is none."}});
    }
    json::value const* offer = answer.data.is_array() ? find(answer.data, "/0") : &answer.data;
    return offer == nullptr ? json::value(nullptr) : accepted_offer(*offer);
}

json::object candidate_of(json::value const& application) {
    json::value const* found = find(application, "/candidate");
    if (found == nullptr || !found->is_object() || id_at(*found, "/id").empty()) {
        throw Failure(CW_ERR_INVALID, "The webhook names no candidate.");
    }
    json::object candidate = found->get_object();
    // Links are secrets for seven days, and nothing of the rest is used.
    for (std::string_view const key : {"attachments", "educations", "employments", "recruiter", "coordinator"}) {
        candidate.erase(key);
    }
    return candidate;
}

}  // namespace

std::optional<json::object> fetch_hire(Call& call, Api& api, json::value const& application) {
    json::object candidate = candidate_of(application);
    json::value const remote = remote_application(call, api, id_at(application, "/id"));
    if (!is_hired(call, application, remote)) {
        return std::nullopt;
    }
    json::array unread;
    json::object hire{{"candidate", std::move(candidate)}, {"read_at", utc_time(call.unix_ms())}};
    json::object& about = hire["application"].emplace_object();
    for (std::string_view const key : {"id", "url", "source", "opening", "custom_fields"}) {
        copy(application, "/" + std::string(key), about, key);
    }
    about["status"] = text_at(remote, "/status");
    copy(application, "/job", hire, "job");  // the deprecated twin
    copy(application, "/jobs/0", hire, "job");
    if (json::value offer = offer_of(call, api, application, unread); !offer.is_null()) {
        hire["offer"] = std::move(offer);
    }
    if (api.settings().fetch_documents) {
        json::array documents = download(call, document_links(call, api, application, remote, unread));
        if (!documents.empty()) {
            hire["documents"] = std::move(documents);
        }
    }
    if (!unread.empty()) {
        hire["unread"] = std::move(unread);
    }
    return hire;
}

std::string hire_id(Call const& call, std::string const& application, json::value const& offer) {
    // A new version of an offer is an offer of its own. Webhooks print the time without a fraction, v3 with one.
    auto const resolved = unix_ms_of(text_at(offer, "/resolved_at"));
    std::string const text = std::string(hired_action) + "|" + application + "|" + id_at(offer, "/id") + "|" +
                             (resolved ? utc_time(*resolved) : std::string(text_at(offer, "/resolved_at")));
    return call.sha256_hex(text);
}

json::value accepted_offer(json::value const& offer) {
    if (lower(text_at(offer, "/status")) != "accepted") {
        return nullptr;
    }
    json::object out;
    for (std::string_view const key : {"id", "version", "created_at", "resolved_at"}) {
        copy(offer, "/" + std::string(key), out, key);
    }
    copy(offer, "/starts_at", out, "starts_at");  // v1
    copy(offer, "/starts_on", out, "starts_at");  // v3
    copy(offer, "/custom_fields", out, "custom_fields");
    // v1 prints names → values there and what we need beside it.
    copy(offer, "/keyed_custom_fields", out, "custom_fields");
    return out;
}

std::optional<connector::Event> hire_event(Call& call, Api& api, json::value const& application) {
    std::optional<json::object> hire = fetch_hire(call, api, application);
    if (!hire) {
        return std::nullopt;
    }
    json::value const record(std::move(*hire));
    std::string const id = id_at(record, "/application/id");
    json::value const* offer = find(record, "/offer");
    connector::Event event;
    event.id = hire_id(call, id, offer == nullptr ? json::value() : *offer);
    event.type = hired_trigger;
    event.subject = "candidate:" + id_at(record, "/candidate/id");
    event.title = name_of(record);
    if (event.title.empty()) {
        event.title = event.subject;
    }
    event.occurred_unix_ms = unix_ms_of(text_at(record, "/offer/resolved_at")).value_or(0);
    event.record = {std::string(hire_schema), id, record.get_object()};
    return event;
}

}  // namespace crosswalk::greenhouse

#include "sandbox/greenhouse/hooks.hpp"

#include "sandbox/greenhouse/signature.hpp"
#include "sandbox/greenhouse/times.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

constexpr char const* event_id_header = "Greenhouse-Event-ID";

constexpr std::array<std::string_view, 29> events{"hire_candidate",
                                                  "unhire_candidate",
                                                  "candidate_stage_change",
                                                  "reject_candidate",
                                                  "unreject_candidate",
                                                  "update_candidate",
                                                  "delete_candidate",
                                                  "merge_candidate",
                                                  "candidate_anonymized",
                                                  "new_candidate_application",
                                                  "new_prospect_application",
                                                  "application_updated",
                                                  "delete_application",
                                                  "offer_created",
                                                  "offer_approved",
                                                  "offer_updated",
                                                  "offer_deleted",
                                                  "interview_deleted",
                                                  "scorecard_deleted",
                                                  "job_created",
                                                  "job_updated",
                                                  "job_deleted",
                                                  "job_approved",
                                                  "job_post_created",
                                                  "job_post_updated",
                                                  "job_post_deleted",
                                                  "job_interview_stage_deleted",
                                                  "department_deleted",
                                                  "office_deleted"};
constexpr std::array<std::string_view, 6> reserved_headers{"content-type",  "content-length", "greenhouse-event-id",
                                                           "authorization", "user-agent",     "signature"};

// The page where webhooks are set up has sentences for the events; only this one is known.
std::string sentence_of(std::string const& event) {
    return event == "hire_candidate" ? "Candidate has been hired" : event;
}

// The payload before the action, as the captured ping has it.
json::object ping_body(Hook const& hook) {
    return {{"payload", json::object{{"active", hook.active},
                                     {"created_at", iso_seconds(hook.created_at)},
                                     {"web_hook_id", parse_number(hook.id).value_or(0)},
                                     {"name", hook.name},
                                     {"endpoint_url", hook.url},
                                     {"content-type", "application/json"},
                                     {"updated_at", iso_seconds(hook.updated_at)},
                                     {"event", sentence_of(hook.event)}}},
            {"action", "ping"}};
}

}  // namespace

bool is_event(std::string_view name) {
    return std::find(events.begin(), events.end(), name) != events.end();
}

bool is_reserved_header(std::string_view name) {
    return std::find(reserved_headers.begin(), reserved_headers.end(), lower(name)) != reserved_headers.end();
}

RetryPolicy vendor_policy() {
    using std::chrono::minutes;
    return {.tries = 7,
            .gaps = {minutes(1), minutes(15), minutes(60), minutes(120), minutes(240), minutes(480)},
            .only_200 = true};
}

RetryPolicy Hooks::policy() const {
    std::lock_guard const lock(mutex_);
    return policy_;
}

void Hooks::set_policy(RetryPolicy const& policy, bool fresh_event_ids) {
    std::lock_guard const lock(mutex_);
    policy_ = policy;
    fresh_event_ids_ = fresh_event_ids;
}

bool Hooks::fresh_event_ids() const {
    std::lock_guard const lock(mutex_);
    return fresh_event_ids_;
}

Hook Hooks::put(Hook hook) {
    std::lock_guard const lock(mutex_);
    hook.updated_at = now_ms();
    auto const known = std::find_if(hooks_.begin(), hooks_.end(), [&](Hook const& one) { return one.id == hook.id; });
    if (known != hooks_.end()) {
        *known = hook;
        return hook;
    }
    hook.id = std::to_string(next_id_++);
    hook.created_at = hook.updated_at;
    return hooks_.emplace_back(std::move(hook));
}

std::optional<Hook> Hooks::find(std::string_view id) const {
    std::lock_guard const lock(mutex_);
    auto const found = std::find_if(hooks_.begin(), hooks_.end(), [&](Hook const& hook) { return hook.id == id; });
    return found == hooks_.end() ? std::nullopt : std::optional(*found);
}

std::vector<Hook> Hooks::all() const {
    std::lock_guard const lock(mutex_);
    return {hooks_.begin(), hooks_.end()};
}

bool Hooks::remove(std::string_view id) {
    std::lock_guard const lock(mutex_);
    return std::erase_if(hooks_, [&](Hook const& hook) { return hook.id == id; }) != 0;
}

void Hooks::clear() {
    std::lock_guard const lock(mutex_);
    hooks_.clear();
    policy_ = vendor_policy();
    fresh_event_ids_ = false;
    sender_.clear();
}

std::string Hooks::ping(Hook const& hook, WebhookClient& client) {
    RetryPolicy once = policy();
    once.tries = 1;
    std::string const delivery = sender_.open(compose(hook, "ping", ping_body(hook), {}), once);
    StopSignal never;
    bool const answered = sender_.pursue(delivery, client, never) == SendState::received;
    std::lock_guard const lock(mutex_);
    for (Hook& filed : hooks_) {
        if (filed.id == hook.id) {
            filed.active = answered;
        }
    }
    return delivery;
}

std::vector<std::string> Hooks::send(std::string_view event, json::object const& payload, std::string const& subject) {
    json::object const body{{"action", std::string(event)}, {"payload", payload}};
    std::lock_guard const lock(mutex_);
    std::vector<std::string> sent;
    for (Hook const& hook : hooks_) {
        if (hook.active && hook.event == event) {
            Outgoing outgoing = compose(hook, event, body, subject);
            outgoing.fresh_header = fresh_event_ids_ ? event_id_header : "";
            sent.push_back(sender_.open(std::move(outgoing), policy_));
            sender_.schedule(sent.back());
        }
    }
    return sent;
}

std::optional<std::string> Hooks::rerun(std::string const& delivery, bool fresh_event_id) {
    auto outgoing = sender_.find(delivery);
    if (!outgoing) {
        return std::nullopt;
    }
    for (Pair& header : outgoing->headers) {
        if (fresh_event_id && header.name == event_id_header) {
            header.value = ids_.uuid();
        }
    }
    std::string const id = sender_.open(std::move(*outgoing), policy());
    sender_.schedule(id);
    return id;
}

Outgoing Hooks::compose(Hook const& hook, std::string_view event, json::object const& body,
                        std::string const& subject) {
    Outgoing outgoing{.webhook = hook.id,
                      .event = std::string(event),
                      .url = hook.url,
                      .subject = subject,
                      .body = escape(json::serialize(body)),
                      .headers = hook.headers};
    outgoing.headers.push_back({"Content-Type", "application/json"});
    outgoing.headers.push_back({"User-Agent", "Greenhouse"});
    outgoing.headers.push_back({event_id_header, ids_.uuid()});
    if (!hook.secret_key.empty()) {
        outgoing.headers.push_back({"Signature", sign(hook.secret_key, outgoing.body)});
    }
    if (!hook.authorization.empty()) {
        outgoing.headers.push_back({"Authorization", hook.authorization});
    }
    return outgoing;
}

}  // namespace crosswalk::sandbox::greenhouse

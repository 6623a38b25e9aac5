#include "sandbox/lever/hooks.hpp"

#include "sandbox/lever/signature.hpp"

#include <algorithm>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::size_t token_digits = 48;

template <typename List>
bool contains(List const& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

RetryPolicy Hooks::policy() const {
    std::lock_guard const lock(mutex_);
    return policy_;
}

void Hooks::set_policy(RetryPolicy const& policy) {
    std::lock_guard const lock(mutex_);
    policy_ = policy;
}

Hook Hooks::add(Hook hook) {
    std::lock_guard const lock(mutex_);
    hook.id = hook.id.empty() ? ids_.uuid() : hook.id;
    hook.created_at = now_ms();
    hook.updated_at = hook.created_at;
    return hooks_.emplace_back(std::move(hook));
}

std::optional<Hook> Hooks::find(std::string_view id) const {
    std::lock_guard const lock(mutex_);
    auto const found = std::find_if(hooks_.begin(), hooks_.end(), [&](Hook const& hook) { return hook.id == id; });
    return found == hooks_.end() ? std::nullopt : std::optional(*found);
}

bool Hooks::change(std::string_view id, std::optional<std::string> url,
                   std::optional<std::vector<std::string>> hook_origins) {
    std::lock_guard const lock(mutex_);
    auto const found = std::find_if(hooks_.begin(), hooks_.end(), [&](Hook const& hook) { return hook.id == id; });
    if (found == hooks_.end()) {
        return false;
    }
    found->url = url.value_or(found->url);
    found->origins = hook_origins.value_or(found->origins);
    found->updated_at = now_ms();
    return true;
}

bool Hooks::remove(std::string_view id) {
    std::lock_guard const lock(mutex_);
    return std::erase_if(hooks_, [&](Hook const& hook) { return hook.id == id; }) != 0;
}

std::vector<Hook> Hooks::all() const {
    std::lock_guard const lock(mutex_);
    return {hooks_.begin(), hooks_.end()};
}

void Hooks::clear() {
    std::lock_guard const lock(mutex_);
    hooks_.clear();
    switched_off_.clear();
    policy_ = RetryPolicy();
    sender_.clear();
}

void Hooks::switch_event(std::string const& event, bool on) {
    std::lock_guard const lock(mutex_);
    std::erase(switched_off_, event);
    if (!on) {
        switched_off_.push_back(event);
    }
}

std::vector<std::string> Hooks::open(std::string_view event, json::object const& data, std::string const& origin,
                                     std::string const& subject, RetryPolicy const& policy) {
    std::lock_guard const lock(mutex_);
    std::vector<std::string> opened;
    if (contains(switched_off_, event)) {
        return opened;
    }
    for (Hook const& hook : hooks_) {
        if (hook.event == event && (hook.origins.empty() || contains(hook.origins, origin))) {
            opened.push_back(sender_.open(compose(hook, data, subject), policy));
        }
    }
    return opened;
}

void Hooks::schedule(std::vector<std::string> const& deliveries) {
    for (std::string const& delivery : deliveries) {
        sender_.schedule(delivery);
    }
}

std::string Hooks::open_verification(Hook const& hook) {
    RetryPolicy once = policy();
    once.tries = 1;
    return sender_.open(compose(hook, {}, {}), once);
}

std::optional<std::string> Hooks::rerun(std::string const& delivery, bool fresh_token) {
    auto outgoing = sender_.find(delivery);
    if (!outgoing) {
        return std::nullopt;
    }
    if (fresh_token) {
        auto const hook = find(outgoing->webhook);
        if (!hook) {
            return std::nullopt;
        }
        json::object const body = json::parse(outgoing->body).as_object();
        outgoing = compose(*hook, body.at("data").as_object(), outgoing->subject);
    }
    std::string const id = sender_.open(std::move(*outgoing), policy());
    sender_.schedule(id);
    return id;
}

Outgoing Hooks::compose(Hook const& hook, json::object const& data, std::string const& subject) {
    std::int64_t const triggered_at = now_ms();
    std::string const token = ids_.hex(token_digits);
    json::object body;
    // The test request is printed without an id; only real events have one.
    if (hook.with_event_id && !data.empty()) {
        body["id"] = ids_.uuid();
    }
    body["triggeredAt"] = triggered_at;
    body["event"] = hook.event;
    body["data"] = data;
    if (!hook.signature_token.empty()) {
        body["signature"] = sign(hook.signature_token, token, triggered_at);
    }
    body["token"] = token;
    return {.webhook = hook.id,
            .event = hook.event,
            .url = hook.url,
            .subject = subject,
            .body = json::serialize(body),
            .headers = {{"Content-Type", "application/json"}, {"User-Agent", "Lever-Webhooks"}}};
}

}  // namespace crosswalk::sandbox::lever

#include "sandbox/fields.hpp"
#include "sandbox/lever/calls.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/lever/paging.hpp"

#include <algorithm>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::size_t signature_token_digits = 48;

json::object print(Hook const& hook) {
    json::object configuration;
    if (!hook.origins.empty()) {
        configuration["conditions"] = {{"origins", json::value_from(hook.origins)}};
    }
    return {{"id", hook.id},
            {"url", hook.url},
            {"event", hook.event},
            {"createdAt", hook.created_at},
            {"updatedAt", hook.updated_at},
            {"configuration", std::move(configuration)}};
}

// Real Lever wants HTTPS with a CA-signed certificate; loopback is where the sandbox's own receivers live.
bool acceptable_url(std::string const& url) {
    return url.starts_with("https://") || is_loopback_url(url);
}

// What is wrong with {"conditions": {"origins": […]}}; empty if `into` now holds the origins.
std::string read_configuration(json::object const& configuration, std::vector<std::string>& into) {
    Fields outer(configuration);
    auto const* const conditions = outer.object("conditions");
    if (auto complaint = outer.complaint(); !complaint.empty() || conditions == nullptr) {
        return complaint;
    }
    Fields inner(*conditions);
    into = inner.texts("origins").value_or(std::vector<std::string>());
    for (std::string const& origin : into) {
        if (std::find(origins.begin(), origins.end(), origin) == origins.end()) {
            return "origins does not know " + origin;
        }
    }
    return inner.complaint();
}

// Whatever keeps this change of a webhook from being made.
std::optional<Answer> check_change(Call const& call, std::string const& id) {
    auto const hook = call.hooks.find(id);
    if (!hook) {
        return not_found("webhooks", id);
    }
    return hook->by_api ? std::nullopt : std::optional(forbidden());
}

std::optional<Answer> update_one(Call const& call, json::value const& change) {
    if (!change.is_object()) {
        return bad_request("data must hold objects");
    }
    Fields fields(change.get_object());
    auto const id = fields.text("id");
    auto const url = fields.text("url");
    auto const* const configuration = fields.object("configuration");
    std::vector<std::string> hook_origins;
    std::string complaint = fields.complaint();
    if (complaint.empty() && configuration != nullptr) {
        complaint = read_configuration(*configuration, hook_origins);
    }
    if (!complaint.empty() || !id || (url && !acceptable_url(*url))) {
        return bad_request(complaint.empty() ? "id is required and url must be https" : complaint);
    }
    if (auto refusal = check_change(call, *id)) {
        return refusal;
    }
    call.hooks.change(*id, url, configuration == nullptr ? std::nullopt : std::optional(hook_origins));
    return std::nullopt;
}

}  // namespace

Answer list_webhooks(Call const& call) {
    std::deque<json::object> printed;
    for (Hook const& hook : call.hooks.all()) {
        printed.push_back(print(hook));
    }
    return answer_list(
        call.request, printed, [](json::object const&) { return true; }, [](json::object const& hook) { return hook; },
        PageEnd::silent);
}

Answer create_webhook(Call const& call) {
    auto const body = call.request.json_object();
    if (!body) {
        return bad_request("the body must be a JSON object");
    }
    Fields fields(*body);
    Hook hook{.url = fields.text("url").value_or(""), .event = fields.text("event").value_or(""), .by_api = true};
    auto const* const configuration = fields.object("configuration");
    std::string complaint = fields.complaint();
    if (complaint.empty() && configuration != nullptr) {
        complaint = read_configuration(*configuration, hook.origins);
    }
    if (complaint.empty() && !acceptable_url(hook.url)) {
        complaint = "url must be https";
    }
    if (complaint.empty() && std::find(events.begin(), events.end(), hook.event) == events.end()) {
        complaint = "event is not known";
    }
    if (!complaint.empty()) {
        return bad_request(complaint);
    }
    hook.signature_token = call.state.ids.hex(signature_token_digits);
    std::string const signature_token = hook.signature_token;
    json::object printed = print(call.hooks.add(std::move(hook)));
    // The only time that the token is told.
    printed["configuration"].as_object()["signatureToken"] = signature_token;
    json::object answer{{"data", std::move(printed)}};
    if (call.state.settings.webhooks_double_data) {
        answer = {{"data", std::move(answer)}};
    }
    return json_answer(201, answer);
}

Answer update_webhooks(Call const& call) {
    auto const body = call.request.json_object();
    if (!body) {
        return bad_request("the body must be a JSON object");
    }
    Fields fields(*body);
    auto const* const changes = fields.array("data");
    if (changes == nullptr || !fields.complaint().empty()) {
        return bad_request("data is required and alone");
    }
    json::array printed;
    for (json::value const& change : *changes) {
        if (auto refusal = update_one(call, change)) {
            return *refusal;
        }
        printed.push_back(print(*call.hooks.find(text_of(change.get_object(), "id"))));
    }
    return json_answer(200, {{"data", std::move(printed)}});
}

Answer delete_webhook(Call const& call) {
    if (auto refusal = check_change(call, call.ids.front())) {
        return *refusal;
    }
    call.hooks.remove(call.ids.front());
    return {.status = 204};
}

}  // namespace crosswalk::sandbox::lever

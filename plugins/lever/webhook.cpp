#include "webhook.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace crosswalk::lever {

using connector::Call;
using connector::Disposition;
using connector::Failure;
using connector::Verdict;

namespace {

// Clocks differ; a delivery from further ahead is no delivery of Lever's.
constexpr std::chrono::milliseconds future_skew_max = std::chrono::minutes(5);
constexpr std::size_t event_id_size_max = 128;

std::string_view string_at(json::object const& object, std::string_view key) {
    json::value const* found = object.if_contains(key);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view{};
}

// The digits of an integer, as they stood in the JSON: JSON has one way only to write one.
struct Lexeme {
    explicit Lexeme(std::int64_t number) noexcept
        : size(static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, number).ptr - digits)) {}
    [[nodiscard]] std::string_view view() const noexcept { return {digits, size}; }
    char digits[20];
    std::size_t size;
};

void check_signature(Call const& call, Webhook const& webhook, Delivery const& delivery) {
    if (!delivery.has_triggered_at || delivery.token.empty()) {
        throw Failure(CW_ERR_AUTH, "The webhook lacks its token or an integer triggeredAt.");
    }
    if (webhook.allow_unsigned) {
        return;
    }
    if (delivery.signature.empty()) {
        throw Failure(CW_ERR_AUTH, "The webhook has no signature.");
    }
    Lexeme const triggered_at(delivery.triggered_at);
    bool configured = false;
    for (std::string const* pointer : {&webhook.signature_token, &webhook.previous_signature_token}) {
        if (pointer->empty()) {
            continue;
        }
        auto const matches = call.hmac_matches(*pointer, {delivery.token, triggered_at.view()}, delivery.signature);
        if (matches.value_or(false)) {
            return;
        }
        configured = configured || matches.has_value();
    }
    throw Failure(CW_ERR_AUTH, configured
                                   ? "The webhook's signature does not match its signature token."
                                   : "No signature token is configured for " + std::string(delivery.event) + ".");
}

void check_age(Call const& call, Settings const& settings, Delivery const& delivery) {
    std::int64_t const now = call.unix_ms();
    if (delivery.triggered_at < now - settings.webhook_age_max.count()) {
        throw Failure(CW_ERR_AUTH, "The webhook is older than webhook_max_age_hours allows.");
    }
    if (delivery.triggered_at > now + future_skew_max.count()) {
        throw Failure(CW_ERR_AUTH, "The webhook comes from the future: check this machine's clock.");
    }
}

}  // namespace

WebhookEvent const* event_named(std::string_view event) noexcept {
    auto const found = std::find_if(webhook_events.begin(), webhook_events.end(),
                                    [&](WebhookEvent const& known) { return known.event == event; });
    return found == webhook_events.end() ? nullptr : &*found;
}

std::string token_pointer(std::string_view event) {
    return "/webhooks/" + std::string(event) + "/signature_token";
}

Delivery read_delivery(json::value const& body) {
    json::object const* object = body.if_object();
    Delivery delivery;
    if (object != nullptr) {
        delivery.event = string_at(*object, "event");
    }
    if (delivery.event.empty()) {
        throw Failure(CW_ERR_INVALID, "The webhook is not a JSON object with an event name.");
    }
    delivery.id = string_at(*object, "id");
    if (delivery.id.size() > event_id_size_max) {
        delivery.id = {};
    }
    delivery.token = string_at(*object, "token");
    delivery.signature = string_at(*object, "signature");
    if (json::value const* at = object->if_contains("triggeredAt"); at != nullptr && at->is_int64()) {
        delivery.triggered_at = at->get_int64();
        // A negative time would also bring the lexeme "-0", which the parsed number no longer shows.
        delivery.has_triggered_at = delivery.triggered_at > 0;
    }
    if (json::value const* data = object->if_contains("data"); data != nullptr && data->is_object()) {
        delivery.is_test = data->get_object().empty();
        delivery.opportunity_id = string_at(data->get_object(), "opportunityId");
    }
    return delivery;
}

std::string dedupe_key(Call const& call, Delivery const& delivery) {
    if (!delivery.id.empty()) {
        return std::string(delivery.id);
    }
    std::string text;
    text.append(delivery.event).append("|").append(delivery.opportunity_id).append("|");
    text.append(Lexeme(delivery.triggered_at).view()).append("|").append(delivery.token);
    return call.sha256_hex(text);
}

Verdict verify(Call const& call, Settings const& settings, Delivery const& delivery) {
    WebhookEvent const* known = event_named(delivery.event);
    auto const webhook = settings.webhooks.find(delivery.event);
    if (webhook != settings.webhooks.end()) {
        check_signature(call, webhook->second, delivery);
    } else if (known != nullptr) {
        // Its token may be one that Lever handed out when this connector made the webhook.
        check_signature(call, {token_pointer(delivery.event), {}, false}, delivery);
    }
    // Other events of Lever's are acknowledged, or Lever would send them again.
    if (known == nullptr) {
        return {Disposition::ignore, {}, {}};
    }
    // A test changes nothing, so its age does not matter.
    if (delivery.is_test) {
        return {Disposition::test, std::string(known->trigger), {}};
    }
    check_age(call, settings, delivery);
    if (!is_id(delivery.opportunity_id)) {
        throw Failure(CW_ERR_INVALID, "The webhook names no opportunity.");
    }
    return {Disposition::accept, std::string(known->trigger), dedupe_key(call, delivery)};
}

}  // namespace crosswalk::lever

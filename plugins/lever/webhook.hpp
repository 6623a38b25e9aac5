// Lever's webhook deliveries: reading and trusting them.
//
// The signature is a field of the body: lower-case hex HMAC-SHA256 of `token` followed by the digits of `triggeredAt`.
// It covers neither `data` nor `id`, so `data` is only a pointer to what is then fetched from Lever.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <array>

namespace crosswalk::lever {

// A trigger that Lever tells of by a webhook, and Lever's own name for it.
struct WebhookEvent {
    std::string_view event;    // "candidateHired"
    std::string_view trigger;  // "candidate.hired"
};
inline constexpr std::array<WebhookEvent, 2> webhook_events = {
    {{"candidateHired", "candidate.hired"}, {"applicationCreated", "application.created"}}};

// The one of that name of Lever's; null for one that this connector has no use for.
[[nodiscard]] WebhookEvent const* event_named(std::string_view event) noexcept;

// Where the signature token of an event's webhook stands: a JSON Pointer into the settings.
[[nodiscard]] std::string token_pointer(std::string_view event);

// Views into the parsed body.
struct Delivery {
    std::string_view event;
    std::string_view id;  // empty when Lever sent none
    std::string_view token;
    std::string_view signature;
    std::string_view opportunity_id;  // empty when there is none
    std::int64_t triggered_at = 0;
    bool has_triggered_at = false;
    bool is_test = false;  // "Verify connection": data is {}
};

// Failure(CW_ERR_INVALID) when the body is not an object with an event name.
[[nodiscard]] Delivery read_delivery(json::value const& body);

// The same on every redelivery: Lever's event id, else a hash of what makes a delivery unique.
[[nodiscard]] std::string dedupe_key(connector::Call const& call, Delivery const& delivery);

// Failure(CW_ERR_AUTH) when the delivery is not to be trusted, CW_ERR_INVALID when it can never be used.
[[nodiscard]] connector::Verdict verify(connector::Call const& call, Settings const& settings,
                                        Delivery const& delivery);

}  // namespace crosswalk::lever

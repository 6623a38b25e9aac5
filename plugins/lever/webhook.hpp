// Lever's webhook deliveries: reading and trusting them.
//
// The signature is a field of the body: lower-case hex HMAC-SHA256 of `token` followed by the digits of `triggeredAt`.
// It covers neither `data` nor `id`, so `data` is only a pointer to what is then fetched from Lever.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

namespace crosswalk::lever {

inline constexpr std::string_view hired_event = "candidateHired";
inline constexpr std::string_view hired_trigger = "candidate.hired";

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

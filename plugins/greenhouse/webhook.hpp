// Greenhouse's webhook deliveries: trusting and reading them.
//
// The header `Signature: sha256 <hex>` is the HMAC-SHA256 of the body's bytes exactly as received.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <string>

namespace crosswalk::greenhouse {

inline constexpr std::string_view hired_action = "hire_candidate";
inline constexpr std::string_view hired_trigger = "candidate.hired";
inline constexpr std::string_view created_action = "new_candidate_application";
inline constexpr std::string_view created_trigger = "application.created";
// Shorter keys can be guessed; the vendor's own example is "123".
inline constexpr std::size_t secret_key_size_least = 16;

// Failure(CW_ERR_AUTH) when the delivery is not to be trusted, CW_ERR_INVALID when it can never be used.
[[nodiscard]] connector::Verdict verify(connector::Call const& call, Settings const& settings,
                                        connector::WebhookRequest const& request);

// payload.application of a hire or of a new application. Failure(CW_ERR_INVALID) when the body is neither.
struct Delivered {
    bool hire = false;
    json::value application;
};
[[nodiscard]] Delivered read_delivery(std::string_view body);

// What a new application is known by, whoever tells of it.
[[nodiscard]] std::string created_id(std::string const& application);

}  // namespace crosswalk::greenhouse

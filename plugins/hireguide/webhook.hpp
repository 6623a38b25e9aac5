// Hireguide's callbacks: trusting and reading them.
//
// X-Integration-Signature is "v1=" and the lower-case hex HMAC-SHA256 of "<X-Integration-Timestamp>.<raw body>";
// several may stand there, separated by commas, while the secret is being changed.
#pragma once

#include "settings.hpp"

namespace crosswalk::hireguide {

inline constexpr char const* exported_event = "interview.exported";
inline constexpr char const* sync_event = "sync.requested";

struct Callback {
    std::string id;
    std::string type;
    std::int64_t occurred_unix_ms = 0;
    json::object data;
};

// Failure(CW_ERR_INVALID) when it is no callback.
[[nodiscard]] Callback read_callback(std::string_view body);

// Failure(CW_ERR_AUTH) when the callback is not to be trusted, CW_ERR_INVALID when it can never be used.
[[nodiscard]] connector::Verdict verify(Call const& call, Settings const& settings,
                                        connector::WebhookRequest const& request);

}  // namespace crosswalk::hireguide

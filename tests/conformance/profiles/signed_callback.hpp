// The callback that HRLogics and Hireguide share: its three headers, and what a forger may do to one.
#pragma once

#include "conformance/profile.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::conformance {

using Forgery = std::pair<std::string, std::function<void(Inbound&)>>;

// "v1=" and the HMAC over the delivery's timestamp, a dot and its body.
[[nodiscard]] std::string callback_signature(std::string_view secret, Inbound const& request);
// Signed now. `body` has an id.
[[nodiscard]] Inbound signed_callback(std::string_view secret, json::object const& body);
[[nodiscard]] std::vector<Forgery> callback_forgeries();

inline constexpr std::size_t timestamp_header = 2;
inline constexpr std::size_t signature_header = 3;

}  // namespace crosswalk::conformance

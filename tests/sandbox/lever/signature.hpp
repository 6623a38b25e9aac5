// How Lever signs a webhook: HMAC-SHA256 keyed with the signature token as text, over `token` directly followed by
// `triggeredAt` in decimal; lower-case hexadecimal; sent as the body's field "signature".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crosswalk::sandbox::lever {

[[nodiscard]] std::string sign(std::string_view signature_token, std::string_view token, std::int64_t triggered_at);

}  // namespace crosswalk::sandbox::lever

// Bytes as text, after RFC 4648.
//
// Threads  plain functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::vault {

// With '+', '/' and padding, as in an Authorization header.
[[nodiscard]] std::string base64(std::string_view bytes);
// With '-' and '_' and without padding: may stand in an address.
[[nodiscard]] std::string base64url(std::string_view bytes);
// Of the first form, whole and padded; nothing for any other text.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace crosswalk::vault

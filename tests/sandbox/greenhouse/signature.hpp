// How Greenhouse signs a webhook: "sha256", one space, the lower-case hexadecimal HMAC-SHA256 of the whole body as
// sent, keyed with the secret key as text.
//
// Threads  safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace crosswalk::sandbox::greenhouse {

[[nodiscard]] std::string hmac_hex(std::string_view key, std::string_view message);

// The value of the header Signature.
[[nodiscard]] std::string sign(std::string_view secret_key, std::string_view body);

// JSON as Greenhouse sends it: "<", ">" and "&" as \u003c, \u003e and \u0026, before it is signed.
[[nodiscard]] std::string escape(std::string_view json);

}  // namespace crosswalk::sandbox::greenhouse

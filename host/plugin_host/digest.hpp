// SHA-256 as text. Threads  safe from any thread. Source  OpenSSL EVP.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace crosswalk::plugin_host {

// Two lower-case hex digits a byte.
[[nodiscard]] std::string hex(std::span<unsigned char const> bytes);

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view data);

}  // namespace crosswalk::plugin_host

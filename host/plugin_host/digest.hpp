// SHA-256 as text. Threads  safe from any thread. Source  OpenSSL EVP.
#pragma once

#include <string>
#include <string_view>

namespace crosswalk::plugin_host {

// 64 lower-case hex digits.
[[nodiscard]] std::string sha256_hex(std::string_view data);

}  // namespace crosswalk::plugin_host

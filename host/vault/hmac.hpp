// HMAC-SHA256, for what must be told apart or derived under a key: dedupe keys, handles of people, names of files.
//
// Why      looking the algorithm up and setting a key costs several times the hash, and looking up takes locks that all
//          threads share: each thread keeps the state of the key it used last.
// Errors   none: SHA-256 is always there; for want of memory the process ends.
// Threads  a plain function.
// Source   RFC 2104.
#pragma once

#include <array>
#include <string_view>

namespace crosswalk::vault {

// `key` is not empty.
[[nodiscard]] std::array<char, 32> hmac_sha256(std::string_view key, std::string_view message);

}  // namespace crosswalk::vault

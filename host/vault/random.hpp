// Words that nobody can guess, and the proof that one knows such a word.
//
// Errors   internal: the system has no randomness; nothing may be made without it.
// Threads  plain functions.
// Source   RFC 7636 for the code challenge.
#pragma once

#include "model/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace crosswalk::vault {

[[nodiscard]] model::Result<std::string> random_bytes(std::size_t count);
// 32 random bytes as 43 characters that may stand in an address.
[[nodiscard]] model::Result<std::string> random_word();
// The S256 challenge of a PKCE code verifier.
[[nodiscard]] model::Result<std::string> code_challenge(std::string_view verifier);

}  // namespace crosswalk::vault

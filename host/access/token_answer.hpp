// What a vendor's token endpoint answered.
//
// Errors   unauthenticated: the grant is refused or revoked, only a new consent helps. permission_denied: the vendor
//          does not know our client id or secret. invalid_argument: it does not accept the request. unavailable: it
//          may answer better later. The texts hold the error code only where it is one of RFC 6749's: anything else in
//          the answer could repeat what was sent.
// Threads  plain functions.
// Source   RFC 6749 sections 5.1 and 5.2.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "model/secret.hpp"

#include <string>
#include <string_view>

namespace crosswalk::access {

struct Tokens {
    model::Secret access;
    model::Secret refresh;  // empty: none was given
    model::TimePoint expires_at;
};

// Reads the body of an answer that came at `now`. A token without an end is taken to last an hour.
[[nodiscard]] model::Result<Tokens> read_token_answer(int status, std::string_view body, model::TimePoint now);

// The error code when it is one that RFC 6749 knows for a token or an authorization answer; empty for any other text.
[[nodiscard]] std::string_view known_error(std::string_view code) noexcept;

}  // namespace crosswalk::access

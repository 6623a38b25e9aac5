// The one way in which calls fail: a code that says what the caller does, and words for people.
//
// Errors   code numbers are public (logs, API) and never change; the text may improve at any time.
// Source   the canonical codes of abseil and gRPC, cut to those that change what a caller does.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::model {

enum class ErrorCode : std::int32_t {
    // The same request may succeed later.
    unavailable = 1,
    rate_limited = 2,
    deadline_exceeded = 3,
    cancelled = 4,
    // Repeating the same request is no use.
    invalid_argument = 10,
    unauthenticated = 11,
    permission_denied = 12,
    not_found = 13,
    already_exists = 14,
    failed_precondition = 15,
    too_large = 16,
    unsupported = 17,
    // Stop and shout.
    corruption = 30,
    internal = 31,
};

// One field that kept a record from being accepted. `reason` never holds the field's value.
struct FieldProblem {
    std::string field;
    std::string reason;
    bool operator==(FieldProblem const&) const = default;
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string detail;                     // what was wrong, where, and what to do; no secrets, no personal values
    std::vector<FieldProblem> fields = {};  // may be empty
    std::int64_t retry_after_ms = 0;        // when the other side said how long to wait; 0: it did not
};

template <class T>
using Result = boost::system::result<T, Error>;

// The code's public name: "rate_limited".
[[nodiscard]] std::string_view name(ErrorCode code) noexcept;

// True for the codes after which the same request may succeed later.
[[nodiscard]] constexpr bool is_retryable(ErrorCode code) noexcept {
    return static_cast<std::int32_t>(code) < 10;
}

// Boost.System asks for this when value() is called on an error: our mistake, so it ends in std::logic_error.
[[noreturn]] void throw_exception_from_error(Error const& error, boost::source_location const& where);

}  // namespace crosswalk::model

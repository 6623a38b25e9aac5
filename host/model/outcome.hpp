// What became of a delivery. Each outcome has one consequence and one sentence for people.
//
//   delivered   the target took it                        done; feedback
//   duplicate   the target already has it                 done; feedback (as skipped)
//   unchanged   the target already holds these values     done
//   skipped     a business rule said no                   done; feedback
//   rejected    the data can never succeed                dead letter; feedback (as failed)
//   retry       not applied, may succeed later            again after backoff; dead letter when attempts run out
//   auth        the credential is refused                 connection paused, the delivery is kept
//   unknown     it may have been applied                  looked up before anything is repeated
#pragma once

#include "model/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::model {

enum class Outcome : std::uint8_t {
    delivered = 1,
    duplicate = 2,
    unchanged = 3,
    skipped = 4,
    rejected = 5,
    retry = 6,
    auth = 7,
    unknown = 8,
};

// "delivered" … ; parse_outcome is its inverse and empty for any other text.
[[nodiscard]] std::string_view name(Outcome outcome) noexcept;
[[nodiscard]] std::optional<Outcome> parse_outcome(std::string_view text) noexcept;

// True when the delivery needs no further work: delivered, duplicate, unchanged, skipped, rejected.
[[nodiscard]] constexpr bool is_final(Outcome outcome) noexcept {
    return outcome <= Outcome::rejected;
}

// What one attempt brought back.
struct AttemptReport {
    Outcome outcome = Outcome::unknown;
    std::string reason;                          // in words, for people; no secrets, no personal values
    std::vector<FieldProblem> fields = {};       // rejected: which fields
    std::vector<FieldProblem> warnings = {};     // fields that were left out, and why
    std::string target_key = {};                 // the id that the target gave it
    std::string target_url = {};                 // where a person can look at it
    std::string remote_request = {};             // vendor's request id, for support
    std::int64_t retry_after_ms = 0;             // with retry; 0: the host chooses
    ErrorCode error_code = ErrorCode::internal;  // with rejected, retry, auth and unknown
    std::string effect = {};                     // delivered: "created", "updated" or what is not said
};

}  // namespace crosswalk::model

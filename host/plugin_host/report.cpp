#include "plugin_host/report.hpp"

#include <algorithm>

namespace crosswalk::plugin_host {
namespace {

using model::AttemptReport;
using model::ErrorCode;
using model::Outcome;

constexpr std::int64_t retry_after_ms_max = 7LL * 24 * 3600 * 1000;

// What the hook said through fail(), if anything.
Failure const* failure_of(Call const& call) noexcept {
    return call.failure ? &*call.failure : nullptr;
}

std::int64_t bounded_wait(std::int64_t ms) noexcept {
    return std::clamp<std::int64_t>(ms, 0, retry_after_ms_max);
}

Outcome outcome_of_status(cw_status status) noexcept {
    switch (status) {
        case CW_ERR_AUTH:
        case CW_ERR_CONFIG:
            return Outcome::auth;
        case CW_ERR_RATE_LIMITED:
        case CW_ERR_TRANSIENT:
            return Outcome::retry;
        case CW_ERR_INVALID:
        case CW_ERR_UNSUPPORTED:
        case CW_ERR_TOO_LARGE:
        case CW_ERR_NOT_FOUND:
        case CW_ERR_DENIED:
            return Outcome::rejected;
        default:
            return Outcome::unknown;
    }
}

Outcome outcome_of_number(std::int32_t outcome) noexcept {
    switch (outcome) {
        case CW_PUSH_DELIVERED:
            return Outcome::delivered;
        case CW_PUSH_DUPLICATE:
            return Outcome::duplicate;
        case CW_PUSH_UNCHANGED:
            return Outcome::unchanged;
        case CW_PUSH_SKIPPED:
            return Outcome::skipped;
        case CW_PUSH_REJECTED:
            return Outcome::rejected;
        case CW_PUSH_RETRY:
            return Outcome::retry;
        default:
            return Outcome::unknown;
    }
}

ErrorCode default_code(Outcome outcome) noexcept {
    switch (outcome) {
        case Outcome::rejected:
            return ErrorCode::invalid_argument;
        case Outcome::retry:
            return ErrorCode::unavailable;
        case Outcome::auth:
            return ErrorCode::unauthenticated;
        default:
            return ErrorCode::internal;
    }
}

std::string default_reason(std::string_view connector, Outcome outcome, cw_status status) {
    if (status != CW_OK) {
        return "The connector \"" + std::string(connector) + "\" failed with status " + std::to_string(status) +
               " and gave no reason.";
    }
    bool const needs_words = outcome == Outcome::rejected || outcome == Outcome::unknown || outcome == Outcome::retry;
    return needs_words ? "The connector \"" + std::string(connector) + "\" gave no reason." : std::string();
}

AttemptReport report(std::string_view connector, Call const& call, cw_status status, cw_push_result const& result,
                     Outcome outcome) {
    AttemptReport report;
    report.outcome = outcome;
    report.warnings = call.warnings;
    report.target_key = call.notes[CW_NOTE_TARGET_KEY];
    report.target_url = call.notes[CW_NOTE_TARGET_URL];
    report.remote_request = call.notes[CW_NOTE_REMOTE_REQ];
    report.reason = call.notes[CW_NOTE_REASON];
    if (outcome == Outcome::delivered) {
        report.effect = call.notes[CW_NOTE_EFFECT];
    }
    report.error_code = status == CW_OK ? default_code(outcome) : to_error_code(status);
    report.retry_after_ms = bounded_wait(result.retry_after_ms);
    bool const went_well = model::is_final(outcome) && outcome != Outcome::rejected;
    if (Failure const* failure = failure_of(call); failure != nullptr && !went_well) {
        report.reason = failure->message.empty() ? report.reason : failure->message;
        report.fields = failure->fields;
        report.retry_after_ms = std::max(report.retry_after_ms, bounded_wait(failure->retry_after_ms));
        report.error_code = to_error_code(status == CW_OK ? failure->status : status);
    }
    if (outcome == Outcome::retry) {
        report.retry_after_ms = std::max(report.retry_after_ms, bounded_wait(call.rate_wait_ms));
    }
    if (report.reason.empty()) {
        report.reason = default_reason(connector, outcome, status);
    }
    return report;
}

}  // namespace

ErrorCode to_error_code(cw_status status) noexcept {
    switch (status) {
        case CW_ERR_INVALID:
            return ErrorCode::invalid_argument;
        case CW_ERR_CONFIG:
            return ErrorCode::failed_precondition;
        case CW_ERR_AUTH:
            return ErrorCode::unauthenticated;
        case CW_ERR_TRANSIENT:
        case CW_ERR_NO_MEMORY:
            return ErrorCode::unavailable;
        case CW_ERR_RATE_LIMITED:
            return ErrorCode::rate_limited;
        case CW_ERR_NOT_FOUND:
        case CW_ERR_CURSOR:
            return ErrorCode::not_found;
        case CW_ERR_UNSUPPORTED:
            return ErrorCode::unsupported;
        case CW_ERR_CANCELLED:
            return ErrorCode::cancelled;
        case CW_ERR_DEADLINE:
            return ErrorCode::deadline_exceeded;
        case CW_ERR_DENIED:
            return ErrorCode::permission_denied;
        case CW_ERR_TOO_LARGE:
            return ErrorCode::too_large;
        case CW_ERR_CONFLICT:
            return ErrorCode::already_exists;
        default:
            return ErrorCode::internal;
    }
}

cw_status http_status(ErrorCode code, bool idempotent) noexcept {
    switch (code) {
        case ErrorCode::unavailable:
            return CW_ERR_TRANSIENT;
        case ErrorCode::rate_limited:
            return CW_ERR_RATE_LIMITED;
        case ErrorCode::deadline_exceeded:
            return CW_ERR_DEADLINE;
        case ErrorCode::cancelled:
            return CW_ERR_CANCELLED;
        case ErrorCode::permission_denied:
            return CW_ERR_DENIED;
        case ErrorCode::invalid_argument:
            return CW_ERR_INVALID;
        case ErrorCode::too_large:
            return idempotent ? CW_ERR_TOO_LARGE : CW_ERR_INTERNAL;
        default:
            return CW_ERR_INTERNAL;
    }
}

cw_status stored_status(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::not_found:
            return CW_ERR_NOT_FOUND;
        case ErrorCode::already_exists:
            return CW_ERR_CONFLICT;
        case ErrorCode::unavailable:
            return CW_ERR_TRANSIENT;
        case ErrorCode::too_large:
            return CW_ERR_TOO_LARGE;
        case ErrorCode::unsupported:
            return CW_ERR_UNSUPPORTED;
        default:
            return CW_ERR_INTERNAL;
    }
}

cw_status refuse_output(Call& call, cw_status status, std::string_view why) {
    if (call.refused.empty()) {
        call.refused = why;
    }
    return status;
}

model::Error to_error(std::string_view connector, Call const& call, cw_status status) {
    model::Error error{to_error_code(status), {}};
    if (Failure const* failure = failure_of(call)) {
        error.detail = failure->message;
        error.fields = failure->fields;
        error.retry_after_ms = bounded_wait(failure->retry_after_ms);
    }
    if (error.code == ErrorCode::rate_limited) {
        error.retry_after_ms = std::max(error.retry_after_ms, bounded_wait(call.rate_wait_ms));
    }
    if (error.detail.empty()) {
        error.detail = default_reason(connector, Outcome::unknown, status);
    }
    return error;
}

AttemptReport push_report(std::string_view connector, Call const& call, cw_status status,
                          cw_push_result const& result) {
    return report(connector, call, status, result,
                  status == CW_OK ? outcome_of_number(result.outcome) : outcome_of_status(status));
}

AttemptReport look_up_report(std::string_view connector, Call const& call, cw_status status,
                             cw_push_result const& result) {
    Outcome outcome = Outcome::unknown;
    if (status == CW_OK) {
        Outcome const said = outcome_of_number(result.outcome);
        bool const answers = said == Outcome::delivered || said == Outcome::duplicate || said == Outcome::retry;
        outcome = answers ? said : Outcome::unknown;
    } else if (outcome_of_status(status) == Outcome::auth) {
        outcome = Outcome::auth;
    }
    return report(connector, call, status, result, outcome);
}

}  // namespace crosswalk::plugin_host

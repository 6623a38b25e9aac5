#include "model/error.hpp"

#include <stdexcept>

namespace crosswalk::model {

std::string_view name(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::rate_limited:
            return "rate_limited";
        case ErrorCode::deadline_exceeded:
            return "deadline_exceeded";
        case ErrorCode::cancelled:
            return "cancelled";
        case ErrorCode::invalid_argument:
            return "invalid_argument";
        case ErrorCode::unauthenticated:
            return "unauthenticated";
        case ErrorCode::permission_denied:
            return "permission_denied";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::already_exists:
            return "already_exists";
        case ErrorCode::failed_precondition:
            return "failed_precondition";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::corruption:
            return "corruption";
        case ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

void throw_exception_from_error(Error const& error, boost::source_location const& where) {
    throw std::logic_error(std::string(where.function_name()) + ": value() of an error: " + error.detail);
}

}  // namespace crosswalk::model

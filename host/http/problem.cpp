#include "http/server.hpp"

#include <Poco/Net/HTTPResponse.h>
#include <boost/json.hpp>

namespace crosswalk::http {
namespace {

// Said when trying again is the thing to do: as soon as one likes, but not at once.
constexpr char const* retry_after_seconds = "1";

Response problem_response(int status, std::string_view detail, std::vector<model::FieldProblem> const& fields) {
    boost::json::object body{{"type", "about:blank"},
                             {"title", Poco::Net::HTTPResponse::getReasonForStatus(
                                           static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status))},
                             {"status", status},
                             {"detail", detail}};
    if (!fields.empty()) {
        boost::json::array errors;
        for (auto const& field : fields) {
            errors.push_back({{"field", field.field}, {"reason", field.reason}});
        }
        body["errors"] = std::move(errors);
    }
    Response response{status, "application/problem+json", boost::json::serialize(body)};
    if (status == 429 || status == 503) {
        response.headers.emplace_back("Retry-After", retry_after_seconds);
    }
    return response;
}

int status_of(model::ErrorCode code) noexcept {
    using enum model::ErrorCode;
    switch (code) {
        case unavailable:
        case cancelled:
            return 503;
        case rate_limited:
            return 429;
        case deadline_exceeded:
            return 504;
        case invalid_argument:
            return 400;
        case unauthenticated:
            return 401;
        case permission_denied:
            return 403;
        case not_found:
            return 404;
        case already_exists:
        case failed_precondition:
            return 409;
        case too_large:
            return 413;
        case unsupported:
            return 501;
        case corruption:
        case internal:
            break;
    }
    return 500;
}

}  // namespace

Response problem(int status, std::string_view detail) {
    return problem_response(status, detail, {});
}

Response problem(model::Error const& error) {
    return problem_response(status_of(error.code), error.detail, error.fields);
}

}  // namespace crosswalk::http

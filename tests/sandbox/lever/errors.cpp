#include "sandbox/lever/errors.hpp"

#include <string>

namespace crosswalk::sandbox::lever {
namespace {

Answer error(int status, std::string_view code, std::string const& message) {
    return json_answer(status, {{"code", boost::json::string_view(code.data(), code.size())}, {"message", message}});
}

}  // namespace

Answer bad_request(std::string_view what) {
    return error(400, "BadRequestError", "Invalid parameter: " + std::string(what));
}

Answer unauthorized() {
    return error(401, "UnauthorizedError", "Authentication required");
}

Answer forbidden() {
    return error(403, "ForbiddenError", "Access to this endpoint is not allowed for this credential");
}

Answer unknown_signing_key() {
    return error(403, "ForbiddenError", "Unable to find a signing key that matches the token");
}

Answer not_found(std::string_view resource, std::string_view id) {
    return error(404, "ResourceNotFound", std::string(resource) + " " + std::string(id) + " was not found");
}

Answer unknown_path(std::string_view path) {
    return error(404, "ResourceNotFound", std::string(path) + " does not exist");
}

Answer wrong_method(std::string_view method) {
    return error(405, "MethodNotAllowedError", std::string(method) + " is not allowed");
}

Answer unprocessed_file() {
    return error(422, "UnprocessableEntity", "File could not be processed");
}

Answer too_many_requests() {
    return error(429, "TooManyRequests", "Rate limit exceeded");
}

Answer error_of_status(int status) {
    switch (status) {
        case 400:
            return error(400, "BadRequestError", "Invalid parameter");
        case 401:
            return unauthorized();
        case 403:
            return forbidden();
        case 404:
            return error(404, "ResourceNotFound", "The resource was not found");
        case 408:
            return error(408, "RequestTimeout", "File took too long to upload.");
        case 422:
            return unprocessed_file();
        case 429:
            return too_many_requests();
        case 503:
            return error(503, "ServiceUnavailable", "Down for maintenance");
        default:
            return error(status, "InternalError", "Something went wrong");
    }
}

}  // namespace crosswalk::sandbox::lever

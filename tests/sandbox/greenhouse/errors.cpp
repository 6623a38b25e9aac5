#include "sandbox/greenhouse/errors.hpp"

#include <string>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

std::string v1_message(int status) {
    switch (status) {
        case 401:
            return "Invalid Basic Auth credentials";
        case 403:
            return "Forbidden";
        case 404:
            return "Resource not found";
        case 410:
            return "Gone";
        case 422:
            return "Validation error";
        case 429:
            return "You have exceeded the API rate limit";
        default:
            return "Something went wrong";
    }
}

Answer v3_error(int status) {
    switch (status) {
        case 401:
            return json_answer(
                401, {{"message", "Unauthorized"},
                      {"errors", {"Token could not be decoded. Please ensure your token is from a trusted source."}}});
        case 403:
            return json_answer(403, {{"message", "Forbidden"}, {"errors", json::array()}});
        case 404:
            return json_answer(404, {{"message", "Resource not found"}});
        case 422:
            return json_answer(422, {{"message", "Unprocessable Content"}, {"errors", json::array()}});
        case 429:
            return json_answer(429, {{"message", "Too Many Requests"}});
        default:
            return json_answer(status, {{"message", "Something went wrong"}});
    }
}

}  // namespace

Answer error_of_status(Api api, int status) {
    return api == Api::v3 ? v3_error(status) : json_answer(status, {{"message", v1_message(status)}});
}

Answer validation_error(std::string_view field, std::string_view message) {
    json::object const entry{{"message", std::string(message)}, {"field", std::string(field)}};
    return json_answer(422, {{"message", "Validation error"}, {"errors", json::array{entry}}});
}

Answer unprocessable(json::value entry) {
    return json_answer(422, {{"message", "Unprocessable Content"}, {"errors", json::array{std::move(entry)}}});
}

Answer unprocessable(std::string_view field, std::string_view message) {
    json::object entry;
    entry[std::string(field)] = std::string(message);
    return unprocessable(json::value(std::move(entry)));
}

Answer token_refusal(int status, std::string_view message) {
    return json_answer(status, {{"message", std::string(message)}});
}

Answer token_refusal_with_id(int status, std::string_view message) {
    return json_answer(status, {{"message", std::string(message)}, {"errorId", "err-synthetic"}});
}

Answer token_error(int status, std::string_view error) {
    return json_answer(status, {{"error", std::string(error)}});
}

Answer file_refusal(int status, std::string_view code, std::string_view message) {
    return {.status = status,
            .body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + std::string(code) +
                    "</Code><Message>" + std::string(message) + "</Message></Error>",
            .content_type = "application/xml"};
}

}  // namespace crosswalk::sandbox::greenhouse

#include "sandbox/hrlogics/errors.hpp"

namespace crosswalk::sandbox::hrlogics {
namespace {

namespace json = boost::json;

Answer error(int status, std::string_view code, std::string_view message, json::array details = {}) {
    json::object body{{"code", json::string_view(code.data(), code.size())},
                      {"message", json::string_view(message.data(), message.size())}};
    if (!details.empty()) {
        body["details"] = std::move(details);
    }
    return json_answer(status, {{"error", std::move(body)}});
}

}  // namespace

Answer validation_failed(int status, std::vector<Detail> const& details) {
    json::array printed;
    for (Detail const& detail : details) {
        printed.push_back(json::object{{"field", detail.field}, {"reason", detail.reason}});
    }
    std::string message = "some fields are invalid";
    if (details.size() == 1) {
        message = details[0].field + (details[0].reason == "required" ? " is required" : " is invalid");
    }
    return error(status, "validation_failed", message, std::move(printed));
}

Answer duplicate(std::string_view existing_id) {
    json::object const detail{{"field", "external_id"},
                              {"existing_id", json::string_view(existing_id.data(), existing_id.size())}};
    return error(409, "duplicate", "applicant exists", json::array{detail});
}

Answer rate_limited() {
    Answer answer = error_of_status(429);
    answer.headers.push_back({"Retry-After", "1"});
    return answer;
}

Answer not_found() {
    return error_of_status(404);
}

Answer error_of_status(int status) {
    switch (status) {
        case 400:
        case 422:
            return validation_failed(status, {{"body", "refused"}});
        case 401:
            return error(401, "unauthorized", "token expired or revoked");
        case 403:
            return error(403, "forbidden", "the credential lacks this right");
        case 404:
            return error(404, "not_found", "not found");
        case 409:
            return duplicate("hrl_5501");
        case 429:
            return error(429, "rate_limited", "too many requests");
        default:
            return error(status, "unavailable", "something went wrong");
    }
}

}  // namespace crosswalk::sandbox::hrlogics

#include "sandbox/goco/errors.hpp"

namespace crosswalk::sandbox::goco {
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
    std::string const message =
        details.size() == 1 ? "1 field is invalid" : std::to_string(details.size()) + " fields are invalid";
    return error(status, "validation_failed", message, std::move(printed));
}

Answer unauthorized() {
    return error(401, "unauthorized", "API key missing, revoked or regenerated");
}

Answer forbidden() {
    return error(403, "forbidden", "Key owner is not a Full Access Admin");
}

Answer not_found(std::string_view message) {
    return error(404, "not_found", message);
}

Answer duplicate(std::string_view field, std::string_view existing_id) {
    json::object const detail{{"field", json::string_view(field.data(), field.size())},
                              {"existing_id", json::string_view(existing_id.data(), existing_id.size())}};
    return error(409, "duplicate", "An employee with this " + std::string(field) + " exists", json::array{detail});
}

Answer rate_limited() {
    Answer answer = error(429, "rate_limited", "Too many requests");
    answer.headers.push_back({"Retry-After", "1"});
    return answer;
}

Answer error_of_status(int status) {
    switch (status) {
        case 400:
        case 422:
            return validation_failed(status, {{"body", "refused"}});
        case 401:
            return unauthorized();
        case 403:
            return forbidden();
        case 404:
            return not_found("Not found");
        case 409:
            return duplicate("external_id", "emp_501");
        case 429:
            // A fault says for itself whether there is a Retry-After.
            return error(429, "rate_limited", "Too many requests");
        default:
            return error(status, "unavailable", "Something went wrong");
    }
}

}  // namespace crosswalk::sandbox::goco

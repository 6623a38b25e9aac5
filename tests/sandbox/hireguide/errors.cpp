#include "sandbox/hireguide/errors.hpp"

namespace crosswalk::sandbox::hireguide {

namespace json = boost::json;

json::object error_object(std::string_view code, std::string_view message, std::vector<Detail> const& details) {
    json::object body{{"code", json::string_view(code.data(), code.size())},
                      {"message", json::string_view(message.data(), message.size())}};
    if (!details.empty()) {
        json::array& printed = body["details"].emplace_array();
        for (Detail const& detail : details) {
            printed.push_back(json::object{{"field", detail.field}, {"reason", detail.reason}});
        }
    }
    return body;
}

Answer error(int status, std::string_view code, std::string_view message, std::vector<Detail> const& details) {
    return json_answer(status, {{"error", error_object(code, message, details)}});
}

Answer invalid(int status, std::vector<Detail> const& details) {
    return error(status, "validation_failed", std::to_string(details.size()) + " invalid", details);
}

Answer no_such(std::string_view thing) {
    return error(404, "not_found", "No such " + std::string(thing));
}

Answer error_of_status(int status) {
    switch (status) {
        case 400:
        case 422:
            return invalid(status, {{"body", "refused"}});
        case 401:
            return error(401, "unauthorized", "Token missing or revoked");
        case 403:
            return error(403, "forbidden", "The token's owner is no workspace owner");
        case 404:
            return no_such("position");
        case 409:
            return error(409, "duplicate", "It exists");
        case 429:
            // A fault says for itself whether there is a Retry-After.
            return error(429, "rate_limited", "Too many requests");
        default:
            return error(status, "unavailable", "Something went wrong");
    }
}

}  // namespace crosswalk::sandbox::hireguide

#include "admin/api.hpp"

#include <boost/json.hpp>

#include <charconv>

namespace crosswalk::admin {
namespace {

constexpr std::string_view bearer = "Bearer ";

// Matches "/a/{b}/c" against "/a/x/c"; false when it does not fit.
bool match(std::string_view pattern, std::string_view path, std::map<std::string, std::string>& captured) {
    while (!pattern.empty() && !path.empty()) {
        auto const end_of_pattern = std::min(pattern.find('/', 1), pattern.size());
        auto const end_of_path = std::min(path.find('/', 1), path.size());
        std::string_view const expected = pattern.substr(0, end_of_pattern);
        std::string_view const given = path.substr(0, end_of_path);
        if (expected.starts_with("/{")) {
            if (given.size() < 2) {
                return false;
            }
            captured[std::string(expected.substr(2, expected.size() - 3))] = std::string(given.substr(1));
        } else if (expected != given) {
            return false;
        }
        pattern.remove_prefix(end_of_pattern);
        path.remove_prefix(end_of_path);
    }
    return pattern.empty() && path.empty();
}

boost::json::value body_of(http::Request const& request) {
    boost::json::error_code error;
    boost::json::value value = boost::json::parse(request.body, error);
    return error ? boost::json::value(nullptr) : value;
}

}  // namespace

std::optional<std::int64_t> Call::number(std::string const& name) const {
    auto const found = captured.find(name);
    if (found == captured.end()) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    char const* const end = found->second.data() + found->second.size();
    auto const [stop, error] = std::from_chars(found->second.data(), end, value);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

std::string Call::body_text(std::string_view name) const {
    boost::json::value const body = body_of(request);
    if (body.is_object()) {
        if (auto const* member = body.get_object().if_contains(name); member != nullptr && member->is_string()) {
            return std::string(member->get_string());
        }
    }
    return {};
}

bool Call::body_flag(std::string_view name) const {
    boost::json::value const body = body_of(request);
    if (body.is_object()) {
        if (auto const* member = body.get_object().if_contains(name); member != nullptr && member->is_bool()) {
            return member->get_bool();
        }
    }
    return false;
}

http::Response json_ok(std::string body) {
    return {200, "application/json", std::move(body), {}};
}

bool Handler::may_enter(http::Request const& request) const {
    std::string_view const given = request.header("authorization");
    return given.starts_with(bearer) && !api_.token.empty() && api_.token.matches(given.substr(bearer.size()));
}

http::Response Handler::handle(http::Request const& request) {
    std::string allowed;  // methods of this path
    for (Endpoint const& endpoint : endpoints()) {
        Call call{request, {}};
        if (!match(endpoint.pattern, request.path(), call.captured)) {
            continue;
        }
        if (endpoint.method != request.method) {
            allowed += (allowed.empty() ? "" : ", ") + std::string(endpoint.method);
            continue;
        }
        if (endpoint.needs_token && !may_enter(request)) {
            http::Response response = http::problem(
                401,
                "This needs the admin token: send it as `Authorization: Bearer <token>`; the CLI reads it from the "
                "configuration.");
            response.headers.emplace_back("WWW-Authenticate", "Bearer");
            return response;
        }
        return endpoint.handle(api_, call);
    }
    if (allowed.empty()) {
        return http::problem(404, "No such address. The endpoints are in docs/openapi.yaml.");
    }
    http::Response response =
        http::problem(405, "This address exists, but not for that method; it takes " + allowed + ".");
    response.headers.emplace_back("Allow", allowed);
    return response;
}

}  // namespace crosswalk::admin

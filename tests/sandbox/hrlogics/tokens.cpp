#include "sandbox/hrlogics/calls.hpp"

namespace crosswalk::sandbox::hrlogics {
namespace {

constexpr char client_id[] = "hrlogics-sandbox-client";
constexpr char client_secret[] = "hrlogics-sandbox-secret";
constexpr std::size_t tokens_max = 1000;

std::string parameter(std::vector<Pair> const& form, std::string_view name) {
    for (Pair const& pair : form) {
        if (pair.name == name) {
            return pair.value;
        }
    }
    return {};
}

Answer token_error(int status, std::string_view error) {
    return json_answer(status, {{"error", boost::json::string_view(error.data(), error.size())}});
}

}  // namespace

Answer request_token(State& state, Request const& request) {
    if (request.method != "POST") {
        return not_found();
    }
    auto const form = split_query(request.body);
    if (!form || request.media_type() != "application/x-www-form-urlencoded") {
        return token_error(400, "invalid_request");
    }
    if (parameter(*form, "grant_type") != "client_credentials") {
        return token_error(400, "unsupported_grant_type");
    }
    if (parameter(*form, "client_id") != client_id || parameter(*form, "client_secret") != client_secret) {
        return token_error(401, "invalid_client");
    }
    if (state.tokens.size() >= tokens_max) {
        state.tokens.clear();
    }
    std::string const token = "hrl-" + state.ids.hex(32);
    state.tokens[token] = now_ms() + state.settings.token_ttl_ms;
    return json_answer(
        200, {{"access_token", token}, {"token_type", "Bearer"}, {"expires_in", state.settings.token_ttl_ms / 1000}});
}

bool is_authorized(State& state, Request const& request) {
    std::string_view const header = request.header("Authorization");
    if (!header.starts_with("Bearer ")) {
        return false;
    }
    std::string const token(header.substr(7));
    auto const issued = state.tokens.find(token);
    return token == state.settings.api_token || (issued != state.tokens.end() && now_ms() < issued->second);
}

}  // namespace crosswalk::sandbox::hrlogics

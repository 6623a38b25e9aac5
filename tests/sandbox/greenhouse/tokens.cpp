#include "sandbox/greenhouse/calls.hpp"
#include "sandbox/greenhouse/errors.hpp"
#include "sandbox/greenhouse/times.hpp"

#include <Poco/Base64Decoder.h>

#include <iterator>
#include <sstream>

namespace crosswalk::sandbox::greenhouse {
namespace {

namespace json = boost::json;

constexpr std::string_view grant_missing = "Must include `grant_type` parameter in /token request";

std::string decode_base64(std::string_view text) {
    std::istringstream stream{std::string(text)};
    Poco::Base64Decoder decoder(stream);
    return {std::istreambuf_iterator<char>(decoder), std::istreambuf_iterator<char>()};
}

// A parameter of the form body; the query is taken too, as the vendor's reference prints it.
std::optional<std::string> parameter(Request const& request, std::vector<Pair> const& form, std::string_view name) {
    for (Pair const& pair : form) {
        if (pair.name == name) {
            return pair.value;
        }
    }
    return request.parameter(name);
}

// The user who stands behind tokens that name nobody.
std::int64_t service_user(State const& state) {
    for (auto const& [id, user] : state.users) {
        if (flag_of(user.beside, "service")) {
            return id;
        }
    }
    return 0;
}

std::string issue(State& state, std::string const& credential, std::int64_t user) {
    std::erase_if(state.tokens, [](auto const& token) { return token.second.expires_at_ms < now_ms(); });
    if (state.tokens.size() >= State::tokens_max) {
        state.tokens.clear();
    }
    std::string token = "eyJhbGciOiJSUzI1NiJ9." + state.ids.hex(48) + ".sig";
    state.tokens.emplace(token, Token{credential, now_ms() + state.settings.token_ttl_ms, user});
    return token;
}

Answer token_answer(State& state, std::string const& token) {
    json::object body{{"token_type", "Bearer"}, {"access_token", token}};
    std::int64_t const seconds = state.settings.token_ttl_ms / 1000;
    switch (state.settings.expiry_field) {
        case ExpiryField::expires_in:
            body["expires_in"] = seconds;
            break;
        case ExpiryField::expires_at:
            body["expires_at"] = iso(now_ms() + state.settings.token_ttl_ms);
            break;
        case ExpiryField::expires:
            body["expires"] = std::to_string(seconds);
            break;
        case ExpiryField::none:
            break;
    }
    return json_answer(200, body);
}

bool is_active_user(State const& state, std::int64_t id) {
    auto const* const user = find(state.users, id);
    return user != nullptr && !flag_of(user->v3, "deactivated");
}

}  // namespace

std::optional<Pair> read_basic(Request const& request) {
    std::string_view const header = request.header("Authorization");
    if (!header.starts_with("Basic ")) {
        return std::nullopt;
    }
    std::string const text = decode_base64(header.substr(6));
    auto const colon = text.find(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    return Pair{text.substr(0, colon), text.substr(colon + 1)};
}

Answer request_token(State& state, Request const& request) {
    if (request.method != "POST") {
        return error_of_status(Api::v3, 404);
    }
    std::int64_t const now = now_ms();
    if (!state.token_window.take(now, state.settings.token_rate)) {
        Answer limited = error_of_status(Api::v3, 429);
        limited.headers.push_back({"Retry-After", std::to_string(state.token_window.retry_after_s(now))});
        return limited;
    }
    auto const basic = read_basic(request);
    if (!basic) {
        return token_refusal_with_id(401, "Unauthorized");
    }
    if (basic->name.find('.') == std::string::npos) {
        return token_refusal_with_id(400, "client_id=" + basic->name + " does not contain a valid client ID suffix");
    }
    auto const credential = state.credentials.find(basic->name);
    if (credential == state.credentials.end() || !credential->second.client ||
        credential->second.secret != basic->value) {
        return token_error(401, "invalid_client");
    }
    if (!request.body.empty() && request.media_type() != "application/x-www-form-urlencoded") {
        return token_refusal(400, grant_missing);
    }
    auto const form = split_query(request.body);
    auto const grant = form ? parameter(request, *form, "grant_type") : std::nullopt;
    if (grant == "refresh_token" || grant == "authorization_code") {
        return token_error(400, "invalid_grant");
    }
    if (grant != "client_credentials") {
        return token_refusal(400, grant_missing);
    }
    std::int64_t user = service_user(state);
    if (auto const sub = parameter(request, *form, "sub")) {
        user = parse_number(*sub).value_or(0);
        if (!is_active_user(state, user)) {
            return token_refusal(400, "`sub` must be the id of an active user");
        }
    }
    return token_answer(state, issue(state, basic->name, user));
}

Answer request_transition_token(State& state, Request const& request) {
    if (request.method != "POST") {
        return error_of_status(Api::v3, 404);
    }
    auto const basic = read_basic(request);
    auto const credential = basic ? state.credentials.find(basic->name) : state.credentials.end();
    if (credential == state.credentials.end() || credential->second.client || !basic->value.empty()) {
        return error_of_status(Api::v1, 401);
    }
    auto const body = request.json_object();
    if (!body || request.media_type() != "application/json") {
        return validation_error("body", "must be a JSON object");
    }
    std::int64_t const user = body->contains("sub") ? number_of(*body, "sub") : service_user(state);
    if (!is_active_user(state, user)) {
        return validation_error("sub", "must be the id of an active user");
    }
    std::string const token = issue(state, basic->name, user);
    return json_answer(200, {{"access_token", token}, {"expires", std::to_string(state.settings.token_ttl_ms / 1000)}});
}

}  // namespace crosswalk::sandbox::greenhouse

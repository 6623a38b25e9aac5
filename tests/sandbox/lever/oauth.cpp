#include "sandbox/lever/oauth.hpp"

#include "sandbox/fields.hpp"
#include "sandbox/lever/errors.hpp"
#include "sandbox/webhook_sender.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace crosswalk::sandbox::lever {
namespace {

namespace json = boost::json;

constexpr std::size_t token_digits = 40;
constexpr std::size_t scopes_max = 20;
constexpr std::array<std::string_view, 2> audiences{"https://api.lever.co/v1/", "https://api.sandbox.lever.co/v1/"};

std::string encoded(std::string_view text) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        if (plain) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
    }
    return out;
}

Answer oauth_error(int status, std::string_view error, std::string_view description) {
    return json_answer(status, {{"error", std::string(error)}, {"error_description", std::string(description)}});
}

std::vector<std::string> words_of(std::string const& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

Answer redirect(std::string const& to, std::string const& query) {
    return {.status = 302, .headers = {{"Location", to + (to.find('?') == std::string::npos ? "?" : "&") + query}}};
}

Answer authorize(State& state, Request const& request) {
    std::string const redirect_uri = request.parameter("redirect_uri").value_or("");
    std::string const client = request.parameter("client_id").value_or("");
    if (client != state.consent.client_id || !is_loopback_url(redirect_uri) ||
        request.parameter("response_type").value_or("") != "code") {
        return bad_request("client_id, redirect_uri or response_type");
    }
    std::string const given = "state=" + encoded(request.parameter("state").value_or(""));
    if (state.consent.refuses) {
        return redirect(redirect_uri, given + "&error=access_denied&error_description=" +
                                          encoded("User did not authorize the request"));
    }
    std::vector<std::string> scopes = words_of(request.parameter("scope").value_or(""));
    if (scopes.size() > scopes_max) {
        return bad_request("an app may have at most 20 scopes");
    }
    std::string const audience = request.parameter("audience").value_or("");
    bool const known = std::find(audiences.begin(), audiences.end(), audience) != audiences.end();
    Consent::Grant grant;
    for (std::string const& scope : scopes) {
        if (known || scope == "offline_access") {
            grant.scope += (grant.scope.empty() ? "" : " ") + scope;
        }
    }
    std::string const code = state.ids.hex(token_digits);
    state.consent.grants.push_back(std::move(grant));
    state.consent.codes[code] = state.consent.grants.size() - 1;
    state.consent.redirects[code] = redirect_uri;
    return redirect(redirect_uri, "code=" + code + "&" + given);
}

// An access token and, where it was asked for, a refresh token in place of the last one.
Answer hand_out(State& state, Consent::Grant& grant) {
    Credential credential{.bearer = true, .confidential = false, .rights = std::set<std::string>()};
    bool offline = false;
    for (std::string const& scope : words_of(grant.scope)) {
        offline = offline || scope == "offline_access";
        std::string const right = scope.substr(0, scope.rfind(":admin"));
        credential.confidential = credential.confidential || right == "confidential:access";
        credential.rights->insert(right);
    }
    credential.ends_at = now_ms() + state.consent.expires_in_s * 1000;
    std::string const token = state.ids.hex(token_digits);
    state.credentials.insert_or_assign(token, std::move(credential));
    grant.tokens.insert(token);
    json::object answer{{"access_token", token},
                        {"token_type", "Bearer"},
                        {"scope", grant.scope},
                        {"expires_in", state.consent.expires_in_s}};
    if (offline) {
        grant.refresh_token = "v1." + state.ids.hex(token_digits);
        answer["refresh_token"] = grant.refresh_token;
    }
    return json_answer(200, answer);
}

using Form = std::map<std::string, std::string>;

Answer redeem_code(State& state, Form& form) {
    auto const found = state.consent.codes.find(form["code"]);
    if (found == state.consent.codes.end() || state.consent.redirects[form["code"]] != form["redirect_uri"]) {
        return oauth_error(400, "invalid_grant", "Invalid authorization code");
    }
    std::size_t const grant = found->second;
    state.consent.codes.erase(found);
    return hand_out(state, state.consent.grants[grant]);
}

Answer refresh(State& state, Form& form) {
    for (Consent::Grant& grant : state.consent.grants) {
        if (!grant.revoked && !grant.refresh_token.empty() && grant.refresh_token == form["refresh_token"]) {
            return hand_out(state, grant);
        }
    }
    return oauth_error(400, "invalid_grant", "Unknown or invalid refresh token.");
}

Answer token(State& state, Request const& request) {
    auto const pairs = split_query(request.body);
    if (request.media_type() != "application/x-www-form-urlencoded" || !pairs) {
        return oauth_error(400, "invalid_request", "The body must be form-encoded");
    }
    Form form;
    for (Pair const& pair : *pairs) {
        form[pair.name] = pair.value;
    }
    if (form["client_id"] != state.consent.client_id || form["client_secret"] != state.consent.client_secret) {
        return oauth_error(401, "invalid_client", "Client authentication failed");
    }
    if (form["grant_type"] == "authorization_code") {
        return redeem_code(state, form);
    }
    return form["grant_type"] == "refresh_token" ? refresh(state, form)
                                                 : oauth_error(400, "unsupported_grant_type", "Unknown grant_type");
}

void end_tokens(State& state) {
    for (Consent::Grant& grant : state.consent.grants) {
        for (std::string const& access_token : grant.tokens) {
            state.credentials.erase(access_token);
        }
        grant.tokens.clear();
    }
}

}  // namespace

std::optional<Answer> answer_oauth(State& state, Request const& request) {
    std::vector<std::string> const& path = request.path;
    bool const is_page = path.size() == 1 && path[0] == "authorize" && request.method == "GET";
    bool const is_token = path.size() == 2 && path[0] == "oauth" && path[1] == "token" && request.method == "POST";
    if (!is_page && !is_token) {
        return std::nullopt;
    }
    std::lock_guard const lock(state.mutex);
    return is_page ? authorize(state, request) : token(state, request);
}

Answer control_oauth(ControlCall const& call) {
    Fields fields(call.body);
    std::lock_guard const lock(call.state.mutex);
    Consent& consent = call.state.consent;
    auto const refuses = fields.flag("refuses").value_or(consent.refuses);
    auto const expires_in_s = fields.integer("expires_in_s").value_or(consent.expires_in_s);
    auto const id = fields.text("client_id").value_or(consent.client_id);
    auto const secret = fields.text("client_secret").value_or(consent.client_secret);
    if (auto const complaint = fields.complaint(); !complaint.empty() || expires_in_s < 0) {
        return control_refusal(400, complaint.empty() ? "expires_in_s must not be negative" : complaint);
    }
    consent.refuses = refuses;
    consent.expires_in_s = expires_in_s;
    consent.client_id = id;
    consent.client_secret = secret;
    return json_answer(200, {{"refuses", refuses}, {"expires_in_s", expires_in_s}, {"grants", consent.grants.size()}});
}

Answer control_expire_tokens(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    end_tokens(call.state);
    return {.status = 204};
}

Answer control_revoke_consent(ControlCall const& call) {
    std::lock_guard const lock(call.state.mutex);
    end_tokens(call.state);
    for (Consent::Grant& grant : call.state.consent.grants) {
        grant.revoked = true;
    }
    return {.status = 204};
}

}  // namespace crosswalk::sandbox::lever

#include "access/consent.hpp"

#include "access/token_endpoint.hpp"
#include "vault/random.hpp"

#include <boost/json.hpp>

namespace crosswalk::access {
namespace {

namespace json = boost::json;
using model::Error;
using model::ErrorCode;
using model::Result;
using model::Secret;

constexpr char row[] = "consent";
constexpr std::chrono::minutes lifetime{10};

Error unknown_state() {
    return {ErrorCode::not_found, "This answer belongs to no consent that is under way; it may have been used before."};
}

void add_parameter(std::string& url, std::string_view name, std::string_view value) {
    url += (url.find('?') == std::string::npos ? "?" : "&") + form_encoded(name) + "=" + form_encoded(value);
}

}  // namespace

Consent::Consent(std::string connection, store::Sealed& sealed, vault::Sealer const& sealer, model::Clock const& clock)
    : connection_(std::move(connection)), sealed_(sealed), sealer_(sealer), clock_(clock) {}

Result<ConsentRequest> Consent::begin(plugin_host::OAuthDescription const& description,
                                      std::string const& redirect_uri) {
    auto const state = vault::random_word();
    auto const verifier = vault::random_word();
    if (!state || !verifier) {
        return state ? verifier.error() : state.error();
    }
    auto const challenge = vault::code_challenge(*verifier);
    if (!challenge) {
        return challenge.error();
    }
    model::TimePoint const expires_at = clock_.now() + lifetime;
    json::object const kept{{"state", *state},
                            {"verifier", *verifier},
                            {"redirect_uri", redirect_uri},
                            {"expires_us", model::to_unix_us(expires_at)}};
    auto bytes = sealer_.seal(connection_, row, Secret(json::serialize(kept)));
    if (!bytes) {
        return bytes.error();
    }
    if (auto const stored = sealed_.change(connection_, {{row, std::move(*bytes)}}); !stored) {
        return stored.error();
    }
    ConsentRequest request{description.authorize_url, description.permissions, expires_at};
    std::string scope;
    for (std::string const& one : description.scopes) {
        scope += (scope.empty() ? "" : " ") + one;
    }
    add_parameter(request.authorize_url, "response_type", "code");
    add_parameter(request.authorize_url, "client_id", description.client_id);
    add_parameter(request.authorize_url, "redirect_uri", redirect_uri);
    if (!scope.empty()) {
        add_parameter(request.authorize_url, "scope", scope);
    }
    add_parameter(request.authorize_url, "state", *state);
    add_parameter(request.authorize_url, "code_challenge", *challenge);
    add_parameter(request.authorize_url, "code_challenge_method", "S256");
    for (auto const& [name, value] : description.authorize_parameters) {
        add_parameter(request.authorize_url, name, value);
    }
    return request;
}

Result<Consent::Answered> Consent::take(std::string_view state) {
    auto const found = sealed_.get(connection_, row);
    if (!found) {
        return found.error().code == ErrorCode::not_found ? unknown_state() : found.error();
    }
    auto const opened = sealer_.open(connection_, row, found->bytes);
    if (!opened) {
        return opened.error();
    }
    json::error_code broken;
    json::value const kept = json::parse(opened->reveal(), broken);  // to compare the state
    if (broken || !kept.is_object()) {
        return Error{ErrorCode::corruption, "The consent under way cannot be read; begin it again."};
    }
    auto const text = [&](char const* name) { return std::string(kept.at(name).as_string()); };
    if (state.empty() || !Secret(text("state")).matches(state)) {
        return unknown_state();
    }
    if (auto const used = sealed_.remove(connection_, row); !used) {
        return used.error().code == ErrorCode::not_found ? unknown_state() : used.error();
    }
    if (model::from_unix_us(kept.at("expires_us").as_int64()) <= clock_.now()) {
        return Error{ErrorCode::deadline_exceeded, "This consent was begun more than 10 minutes ago. Begin it again."};
    }
    return Answered{Secret(text("verifier")), text("redirect_uri")};
}

}  // namespace crosswalk::access

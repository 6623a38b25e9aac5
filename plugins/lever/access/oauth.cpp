#include "access/oauth.hpp"

#include "lever_data.hpp"
#include "setting_values.hpp"

#include <set>

namespace crosswalk::lever {
namespace {

// Lever grants an app at most so many.
constexpr std::size_t scopes_max = 20;

json::value const& scopes() {
    static json::value const parsed = json::parse(scopes_json);
    return parsed;
}

std::vector<std::string> read_use(json::object const& auth) {
    std::vector<std::string> use;
    json::value const* list = auth.if_contains("use");
    if (list == nullptr || !list->is_array() || list->get_array().empty()) {
        wrong_setting("/auth/use", "is required: what the connection is for, such as [hires].");
    }
    for (json::value const& one : list->get_array()) {
        if (!one.is_string() || !scopes().at("use").as_object().contains(one.get_string())) {
            wrong_setting("/auth/use", "may hold hires, requisitions, screening and interviews.");
        }
        use.emplace_back(one.get_string());
    }
    return use;
}

// The union of what each use needs, in order; writing implies reading.
std::set<std::string> wanted_scopes(Settings const& settings) {
    std::set<std::string> wanted;
    for (std::string const& use : settings.oauth.use) {
        for (json::value const& scope : scopes().at("use").at(use).as_array()) {
            wanted.emplace(scope.as_string());
        }
    }
    std::erase_if(wanted, [&](std::string const& scope) {
        return scope.ends_with(":read") && wanted.contains(scope.substr(0, scope.size() - 4) + "write");
    });
    if (settings.include_confidential) {
        wanted.emplace("confidential:access");
    }
    return wanted;
}

}  // namespace

OAuth read_oauth(json::object const& auth, bool sandbox) {
    OAuth oauth;
    oauth.client_id = text_setting(auth, "client_id", "/auth/");
    if (oauth.client_id.empty()) {
        wrong_setting("/auth/client_id", "is required by this authentication type.");
    }
    if (text_setting(auth, "client_secret", "/auth/").empty()) {
        wrong_setting("/auth/client_secret", "is required by this authentication type.");
    }
    oauth.use = read_use(auth);
    oauth.authorize_url = url_setting(auth, "authorize_url", "/auth/");
    oauth.token_url = url_setting(auth, "token_url", "/auth/");
    std::string const host = sandbox ? "https://sandbox-lever.auth0.com" : "https://auth.lever.co";
    if (oauth.authorize_url.empty()) {
        oauth.authorize_url = host + "/authorize";
    }
    if (oauth.token_url.empty()) {
        oauth.token_url = host + "/oauth/token";
    }
    // Without it, or without its last slash, Lever's consent page lists nothing but offline_access.
    oauth.audience = sandbox ? "https://api.sandbox.lever.co/v1/" : "https://api.lever.co/v1/";
    return oauth;
}

json::object describe_oauth(Settings const& settings) {
    if (settings.auth != connector::Auth::oauth) {
        return {};
    }
    json::array names;
    json::array permissions;
    json::object const& words = scopes().at("words").as_object();
    for (std::string const& scope : wanted_scopes(settings)) {
        names.emplace_back(scope + ":admin");
        permissions.push_back(words.at(scope));
    }
    // Without this one there is no refresh token.
    names.emplace_back("offline_access");
    permissions.push_back(words.at("offline_access"));
    if (names.size() > scopes_max) {
        wrong_setting("/auth/use", "needs more permissions than Lever grants one app.");
    }
    return {{"grant", "authorization_code"},
            {"authorize_url", settings.oauth.authorize_url},
            {"token_url", settings.oauth.token_url},
            {"client_id", settings.oauth.client_id},
            {"client_secret", "/auth/client_secret"},
            {"client_auth", "body"},
            {"scopes", std::move(names)},
            {"authorize_parameters", {{"audience", settings.oauth.audience}}},
            {"token_parameters", json::object()},
            {"permissions", std::move(permissions)}};
}

}  // namespace crosswalk::lever

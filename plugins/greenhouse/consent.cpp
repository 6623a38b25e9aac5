#include "consent.hpp"

#include <array>

namespace crosswalk::greenhouse {
namespace {

struct Scope {
    std::string_view name;
    std::string_view words;
};

// What the triggers, the actions and the probe ask for; greenhouse.md section 3.
constexpr std::array scopes{Scope{"applications:list", "Read applications"},
                            Scope{"candidates:list", "Read candidates"},
                            Scope{"offers:list", "Read offers"},
                            Scope{"jobs:list", "Read jobs"},
                            Scope{"departments:list", "Read departments"},
                            Scope{"offices:list", "Read offices"},
                            Scope{"custom_fields:list", "Read custom fields"},
                            Scope{"attachments:list", "Read documents"},
                            Scope{"attachments:create", "Attach documents"},
                            Scope{"users:list", "Read users"},
                            Scope{"notes:list", "Read notes"},
                            Scope{"notes:create", "Write notes"}};

}  // namespace

json::object describe_oauth(Settings const& settings) {
    if (settings.api != Version::v3 || settings.grant != Grant::consent) {
        return {};
    }
    json::array names;
    json::array permissions;
    for (Scope const& scope : scopes) {
        names.emplace_back("harvest:" + std::string(scope.name));
        permissions.emplace_back(scope.words);
    }
    return {{"grant", "authorization_code"},
            {"authorize_url", settings.authorize_url},
            {"token_url", settings.token_url},
            {"client_id", settings.client_id},
            {"client_secret", client_secret_pointer},
            {"client_auth", "basic"},
            {"scopes", std::move(names)},
            {"authorize_parameters", json::object()},
            {"token_parameters", json::object()},
            {"permissions", std::move(permissions)}};
}

}  // namespace crosswalk::greenhouse

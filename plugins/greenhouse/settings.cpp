#include "settings.hpp"

#include <algorithm>
#include <initializer_list>

namespace crosswalk::greenhouse {

using connector::Failure;
using connector::find;

namespace {

[[noreturn]] void wrong(std::string const& setting, std::string_view why) {
    throw Failure(CW_ERR_CONFIG, "The setting " + setting + " " + std::string(why), {{setting, std::string(why)}});
}

void only_known(json::value const& object, std::string const& where, std::initializer_list<std::string_view> known) {
    if (!object.is_object()) {
        wrong(where.empty() ? "/" : where, "must be an object.");
    }
    for (auto const& entry : object.get_object()) {
        if (std::find(known.begin(), known.end(), std::string_view(entry.key())) == known.end()) {
            wrong(where + "/" + std::string(entry.key()), "is not known.");
        }
    }
}

std::string text(json::value const& root, std::string const& pointer, std::string otherwise = {}) {
    json::value const* found = find(root, pointer);
    if (found == nullptr) {
        return otherwise;
    }
    if (!found->is_string() || found->get_string().empty()) {
        wrong(pointer, "must be a text that is not empty.");
    }
    return std::string(found->get_string());
}

bool is_loopback(std::string_view authority) {
    for (std::string_view const host : {"127.0.0.1", "localhost", "[::1]"}) {
        if (authority == host || authority.starts_with(std::string(host) + ":")) {
            return true;
        }
    }
    return false;
}

std::string address(json::value const& root, std::string const& pointer, std::string const& otherwise) {
    std::string url = text(root, pointer, otherwise);
    std::size_t const scheme = url.find("://");
    if (!url.starts_with("https://") && !url.starts_with("http://")) {
        wrong(pointer, "must start with https://.");
    }
    std::string const rest = url.substr(scheme + 3);
    if (rest.find("://") != std::string::npos) {
        wrong(pointer, "has its https:// twice; remove one.");
    }
    std::string const authority = rest.substr(0, rest.find('/'));
    if (authority.empty() || rest.find_first_of("?#@ ") != std::string::npos) {
        wrong(pointer, "must be a host and a path only.");
    }
    if (url.starts_with("http://") && !is_loopback(authority)) {
        wrong(pointer, "must use https: what is sent there would travel in the clear.");
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

// A key of a custom field stands in JSON Pointers, so it holds neither '/' nor '~'.
std::string field_key(json::value const& root, std::string const& pointer, std::string const& otherwise) {
    std::string key = text(root, pointer, otherwise);
    if (key.find_first_of("/~") != std::string::npos) {
        wrong(pointer, "must be the key of a custom field, such as job_title.");
    }
    return key;
}

// Whose rights the calls have.
std::string acting_user(json::value const& root) {
    json::value const* user = find(root, "/auth/user_id");
    if (user == nullptr || !user->is_int64() || user->get_int64() <= 0) {
        wrong("/auth/user_id", "is required by api v3: the number of a Greenhouse user who is Site Admin.");
    }
    return std::to_string(user->get_int64());
}

void read_auth(json::value const& root, Settings& settings) {
    json::value const* auth = find(root, "/auth");
    if (auth == nullptr) {
        wrong("/auth", "is required: client_id, client_secret and user_id, or the api_key of api v1.");
    }
    if (settings.api == Version::v1) {
        only_known(*auth, "/auth", {"api_key"});
        if (text(root, "/auth/api_key").empty()) {
            wrong("/auth/api_key", "is required by api v1.");
        }
        return;
    }
    std::string const type = text(root, "/auth/type", "client_credentials");
    if (type == "exchange") {
        only_known(*auth, "/auth", {"type", "api_key", "user_id"});
        if (text(root, "/auth/api_key").empty()) {
            wrong("/auth/api_key", "is required: it is exchanged for tokens of v3.");
        }
        settings.grant = Grant::exchange;
        settings.user_id = acting_user(root);
        return;
    }
    if (find(root, "/auth/api_key") != nullptr) {
        wrong("/auth/api_key", "belongs to api v1. Make OAuth client credentials for v3, or say api: v1 explicitly.");
    }
    if (type != "client_credentials" && type != "oauth") {
        wrong("/auth/type", "must be client_credentials, oauth or exchange.");
    }
    settings.grant = type == "oauth" ? Grant::consent : Grant::client;
    if (settings.grant == Grant::consent) {
        only_known(*auth, "/auth", {"type", "client_id", "client_secret"});
    } else {
        only_known(*auth, "/auth", {"type", "client_id", "client_secret", "user_id"});
        settings.user_id = acting_user(root);
    }
    settings.client_id = text(root, "/auth/client_id");
    if (settings.client_id.empty()) {
        wrong("/auth/client_id", "is required by api v3.");
    }
    if (settings.client_id.find(':') != std::string::npos) {
        wrong("/auth/client_id", "must hold no colon.");
    }
    if (text(root, "/auth/client_secret").empty()) {
        wrong("/auth/client_secret", "is required by api v3.");
    }
}

void read_webhook(json::value const& root, Settings& settings) {
    json::value const* webhook = find(root, "/webhook");
    if (webhook == nullptr) {
        return;
    }
    only_known(*webhook, "/webhook", {"secret_key", "previous_secret_key"});
    settings.has_secret_key = !text(root, std::string(secret_key_pointer)).empty();
    settings.has_previous_secret_key = !text(root, std::string(previous_secret_key_pointer)).empty();
    if (!settings.has_secret_key) {
        wrong(std::string(secret_key_pointer), "is required: Greenhouse signs with it.");
    }
}

void read_documents(json::value const& root, Settings& settings) {
    json::value const* documents = find(root, "/documents");
    if (documents == nullptr) {
        return;
    }
    only_known(*documents, "/documents", {"fetch", "base_url"});
    if (json::value const* fetch = find(*documents, "/fetch"); fetch != nullptr) {
        if (!fetch->is_bool()) {
            wrong("/documents/fetch", "must be true or false.");
        }
        settings.fetch_documents = fetch->get_bool();
    }
    // Only the host reads it, for its egress list.
    (void)address(root, "/documents/base_url", "https://harvest.greenhouse.io");
}

}  // namespace

Settings read_settings(json::value const& root) {
    only_known(root, "",
               {"api", "environment", "base_url", "token_url", "authorize_url", "auth", "webhook", "user_email",
                "job_title_field", "employment_type_field", "documents"});
    Settings settings;
    std::string const api = text(root, "/api", "v3");
    if (api != "v3" && api != "v1") {
        wrong("/api", "must be v3 or v1.");
    }
    settings.api = api == "v1" ? Version::v1 : Version::v3;
    if (text(root, "/environment", "production") != "production") {
        wrong("/environment", "must be production; a sandbox is an organisation with a credential of its own.");
    }
    settings.base_url = address(root, "/base_url", "https://harvest.greenhouse.io");
    settings.token_url = address(root, "/token_url", "https://auth.greenhouse.io/token");
    settings.authorize_url = address(root, "/authorize_url", "https://auth.greenhouse.io/authorize");
    read_auth(root, settings);
    read_webhook(root, settings);
    settings.user_email = text(root, "/user_email");
    if (!settings.user_email.empty() && settings.user_email.find('@') == std::string::npos) {
        wrong("/user_email", "must be an e-mail address.");
    }
    settings.job_title_field = field_key(root, "/job_title_field", "job_title");
    settings.employment_type_field = field_key(root, "/employment_type_field", "employment_type");
    read_documents(root, settings);
    return settings;
}

}  // namespace crosswalk::greenhouse

#include "settings.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::lever {

using connector::Failure;

namespace {

[[noreturn]] void wrong(std::string const& setting, std::string_view why) {
    throw Failure(CW_ERR_CONFIG, "The setting " + setting + " " + std::string(why), {{setting, std::string(why)}});
}

template <std::size_t N>
void only_known(json::object const& object, std::string const& where, std::array<std::string_view, N> const& known) {
    for (auto const& entry : object) {
        if (std::find(known.begin(), known.end(), std::string_view(entry.key())) == known.end()) {
            wrong(where + std::string(entry.key()), "is not known.");
        }
    }
}

std::string text(json::object const& object, std::string_view key, std::string const& where) {
    json::value const* found = object.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return {};
    }
    if (!found->is_string() || found->get_string().empty()) {
        wrong(where + std::string(key), "must be a text that is not empty.");
    }
    return std::string(found->get_string());
}

bool flag(json::object const& object, std::string_view key, bool otherwise, std::string const& where) {
    json::value const* found = object.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return otherwise;
    }
    if (!found->is_bool()) {
        wrong(where + std::string(key), "must be true or false.");
    }
    return found->get_bool();
}

std::int64_t number(json::object const& object, std::string_view key, std::int64_t otherwise, std::int64_t least,
                    std::int64_t most) {
    json::value const* found = object.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return otherwise;
    }
    if (!found->is_int64() || found->get_int64() < least || found->get_int64() > most) {
        wrong("/" + std::string(key),
              "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    }
    return found->get_int64();
}

bool is_loopback(std::string_view authority) {
    for (std::string_view const host : {"127.0.0.1", "localhost", "[::1]"}) {
        if (authority == host || authority.starts_with(std::string(host) + ":")) {
            return true;
        }
    }
    return false;
}

std::string base_url(json::object const& root) {
    std::string const environment = text(root, "environment", "/");
    if (!environment.empty() && environment != "production" && environment != "sandbox") {
        wrong("/environment", "must be production or sandbox.");
    }
    std::string url = text(root, "base_url", "/");
    if (url.empty()) {
        return environment == "sandbox" ? "https://api.sandbox.lever.co/v1" : "https://api.lever.co/v1";
    }
    std::size_t const scheme = url.find("://");
    if (scheme == std::string::npos || (!url.starts_with("https://") && !url.starts_with("http://"))) {
        wrong("/base_url", "must start with https://.");
    }
    std::string const rest = url.substr(scheme + 3);
    if (rest.find("://") != std::string::npos) {
        wrong("/base_url", "has its https:// twice; remove one.");
    }
    std::string const authority = rest.substr(0, rest.find('/'));
    if (authority.empty() || rest.find_first_of("?#@ ") != std::string::npos) {
        wrong("/base_url", "must be a host and a path only.");
    }
    if (url.starts_with("http://") && !is_loopback(authority)) {
        wrong("/base_url", "must use https: the key would travel in the clear.");
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

void read_auth(json::object const& root, Settings& settings) {
    json::value const* auth = root.if_contains("auth");
    if (auth == nullptr || !auth->is_object()) {
        wrong("/auth", "is required: a type and its secret.");
    }
    json::object const& object = auth->get_object();
    only_known(object, "/auth/", std::array<std::string_view, 3>{"type", "api_key", "access_token"});
    std::string const type = text(object, "type", "/auth/");
    if (type != "api_key" && type != "bearer") {
        wrong("/auth/type", "must be api_key or bearer.");
    }
    std::string const key = type == "api_key" ? "api_key" : "access_token";
    if (text(object, key, "/auth/").empty()) {
        wrong("/auth/" + key, "is required by this authentication type.");
    }
    settings.auth = type == "api_key" ? connector::Auth::basic : connector::Auth::bearer;
    settings.auth_secret = "/auth/" + key;
}

Webhook read_webhook(json::object const& object, std::string const& where) {
    only_known(object, where,
               std::array<std::string_view, 3>{"signature_token", "previous_signature_token", "allow_unsigned"});
    Webhook webhook;
    webhook.allow_unsigned = flag(object, "allow_unsigned", false, where);
    if (!text(object, "signature_token", where).empty()) {
        webhook.signature_token = where + "signature_token";
    }
    if (!text(object, "previous_signature_token", where).empty()) {
        webhook.previous_signature_token = where + "previous_signature_token";
    }
    if (webhook.allow_unsigned && !(webhook.signature_token + webhook.previous_signature_token).empty()) {
        wrong(where + "allow_unsigned", "excludes a signature token: leaving out the signature would be enough.");
    }
    if (!webhook.allow_unsigned && webhook.signature_token.empty()) {
        wrong(where + "signature_token", "is required unless allow_unsigned is true.");
    }
    return webhook;
}

void read_webhooks(json::object const& root, Settings& settings) {
    json::value const* webhooks = root.if_contains("webhooks");
    if (webhooks == nullptr || webhooks->is_null()) {
        return;
    }
    if (!webhooks->is_object()) {
        wrong("/webhooks", "must have one entry per Lever event.");
    }
    for (auto const& entry : webhooks->get_object()) {
        std::string const event(entry.key());
        if (!is_id(event)) {
            wrong("/webhooks", "names an event that Lever does not have.");
        }
        if (!entry.value().is_object()) {
            wrong("/webhooks/" + event, "must hold a signature_token.");
        }
        settings.webhooks.emplace(event, read_webhook(entry.value().get_object(), "/webhooks/" + event + "/"));
    }
}

}  // namespace

bool is_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

Settings read_settings(json::value const& document) {
    if (!document.is_object()) {
        wrong("/", "must be an object.");
    }
    json::object const& root = document.get_object();
    only_known(root, "/",
               std::array<std::string_view, 10>{"environment", "base_url", "auth", "webhooks", "webhook_max_age_hours",
                                                "name_split", "perform_as", "hired_settle_seconds", "send_start_date",
                                                "include_confidential"});
    Settings settings;
    settings.base_url = base_url(root);
    read_auth(root, settings);
    read_webhooks(root, settings);
    settings.webhook_age_max = std::chrono::hours(number(root, "webhook_max_age_hours", 360, 1, 876'000));
    settings.hired_settle = std::chrono::seconds(number(root, "hired_settle_seconds", 600, 0, 86400));
    std::string const split = text(root, "name_split", "/");
    if (!split.empty() && split != "last_token" && split != "first_token") {
        wrong("/name_split", "must be last_token or first_token.");
    }
    settings.name_split = split == "first_token" ? NameSplit::first_token : NameSplit::last_token;
    settings.perform_as = text(root, "perform_as", "/");
    if (!settings.perform_as.empty() && !is_id(settings.perform_as)) {
        wrong("/perform_as", "must be the id of a Lever user.");
    }
    settings.send_start_date = flag(root, "send_start_date", false, "/");
    settings.include_confidential = flag(root, "include_confidential", true, "/");
    return settings;
}

}  // namespace crosswalk::lever

#include "settings.hpp"

#include "access/oauth.hpp"
#include "setting_values.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::lever {
namespace {

void read_environment(json::object const& root, Settings& settings) {
    std::string const environment = text_setting(root, "environment", "/");
    if (!environment.empty() && environment != "production" && environment != "sandbox") {
        wrong_setting("/environment", "must be production or sandbox.");
    }
    settings.sandbox = environment == "sandbox";
    settings.base_url = url_setting(root, "base_url", "/");
    if (settings.base_url.empty()) {
        settings.base_url = settings.sandbox ? "https://api.sandbox.lever.co/v1" : "https://api.lever.co/v1";
    }
}

void read_auth(json::object const& root, Settings& settings) {
    json::value const* auth = root.if_contains("auth");
    if (auth == nullptr || !auth->is_object()) {
        wrong_setting("/auth", "is required: a type and its secret.");
    }
    json::object const& object = auth->get_object();
    only_known(object, "/auth/",
               std::array<std::string_view, 8>{"type", "api_key", "access_token", "client_id", "client_secret", "use",
                                               "authorize_url", "token_url"});
    std::string const type = text_setting(object, "type", "/auth/");
    if (type == "oauth") {
        settings.auth = connector::Auth::oauth;
        settings.oauth = read_oauth(object, settings.sandbox);
        return;
    }
    if (type != "api_key" && type != "bearer") {
        wrong_setting("/auth/type", "must be api_key, oauth or bearer.");
    }
    std::string const key = type == "api_key" ? "api_key" : "access_token";
    if (text_setting(object, key, "/auth/").empty()) {
        wrong_setting("/auth/" + key, "is required by this authentication type.");
    }
    settings.auth = type == "api_key" ? connector::Auth::basic : connector::Auth::bearer;
    settings.auth_secret = "/auth/" + key;
}

Webhook read_webhook(json::object const& object, std::string const& where) {
    only_known(object, where,
               std::array<std::string_view, 3>{"signature_token", "previous_signature_token", "allow_unsigned"});
    Webhook webhook;
    webhook.allow_unsigned = flag_setting(object, "allow_unsigned", false, where);
    if (!text_setting(object, "signature_token", where).empty()) {
        webhook.signature_token = where + "signature_token";
    }
    if (!text_setting(object, "previous_signature_token", where).empty()) {
        webhook.previous_signature_token = where + "previous_signature_token";
    }
    if (webhook.allow_unsigned && !(webhook.signature_token + webhook.previous_signature_token).empty()) {
        wrong_setting(where + "allow_unsigned",
                      "excludes a signature token: leaving out the signature would be enough.");
    }
    if (!webhook.allow_unsigned && webhook.signature_token.empty()) {
        wrong_setting(where + "signature_token", "is required unless allow_unsigned is true.");
    }
    return webhook;
}

void read_webhooks(json::object const& root, Settings& settings) {
    json::value const* webhooks = root.if_contains("webhooks");
    if (webhooks == nullptr || webhooks->is_null()) {
        return;
    }
    if (!webhooks->is_object()) {
        wrong_setting("/webhooks", "must have one entry per Lever event.");
    }
    for (auto const& entry : webhooks->get_object()) {
        std::string const event(entry.key());
        if (!is_id(event)) {
            wrong_setting("/webhooks", "names an event that Lever does not have.");
        }
        if (!entry.value().is_object()) {
            wrong_setting("/webhooks/" + event, "must hold a signature_token.");
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
        wrong_setting("/", "must be an object.");
    }
    json::object const& root = document.get_object();
    only_known(root, "/",
               std::array<std::string_view, 11>{"environment", "base_url", "auth", "webhooks", "webhook_max_age_hours",
                                                "name_split", "perform_as", "hired_settle_seconds", "send_start_date",
                                                "include_confidential", "hybrid_requisitions"});
    Settings settings;
    read_environment(root, settings);
    read_auth(root, settings);
    read_webhooks(root, settings);
    settings.webhook_age_max = std::chrono::hours(number_setting(root, "webhook_max_age_hours", 360, 1, 876'000));
    settings.hired_settle = std::chrono::seconds(number_setting(root, "hired_settle_seconds", 600, 0, 86400));
    std::string const split = text_setting(root, "name_split", "/");
    if (!split.empty() && split != "last_token" && split != "first_token") {
        wrong_setting("/name_split", "must be last_token or first_token.");
    }
    settings.name_split = split == "first_token" ? NameSplit::first_token : NameSplit::last_token;
    settings.perform_as = text_setting(root, "perform_as", "/");
    if (!settings.perform_as.empty() && !is_id(settings.perform_as)) {
        wrong_setting("/perform_as", "must be the id of a Lever user.");
    }
    settings.send_start_date = flag_setting(root, "send_start_date", false, "/");
    settings.include_confidential = flag_setting(root, "include_confidential", true, "/");
    settings.hybrid_requisitions = flag_setting(root, "hybrid_requisitions", false, "/");
    return settings;
}

}  // namespace crosswalk::lever

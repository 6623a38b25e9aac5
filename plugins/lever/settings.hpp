// The settings of one Lever connection, checked.
#pragma once

#include <crosswalk/connector.hpp>

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace crosswalk::lever {

namespace json = boost::json;

// What is known about one event's webhook. The pointers name secrets; they are empty when none is configured.
struct Webhook {
    std::string signature_token;
    std::string previous_signature_token;
    bool allow_unsigned = false;
};

enum class NameSplit : unsigned char { last_token, first_token };

// How an OAuth app of Lever's gets its tokens.
struct OAuth {
    std::string authorize_url;
    std::string token_url;
    std::string audience;  // with the slash at its end that Lever wants
    std::string client_id;
    std::vector<std::string> use;  // what the connection is for: keys of mapping/scopes.json
};

struct Settings {
    bool sandbox = false;  // Lever's own, not production
    std::string base_url;  // no slash at its end
    OAuth oauth;           // with Auth::oauth
    connector::Auth auth = connector::Auth::basic;
    std::string auth_secret;                               // JSON Pointer
    std::map<std::string, Webhook, std::less<>> webhooks;  // by Lever's event name
    std::chrono::milliseconds webhook_age_max{};
    std::chrono::milliseconds hired_settle{};
    NameSplit name_split = NameSplit::last_token;
    std::string perform_as;  // user id; may be empty
    bool send_start_date = false;
    bool include_confidential = true;
    bool hybrid_requisitions = false;  // Lever takes drafts of requisitions
};

// Failure(CW_ERR_CONFIG) names the setting and what is wrong with it.
[[nodiscard]] Settings read_settings(json::value const& document);

// True for a text that may stand in a path as an id: letters, digits, '-' and '_', at most 64.
[[nodiscard]] bool is_id(std::string_view text) noexcept;

}  // namespace crosswalk::lever

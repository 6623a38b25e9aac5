// The settings of one Greenhouse connection, checked.
#pragma once

#include <crosswalk/connector.hpp>

#include <string>

namespace crosswalk::greenhouse {

namespace json = boost::json;

enum class Version : unsigned char { v3, v1 };
// Where v3's access tokens come from: the customer's own client, a person's consent to a listed partner's app (the host
// keeps those tokens), or a v1 key that is exchanged while Greenhouse still does that.
enum class Grant : unsigned char { client, consent, exchange };

// Where the settings refer to secrets: JSON Pointers.
inline constexpr std::string_view api_key_pointer = "/auth/api_key";
inline constexpr std::string_view client_secret_pointer = "/auth/client_secret";
inline constexpr std::string_view secret_key_pointer = "/webhook/secret_key";
inline constexpr std::string_view previous_secret_key_pointer = "/webhook/previous_secret_key";

struct Settings {
    Version api = Version::v3;
    std::string base_url;         // without version and without a slash at its end
    Grant grant = Grant::client;  // v3
    std::string token_url;
    std::string authorize_url;
    std::string client_id;  // v3
    std::string user_id;    // v3: whose rights the calls have
    bool has_secret_key = false;
    bool has_previous_secret_key = false;
    std::string user_email;  // empty: notes are off
    std::string job_title_field;
    std::string employment_type_field;
    bool fetch_documents = true;
};

// Failure(CW_ERR_CONFIG) names the setting and what is wrong with it.
[[nodiscard]] Settings read_settings(json::value const& document);

}  // namespace crosswalk::greenhouse

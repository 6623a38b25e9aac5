// The settings of one HRLogics connection, checked and laid over the contract of mapping/contract.json.
//
// Errors   Failure(CW_ERR_CONFIG) names the setting and what is wrong with it.
// Threads  constant after read_settings().
#pragma once

#include "values.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::hrlogics {

// Where the settings refer to secrets: JSON Pointers.
inline constexpr std::string_view api_token_pointer = "/auth/api_token";
inline constexpr std::string_view client_secret_pointer = "/auth/client_secret";
inline constexpr std::string_view webhook_secret_pointer = "/webhook_secret";
inline constexpr std::string_view previous_webhook_secret_pointer = "/previous_webhook_secret";

using connector::PathValues;
using Texts = std::map<std::string, std::string, std::less<>>;

enum class Per : unsigned char { opportunity, application };

struct Settings {
    std::string base_url;  // without a slash at its end
    bool oauth = false;    // else a bearer token
    json::object oauth_description;
    Texts paths;
    std::map<std::string, Texts, std::less<>> fields;  // group → name → JSON Pointer
    Texts tags;                                        // folded status → tag
    bool exclusive_tags = true;
    std::vector<std::string> skip_statuses;
    Per per = Per::opportunity;
    int page_size = 50;

    // Where a field of the contract stands in what HRLogics takes or gives.
    [[nodiscard]] std::string const& pointer(std::string_view group, std::string_view name) const;
    [[nodiscard]] std::string url(std::string_view path, PathValues const& values) const;
    // The tag of a status; nullptr: this status has none.
    [[nodiscard]] std::string const* tag_of(std::string_view status) const;
};

[[nodiscard]] Settings read_settings(json::value const& document);

}  // namespace crosswalk::hrlogics

// The settings of one ChartHop connection, checked, with mapping/contract.json under them.
//
// Threads  constant after load().
#pragma once

#include "verdict.hpp"
#include <crosswalk/connector.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::charthop {

namespace json = boost::json;
using connector::Call;
using connector::Failure;

inline constexpr std::string_view token_pointer = "/api_token";

struct Settings {
    std::string base_url;  // without a slash at its end
    std::string org;
    std::string app_user_id;  // empty: no loop guard
    Switches requisitions;
    std::string warning;  // of the switches; empty: none
    std::string remote_location;
    bool create_groups = false;
    bool group_ids = true;      // else names
    bool people_emails = true;  // else ids
    bool hire_pay = true;
    std::vector<std::string> custom_fields;
    json::object metrics;   // our name of a number → field code
    json::object contract;  // mapping/contract.json with the settings' own values over it
    int page_size = 200;

    // Failure(CW_ERR_CONFIG) names the setting, or both options that contradict each other.
    [[nodiscard]] static Settings load(json::value const& document);

    // ChartHop's code of a field; empty when it is not used.
    [[nodiscard]] std::string_view job_field(std::string_view name) const { return member("fields", "job", name); }
    [[nodiscard]] std::string_view person_field(std::string_view name) const {
        return member("fields", "person", name);
    }
    // What a table of the contract has for a word, compared without case; empty when it has none.
    [[nodiscard]] std::string_view translate(std::string_view table, std::string_view word) const;
    // A filter with {field} and {value} filled in. Quotes and backslashes in the value are escaped.
    [[nodiscard]] std::string query(std::string_view name, std::string_view value = {},
                                    std::string_view field = {}) const;

private:
    [[nodiscard]] std::string_view member(std::string_view group, std::string_view inner, std::string_view name) const;
};

// ASCII letters in lower case, blanks at both ends cut off: how codes, words and names are compared.
[[nodiscard]] std::string folded(std::string_view text);

}  // namespace crosswalk::charthop

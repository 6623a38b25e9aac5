// Reading one member of the settings. Failure(CW_ERR_CONFIG) names the setting and what is wrong with it.
#pragma once

#include <crosswalk/connector.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace crosswalk::lever {

namespace json = boost::json;

[[noreturn]] void wrong_setting(std::string const& setting, std::string_view why);

// `where` is the pointer of the object, with a slash at its end.
void only_known(json::object const& object, std::string const& where, std::span<std::string_view const> known);
// Empty when it is absent.
[[nodiscard]] std::string text_setting(json::object const& object, std::string_view key, std::string const& where);
[[nodiscard]] bool flag_setting(json::object const& object, std::string_view key, bool otherwise,
                                std::string const& where);
[[nodiscard]] std::int64_t number_setting(json::object const& object, std::string_view key, std::int64_t otherwise,
                                          std::int64_t least, std::int64_t most);
// An address: https, or http to this machine; a host and a path only, without a slash at its end. Empty when absent.
[[nodiscard]] std::string url_setting(json::object const& object, std::string_view key, std::string const& where);

}  // namespace crosswalk::lever

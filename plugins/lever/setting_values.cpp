#include "setting_values.hpp"

#include <algorithm>

namespace crosswalk::lever {

using connector::Failure;

namespace {

bool is_loopback(std::string_view authority) {
    for (std::string_view const host : {"127.0.0.1", "localhost", "[::1]"}) {
        if (authority == host || authority.starts_with(std::string(host) + ":")) {
            return true;
        }
    }
    return false;
}

}  // namespace

void wrong_setting(std::string const& setting, std::string_view why) {
    throw Failure(CW_ERR_CONFIG, "The setting " + setting + " " + std::string(why), {{setting, std::string(why)}});
}

void only_known(json::object const& object, std::string const& where, std::span<std::string_view const> known) {
    for (auto const& entry : object) {
        if (std::find(known.begin(), known.end(), std::string_view(entry.key())) == known.end()) {
            wrong_setting(where + std::string(entry.key()), "is not known.");
        }
    }
}

std::string text_setting(json::object const& object, std::string_view key, std::string const& where) {
    json::value const* found = object.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return {};
    }
    if (!found->is_string() || found->get_string().empty()) {
        wrong_setting(where + std::string(key), "must be a text that is not empty.");
    }
    return std::string(found->get_string());
}

bool flag_setting(json::object const& object, std::string_view key, bool otherwise, std::string const& where) {
    json::value const* found = object.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return otherwise;
    }
    if (!found->is_bool()) {
        wrong_setting(where + std::string(key), "must be true or false.");
    }
    return found->get_bool();
}

std::int64_t number_setting(json::object const& object, std::string_view key, std::int64_t otherwise,
                            std::int64_t least, std::int64_t most) {
    json::value const* found = object.if_contains(key);
    if (found == nullptr || found->is_null()) {
        return otherwise;
    }
    if (!found->is_int64() || found->get_int64() < least || found->get_int64() > most) {
        wrong_setting("/" + std::string(key),
                      "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    }
    return found->get_int64();
}

std::string url_setting(json::object const& object, std::string_view key, std::string const& where) {
    std::string url = text_setting(object, key, where);
    if (url.empty()) {
        return url;
    }
    std::string const name = where + std::string(key);
    std::size_t const scheme = url.find("://");
    if (scheme == std::string::npos || (!url.starts_with("https://") && !url.starts_with("http://"))) {
        wrong_setting(name, "must start with https://.");
    }
    std::string const rest = url.substr(scheme + 3);
    if (rest.find("://") != std::string::npos) {
        wrong_setting(name, "has its https:// twice; remove one.");
    }
    std::string const authority = rest.substr(0, rest.find('/'));
    if (authority.empty() || rest.find_first_of("?#@ ") != std::string::npos) {
        wrong_setting(name, "must be a host and a path only.");
    }
    if (url.starts_with("http://") && !is_loopback(authority)) {
        wrong_setting(name, "must use https: the key would travel in the clear.");
    }
    while (url.ends_with('/')) {
        url.pop_back();
    }
    return url;
}

}  // namespace crosswalk::lever

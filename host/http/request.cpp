#include "http/message.hpp"
#include "http/server.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>

namespace crosswalk::http {
namespace {

// application/x-www-form-urlencoded; nothing when an escape is broken.
std::optional<std::string> decode(std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    try {
        std::string decoded;
        Poco::URI::decode(spaced, decoded);
        return decoded;
    } catch (Poco::Exception const&) {
        return std::nullopt;
    }
}

}  // namespace

std::string_view Request::path() const noexcept {
    return std::string_view(target).substr(0, target.find('?'));
}

std::string_view Request::header(std::string_view name) const noexcept {
    return find_header(headers, name).value_or(std::string_view());
}

std::optional<std::string> Request::query(std::string_view name) const {
    auto const mark = target.find('?');
    if (mark == std::string::npos) {
        return std::nullopt;
    }
    for (auto rest = std::string_view(target).substr(mark + 1); !rest.empty();) {
        auto const end = rest.find('&');
        auto const pair = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        auto const equals = pair.find('=');
        if (decode(pair.substr(0, equals)) == name) {
            return decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
        }
    }
    return std::nullopt;
}

}  // namespace crosswalk::http

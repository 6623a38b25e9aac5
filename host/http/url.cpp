#include "http/url.hpp"

#include <Poco/Net/IPAddress.h>

#include <algorithm>
#include <charconv>

namespace crosswalk::http {
namespace {

constexpr std::size_t url_bytes_max = 16 * 1024;

std::string lowered(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

model::Error invalid(std::string detail) {
    return {model::ErrorCode::invalid_argument, std::move(detail)};
}

bool is_host_char(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

// A name, an IPv4 address, or an IPv6 address whose brackets were taken off.
bool is_host(std::string_view host, bool bracketed) {
    if (host.empty() || host.size() > 255) {
        return false;
    }
    Poco::Net::IPAddress address;
    if (bracketed) {
        return Poco::Net::IPAddress::tryParse(std::string(host), address) &&
               address.family() == Poco::Net::IPAddress::IPv6;
    }
    return std::ranges::all_of(host, is_host_char) && host.front() != '.' && host.find("..") == std::string_view::npos;
}

bool parse_port(std::string_view text, std::uint16_t& port) noexcept {
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    return failure == std::errc{} && end == text.data() + text.size() && port != 0;
}

// "host", "host:port", "[v6]" or "[v6]:port".
bool parse_authority(std::string_view text, Url& url) {
    bool const bracketed = text.starts_with('[');
    auto const host_end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && host_end == std::string_view::npos) {
        return false;
    }
    auto host = bracketed ? text.substr(1, host_end - 1) : text.substr(0, host_end);
    auto const rest = host_end == std::string_view::npos ? std::string_view() : text.substr(host_end + bracketed);
    if (!bracketed && host.ends_with('.')) {
        host.remove_suffix(1);  // "example.com." is example.com
    }
    url.host = lowered(host);
    url.port = url.secure ? 443 : 80;
    if (!is_host(url.host, bracketed) || (!rest.empty() && (rest[0] != ':' || !parse_port(rest.substr(1), url.port)))) {
        return false;
    }
    url.authority = bracketed ? "[" + url.host + "]" : url.host;
    if (url.port != (url.secure ? 443 : 80)) {
        url.authority += ":" + std::to_string(url.port);
    }
    return true;
}

}  // namespace

bool Url::is_loopback() const {
    Poco::Net::IPAddress address;
    return host == "localhost" || (Poco::Net::IPAddress::tryParse(host, address) && address.isLoopback());
}

model::Result<Url> parse_url(std::string_view text) {
    auto const visible = [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7f && c != '\\'; };
    if (text.size() > url_bytes_max || !std::ranges::all_of(text, visible)) {
        return invalid("The URL is too long or has a space, a backslash or a control character in it.");
    }
    auto const scheme_end = text.find("://");
    auto const scheme = lowered(text.substr(0, std::min(scheme_end, text.size())));
    if (scheme_end == std::string_view::npos || (scheme != "https" && scheme != "http")) {
        return invalid("The URL does not start with https:// or http://.");
    }
    text.remove_prefix(scheme.size() + 3);
    if (auto const again = lowered(text.substr(0, 8)); again == "https://" || again.starts_with("http://")) {
        return invalid("The URL starts with " + scheme + ":// twice over: remove one \"" +
                       again.substr(0, again.find("://") + 3) + "\".");
    }
    Url url;
    url.secure = scheme == "https";
    auto const authority = text.substr(0, text.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos) {
        return invalid("The URL has a user name in it; credentials belong into the connection's settings.");
    }
    if (!parse_authority(authority, url)) {
        return invalid("The URL's host or port is not valid.");
    }
    auto const target = text.substr(authority.size(), text.find('#') - authority.size());
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    return url;
}

}  // namespace crosswalk::http

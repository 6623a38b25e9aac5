#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace crosswalk::config {
namespace {

constexpr std::size_t digits_max = 18;  // always fits 64 bits
constexpr std::size_t name_bytes_max = 64;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.size() <= digits_max && std::all_of(text.begin(), text.end(), is_digit);
}

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

// "30s" → 30 and "s"; digits only as parse_integer takes them.
std::optional<std::pair<std::int64_t, std::string_view>> split_unit(std::string_view text) {
    std::size_t const end = std::min(text.find_first_not_of("0123456789"), text.size());
    auto const count = parse_integer(text.substr(0, end));
    if (!count) {
        return std::nullopt;
    }
    return std::pair{*count, text.substr(end)};
}

// The bytes that follow a UTF-8 lead byte and the least code point that needs so many; 0 and 0 for no lead byte.
struct Utf8Lead {
    std::size_t more;
    char32_t bits;
    char32_t least;
};
std::optional<Utf8Lead> utf8_lead(unsigned char byte) {
    if (byte < 0x80) {
        return Utf8Lead{0, byte, 0};
    }
    if ((byte & 0xE0U) == 0xC0) {
        return Utf8Lead{1, byte & 0x1FU, 0x80};
    }
    if ((byte & 0xF0U) == 0xE0) {
        return Utf8Lead{2, byte & 0x0FU, 0x800};
    }
    if ((byte & 0xF8U) == 0xF0) {
        return Utf8Lead{3, byte & 0x07U, 0x10000};
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::string_view const digits = text.starts_with('-') ? text.substr(1) : text;
    if (!all_digits(digits) || (digits.size() > 1 && digits.front() == '0')) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::optional<double> parse_number(std::string_view text) {
    if (auto const whole = parse_integer(text)) {
        return static_cast<double>(*whole);
    }
    std::size_t const point = text.find('.');
    if (point == std::string_view::npos || !parse_integer(text.substr(0, point)) ||
        !all_digits(text.substr(point + 1))) {
        return std::nullopt;
    }
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

boost::json::value plain_value(std::string_view text) {
    if (text == "true" || text == "false") {
        return text == "true";
    }
    if (auto const whole = parse_integer(text); whole && text != "-0") {
        return *whole;
    }
    if (auto const number = parse_number(text); number && !text.ends_with('0')) {
        return *number;
    }
    return boost::json::string(text.data(), text.size());
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    constexpr std::int64_t longest = 3650LL * 86'400'000LL;
    auto const parts = split_unit(text);
    if (!parts) {
        return std::nullopt;
    }
    for (auto const& [unit, ms] : units) {
        if (parts->second == unit && parts->first <= longest / ms) {
            return std::chrono::milliseconds(parts->first * ms);
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> parse_size(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
        {{"", 1}, {"B", 1}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024 * 1024 * 1024}}};
    constexpr std::int64_t largest = 1024LL * 1024 * 1024 * 1024;
    auto const parts = split_unit(text);
    if (!parts) {
        return std::nullopt;
    }
    for (auto const& [unit, bytes] : units) {
        if (parts->second == unit && parts->first <= largest / bytes) {
            return static_cast<std::size_t>(parts->first * bytes);
        }
    }
    return std::nullopt;
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
    std::size_t const colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        return std::nullopt;
    }
    std::string_view address = text.substr(0, colon);
    bool const bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
    if (bracketed) {
        address = address.substr(1, address.size() - 2);
    }
    auto const port = parse_integer(text.substr(colon + 1));
    bool const is_address =
        address.find_first_of(bracketed ? " \t/[]" : " \t/[]:") == std::string_view::npos && !address.empty();
    if (!is_address || !port || *port < 0 || *port > 65535) {
        return std::nullopt;
    }
    return Endpoint{std::string(address), static_cast<std::uint16_t>(*port)};
}

bool is_loopback(std::string_view address) {
    if (address == "localhost" || address == "::1") {
        return true;
    }
    // All four numbers are looked at: "127.0.0.1.example.com" is somebody's host name.
    std::array<std::int64_t, 4> octets{};
    for (std::size_t i = 0; i < octets.size(); ++i) {
        std::size_t const end = std::min(address.find('.'), address.size());
        auto const octet = parse_integer(address.substr(0, end));
        if (!octet || *octet < 0 || *octet > 255 || (i < 3) != (end < address.size())) {
            return false;
        }
        octets[i] = *octet;
        address.remove_prefix(std::min(end + 1, address.size()));
    }
    return octets[0] == 127;
}

bool is_name(std::string_view text) {
    auto const allowed = [](char c) { return is_digit(c) || is_lower(c) || c == '-' || c == '_' || c == '.'; };
    return !text.empty() && text.size() <= name_bytes_max && (is_digit(text.front()) || is_lower(text.front())) &&
           std::all_of(text.begin(), text.end(), allowed);
}

bool is_email(std::string_view text) {
    std::size_t const sign = text.find('@');
    bool const is_clean = std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == ',' || c == ';' || c == '<' || c == '>';
    });
    return is_clean && text.size() <= 254 && sign != 0 && sign != std::string_view::npos && sign + 1 < text.size() &&
           text.find('@', sign + 1) == std::string_view::npos;
}

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto const lead = utf8_lead(static_cast<unsigned char>(text[i]));
        if (!lead || text.size() - i <= lead->more) {
            return false;
        }
        char32_t point = lead->bits;
        for (std::size_t k = 1; k <= lead->more; ++k) {
            auto const byte = static_cast<unsigned char>(text[i + k]);
            if ((byte & 0xC0U) != 0x80) {
                return false;
            }
            point = (point << 6U) | (byte & 0x3FU);
        }
        if (point < lead->least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
            return false;
        }
        i += lead->more + 1;
    }
    return true;
}

std::string why_not_pointer(std::string_view text) {
    if (text.empty()) {
        return "the pointer is empty; it must name a value, such as /first_name";
    }
    if (text.front() != '/') {
        return "a JSON Pointer must begin with '/'; write '/" + std::string(text.substr(0, name_bytes_max)) + "'";
    }
    for (std::size_t i = text.find('~'); i != std::string_view::npos; i = text.find('~', i + 1)) {
        if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) {
            return "in a JSON Pointer '~' is written ~0 and a '/' inside a name ~1";
        }
    }
    return {};
}

std::string escape_segment(std::string_view segment) {
    std::string out;
    for (char const c : segment) {
        if (c == '~') {
            out += "~0";
        } else if (c == '/') {
            out += "~1";
        } else {
            out += c;
        }
    }
    return out;
}

std::string unescape_segment(std::string_view segment) {
    std::string out;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (segment[i] == '~' && i + 1 < segment.size()) {
            ++i;
            out += segment[i] == '1' ? '/' : '~';
        } else {
            out += segment[i];
        }
    }
    return out;
}

bool has_doubled_scheme(std::string_view url) {
    std::string const text = lowered(url);
    std::size_t const mark = text.find(':');
    if (mark == std::string::npos || mark == 0 ||
        !std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(mark), is_lower)) {
        return false;
    }
    std::size_t const rest = std::min(text.find_first_not_of('/', mark + 1), text.size());
    std::string_view const after = std::string_view(text).substr(rest);
    for (std::string_view const scheme : {"https", "http"}) {
        if (after.starts_with(scheme)) {
            std::string_view const tail = after.substr(scheme.size());
            return tail.starts_with(":/") || tail.starts_with("//");
        }
    }
    return false;
}

std::string why_not_public_url(std::string_view url) {
    if (has_doubled_scheme(url)) {
        return "the address begins with two schemes (https://https://…); remove one";
    }
    std::string_view rest = url;
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("http://")) {
        rest.remove_prefix(7);
    } else {
        return "the address must begin with https:// (or http://)";
    }
    if (rest.empty() || rest.front() == '/' || rest.front() == ':') {
        return "the address has no host";
    }
    if (rest.find_first_of(" \t\r\n?#@\\\"<>") != std::string_view::npos) {
        return "the address may hold a host, a port and a path only";
    }
    return {};
}

}  // namespace crosswalk::config

// Single values as they are written in the files: numbers, times, sizes, addresses, pointers.
//
// Shape    pure functions. parse_… gives nothing when the text is not of that form; why_not_… says what is wrong with
//          it, in words that complete a sentence, and is empty when it is right.
#pragma once

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::config {

// JSON's grammar, so that `0012` and `+1` are not numbers; up to 18 digits.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);
[[nodiscard]] std::optional<double> parse_number(std::string_view text);
// A plain scalar: true, false, a whole number or a decimal fraction that is written no longer than it must be
// (`1.5`; `1.10` is a version, not a number); all else is a string.
[[nodiscard]] boost::json::value plain_value(std::string_view text);

// "250ms", "30s", "5m", "2h", "7d"; at most ten years.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
// "4096", "64KiB", "1MiB", "2GiB" in bytes.
[[nodiscard]] std::optional<std::size_t> parse_size(std::string_view text);

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
};
// "0.0.0.0:8470", "[::1]:8471", "localhost:0".
[[nodiscard]] std::optional<Endpoint> parse_endpoint(std::string_view text);
// 127.0.0.0/8, ::1 and localhost.
[[nodiscard]] bool is_loopback(std::string_view address);

// Begins with a lower-case letter or digit, then also - _ . ; at most 64 bytes. Names become paths and URLs.
[[nodiscard]] bool is_name(std::string_view text);
[[nodiscard]] bool is_email(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);

// A JSON Pointer to a value inside a record: "/emails/0", '~' written ~0 and '/' in a name ~1.
[[nodiscard]] std::string why_not_pointer(std::string_view text);
// One segment of a JSON Pointer, escaped.
[[nodiscard]] std::string escape_segment(std::string_view segment);
[[nodiscard]] std::string unescape_segment(std::string_view segment);

// "https://https://…", as pasting an address behind a scheme that is there already makes it.
[[nodiscard]] bool has_doubled_scheme(std::string_view url);
// An address that others are told to call: http or https, a host, perhaps a port and a path, nothing else.
[[nodiscard]] std::string why_not_public_url(std::string_view url);

}  // namespace crosswalk::config

#include "http/message.hpp"

#include <algorithm>
#include <charconv>

namespace crosswalk::http {
namespace {

constexpr std::size_t chunk_line_bytes_max = 256;
constexpr std::size_t trailer_bytes_max = 8 * 1024;

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool is_token_char(char c) noexcept {
    return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) noexcept {
    auto const is_space = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

bool same(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

// The next line without its CRLF, removed from `head`, which await_head has checked to hold only whole lines.
std::string_view take_line(std::string_view& head) noexcept {
    auto const end = head.find("\r\n");
    auto const line = head.substr(0, end);
    head.remove_prefix(end + 2);
    return line;
}

// "name: value" lines up to the empty one. A folded line starts with a space, which no name does.
bool parse_headers(std::string_view head, Headers& headers) {
    headers.reserve(16);
    for (auto line = take_line(head); !line.empty(); line = take_line(head)) {
        auto const colon = line.find(':');
        if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
            return false;
        }
        auto const value = trimmed(line.substr(colon + 1));
        if (!is_field_value(value)) {
            return false;
        }
        auto& [name, kept] = headers.emplace_back(line.substr(0, colon), value);
        std::ranges::transform(name, name.begin(), lower);
    }
    return true;
}

// Exactly "HTTP/d.d".
bool parse_version(std::string_view text, int& major, int& minor) noexcept {
    if (text.size() != 8 || !text.starts_with("HTTP/") || !is_digit(text[5]) || text[6] != '.' || !is_digit(text[7])) {
        return false;
    }
    major = text[5] - '0';
    minor = text[7] - '0';
    return true;
}

std::optional<std::uint64_t> parse_number(std::string_view text, int base) noexcept {
    std::uint64_t value = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

// Waits for a whole line of at most `bytes_max` bytes; consumes it with its CRLF.
Transfer read_line(Channel& channel, std::size_t bytes_max, std::string& line) {
    for (std::size_t seen = 0;;) {
        auto const bytes = channel.buffered();
        if (auto const end = bytes.find('\n', seen); end != std::string_view::npos) {
            if (end == 0 || bytes[end - 1] != '\r' || end > bytes_max) {
                return Transfer::malformed;
            }
            line.assign(bytes.substr(0, end - 1));
            channel.consume(end + 1);
            return Transfer::done;
        }
        if (bytes.size() > bytes_max) {
            return Transfer::malformed;
        }
        seen = bytes.size();
        if (auto const got = channel.fill(); got != Transfer::done) {
            return got;
        }
    }
}

}  // namespace

std::optional<std::string_view> find_header(Headers const& headers, std::string_view name) noexcept {
    auto const found =
        std::ranges::find(headers, name, [](auto const& header) { return std::string_view(header.first); });
    return found == headers.end() ? std::nullopt : std::optional(std::string_view(found->second));
}

bool has_token(Headers const& headers, std::string_view name, std::string_view token) noexcept {
    for (auto const& header : headers) {
        if (header.first != name) {
            continue;
        }
        for (std::string_view rest = header.second; !rest.empty();) {
            auto const comma = rest.find(',');
            if (same(trimmed(rest.substr(0, comma)), token)) {
                return true;
            }
            rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
        }
    }
    return false;
}

bool is_token(std::string_view text) noexcept {
    return !text.empty() && std::ranges::all_of(text, is_token_char);
}

bool is_field_value(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return (byte >= 0x20 && byte != 0x7f) || c == '\t';
    });
}

Transfer await_head(Channel& channel, std::size_t bytes_max, std::size_t& head_bytes) {
    std::size_t line_start = 0;
    std::size_t seen = 0;
    for (;;) {
        while (line_start == 0 && channel.buffered().starts_with("\r\n")) {
            channel.consume(2);
            seen = 0;
        }
        auto const bytes = channel.buffered();
        for (auto end = bytes.find('\n', seen); end != std::string_view::npos; end = bytes.find('\n', seen)) {
            if (end == line_start || bytes[end - 1] != '\r') {
                return Transfer::malformed;  // a bare line feed is where parsers disagree
            }
            if (end == line_start + 1) {
                head_bytes = end + 1;
                return head_bytes > bytes_max ? Transfer::too_large : Transfer::done;
            }
            seen = line_start = end + 1;
        }
        seen = bytes.size();
        if (bytes.size() >= bytes_max) {
            return Transfer::too_large;
        }
        if (auto const got = channel.fill(); got != Transfer::done) {
            return got;
        }
    }
}

bool parse_request(std::string_view head, RequestHead& request) {
    auto const line = take_line(head);
    auto const first = line.find(' ');
    auto const last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return false;
    }
    auto const target = line.substr(first + 1, last - first - 1);
    auto const visible = [](char c) { return c > ' ' && c != 0x7f; };
    if (!is_token(line.substr(0, first)) || target.empty() || !std::ranges::all_of(target, visible) ||
        !parse_version(line.substr(last + 1), request.major, request.minor)) {
        return false;
    }
    request.method = line.substr(0, first);
    request.target = target;
    return parse_headers(head, request.headers);
}

bool parse_response(std::string_view head, ResponseHead& response) {
    auto const line = take_line(head);
    int major = 0;
    if (line.size() < 12 || line[8] != ' ' || !parse_version(line.substr(0, 8), major, response.minor) || major != 1) {
        return false;
    }
    auto const status = parse_number(line.substr(9, 3), 10);
    if (!status || *status < 100 || *status > 599 || (line.size() > 12 && line[12] != ' ')) {
        return false;
    }
    response.status = static_cast<int>(*status);
    return parse_headers(head, response.headers);
}

Framing framing_of(Headers const& headers, int minor) noexcept {
    using enum Framing::Kind;
    std::optional<std::string_view> length;
    std::optional<std::string_view> coding;
    for (auto const& [name, value] : headers) {
        if (name == "content-length") {
            if (length && *length != value) {
                return {ambiguous};
            }
            length = value;
        } else if (name == "transfer-encoding") {
            if (coding) {
                return {unsupported};
            }
            coding = value;
        }
    }
    if (coding) {
        if (length || minor == 0) {
            return {ambiguous};
        }
        return {same(*coding, "chunked") ? chunked : unsupported};
    }
    if (!length) {
        return {unstated};
    }
    auto const size = std::ranges::all_of(*length, is_digit) ? parse_number(*length, 10) : std::nullopt;
    return size ? Framing{sized, *size} : Framing{ambiguous};
}

Transfer read_sized(Channel& channel, std::uint64_t size, std::string& body) {
    while (size > 0) {
        if (channel.buffered().empty()) {
            if (auto const got = channel.fill(); got != Transfer::done) {
                return got;
            }
        }
        auto const bytes = channel.buffered().substr(
            0, static_cast<std::size_t>(std::min<std::uint64_t>(size, channel.buffered().size())));
        body.append(bytes);
        size -= bytes.size();
        channel.consume(bytes.size());
    }
    return Transfer::done;
}

Transfer read_chunked(Channel& channel, std::size_t bytes_max, std::string& body) {
    std::string line;
    for (;;) {
        if (auto const got = read_line(channel, chunk_line_bytes_max, line); got != Transfer::done) {
            return got;
        }
        auto const size = parse_number(trimmed(std::string_view(line).substr(0, line.find(';'))), 16);
        if (!size || !is_field_value(line)) {
            return Transfer::malformed;
        }
        if (*size == 0) {
            break;
        }
        if (*size > bytes_max || body.size() > bytes_max - *size) {
            return Transfer::too_large;
        }
        if (auto const got = read_sized(channel, *size, body); got != Transfer::done) {
            return got;
        }
        if (auto const got = read_line(channel, 2, line); got != Transfer::done || !line.empty()) {
            return got == Transfer::done ? Transfer::malformed : got;
        }
    }
    // Trailers carry nothing that is needed here.
    for (std::size_t bytes = 0; bytes <= trailer_bytes_max; bytes += line.size() + 2) {
        if (auto const got = read_line(channel, trailer_bytes_max, line); got != Transfer::done) {
            return got;
        }
        if (line.empty()) {
            return Transfer::done;
        }
    }
    return Transfer::too_large;
}

Transfer read_until_close(Channel& channel, std::size_t bytes_max, std::string& body) {
    for (;;) {
        auto const bytes = channel.buffered();
        if (bytes.size() > bytes_max - body.size()) {
            return Transfer::too_large;
        }
        body.append(bytes);
        channel.consume(bytes.size());
        if (auto const got = channel.fill(); got != Transfer::done) {
            return got == Transfer::closed ? Transfer::done : got;
        }
    }
}

}  // namespace crosswalk::http

#include "sandbox/exchange.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace crosswalk::sandbox {
namespace {

char lower_letter(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_letters(std::string_view left, std::string_view right) noexcept {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower_letter(a) == lower_letter(b); });
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '%') {
            unsigned value = 0;
            char const* const first = text.data() + at + 1;
            if (at + 2 >= text.size() || std::from_chars(first, first + 2, value, 16).ptr != first + 2) {
                return std::nullopt;
            }
            decoded += static_cast<char>(static_cast<unsigned char>(value));
            at += 2;
        } else {
            decoded += text[at] == '+' && plus_is_space ? ' ' : text[at];
        }
    }
    return decoded;
}

// Cuts `text` at each `separator`; empty pieces are kept.
std::vector<std::string_view> pieces_of(std::string_view text, char separator) {
    std::vector<std::string_view> pieces;
    while (true) {
        auto const end = text.find(separator);
        pieces.push_back(text.substr(0, end));
        if (end == std::string_view::npos) {
            return pieces;
        }
        text.remove_prefix(end + 1);
    }
}

}  // namespace

std::string_view Request::header(std::string_view name) const noexcept {
    auto const found =
        std::find_if(headers.begin(), headers.end(), [&](Pair const& pair) { return same_letters(pair.name, name); });
    return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

std::string Request::media_type() const {
    std::string_view type = header("Content-Type");
    type = type.substr(0, type.find(';'));
    while (!type.empty() && type.back() == ' ') {
        type.remove_suffix(1);
    }
    return lower(type);
}

bool Request::has_parameter(std::string_view name) const noexcept {
    return std::any_of(query.begin(), query.end(), [&](Pair const& pair) { return pair.name == name; });
}

std::optional<std::string> Request::parameter(std::string_view name) const {
    auto const found = std::find_if(query.begin(), query.end(), [&](Pair const& pair) { return pair.name == name; });
    return found == query.end() ? std::nullopt : std::optional(found->value);
}

std::vector<std::string> Request::parameters(std::string_view name) const {
    std::vector<std::string> values;
    for (Pair const& pair : query) {
        if (pair.name == name) {
            values.push_back(pair.value);
        }
    }
    return values;
}

std::optional<boost::json::object> Request::json_object() const {
    boost::json::error_code error;
    boost::json::value parsed = boost::json::parse(body, error);
    if (error || !parsed.is_object()) {
        return std::nullopt;
    }
    return std::move(parsed.get_object());
}

Answer json_answer(int status, boost::json::value const& body) {
    return {.status = status, .body = boost::json::serialize(body)};
}

Answer control_refusal(int status, std::string_view why) {
    return json_answer(status, {{"error", boost::json::string_view(why.data(), why.size())}});
}

std::optional<std::vector<std::string>> split_path(std::string_view path) {
    std::vector<std::string> segments;
    for (std::string_view const piece : pieces_of(path, '/')) {
        auto segment = decode(piece, false);
        if (!segment) {
            return std::nullopt;
        }
        segments.push_back(std::move(*segment));
    }
    return segments;
}

std::optional<std::vector<Pair>> split_query(std::string_view query) {
    std::vector<Pair> pairs;
    for (std::string_view const piece : pieces_of(query, '&')) {
        if (piece.empty()) {
            continue;
        }
        auto const equals = piece.find('=');
        auto name = decode(piece.substr(0, equals), true);
        auto value =
            equals == std::string_view::npos ? std::optional(std::string()) : decode(piece.substr(equals + 1), true);
        if (!name || !value) {
            return std::nullopt;
        }
        pairs.push_back({std::move(*name), std::move(*value)});
    }
    return pairs;
}

std::string lower(std::string_view text) {
    std::string folded(text);
    std::transform(folded.begin(), folded.end(), folded.begin(), lower_letter);
    return folded;
}

std::optional<std::int64_t> parse_number(std::string_view text) noexcept {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

std::int64_t now_ms() noexcept {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace crosswalk::sandbox

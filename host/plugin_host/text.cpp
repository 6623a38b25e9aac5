#include "plugin_host/text.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <cmath>
#include <cstdint>

namespace crosswalk::plugin_host {
namespace {

// How many bytes the character at the front of `text` takes; 0 when it is none.
std::size_t character_bytes(std::string_view text) noexcept {
    auto const at = [text](std::size_t i) noexcept {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
    };
    auto const follows = [&at](std::size_t i) noexcept { return (at(i) & 0xC0U) == 0x80U; };
    unsigned char const lead = at(0);
    if (lead < 0x80U) {
        return 1;
    }
    if (lead >= 0xC2U && lead <= 0xDFU) {
        return follows(1) ? 2 : 0;
    }
    if ((lead & 0xF0U) == 0xE0U) {
        bool const overlong = lead == 0xE0U && at(1) < 0xA0U;
        bool const surrogate = lead == 0xEDU && at(1) > 0x9FU;
        return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
    }
    if (lead >= 0xF0U && lead <= 0xF4U) {
        bool const overlong = lead == 0xF0U && at(1) < 0x90U;
        bool const beyond = lead == 0xF4U && at(1) > 0x8FU;
        return follows(1) && follows(2) && follows(3) && !overlong && !beyond ? 4 : 0;
    }
    return 0;
}

// Keeps nothing; only the parser's own checks and the kind of the outermost value matter.
struct ObjectOnly {
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    using error_code = boost::json::error_code;
    using string_view = boost::json::string_view;

    std::size_t depth = 0;
    bool is_object = false;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        is_object = is_object || depth == 0;
        ++depth;
        return true;
    }
    bool on_object_end(std::size_t, error_code&) {
        --depth;
        return true;
    }
    bool on_array_begin(error_code&) {
        ++depth;
        return true;
    }
    bool on_array_end(std::size_t, error_code&) {
        --depth;
        return true;
    }
    bool on_key_part(string_view, std::size_t, error_code&) { return true; }
    bool on_key(string_view, std::size_t, error_code&) { return true; }
    bool on_string_part(string_view, std::size_t, error_code&) { return true; }
    bool on_string(string_view, std::size_t, error_code&) { return true; }
    bool on_number_part(string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, string_view, error_code&) { return true; }
    bool on_uint64(std::uint64_t, string_view, error_code&) { return true; }
    bool on_double(double number, string_view, error_code& error) {
        if (!std::isfinite(number)) {
            error = boost::json::error::exponent_overflow;
        }
        return !error;
    }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        std::size_t const bytes = character_bytes(text);
        if (bytes == 0) {
            return false;
        }
        text.remove_prefix(bytes);
    }
    return true;
}

bool is_json_object(std::string_view text) noexcept {
    try {
        boost::json::parse_options options;
        options.max_depth = json_depth_max;
        boost::json::basic_parser<ObjectOnly> parser(options);
        boost::json::error_code error;
        std::size_t const read = parser.write_some(false, text.data(), text.size(), error);
        return !error && read == text.size() && parser.handler().is_object;
    } catch (...) {
        return false;
    }
}

std::optional<std::string_view> bytes_of(cw_str text) noexcept {
    if (text.len == 0) {
        return std::string_view{};
    }
    return text.ptr == nullptr ? std::nullopt : std::optional(std::string_view(text.ptr, text.len));
}

std::string readable(std::string_view text, std::size_t bytes_max) {
    if (!is_utf8(text)) {
        return "(The connector gave a text that is not UTF-8.)";
    }
    if (text.size() <= bytes_max) {
        return std::string(text);
    }
    std::size_t end = bytes_max;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return std::string(text.substr(0, end));
}

std::optional<std::string> bounded_text(char const* text, std::size_t bytes_max) {
    if (text == nullptr) {
        return std::nullopt;
    }
    std::size_t length = 0;
    while (text[length] != '\0') {
        if (++length > bytes_max) {
            return std::nullopt;
        }
    }
    std::string_view const view(text, length);
    return is_utf8(view) ? std::optional(std::string(view)) : std::nullopt;
}

}  // namespace crosswalk::plugin_host

#include "map/transform.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utf8proc.h>

namespace crosswalk::map {
namespace {

// 0001-01-01T00:00:00.000 and 9999-12-31T23:59:59.999.
constexpr std::int64_t first_ms = -62'135'596'800'000;
constexpr std::int64_t last_ms = 253'402'300'799'999;
constexpr std::size_t ms_digits_min = 11;
constexpr std::size_t ms_digits_max = 15;
constexpr std::size_t time_text_max = 64;

struct Decoded {
    utf8proc_int32_t code_point;  // below zero: these bytes are not UTF-8
    std::size_t bytes;            // at least 1
};

Decoded decode(std::string_view text) noexcept {
    utf8proc_int32_t code_point = -1;
    utf8proc_ssize_t const taken = utf8proc_iterate(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                                                    static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    return taken > 0 ? Decoded{code_point, static_cast<std::size_t>(taken)} : Decoded{-1, 1};
}

bool is_space(utf8proc_int32_t code_point) noexcept {
    if (code_point < 0x80) {
        return code_point == ' ' || (code_point >= '\t' && code_point <= '\r');
    }
    if (code_point == 0x85 || code_point == 0x200B || code_point == 0xFEFF) {
        return true;
    }
    utf8proc_category_t const category = utf8proc_category(code_point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

// Bytes that are not UTF-8 count as ink, so they are kept.
std::string_view trim(std::string_view text) noexcept {
    std::size_t begin = text.size();
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size();) {
        Decoded const decoded = decode(text.substr(at));
        if (!is_space(decoded.code_point)) {
            begin = std::min(begin, at);
            end = at + decoded.bytes;
        }
        at += decoded.bytes;
    }
    return begin < end ? text.substr(begin, end - begin) : std::string_view{};
}

std::optional<std::string> change_case(std::string_view text, utf8proc_int32_t (*change)(utf8proc_int32_t)) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        Decoded const decoded = decode(text.substr(at));
        if (decoded.code_point < 0) {
            return std::nullopt;
        }
        std::array<utf8proc_uint8_t, 4> bytes{};
        utf8proc_ssize_t const length = utf8proc_encode_char(change(decoded.code_point), bytes.data());
        out.append(reinterpret_cast<char const*>(bytes.data()), static_cast<std::size_t>(length));
        at += decoded.bytes;
    }
    return out;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

std::string digits(std::string_view text) {
    std::string out;
    for (char const c : text) {
        if (is_digit(c)) {
            out.push_back(c);
        }
    }
    return out;
}

// Reads the fixed layouts of RFC 3339; every step is false once the text does not fit.
class TimeReader {
public:
    explicit TimeReader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool number(std::size_t length, int& out) noexcept {
        if (rest_.size() < length) {
            return false;
        }
        out = 0;
        for (char const c : rest_.substr(0, length)) {
            if (!is_digit(c)) {
                return false;
            }
            out = out * 10 + (c - '0');
        }
        rest_.remove_prefix(length);
        return true;
    }
    [[nodiscard]] bool one_of(std::string_view allowed, char* out = nullptr) noexcept {
        if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
            return false;
        }
        if (out != nullptr) {
            *out = rest_.front();
        }
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool fraction() noexcept {
        if (!one_of(".")) {
            return true;
        }
        std::size_t const before = rest_.size();
        while (!rest_.empty() && is_digit(rest_.front())) {
            rest_.remove_prefix(1);
        }
        return rest_.size() < before;
    }
    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
};

std::optional<std::string> format_date(std::int64_t unix_ms) {
    if (unix_ms < first_ms || unix_ms > last_ms) {
        return std::nullopt;
    }
    std::chrono::sys_time<std::chrono::milliseconds> const time{std::chrono::milliseconds(unix_ms)};
    std::chrono::year_month_day const day{std::chrono::floor<std::chrono::days>(time)};
    auto const padded = [](unsigned number, std::size_t width) {
        std::string const text = std::to_string(number);
        return std::string(width - text.size(), '0') + text;
    };
    return padded(static_cast<unsigned>(static_cast<int>(day.year())), 4) + '-' +
           padded(static_cast<unsigned>(day.month()), 2) + '-' + padded(static_cast<unsigned>(day.day()), 2);
}

// "YYYY-MM-DD", or that with a time and an offset from UTC, which may move it to the day before or after.
std::optional<std::string> date_of_text(std::string_view text) {
    TimeReader in(text);
    int year = 0;
    int month = 0;
    int day = 0;
    if (!in.number(4, year) || !in.one_of("-") || !in.number(2, month) || !in.one_of("-") || !in.number(2, day)) {
        return std::nullopt;
    }
    std::chrono::year_month_day const date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) {
        return std::nullopt;
    }
    std::chrono::seconds since_midnight{0};
    if (!in.done()) {
        int hour = 0;
        int minute = 0;
        int second = 0;
        if (!in.one_of("Tt ") || !in.number(2, hour) || !in.one_of(":") || !in.number(2, minute) || !in.one_of(":") ||
            !in.number(2, second) || !in.fraction() || hour > 23 || minute > 59 || second > 60) {
            return std::nullopt;
        }
        // A leap second belongs to the day that it ends.
        since_midnight =
            std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(std::min(second, 59));
        char sign = 'Z';
        if (!in.one_of("Zz+-", &sign)) {
            return std::nullopt;
        }
        if (sign == '+' || sign == '-') {
            int offset_hours = 0;
            int offset_minutes = 0;
            if (!in.number(2, offset_hours) || !in.one_of(":") || !in.number(2, offset_minutes) || offset_hours > 23 ||
                offset_minutes > 59) {
                return std::nullopt;
            }
            auto const offset = std::chrono::hours(offset_hours) + std::chrono::minutes(offset_minutes);
            since_midnight += sign == '+' ? -offset : offset;
        }
        if (!in.done()) {
            return std::nullopt;
        }
    }
    std::chrono::seconds const time = std::chrono::sys_days(date).time_since_epoch() + since_midnight;
    return format_date(std::chrono::milliseconds(time).count());
}

std::optional<std::string> date_of(boost::json::value const& value) {
    if (auto const* number = value.if_int64()) {
        return format_date(*number);
    }
    if (auto const* number = value.if_uint64()) {
        return *number <= static_cast<std::uint64_t>(last_ms) ? format_date(static_cast<std::int64_t>(*number))
                                                              : std::nullopt;
    }
    if (auto const* number = value.if_double()) {
        // 1.7e12 is how some encoders write a whole number of milliseconds.
        bool const whole = std::isfinite(*number) && std::trunc(*number) == *number;
        bool const in_range = *number >= static_cast<double>(first_ms) && *number <= static_cast<double>(last_ms);
        return whole && in_range ? format_date(static_cast<std::int64_t>(*number)) : std::nullopt;
    }
    if (!value.is_string()) {
        return std::nullopt;
    }
    std::string_view const text = trim(value.get_string());
    if (text.size() > time_text_max) {
        return std::nullopt;
    }
    if (digits(text).size() != text.size()) {
        return date_of_text(text);
    }
    std::int64_t unix_ms = 0;
    if (text.size() < ms_digits_min || text.size() > ms_digits_max) {
        return std::nullopt;
    }
    std::from_chars(text.data(), text.data() + text.size(), unix_ms);
    return format_date(unix_ms);
}

std::optional<std::string> unless_blank(std::optional<std::string> text) {
    return text && !is_blank(*text) ? std::move(text) : std::nullopt;
}

}  // namespace

std::string_view name(model::Transform transform) noexcept {
    switch (transform) {
        case model::Transform::trim:
            return "trim";
        case model::Transform::lower:
            return "lower";
        case model::Transform::upper:
            return "upper";
        case model::Transform::digits:
            return "digits";
        case model::Transform::date:
            return "date";
    }
    return "unknown";
}

std::optional<std::string> text_of(boost::json::value const& value) {
    std::array<char, 32> buffer{};
    char* const end = buffer.data() + buffer.size();
    switch (value.kind()) {
        case boost::json::kind::string:
            return std::string(value.get_string());
        case boost::json::kind::bool_:
            return value.get_bool() ? "true" : "false";
        case boost::json::kind::int64:
            return std::string(buffer.data(), std::to_chars(buffer.data(), end, value.get_int64()).ptr);
        case boost::json::kind::uint64:
            return std::string(buffer.data(), std::to_chars(buffer.data(), end, value.get_uint64()).ptr);
        case boost::json::kind::double_:
            // The shortest text that reads back as the same number; JSON has no infinities.
            if (!std::isfinite(value.get_double())) {
                return std::nullopt;
            }
            return std::string(buffer.data(), std::to_chars(buffer.data(), end, value.get_double()).ptr);
        case boost::json::kind::null:
        case boost::json::kind::array:
        case boost::json::kind::object:
            break;
    }
    return std::nullopt;
}

std::optional<std::string> transformed(model::Transform transform, boost::json::value const& value) {
    if (transform == model::Transform::date) {
        return date_of(value);
    }
    std::optional<std::string> const text = text_of(value);
    if (!text) {
        return std::nullopt;
    }
    switch (transform) {
        case model::Transform::trim:
            return unless_blank(std::string(trim(*text)));
        case model::Transform::lower:
            return unless_blank(change_case(*text, utf8proc_tolower));
        case model::Transform::upper:
            return unless_blank(change_case(*text, utf8proc_toupper));
        case model::Transform::digits:
            return unless_blank(digits(*text));
        case model::Transform::date:
            break;
    }
    return std::nullopt;
}

bool is_blank(std::string_view text) noexcept {
    for (std::size_t at = 0; at < text.size();) {
        Decoded const decoded = decode(text.substr(at));
        if (!is_space(decoded.code_point)) {
            return false;
        }
        at += decoded.bytes;
    }
    return true;
}

}  // namespace crosswalk::map

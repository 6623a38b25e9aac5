#include "values.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace crosswalk::lever {
namespace {

// UTF-8 of the blanks that people paste into names: no-break, ideographic, narrow, the typographic widths.
constexpr std::array<std::string_view, 16> wide_blanks = {"\u00A0", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
                                                          "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A",
                                                          "\u200B", "\u202F", "\u205F", "\u3000"};

// How many bytes of white space `text` starts with.
std::size_t blank_size(std::string_view text) {
    if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) {
        return 1;
    }
    for (std::string_view const blank : wide_blanks) {
        if (text.starts_with(blank)) {
            return blank.size();
        }
    }
    return 0;
}

// nullopt outside the years that four digits can say.
std::optional<std::chrono::year_month_day> day_of(std::int64_t unix_ms) {
    // Before the calendar's arithmetic, which has no room for every 64-bit number.
    constexpr std::int64_t first = -62'135'596'800'000;  // 0001-01-01
    constexpr std::int64_t last = 253'402'300'799'999;   // 9999-12-31
    if (unix_ms < first || unix_ms > last) {
        return std::nullopt;
    }
    return std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(unix_ms))));
}

}  // namespace

std::string_view id_of(json::value const* value) {
    if (value == nullptr) {
        return {};
    }
    return value->is_string() ? std::string_view(value->get_string()) : connector::text_at(*value, "/id");
}

std::optional<std::int64_t> integer_of(json::value const* value) {
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->is_int64()) {
        return value->get_int64();
    }
    if (!value->is_string()) {
        return std::nullopt;
    }
    std::string_view const text(value->get_string());
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

std::optional<std::string> utc_date(std::int64_t unix_ms) {
    auto const day = day_of(unix_ms);
    if (!day) {
        return std::nullopt;
    }
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day->year()),
                  static_cast<unsigned>(day->month()), static_cast<unsigned>(day->day()));
    return std::string(text.data());
}

std::optional<std::string> utc_time(std::int64_t unix_ms) {
    auto const date = utc_date(unix_ms);
    if (!date) {
        return std::nullopt;
    }
    std::chrono::sys_time<std::chrono::milliseconds> const time{std::chrono::milliseconds(unix_ms)};
    std::chrono::hh_mm_ss const clock(time - std::chrono::floor<std::chrono::days>(time));
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d.%03dZ", static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                  static_cast<int>(clock.subseconds().count()));
    return *date + text.data();
}

bool is_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    auto const whole = [](std::string_view digits, auto& number) {
        return std::from_chars(digits.data(), digits.data() + digits.size(), number).ptr ==
               digits.data() + digits.size();
    };
    return whole(text.substr(0, 4), year) && whole(text.substr(5, 2), month) && whole(text.substr(8, 2), day) &&
           std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)).ok();
}

std::string folded(std::string_view text) {
    std::string out;
    bool gap = false;
    while (!text.empty()) {
        if (std::size_t const blank = blank_size(text); blank != 0) {
            gap = !out.empty();
            text.remove_prefix(blank);
            continue;
        }
        if (gap) {
            out.push_back(' ');
            gap = false;
        }
        out.push_back(text.front());
        text.remove_prefix(1);
    }
    return out;
}

std::string lowered(std::string_view text) {
    utf8proc_uint8_t* out = nullptr;
    utf8proc_ssize_t const size =
        utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                     &out, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const guard(out, &std::free);
    return size < 0 ? std::string(text)
                    : std::string(reinterpret_cast<char const*>(out), static_cast<std::size_t>(size));
}

}  // namespace crosswalk::lever

#include "sandbox/greenhouse/times.hpp"

#include "sandbox/exchange.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace crosswalk::sandbox::greenhouse {
namespace {

using namespace std::chrono;

constexpr std::size_t date_size = 10;  // YYYY-MM-DD

std::string print(std::int64_t ms, bool with_ms) {
    sys_time<milliseconds> const time{milliseconds(ms)};
    auto const day = floor<days>(time);
    year_month_day const date(day);
    hh_mm_ss const clock(time - day);
    std::array<char, 64> text{};
    auto const size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    std::string printed(text.data(), static_cast<std::size_t>(size));
    if (with_ms) {
        std::string const fraction = std::to_string(clock.subseconds().count());
        printed += "." + std::string(3 - fraction.size(), '0') + fraction;
    }
    return printed + "Z";
}

// The number that stands in `text` from `at`; nothing when there is anything but digits.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size() || text[at] == '-') {
        return std::nullopt;
    }
    auto const number = parse_number(text.substr(at, count));
    return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::optional<std::int64_t> parse_date(std::string_view text) {
    auto const year_number = digits(text, 0, 4);
    auto const month_number = digits(text, 5, 2);
    auto const day_number = digits(text, 8, 2);
    if (!year_number || !month_number || !day_number || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    year_month_day const date(year(*year_number), month(static_cast<unsigned>(*month_number)),
                              day(static_cast<unsigned>(*day_number)));
    if (!date.ok()) {
        return std::nullopt;
    }
    return duration_cast<milliseconds>(sys_days(date).time_since_epoch()).count();
}

}  // namespace

std::string iso(std::int64_t ms) {
    return print(ms, true);
}

std::string iso_seconds(std::int64_t ms) {
    return print(ms, false);
}

std::optional<std::int64_t> parse_time(std::string_view text) {
    auto const date = parse_date(text.substr(0, date_size));
    if (!date || text.size() == date_size) {
        return date;
    }
    bool const with_ms = text.size() == 24 && text[19] == '.';
    if (!text.ends_with('Z') || (!with_ms && text.size() != 20) || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':') {
        return std::nullopt;
    }
    auto const hour = digits(text, 11, 2);
    auto const minute = digits(text, 14, 2);
    auto const second = digits(text, 17, 2);
    auto const ms = with_ms ? digits(text, 20, 3) : std::optional(0);
    if (!hour || !minute || !second || !ms || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    return *date + ((*hour * 60 + *minute) * 60 + *second) * std::int64_t{1000} + *ms;
}

bool is_date(std::string_view text) {
    return text.size() == date_size && parse_date(text).has_value();
}

std::string month_first(std::string_view date) {
    if (!is_date(date)) {
        return {};
    }
    return std::string(date.substr(5, 2)) + "/" + std::string(date.substr(8, 2)) + "/" + std::string(date.substr(0, 4));
}

}  // namespace crosswalk::sandbox::greenhouse

#include "model/rfc3339.hpp"

namespace crosswalk::model {
namespace {

// Takes exactly so many digits, after the mark unless that is 0; false: they are not there, or it is above `most`.
bool take(std::string_view& text, char mark, std::size_t digits, int most, int& value) noexcept {
    if (mark != 0) {
        if (!text.starts_with(mark)) {
            return false;
        }
        text.remove_prefix(1);
    }
    if (text.size() < digits) {
        return false;
    }
    value = 0;
    for (char const c : text.substr(0, digits)) {
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value <= most;
}

// ".5" is 500,000 microseconds.
bool take_fraction(std::string_view& text, int& micros) noexcept {
    micros = 0;
    if (!text.starts_with('.')) {
        return true;
    }
    text.remove_prefix(1);
    int unit = 100'000;
    std::size_t digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        micros += (text[digits] - '0') * unit;
        unit /= 10;
    }
    text.remove_prefix(digits);
    return digits >= 1 && digits <= 6;
}

}  // namespace

std::optional<TimePoint> parse_rfc3339(std::string_view text) noexcept {
    int year = 0;
    int month = 0;
    int day = 0;
    if (!take(text, 0, 4, 9999, year) || !take(text, '-', 2, 12, month) || !take(text, '-', 2, 31, day)) {
        return std::nullopt;
    }
    std::chrono::year_month_day const date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) {
        return std::nullopt;
    }
    TimePoint const midnight = std::chrono::sys_days(date);
    if (text.empty()) {
        return midnight;
    }
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    int micros = 0;
    if (!take(text, 'T', 2, 23, hours) || !take(text, ':', 2, 59, minutes)) {
        return std::nullopt;
    }
    if (text.starts_with(':') && (!take(text, ':', 2, 59, seconds) || !take_fraction(text, micros))) {
        return std::nullopt;
    }
    if (text != "Z") {
        return std::nullopt;
    }
    return midnight + std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds) +
           std::chrono::microseconds(micros);
}

}  // namespace crosswalk::model

#include "times.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace crosswalk::hireguide {
namespace {

constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";

// The number in `count` digits, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) noexcept {
    int value = -1;
    char const* const end = text.data() + at + count;
    auto const read = std::from_chars(text.data() + at, end, value);
    return read.ec == std::errc{} && read.ptr == end ? value : -1;
}

}  // namespace

std::int64_t parse_time(std::string_view text) noexcept {
    using namespace std::chrono;
    if (text.size() <= shape.size() || text.back() != 'Z') {
        return 0;
    }
    for (std::size_t i = 0; i < shape.size(); ++i) {
        bool const is_digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !is_digit : text[i] != shape[i]) {
            return 0;
        }
    }
    year_month_day const day{year(digits(text, 0, 4)), month(static_cast<unsigned>(digits(text, 5, 2))),
                             std::chrono::day(static_cast<unsigned>(digits(text, 8, 2)))};
    if (!day.ok()) {
        return 0;
    }
    auto const moment =
        sys_days(day) + hours(digits(text, 11, 2)) + minutes(digits(text, 14, 2)) + seconds(digits(text, 17, 2));
    return duration_cast<milliseconds>(moment.time_since_epoch()).count();
}

std::string print_time(std::int64_t unix_ms) {
    using namespace std::chrono;
    sys_seconds const moment = floor<seconds>(sys_time<milliseconds>(milliseconds(unix_ms)));
    auto const midnight = floor<days>(moment);
    year_month_day const day{midnight};
    hh_mm_ss const clock{moment - midnight};
    std::array<char, 40> text{};
    int const size =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", int(day.year()),
                      unsigned(day.month()), unsigned(day.day()), static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace crosswalk::hireguide

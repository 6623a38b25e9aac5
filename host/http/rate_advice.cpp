#include "http/rate_limiter.hpp"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/DateTimeParser.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace crosswalk::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Headers = std::vector<std::pair<std::string, std::string>>;

// Below it a reset is taken for seconds from now: thirty years and a little.
constexpr std::int64_t unix_seconds_from = 1'000'000'000;
constexpr std::int64_t largest = 100'000'000'000;

std::string_view value_of(Headers const& headers, std::string_view name) {
    auto const found = std::find_if(headers.begin(), headers.end(), [&](auto const& one) { return one.first == name; });
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::int64_t> number_of(Headers const& headers, std::string_view name) {
    std::string_view const text = value_of(headers, name);
    std::int64_t number = 0;
    auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = !text.empty() && failure == std::errc{} && end == text.data() + text.size();
    return whole && number >= 0 && number <= largest ? std::optional(number) : std::nullopt;
}

// The vendor's clock as its answer shows it; ours when it does not.
model::TimePoint vendor_now(Headers const& headers, model::TimePoint now) {
    Poco::DateTime date;
    int zone = 0;
    std::string const text(value_of(headers, "date"));
    // Poco reads a date out of almost any text; only one that it would write in the same way is meant.
    bool const is_date = !text.empty() &&
                         Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, text, date, zone) &&
                         Poco::DateTimeFormatter::format(date, Poco::DateTimeFormat::HTTP_FORMAT) == text;
    return is_date ? model::from_unix_us(date.timestamp().epochMicroseconds()) : now;
}

}  // namespace

RateAdvice rate_advice(int status, Headers const& headers, std::optional<milliseconds> retry_after,
                       model::TimePoint now) {
    RateAdvice advice;
    advice.refused = status == 429;
    advice.retry_after = retry_after;
    advice.limit = number_of(headers, "x-ratelimit-limit");
    advice.remaining = number_of(headers, "x-ratelimit-remaining");
    if (auto const reset = number_of(headers, "x-ratelimit-reset")) {
        if (*reset < unix_seconds_from) {
            advice.reset_in = seconds(*reset);
        } else {
            auto const at = model::from_unix_us(*reset * 1'000'000);
            advice.reset_in = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(at - vendor_now(headers, now)));
        }
    }
    return advice;
}

}  // namespace crosswalk::http

#include "values.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace crosswalk::hrlogics {
namespace {

constexpr std::size_t id_bytes_max = 200;

// Reads digits of a fixed width and the character behind them.
std::optional<int> digits(std::string_view& rest, std::size_t width, std::string_view behind) {
    int value = 0;
    if (rest.size() < width) {
        return std::nullopt;
    }
    auto const [end, error] = std::from_chars(rest.data(), rest.data() + width, value);
    bool const has_end = behind.empty() || (rest.size() > width && behind.find(rest[width]) != std::string_view::npos);
    if (error != std::errc{} || end != rest.data() + width || value < 0 || !has_end) {
        return std::nullopt;
    }
    rest.remove_prefix(width + (behind.empty() ? 0 : 1));
    return value;
}

// Minutes of "Z", "+02:00", "-05:30".
std::optional<int> offset_minutes(std::string_view text) {
    if (text == "Z" || text == "z") {
        return 0;
    }
    if (text.empty() || (text.front() != '+' && text.front() != '-')) {
        return std::nullopt;
    }
    int const sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    auto const hours = digits(text, 2, ":");
    auto const minutes = digits(text, 2, {});
    if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) {
        return std::nullopt;
    }
    return sign * (*hours * 60 + *minutes);
}

}  // namespace

std::string folded(std::string_view status) {
    std::string out;
    bool blank = false;
    for (char const c : status) {
        if (c == '-' || c == '_' || c == ' ' || c == '\t') {
            blank = !out.empty();
            continue;
        }
        if (blank) {
            out.push_back(' ');
            blank = false;
        }
        out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    }
    return out;
}

bool is_email(std::string_view text) noexcept {
    std::size_t const at = text.find('@');
    bool const printable = std::all_of(text.begin(), text.end(), [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7F && c != ',' && c != ';' && c != '<' && c != '>';
    });
    return printable && at != std::string_view::npos && at > 0 && at + 1 < text.size() && at == text.rfind('@') &&
           text.size() <= 254;
}

std::optional<std::int64_t> unix_ms_of(std::string_view time) {
    using namespace std::chrono;
    auto const y = digits(time, 4, "-");
    auto const mo = digits(time, 2, "-");
    auto const d = digits(time, 2, "Tt ");
    auto const h = digits(time, 2, ":");
    auto const mi = digits(time, 2, ":");
    auto const s = digits(time, 2, {});
    if (!y || !mo || !d || !h || !mi || !s || *h > 23 || *mi > 59 || *s > 60) {
        return std::nullopt;
    }
    int ms = 0;
    if (time.starts_with('.')) {
        time.remove_prefix(1);
        std::size_t const count = std::min(time.find_first_not_of("0123456789"), time.size());
        for (std::size_t i = 0; i < 3; ++i) {
            ms = ms * 10 + (i < count ? time[i] - '0' : 0);
        }
        time.remove_prefix(count);
    }
    year_month_day const day{year(*y), month(static_cast<unsigned>(*mo)), std::chrono::day(static_cast<unsigned>(*d))};
    auto const offset = offset_minutes(time);
    if (!day.ok() || !offset) {
        return std::nullopt;
    }
    auto const moment = sys_days(day) + hours(*h) + minutes(*mi - *offset) + seconds(*s) + milliseconds(ms);
    return duration_cast<milliseconds>(moment.time_since_epoch()).count();
}

std::string time_of(std::int64_t unix_ms) {
    using namespace std::chrono;
    sys_seconds const moment{floor<seconds>(milliseconds(unix_ms))};
    sys_days const midnight = floor<days>(moment);
    year_month_day const day(midnight);
    hh_mm_ss const clock(moment - midnight);
    auto const two = [](auto value) {
        std::string const text = std::to_string(value);
        return text.size() < 2 ? "0" + text : text;
    };
    std::string year_text = std::to_string(static_cast<int>(day.year()));
    year_text.insert(0, year_text.size() < 4 ? 4 - year_text.size() : 0, '0');
    return year_text + '-' + two(static_cast<unsigned>(day.month())) + '-' + two(static_cast<unsigned>(day.day())) +
           'T' + two(clock.hours().count()) + ':' + two(clock.minutes().count()) + ':' + two(clock.seconds().count()) +
           'Z';
}

std::string id_at(json::value const& root, std::string_view pointer) {
    json::value const* found = connector::find(root, pointer);
    if (found == nullptr) {
        return {};
    }
    std::string id;
    if (found->is_string()) {
        id = std::string(found->get_string());
    } else if (found->is_int64() || found->is_uint64()) {
        id = json::serialize(*found);
    }
    return id.size() <= id_bytes_max ? id : std::string{};
}

bool set_at(json::object& root, std::string_view pointer, json::value value) {
    json::object* at = &root;
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        std::string_view const name = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(name.size());
        if (pointer.empty()) {
            return at->emplace(name, std::move(value)).second;
        }
        json::value& next = (*at)[name];
        if (next.is_null()) {
            next = json::object();
        }
        if (!next.is_object()) {
            return false;
        }
        at = &next.get_object();
    }
    return false;
}

}  // namespace crosswalk::hrlogics

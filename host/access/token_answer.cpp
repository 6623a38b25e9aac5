#include "access/token_answer.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace crosswalk::access {
namespace {

namespace json = boost::json;
using model::Error;
using model::ErrorCode;
using std::chrono::seconds;

constexpr std::size_t token_bytes_max = 16 * 1024;
constexpr seconds usual_life{3600};
constexpr seconds longest_life{366 * 24 * 3600};

std::string_view text_of(json::object const& answer, std::string_view name) noexcept {
    auto const* const member = answer.if_contains(name);
    return member != nullptr && member->is_string() ? std::string_view(member->get_string()) : std::string_view();
}

// A token goes into a header, so it holds visible characters only.
bool is_token(std::string_view text) noexcept {
    return !text.empty() && text.size() <= token_bytes_max &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
    std::int64_t number = 0;
    auto const [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && stop == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// "2026-11-22T09:00:00.123Z"; the fraction may be missing.
std::optional<model::TimePoint> utc_time(std::string_view text) noexcept {
    constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";
    bool fits = text.size() > shape.size() && text.ends_with('Z');
    for (std::size_t i = 0; fits && i < shape.size(); ++i) {
        fits = shape[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i];
    }
    if (!fits) {
        return std::nullopt;
    }
    auto const number = [&](std::size_t at, std::size_t digits) {
        return static_cast<int>(whole_number(text.substr(at, digits)).value_or(0));
    };
    std::chrono::year_month_day const day{std::chrono::year(number(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                          std::chrono::day(static_cast<unsigned>(number(8, 2)))};
    if (!day.ok()) {
        return std::nullopt;
    }
    return std::chrono::sys_days(day) + std::chrono::hours(number(11, 2)) + std::chrono::minutes(number(14, 2)) +
           seconds(number(17, 2));
}

// Vendors write the end as a number of seconds, as such a number in quotes, or as a time of day.
model::TimePoint end_of(json::object const& answer, model::TimePoint now) {
    if (auto const* const in = answer.if_contains("expires_in")) {
        std::optional<double> life;
        if (in->is_number()) {
            life = in->to_number<double>();
        } else if (in->is_string()) {
            life = whole_number(in->get_string());
        }
        if (life && *life >= 0) {
            auto const whole = std::min(*life, static_cast<double>(longest_life.count()));
            return now + seconds(static_cast<std::int64_t>(whole));
        }
    }
    for (char const* const name : {"expires_at", "expires"}) {
        if (auto const at = utc_time(text_of(answer, name))) {
            return std::min(*at, now + longest_life);
        }
    }
    return now + usual_life;
}

std::optional<Tokens> tokens_in(json::value const& body, model::TimePoint now) {
    if (!body.is_object()) {
        return std::nullopt;
    }
    json::object const& answer = body.get_object();
    std::string_view const access = text_of(answer, "access_token");
    std::string_view const refresh = text_of(answer, "refresh_token");
    std::string type(text_of(answer, "token_type"));
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (!is_token(access) || (!refresh.empty() && !is_token(refresh)) || (!type.empty() && type != "bearer")) {
        return std::nullopt;
    }
    return Tokens{model::Secret(std::string(access)), model::Secret(std::string(refresh)), end_of(answer, now)};
}

}  // namespace

std::string_view known_error(std::string_view code) noexcept {
    static constexpr std::array<std::string_view, 10> known{"invalid_request", "invalid_client",
                                                            "invalid_grant",   "unauthorized_client",
                                                            "access_denied",   "unsupported_response_type",
                                                            "invalid_scope",   "unsupported_grant_type",
                                                            "server_error",    "temporarily_unavailable"};
    auto const* const found = std::find(known.begin(), known.end(), code);
    return found == known.end() ? std::string_view() : *found;
}

model::Result<Tokens> read_token_answer(int status, std::string_view body, model::TimePoint now) {
    json::error_code broken;
    json::value const answer = json::parse({body.data(), body.size()}, broken);
    if (status >= 200 && status < 300) {
        auto tokens = broken ? std::nullopt : tokens_in(answer, now);
        return tokens ? model::Result<Tokens>(std::move(*tokens))
                      : model::Result<Tokens>(Error{ErrorCode::unavailable,
                                                    "The vendor's answer to the request for a token holds none."});
    }
    std::string const code(!broken && answer.is_object() ? known_error(text_of(answer.get_object(), "error")) : "");
    std::string const said = " (" + (code.empty() ? "status " + std::to_string(status) : code) + ")";
    if (code == "invalid_client" || code == "unauthorized_client") {
        return Error{ErrorCode::permission_denied,
                     "The vendor does not accept the client id and client secret of this connection" + said +
                         ". Correct them in its settings."};
    }
    if (code == "invalid_grant" || code == "access_denied" || status == 401) {
        return Error{ErrorCode::unauthenticated, "The vendor no longer grants access to this connection" + said + "."};
    }
    if (status == 429 || status >= 500 || (status < 400 && code.empty())) {
        return Error{ErrorCode::unavailable, "The vendor gives no token now" + said + "."};
    }
    return Error{ErrorCode::invalid_argument, "The vendor does not accept the request for a token" + said + "."};
}

}  // namespace crosswalk::access

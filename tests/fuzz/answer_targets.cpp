// What a vendor's answers tell the host itself: how fast it may go on, and its access tokens.
#include "access/token_answer.hpp"
#include "fuzz/targets.hpp"
#include "http/message.hpp"
#include "http/rate_limiter.hpp"
#include "support/fake_clock.hpp"

#include <algorithm>
#include <charconv>

namespace crosswalk::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t answers_max = 32;
constexpr std::size_t words_max = 250;

int status_of(std::string_view& input) {
    return 100 + take_byte(input).value_or(100) * 2;  // 100 to 610
}

// "retry-after: 3" as the client understands it: whole seconds.
std::optional<std::chrono::milliseconds> retry_after(std::vector<std::pair<std::string, std::string>> const& headers) {
    for (auto const& [name, value] : headers) {
        std::int32_t seconds = 0;
        auto const [end, failure] = std::from_chars(value.data(), value.data() + value.size(), seconds);
        if (name == "retry-after" && failure == std::errc{} && seconds >= 0) {
            return std::chrono::seconds(seconds);
        }
    }
    return std::nullopt;
}

}  // namespace

// First byte: the status. The rest is the body.
void run_token(std::string_view input) {
    static support::FakeClock const clock;
    int const status = status_of(input);
    auto const tokens = access::read_token_answer(status, input, clock.now());
    if (tokens) {
        require(status >= 200 && status < 300, "only a success holds a token");
        require(!tokens->access.empty() && http::is_field_value(tokens->access.reveal()), "a token fits into a header");
        require(tokens->refresh.empty() || http::is_field_value(tokens->refresh.reveal()), "so does what renews it");
        require(tokens->expires_at <= clock.now() + 366 * 24h, "a token ends");
        return;
    }
    require(!tokens.error().detail.empty() && tokens.error().detail.size() <= words_max, "a refusal has few words");
}

// Parts, one for each answer: its status as a byte, then lines "name: value". After each, another request asks when it
// may go.
void run_rate(std::string_view input) {
    support::FakeClock clock;
    http::RateLimiter limiter(5, 10, clock);
    std::vector<std::string_view> parts = parts_of(input);
    parts.resize(std::min(parts.size(), answers_max));
    for (std::string_view part : parts) {
        int const status = status_of(part);
        std::vector<std::pair<std::string, std::string>> headers;
        while (!part.empty()) {
            std::string_view const line = take_line(part);
            std::size_t const colon = std::min(line.find(": "), line.size());
            headers.emplace_back(line.substr(0, colon), line.substr(std::min(colon + 2, line.size())));
        }
        auto const advice = http::rate_advice(status, headers, retry_after(headers), clock.now());
        require(advice.limit.value_or(0) >= 0 && advice.remaining.value_or(0) >= 0, "there are no fewer than no calls");
        require(advice.reset_in.value_or(0ms) >= 0ms, "no window ended before it was told of");
        auto const turn = limiter.acquire(clock.steady_now() + 1h);
        require(turn || turn.error().retry_after_ms > 0, "who gets no turn is told when to ask again");
        require(!turn || (*turn >= 0ms && *turn <= 1h), "a turn comes before the deadline");
        if (turn) {
            clock.advance(*turn);
            static_cast<void>(limiter.learn(advice));
            clock.advance(100ms);
        }
    }
    // Whatever they said: nobody is kept out for long by a vendor that says nothing more.
    clock.advance(http::RateLimiter::hold_max + 1min);
    auto const turn = limiter.acquire(clock.steady_now() + http::RateLimiter::hold_max + 1min);
    require(turn.has_value(), "a pause ends");
}

}  // namespace crosswalk::fuzz

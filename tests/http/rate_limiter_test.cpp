#include "http/rate_limiter.hpp"

#include "support/fake_clock.hpp"

#include <gtest/gtest.h>

namespace crosswalk::http {
namespace {

using namespace std::chrono_literals;
using model::ErrorCode;

struct RateLimiterTest : testing::Test {
    support::FakeClock clock_;
    RateLimiter limiter_{10.0, 2.0, clock_};

    [[nodiscard]] std::chrono::steady_clock::time_point in(std::chrono::milliseconds time) const {
        return clock_.steady_now() + time;
    }
    std::chrono::milliseconds take(RateLimiter& limiter) { return limiter.acquire(in(1h)).value(); }
    // A turn, the time that it takes, and its answer.
    void call(RateLimiter& limiter, RateAdvice const& advice) {
        clock_.advance(take(limiter));
        (void)limiter.learn(advice);
    }
    static RateAdvice refused(std::optional<std::chrono::milliseconds> retry_after = std::nullopt) {
        return {true, retry_after, {}, {}, {}};
    }
    static RateAdvice left(std::int64_t remaining, std::int64_t limit, std::chrono::milliseconds reset_in) {
        return {false, {}, limit, remaining, reset_in};
    }
};

TEST_F(RateLimiterTest, GivesTheBurstAtOnceAndThenOneTokenAtATime) {
    EXPECT_EQ(take(limiter_), 0ms);
    EXPECT_EQ(take(limiter_), 0ms);
    EXPECT_EQ(take(limiter_), 100ms);
    EXPECT_EQ(take(limiter_), 200ms);
}

TEST_F(RateLimiterTest, FillsUpWithTimeButNeverAboveTheBurst) {
    take(limiter_);
    take(limiter_);
    clock_.advance(100ms);
    EXPECT_EQ(take(limiter_), 0ms);
    EXPECT_EQ(take(limiter_), 100ms);
    clock_.advance(1h);
    EXPECT_EQ(take(limiter_), 0ms);
    EXPECT_EQ(take(limiter_), 0ms);
    EXPECT_EQ(take(limiter_), 100ms);
}

TEST_F(RateLimiterTest, TakesNoTurnThatWouldComeTooLateAndSaysWhenOneWould) {
    take(limiter_);
    take(limiter_);
    auto const late = limiter_.acquire(in(99ms));
    ASSERT_FALSE(late.has_value());
    EXPECT_EQ(late.error().code, ErrorCode::deadline_exceeded);
    EXPECT_EQ(late.error().retry_after_ms, 100);
    EXPECT_EQ(limiter_.acquire(in(100ms)).value(), 100ms);
}

TEST_F(RateLimiterTest, GivesNothingBeforeTheTimeThatAVendorAskedFor) {
    call(limiter_, refused(5s));
    EXPECT_FALSE(limiter_.acquire(in(4s)).has_value());
    EXPECT_EQ(take(limiter_), 5s);
}

// Who waits must not go out all at once when the pause is over.
TEST_F(RateLimiterTest, GivesTurnsOneByOneAndSlowerAfterARefusal) {
    call(limiter_, refused(5s));
    EXPECT_EQ(take(limiter_), 5s);
    EXPECT_EQ(take(limiter_), 5s + 200ms);
    EXPECT_EQ(take(limiter_), 5s + 400ms);
}

TEST_F(RateLimiterTest, CallsBackTheTurnsThatWereGivenOutForLaterWhenItIsRefused) {
    take(limiter_);
    take(limiter_);
    auto const round = limiter_.round();
    EXPECT_EQ(take(limiter_), 100ms);
    (void)limiter_.learn(refused(5s));
    EXPECT_NE(limiter_.round(), round);
    limiter_.give_back();
    EXPECT_GE(take(limiter_), 5s);
}

TEST_F(RateLimiterTest, GetsItsRateBackWithAnswers) {
    call(limiter_, refused(0ms));
    for (int i = 0; i < 400; ++i) {
        call(limiter_, {});
    }
    clock_.advance(1s);
    take(limiter_);
    take(limiter_);
    EXPECT_EQ(take(limiter_), 100ms);
}

TEST_F(RateLimiterTest, SlowsDownOnceForThoseThatWereRefusedTogether) {
    take(limiter_);
    take(limiter_);
    (void)limiter_.learn(refused(5s));
    (void)limiter_.learn(refused(5s));
    take(limiter_);
    EXPECT_EQ(take(limiter_), 5s + 200ms);
}

TEST_F(RateLimiterTest, WaitsLongerAfterEachRefusalThatNamesNoTime) {
    for (auto const pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        clock_.advance(1h);
        call(limiter_, refused());
        EXPECT_EQ(take(limiter_), pause);
        limiter_.give_back();
    }
}

TEST_F(RateLimiterTest, ObeysNoPauseOfAYear) {
    take(limiter_);
    EXPECT_FALSE(limiter_.learn(refused(24h * 365)));
    EXPECT_EQ(take(limiter_), RateLimiter::hold_max);
}

// Two thousand years are more nanoseconds than there are numbers for; the window once ended before it began.
TEST_F(RateLimiterTest, ObeysNoWindowOfTwoThousandYears) {
    call(limiter_, left(0, 50, std::chrono::milliseconds(63'303'156'060'000)));
    EXPECT_EQ(take(limiter_), RateLimiter::hold_max);
}

// Greenhouse: 50 calls in a window, whatever the configuration thinks.
TEST_F(RateLimiterTest, SendsNoMoreInAVendorsWindowThanItHasLeft) {
    RateLimiter fast(1'000.0, 1'000.0, clock_);
    call(fast, left(2, 50, 10s));
    EXPECT_EQ(take(fast), 0ms);
    EXPECT_EQ(take(fast), 0ms);
    EXPECT_EQ(take(fast), 10s);
    for (int i = 0; i < 49; ++i) {
        EXPECT_EQ(take(fast), 10s);
    }
    EXPECT_EQ(take(fast), 20s) << "the fifty of the next window are promised";
}

TEST_F(RateLimiterTest, CountsWhatIsOnItsWayAgainstWhatTheVendorSaysIsLeft) {
    RateLimiter fast(1'000.0, 1'000.0, clock_);
    take(fast);
    take(fast);
    take(fast);
    (void)fast.learn(left(3, 50, 10s));
    EXPECT_EQ(take(fast), 0ms) << "three left, of which two are on their way";
    EXPECT_EQ(take(fast), 10s);
}

TEST_F(RateLimiterTest, BelievesNoOldAnswerAboutAWindowThatIsOver) {
    RateLimiter fast(1'000.0, 1'000.0, clock_);
    call(fast, left(40, 50, 10s));
    call(fast, left(0, 50, 2s));
    EXPECT_EQ(take(fast), 0ms);
}

TEST_F(RateLimiterTest, StartsANewWindowWithWhatItsFirstAnswerSays) {
    RateLimiter fast(1'000.0, 1'000.0, clock_);
    call(fast, left(0, 50, 10s));
    clock_.advance(10s);
    call(fast, left(1, 50, 10s));
    EXPECT_EQ(take(fast), 0ms);
    EXPECT_EQ(take(fast), 10s);
}

TEST_F(RateLimiterTest, IsNoFasterForAVendorThatAllowsMore) {
    call(limiter_, left(1'000, 1'000, 10s));
    EXPECT_EQ(take(limiter_), 0ms);
    EXPECT_EQ(take(limiter_), 100ms);
}

TEST(RateAdvice, ReadsAResetByTheVendorsOwnClock) {
    auto const now = model::from_unix_us(1'795'334'400'000'000);  // 2026-11-22T08:00:00Z
    auto const advice = rate_advice(200,
                                    {{"date", "Sun, 22 Nov 2026 09:00:00 GMT"},
                                     {"x-ratelimit-limit", "50"},
                                     {"x-ratelimit-remaining", "7"},
                                     {"x-ratelimit-reset", "1795338010"}},
                                    {}, now);
    EXPECT_FALSE(advice.refused);
    EXPECT_EQ(advice.limit, 50);
    EXPECT_EQ(advice.remaining, 7);
    EXPECT_EQ(advice.reset_in, 10s);
}

// "20n" was once read as the year 20.
TEST(RateAdvice, TakesNoTextForADateThatIsNone) {
    auto const now = model::from_unix_us(1'795'334'400'000'000);
    for (std::string const date : {"Sun, 22 Nov 20n, 22 No:00 GMT", "Sun, 22 Nov 2026", "yesterday", ""}) {
        auto const advice = rate_advice(200, {{"date", date}, {"x-ratelimit-reset", "1795334410"}}, {}, now);
        EXPECT_EQ(advice.reset_in, 10s) << date;
    }
}

TEST(RateAdvice, TakesASmallResetForSecondsFromNow) {
    EXPECT_EQ(rate_advice(429, {{"x-ratelimit-reset", "12"}}, {}, {}).reset_in, 12s);
}

TEST(RateAdvice, LeavesOutWhatIsNoNumber) {
    for (char const* text : {"", "many", "-1", "7.5", "99999999999999999999", "1e9", " 7"}) {
        EXPECT_FALSE(rate_advice(200, {{"x-ratelimit-remaining", text}}, {}, {}).remaining) << text;
    }
}

TEST(RateLimiters, SharesABucketAmongThoseWithOneIdentity) {
    support::FakeClock const clock;
    RateLimiters limiters(clock);
    auto const one = limiters.at("lever key-1", 10, 2);
    EXPECT_EQ(limiters.at("lever key-1", 10, 2), one);
    EXPECT_NE(limiters.at("lever key-2", 10, 2), one);
}

TEST(RateLimiters, TakesTheLowestFigureThatAnyoneGave) {
    support::FakeClock const clock;
    RateLimiters limiters(clock);
    (void)limiters.at("lever", 100, 50);
    auto const shared = limiters.at("lever", 1, 1);
    auto const deadline = clock.steady_now() + 1h;
    EXPECT_EQ(shared->acquire(deadline).value(), 0ms);
    EXPECT_EQ(shared->acquire(deadline).value(), 1s);
}

TEST(RateLimiters, ForgetsTheCredentialThatWasNotUsedForLongest) {
    support::FakeClock const clock;
    RateLimiters limiters(clock);
    auto const first = limiters.at("0", 1, 1);
    auto const second = limiters.at("1", 1, 1);
    for (int i = 2; i < 1024; ++i) {
        (void)limiters.at(std::to_string(i), 1, 1);
    }
    EXPECT_EQ(limiters.at("0", 1, 1), first);
    (void)limiters.at("one more", 1, 1);
    EXPECT_EQ(limiters.at("0", 1, 1), first);
    EXPECT_NE(limiters.at("1", 1, 1), second);
}

}  // namespace
}  // namespace crosswalk::http

#include "deliver/breaker.hpp"

#include "deliver/destinations.hpp"

#include <gtest/gtest.h>

namespace crosswalk::deliver {
namespace {

using namespace std::chrono_literals;
using model::ErrorCode;
using model::Outcome;

model::AttemptReport report(Outcome outcome, ErrorCode code, std::int64_t retry_after_ms = 0) {
    model::AttemptReport made;
    made.outcome = outcome;
    made.error_code = code;
    made.retry_after_ms = retry_after_ms;
    return made;
}

TEST(Sign, TakesOnlyASilentOrFailingDestinationForDown) {
    EXPECT_EQ(sign_of(report(Outcome::retry, ErrorCode::unavailable)), Sign::down);
    EXPECT_EQ(sign_of(report(Outcome::unknown, ErrorCode::deadline_exceeded)), Sign::down);
    EXPECT_EQ(sign_of(report(Outcome::retry, ErrorCode::rate_limited)), Sign::none);
    EXPECT_EQ(sign_of(report(Outcome::unknown, ErrorCode::cancelled)), Sign::none);
    EXPECT_EQ(sign_of(report(Outcome::unknown, ErrorCode::internal)), Sign::none);
    EXPECT_EQ(sign_of(report(Outcome::rejected, ErrorCode::invalid_argument)), Sign::up);
    EXPECT_EQ(sign_of(report(Outcome::auth, ErrorCode::unauthenticated)), Sign::up);
    EXPECT_EQ(sign_of(report(Outcome::delivered, ErrorCode::internal)), Sign::up);
}

struct BreakerTest : testing::Test {
    Breaker breaker{BreakerOptions{3, 30s, 600s}};
    Breaker::Time now{1h};

    void fail(store::DeliveryId delivery, std::chrono::milliseconds wait = 0ms) {
        breaker.heard(Sign::down, delivery, now, wait, 0.0);  // half of each step
    }
    void open() {
        fail(1);
        fail(2);
        fail(3);
    }
};

TEST_F(BreakerTest, OpensAtTheLastOfTheFailuresInARowAndNotBefore) {
    fail(1);
    fail(2);
    EXPECT_EQ(breaker.state(now), BreakerState::closed);
    fail(3);
    EXPECT_EQ(breaker.state(now), BreakerState::open);
    EXPECT_EQ(breaker.next_probe(), now + 15s);
}

TEST_F(BreakerTest, BeginsToCountAnewAfterAnAnswer) {
    fail(1);
    fail(2);
    breaker.heard(Sign::up, 3, now, 0ms, 0.0);
    fail(4);
    fail(5);
    EXPECT_EQ(breaker.state(now), BreakerState::closed);
    EXPECT_FALSE(breaker.is_down());
}

TEST_F(BreakerTest, HoldsNobodyBackForTheFailuresOfOneDelivery) {
    for (int i = 0; i < 10; ++i) {
        fail(1);
    }
    EXPECT_TRUE(breaker.is_down());
    EXPECT_EQ(breaker.state(now), BreakerState::closed);
    fail(2);
    EXPECT_EQ(breaker.state(now), BreakerState::open);
}

TEST_F(BreakerTest, IsHalfOpenWhenThePauseIsOver) {
    open();
    now += 14'999ms;
    EXPECT_EQ(breaker.state(now), BreakerState::open);
    now += 1ms;
    EXPECT_EQ(breaker.state(now), BreakerState::half_open);
}

TEST_F(BreakerTest, ClosesWhenTheProbeIsAnswered) {
    open();
    now += 15s;
    breaker.heard(Sign::up, 1, now, 0ms, 0.0);
    EXPECT_EQ(breaker.state(now), BreakerState::closed);
    EXPECT_FALSE(breaker.down_since());
}

TEST_F(BreakerTest, DoublesThePauseAfterEachFailedProbeUpToTheLongest) {
    open();
    Breaker::Time const since = now;
    for (auto const pause : {30s, 60s, 120s, 240s, 300s, 300s}) {
        now = breaker.next_probe();
        fail(1);
        EXPECT_EQ(breaker.next_probe(), now + pause);
    }
    EXPECT_EQ(breaker.down_since(), since);
}

TEST_F(BreakerTest, DoublesNothingForDeliveriesThatWereOutWhenItOpened) {
    open();
    auto const probe = breaker.next_probe();
    now += 5s;
    fail(4);
    fail(5);
    EXPECT_EQ(breaker.next_probe(), probe);
}

TEST_F(BreakerTest, WaitsAsLongAsTheDestinationAsksWhenThatIsLonger) {
    fail(1);
    fail(2);
    fail(3, 20min);
    EXPECT_EQ(breaker.next_probe(), now + 20min);
}

TEST_F(BreakerTest, StaysOpenForAsLongAgainAfterAProbeThatSaysNothing) {
    open();
    now += 15s;
    breaker.heard(Sign::none, 1, now, 0ms, 0.0);
    EXPECT_EQ(breaker.state(now), BreakerState::open);
    EXPECT_EQ(breaker.next_probe(), now + 15s);
}

struct DestinationsTest : testing::Test {
    Destinations destinations{DestinationOptions{{2, 30s, 600s}, 4, {{"slow", 1}}}, [] { return 0.0; }};
    Breaker::Time now{1h};

    static store::Delivery delivery(store::DeliveryId id, std::string connection = "goco", std::string route = "a") {
        store::Delivery made;
        made.id = id;
        made.connection = std::move(connection);
        made.route = std::move(route);
        return made;
    }
    Destinations::Verdict fail(store::DeliveryId id) {
        return destinations.heard(delivery(id), report(Outcome::retry, ErrorCode::unavailable), 168h, now);
    }
};

TEST_F(DestinationsTest, AllowsAsMuchAheadAsMayRunAndThenOneOfEachOtherRoute) {
    EXPECT_EQ(destinations.allowance("goco", "a", now).shared, 8U);
    EXPECT_EQ(destinations.allowance("slow", "a", now).shared, 2U);
    for (int i = 0; i < 8; ++i) {
        destinations.leased(delivery(i));
    }
    EXPECT_EQ(destinations.allowance("goco", "a", now).shared, 0U);
    EXPECT_FALSE(destinations.allowance("goco", "a", now).own);
    EXPECT_TRUE(destinations.allowance("goco", "b", now).own);
    EXPECT_EQ(destinations.allowance("lever", "a", now).shared, 8U) << "another destination has its own share";
}

TEST_F(DestinationsTest, RunsNoMoreOfAConnectionAtOnceThanItsShareAndTheFirstOfAnotherRoute) {
    for (int i = 0; i < 5; ++i) {
        destinations.leased(delivery(i));
    }
    for (int i = 0; i < 4; ++i) {
        ASSERT_EQ(destinations.next(delivery(i), now), Destinations::Next::run);
        destinations.started(delivery(i));
    }
    EXPECT_EQ(destinations.next(delivery(4), now), Destinations::Next::wait);
    EXPECT_EQ(destinations.next(delivery(9, "goco", "b"), now), Destinations::Next::run);
    EXPECT_EQ(destinations.next(delivery(9, "lever"), now), Destinations::Next::run);
    destinations.ended(delivery(0), true);
    EXPECT_EQ(destinations.next(delivery(4), now), Destinations::Next::run);
}

TEST_F(DestinationsTest, AllowsNothingWhileOpenAndOneProbeWhenHalfOpen) {
    fail(1);
    fail(2);
    EXPECT_EQ(destinations.allowance("goco", "a", now).shared, 0U);
    EXPECT_FALSE(destinations.allowance("goco", "b", now).own);
    EXPECT_EQ(destinations.next_change(now), now + 15s);
    now += 15s;
    EXPECT_EQ(destinations.allowance("goco", "a", now).shared, 1U);
    destinations.leased(delivery(1));
    EXPECT_EQ(destinations.allowance("goco", "a", now).shared, 0U);
    EXPECT_EQ(destinations.next(delivery(1), now), Destinations::Next::run);
    destinations.started(delivery(1));
    EXPECT_EQ(destinations.next(delivery(2), now), Destinations::Next::put_back) << "leased before, and not a probe";
    EXPECT_FALSE(destinations.next_change(now)) << "only the probe's end changes anything now";
}

TEST_F(DestinationsTest, CountsNoAttemptOnceTheDestinationIsTakenForDown) {
    EXPECT_TRUE(fail(1).counts);
    auto const opened = fail(2);
    EXPECT_FALSE(opened.counts);
    EXPECT_EQ(opened.before, BreakerState::closed);
    EXPECT_EQ(opened.after, BreakerState::open);
    EXPECT_EQ(opened.pause, 15s);
}

TEST_F(DestinationsTest, CountsAgainWhenTheOutageIsLongerThanTheRouteWaits) {
    fail(1);
    fail(2);
    now += 168h;
    EXPECT_TRUE(fail(1).counts);
}

TEST_F(DestinationsTest, HoldsAConnectionForAsLongAsItAskedAndNoOther) {
    (void)destinations.heard(delivery(1), report(Outcome::retry, ErrorCode::rate_limited, 5'000), 168h, now);
    EXPECT_EQ(destinations.allowance("goco", "b", now).shared, 0U);
    EXPECT_FALSE(destinations.allowance("goco", "b", now).own);
    EXPECT_EQ(destinations.next(delivery(2), now), Destinations::Next::put_back);
    EXPECT_EQ(destinations.allowance("lever", "a", now).shared, 8U);
    EXPECT_EQ(destinations.standing("goco", now).waits_until, now + 5s);
    EXPECT_EQ(destinations.next_change(now), now + 5s);
    now += 5s;
    EXPECT_EQ(destinations.allowance("goco", "b", now).shared, 8U);
}

}  // namespace
}  // namespace crosswalk::deliver

#include "model/clock.hpp"

#include <gtest/gtest.h>

namespace crosswalk::model {
namespace {

TEST(Rfc3339, HasMillisecondsAndZ) {
    EXPECT_EQ(to_rfc3339(from_unix_us(1'795'334'400'000'000)), "2026-11-22T08:00:00.000Z");
}
TEST(Rfc3339, CutsMicrosecondsOff) {
    EXPECT_EQ(to_rfc3339(from_unix_us(999'999)), "1970-01-01T00:00:00.999Z");
}
TEST(Rfc3339, BeginsWithTheEpoch) {
    EXPECT_EQ(to_rfc3339(from_unix_us(0)), "1970-01-01T00:00:00.000Z");
}
TEST(Rfc3339, CountsBackwardsBeforeTheEpoch) {
    EXPECT_EQ(to_rfc3339(from_unix_us(-1)), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(to_rfc3339(from_unix_us(-86'400'000'000)), "1969-12-31T00:00:00.000Z");
}
TEST(Rfc3339, KnowsLeapDays) {
    EXPECT_EQ(to_rfc3339(from_unix_us(951'782'400'000'000)), "2000-02-29T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(from_unix_us(4'107'542'399'000'000)), "2100-02-28T23:59:59.000Z");
    EXPECT_EQ(to_rfc3339(from_unix_us(4'107'542'400'000'000)), "2100-03-01T00:00:00.000Z");
}
TEST(Rfc3339, FillsShortYears) {
    EXPECT_EQ(to_rfc3339(from_unix_us(-62'135'596'800'000'000)), "0001-01-01T00:00:00.000Z");
}

TEST(UnixTime, GoesThereAndBack) {
    EXPECT_EQ(to_unix_us(from_unix_us(1'234'567'890'123'456)), 1'234'567'890'123'456);
    EXPECT_EQ(to_unix_ms(from_unix_us(1'234'567'890'123'456)), 1'234'567'890'123);
}

TEST(SystemClock, IsPastTheDayThisWasWrittenAndSteady) {
    SystemClock const clock;
    EXPECT_GT(clock.now(), from_unix_us(1'700'000'000'000'000));
    auto const earlier = clock.steady_now();
    EXPECT_GE(clock.steady_now(), earlier);
}

}  // namespace
}  // namespace crosswalk::model

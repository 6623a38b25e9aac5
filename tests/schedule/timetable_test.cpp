// When a route is due: intervals, wall-clock times, and the days on which clocks change.
#include "schedule/timetable.hpp"

#include <gmock/gmock.h>

#include <set>

namespace crosswalk::schedule {
namespace {

using model::TimePoint;
using namespace std::chrono_literals;
using std::chrono::minutes;

TimePoint utc(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
    std::chrono::sys_days const date = std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day);
    return TimePoint(date) + std::chrono::hours(hour) + minutes(minute);
}

model::Schedule every(std::chrono::milliseconds period) {
    model::Schedule schedule;
    schedule.every = period;
    return schedule;
}
model::Schedule daily(minutes at, std::string zone) {
    model::Schedule schedule;
    schedule.daily_at = at;
    schedule.zone = std::move(zone);
    return schedule;
}

// The starts of a route that is looked after every minute, from `from` to `to`.
std::vector<TimePoint> walk(model::Schedule const& schedule, TimePoint from, TimePoint to) {
    std::vector<TimePoint> starts;
    TimePoint last = from;
    for (TimePoint now = from; now < to; now += 1min) {
        if (next_start(schedule, "jobs", static_cast<std::int64_t>(starts.size()), last).value() <= now) {
            starts.push_back(now);
            last = now;
        }
    }
    return starts;
}

std::vector<std::string> in_words(std::vector<TimePoint> const& times) {
    std::vector<std::string> words;
    for (TimePoint const time : times) {
        words.push_back(model::to_rfc3339(time).substr(0, 16));
    }
    return words;
}

TEST(Timetable, StartsWithinATwentiethBeforeThePeriodIsOver) {
    TimePoint const last = utc(2026, 11, 22, 8);
    std::set<TimePoint> different;
    for (std::int64_t number = 0; number < 500; ++number) {
        TimePoint const next = next_start(every(30min), "jobs", number, last).value();
        EXPECT_LE(next, last + 30min);
        EXPECT_GT(next, last + 30min - 90s - 1s);
        different.insert(next);
    }
    EXPECT_GT(different.size(), 200U);
}

TEST(Timetable, GivesTheSameAnswerToTheSameQuestionAndAnotherToAnotherRoute) {
    TimePoint const last = utc(2026, 11, 22, 8);
    EXPECT_EQ(next_start(every(2h), "jobs", 7, last).value(), next_start(every(2h), "jobs", 7, last).value());
    EXPECT_NE(next_start(every(2h), "jobs", 7, last).value(), next_start(every(2h), "candidates", 7, last).value());
}

TEST(Timetable, KeepsAnIntervalOfHalfAnHourForWeeks) {  // E.31
    auto const starts = walk(every(30min), utc(2026, 10, 12), utc(2026, 11, 9));
    ASSERT_GE(starts.size(), 28U * 48U - 1);
    EXPECT_LE(starts.size(), 28U * 48U * 106 / 100);
    for (std::size_t i = 1; i < starts.size(); ++i) {
        EXPECT_LE(starts[i] - starts[i - 1], 30min);
        EXPECT_GE(starts[i] - starts[i - 1], 28min);
    }
}

TEST(Timetable, KeepsAnIntervalOfTwoHoursForWeeks) {  // E.32
    auto const starts = walk(every(2h), utc(2026, 3, 1), utc(2026, 4, 5));
    for (std::size_t i = 1; i < starts.size(); ++i) {
        EXPECT_LE(starts[i] - starts[i - 1], 2h);
        EXPECT_GE(starts[i] - starts[i - 1], 114min);
    }
    EXPECT_GE(starts.size(), 35U * 12U - 1);
}

TEST(Timetable, RunsOnceEachMorningForWeeksAtTheSameTimeOfTheWall) {  // C.11
    // From summer to winter: 06:00 in Berlin is 04:00 and then 05:00 UTC.
    auto const starts = walk(daily(6h, "Europe/Berlin"), utc(2026, 10, 12), utc(2026, 11, 9));
    ASSERT_EQ(starts.size(), 28U);
    for (TimePoint const start : starts) {
        bool const is_winter = start >= utc(2026, 10, 25, 1);
        EXPECT_EQ(model::to_rfc3339(start).substr(11, 5), is_winter ? "05:00" : "04:00");
    }
}

TEST(Timetable, RunsAfterTheGapWhenBerlinSkipsTheTime) {  // C.11
    // 2026-03-29: 02:00 becomes 03:00 at 01:00 UTC, so 02:30 never comes.
    EXPECT_THAT(in_words(walk(daily(150min, "Europe/Berlin"), utc(2026, 3, 27, 12), utc(2026, 3, 31, 12))),
                testing::ElementsAre("2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30", "2026-03-31T00:30"));
}

TEST(Timetable, RunsOnceWhenBerlinHasTheTimeTwice) {  // C.11
    // 2026-10-25: 03:00 becomes 02:00 at 01:00 UTC, so 02:30 comes at 00:30 and at 01:30 UTC.
    EXPECT_THAT(in_words(walk(daily(150min, "Europe/Berlin"), utc(2026, 10, 23, 12), utc(2026, 10, 27, 12))),
                testing::ElementsAre("2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30", "2026-10-27T01:30"));
}

TEST(Timetable, RunsAfterTheGapWhenNewYorkSkipsTheTime) {  // C.11
    // 2026-03-08: 02:00 becomes 03:00 at 07:00 UTC.
    EXPECT_THAT(in_words(walk(daily(150min, "America/New_York"), utc(2026, 3, 6, 12), utc(2026, 3, 10, 12))),
                testing::ElementsAre("2026-03-07T07:30", "2026-03-08T07:00", "2026-03-09T06:30", "2026-03-10T06:30"));
}

TEST(Timetable, RunsOnceWhenNewYorkHasTheTimeTwice) {  // C.11
    // 2026-11-01: 02:00 becomes 01:00 at 06:00 UTC, so 01:30 comes at 05:30 and at 06:30 UTC.
    EXPECT_THAT(in_words(walk(daily(90min, "America/New_York"), utc(2026, 10, 30, 12), utc(2026, 11, 3, 12))),
                testing::ElementsAre("2026-10-31T05:30", "2026-11-01T05:30", "2026-11-02T06:30", "2026-11-03T06:30"));
}

TEST(Timetable, HasALeapDay) {
    EXPECT_THAT(in_words(walk(daily(6h, "Europe/Berlin"), utc(2028, 2, 28), utc(2028, 3, 2))),
                testing::ElementsAre("2028-02-28T05:00", "2028-02-29T05:00", "2028-03-01T05:00"));
}

TEST(Timetable, AnswersAMissedTimeOnceAndThenTheNextOne) {
    TimePoint const last = utc(2026, 11, 20, 5);
    TimePoint const now = utc(2026, 11, 25, 9);
    TimePoint const missed = next_start(daily(6h, "Europe/Berlin"), "jobs", 1, last).value();
    EXPECT_EQ(missed, utc(2026, 11, 21, 5));
    EXPECT_EQ(next_start(daily(6h, "Europe/Berlin"), "jobs", 2, now).value(), utc(2026, 11, 26, 5));
}

TEST(Timetable, LetsARunBeforeTheTimeOfDayNotTakeItsPlace) {
    EXPECT_EQ(next_start(daily(6h, "Europe/Berlin"), "jobs", 1, utc(2026, 11, 22, 4, 55)).value(),
              utc(2026, 11, 22, 5));
}

TEST(Timetable, RefusesAZoneThatNobodyKnows) {
    auto const next = next_start(daily(6h, "Europe/Atlantis"), "jobs", 1, utc(2026, 11, 22));
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, model::ErrorCode::not_found);
}

TEST(Timetable, ReadsEverythingOnTheShortDayToo) {
    // 06:00 to 06:00 in Berlin over the change to summer time are 23 hours.
    EXPECT_TRUE(is_full_due(24h, utc(2026, 3, 28, 5), utc(2026, 3, 29, 4)));
    EXPECT_FALSE(is_full_due(24h, utc(2026, 3, 28, 5), utc(2026, 3, 28, 17)));
}

TEST(Timetable, KnowsZonesAndTheirAliases) {
    auto const zones = known_zones();
    EXPECT_THAT(zones, testing::IsSupersetOf({"Europe/Berlin", "America/New_York", "UTC"}));
    EXPECT_TRUE(std::is_sorted(zones.begin(), zones.end()));
}

}  // namespace
}  // namespace crosswalk::schedule

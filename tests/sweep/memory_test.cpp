// What sweeps remember, and when silence is unusual.
#include "sweep/memory.hpp"

#include <gtest/gtest.h>

namespace crosswalk::sweep {
namespace {

using std::chrono::hours;

model::TimePoint at(std::int64_t hour) {
    return model::from_unix_us(1'795'334'400'000'000) + hours(hour);
}

// Heard every `gap` hours, looked at each time; the hour of the last.
std::int64_t hear_often(Memory& memory, int times, std::int64_t gap) {
    std::int64_t hour = 0;
    for (int i = 0; i < times; ++i, hour += gap) {
        EXPECT_FALSE(hear(memory, at(hour), at(hour)));
    }
    return hour - gap;
}

TEST(SweepMemory, ComesBackAsItWasWritten) {
    Memory memory;
    memory.stretches["candidate.hired"] = {at(1), at(2)};
    memory.stretches["application.created"] = {at(3), std::nullopt};
    memory.place = {"candidate.hired", {"application.created"}, at(4), at(5), "cursor \"7\"", 3, 200, 4, 1};
    memory.ended_at = at(6);
    memory.listed = 9;
    memory.missing = 8;
    memory.missed_at = at(7);
    memory.trouble = "away";
    memory.diagnosed_at = at(8);
    memory.cause = "missing";
    memory.findings = {{"candidateHired", "It was deleted."}};
    memory.heard_at = at(9);
    memory.usual_gap = hours(2);
    memory.gaps = 4;
    Memory const read = read_memory(written(memory));
    EXPECT_EQ(written(read), written(memory));
    EXPECT_EQ(read.place.rest, memory.place.rest);
    EXPECT_EQ(read.place.page_missing, 1);
    EXPECT_EQ(read.findings.at(0).reason, "It was deleted.");
    EXPECT_FALSE(read.stretches.at("application.created").to);
}

TEST(SweepMemory, ATextOfAnotherReleaseIsAnEmptyOne) {
    EXPECT_TRUE(read_memory("{\"place\": 7}").stretches.empty());
    EXPECT_TRUE(read_memory("not json").stretches.empty());
}

TEST(SweepMemory, SilenceIsUnusualAfterThreeTimesTheLongestGap) {
    Memory memory;
    std::int64_t const last = hear_often(memory, 6, 10);
    EXPECT_FALSE(hear(memory, at(last), at(last + 29)));
    EXPECT_TRUE(hear(memory, at(last), at(last + 31)));
}

TEST(SweepMemory, LessThanADayIsNeverUnusual) {
    Memory memory;
    std::int64_t const last = hear_often(memory, 6, 1);
    EXPECT_FALSE(hear(memory, at(last), at(last + 24)));
    EXPECT_TRUE(hear(memory, at(last), at(last + 25)));
}

TEST(SweepMemory, AFewGapsSayNothingAboutWhatIsUsual) {
    Memory memory;
    std::int64_t const last = hear_often(memory, 5, 1);
    EXPECT_FALSE(hear(memory, at(last), at(last + 1000)));
}

TEST(SweepMemory, AVendorThatWasNeverHeardIsNotSilent) {
    Memory memory;
    EXPECT_FALSE(hear(memory, std::nullopt, at(1000)));
}

}  // namespace
}  // namespace crosswalk::sweep

#include "simulation/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace crosswalk::simulation {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct ScheduleTest : testing::Test {
    Disk disk;
    Image image = empty_store(disk);

    Outcome run(std::uint64_t seed, Image const& from) { return Schedule(disk, from, seed, true).run(); }
    // An image that somebody changed behind the store's back.
    Image tampered(char const* sql) {
        disk.reset(0, image);
        sqlite3* handle = nullptr;
        EXPECT_EQ(sqlite3_open(store_path, &handle), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
        sqlite3_close(handle);
        return disk.files();
    }
};

TEST_F(ScheduleTest, GivesTheSameTraceForTheSameSeed) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        Outcome const first = run(seed, image);
        Outcome const second = run(seed, image);
        EXPECT_EQ(first.trace, second.trace);
        EXPECT_EQ(first.trace_hash, second.trace_hash);
        EXPECT_THAT(first.faults, testing::IsEmpty()) << "seed " << seed;
    }
}

TEST_F(ScheduleTest, DoesNotDependOnWhatTheStoreDrawsByChance) {
    // Another image has other keys of its own, and the pages hold other bytes.
    Image const another = empty_store(disk);
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        EXPECT_EQ(run(seed, image).trace_hash, run(seed, another).trace_hash);
    }
}

TEST_F(ScheduleTest, GivesAnotherTraceForAnotherSeed) {
    EXPECT_NE(run(1, image).trace_hash, run(2, image).trace_hash);
}

// One event is replayed twice: two further effects are allowed, and no more.
TEST_F(ScheduleTest, KnowsWhatAPersonReplaysByWhatWasReceived) {
    Outcome const outcome = run(11, image);
    EXPECT_THAT(outcome.trace, testing::IsSupersetOf({"replays 1: 4", "replays 1: 5"}))
        << "another seed has to be found for this";
    EXPECT_THAT(outcome.faults, testing::IsEmpty());
}

TEST_F(ScheduleTest, FindsAnEventThatIsNotAccountedFor) {
    Image const wrong = tampered("UPDATE tally SET received = received + 1");
    EXPECT_THAT(run(1, wrong).faults, Contains(HasSubstr("conservation is off by 1")));
}

TEST_F(ScheduleTest, FindsDeliveriesThatVanishWithTheirEffects) {
    Image const wrong = tampered(
        "CREATE TRIGGER forgetful AFTER UPDATE OF state ON delivery WHEN new.state = 10"
        " BEGIN DELETE FROM delivery WHERE id = new.id; END");
    bool found = false;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        found = found || !run(seed, wrong).faults.empty();
    }
    EXPECT_TRUE(found);
}

TEST_F(ScheduleTest, FindsAPushWithoutItsEffectRow) {
    Image const wrong = tampered(
        "CREATE TRIGGER forgetful AFTER INSERT ON effect BEGIN DELETE FROM effect WHERE delivery_id ="
        " new.delivery_id; END");
    bool found = false;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        auto const faults = run(seed, wrong).faults;
        found = found || (!faults.empty() && faults.front().find("without an effect row") != std::string::npos);
    }
    EXPECT_TRUE(found);
}

TEST(TargetTest, SaysWhatTookEffectMoreOftenThanAnybodyWanted) {
    Target target(Memory::nothing);
    (void)target.push("e1", "k1", Answer::delivered);
    EXPECT_TRUE(target.doubled().empty());
    (void)target.push("e1", "k1", Answer::unknown_applied);
    EXPECT_EQ(target.doubled(), std::vector<std::string>{"e1"});
    target.allow_again("e1");
    EXPECT_TRUE(target.doubled().empty());
}

TEST(TargetTest, ActsOnceOnAKeyThatItHonours) {
    Target target(Memory::honours_keys);
    (void)target.push("e1", "k1", Answer::delivered);
    (void)target.push("e1", "k1", Answer::delivered);
    EXPECT_TRUE(target.doubled().empty());
    (void)target.push("e1", "k2", Answer::delivered);
    EXPECT_FALSE(target.doubled().empty()) << "another key is another order";
}

}  // namespace
}  // namespace crosswalk::simulation

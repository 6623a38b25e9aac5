// That a row fails when it should: a judge that never condemns proves nothing.
#include "torture/row.hpp"

#include "torture/chance.hpp"
#include "torture/hooks.hpp"
#include "torture/judge.hpp"
#include "torture/things.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace crosswalk::torture {
namespace {

using scenarios::eventually;
using scenarios::HireStream;
using scenarios::World;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

Report run(std::function<void(Order const&, Report&)> row) {
    return run(Row{"X", "a row of this test", "", std::move(row)}, Order{});
}

void end(World& world, char const* sql) {
    ASSERT_EQ(world.stop_host(), 0);
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open((world.config() / "crosswalk.db").string().c_str(), &handle), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
}

// Some hires that went through, and what is done to them before they are judged.
Report judged(std::function<void(World&)> const& harm) {
    return run([&](Order const&, Report& report) {
        World world;
        world.hurry();
        world.register_webhook();
        world.start_host();
        HireStream stream(world);
        stream.start({6, 2, 0});
        report.expect(stream.finish(), "six hires are acknowledged");
        report.expect(eventually([&] { return scenarios::number(world.conservation(), "/delivered") == 6; }),
                      "six hires go through");
        harm(world);
        (void)judge(world, stream, report, std::chrono::seconds(5));
    });
}

TEST(Row, PassesWhenNothingIsWrong) {
    EXPECT_THAT(run([](Order const&, Report& report) { report.expect(true, "this holds"); }).broken(), IsEmpty());
    EXPECT_THAT(judged([](World&) {}).broken(), IsEmpty());
}

TEST(Row, FailsWhenItThrowsOrAPromiseDoesNotHold) {
    EXPECT_THAT(run([](Order const&, Report& report) { report.expect(false, "that holds"); }).broken(),
                Contains("that holds"));
    EXPECT_THAT(run([](Order const&, Report&) { throw std::runtime_error("no disk"); }).broken(),
                Contains(HasSubstr("no disk")));
}

TEST(Row, FailsWhenConservationDoesNotHoldAtTheEndOfItsWorld) {
    auto const report = run([](Order const&, Report&) {
        World world;
        world.hurry();
        world.start_host();
        world.register_webhook();
        (void)world.hire_new("Lost Example");
        EXPECT_TRUE(eventually([&] { return scenarios::number(world.conservation(), "/delivered") == 1; }));
        end(world, "DELETE FROM delivery WHERE kind = 0");
    });
    EXPECT_THAT(report.broken(), Contains(HasSubstr("Conservation does not hold")));
}

TEST(Judge, CondemnsAHostThatLostAHire) {
    auto const report = judged([](World& world) { (void)world.control("DELETE", "/goco/employees"); });
    EXPECT_THAT(report.broken(), Contains(HasSubstr("6 acknowledged hires are no employees")));
}

TEST(Judge, CondemnsAHostThatHiredTwice) {
    auto const report = judged([](World& world) {
        auto const made =
            scenarios::list(world.control("GET", "/goco/employees?import_source=Lever").value(), "/employees");
        boost::json::object again = made.front().as_object();
        again.erase("id");
        (void)world.control("POST", "/goco/employees", again);
    });
    EXPECT_THAT(report.broken(), Contains("1 employees were created twice"));
}

TEST(Judge, CondemnsAHostThatDoesNotCountWhatItReceived) {
    auto const report = judged([](World& world) {
        end(world, "UPDATE tally SET received = received - 1");
        world.start_host();
    });
    EXPECT_THAT(report.broken(), Contains(HasSubstr("conservation holds")));
}

TEST(Chance, IsTheSameForTheSameSeedAndTellsTwoPlansApart) {
    auto const plan = [](std::uint32_t seed, int draws) {
        Chance chance(seed);
        for (int i = 0; i < draws; ++i) {
            EXPECT_LT(chance.below(7), 7U);
        }
        return chance.plan();
    };
    EXPECT_EQ(plan(1, 20), plan(1, 20));
    EXPECT_NE(plan(1, 20), plan(2, 20));
    EXPECT_NE(plan(1, 20), plan(1, 21));
    EXPECT_EQ(chance_of(1, "thing", 2), chance_of(1, "thing", 2));
    EXPECT_NE(chance_of(1, "thing", 2), chance_of(1, "thing", 3));
    EXPECT_NE(chance_of(1, "thing", 2), chance_of(1, "other", 2));
    EXPECT_NE(chance_of(1, "thing", 2), chance_of(2, "thing", 2));
}

TEST(MedianBounds, AreAsWideAsTheTossOfACoinWants) {
    // One in 128 is rarer than one in a hundred, one in 64 is not; nor are 11 in 1024, but 12 in 2048 are.
    EXPECT_EQ(median_bounds({3, 1, 2, 6, 5, 4}), (std::pair{0.0, std::numeric_limits<double>::infinity()}));
    EXPECT_EQ(median_bounds({7, 3, 1, 2, 6, 5, 4}), (std::pair{1.0, 7.0}));
    EXPECT_EQ(median_bounds({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), (std::pair{1.0, 10.0}));
    EXPECT_EQ(median_bounds({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}), (std::pair{2.0, 10.0}));
}

TEST(Target, ForgivesNoSecondEffect) {
    Target target(1);
    World world;
    add_thing(world, "steady", "in-process", target);
    world.start_host();
    std::int64_t const event = send_thing(world, "steady", "one", "s");
    ASSERT_NE(event, 0);
    ASSERT_TRUE(eventually([&] { return world.delivery_state(event) == "delivered"; }));
    EXPECT_EQ(target.duplicates(), 0);
    // Force is a person's order to send it again.
    auto const again = world.admin("POST", "/api/v1/events/" + std::to_string(event) + "/replay", R"({"force":true})");
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_TRUE(eventually([&] { return target.duplicates() == 1; }));
}

}  // namespace
}  // namespace crosswalk::torture

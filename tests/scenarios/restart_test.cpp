// What a stop and a start of the host keep.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

constexpr char create_path[] = "/goco/companies/*/employees";

// A world in which one hire's create call is being answered slowly.
void begin_slow_create(World const& world, json::object fault) {
    fault["vendor"] = "goco";
    fault["method"] = "POST";
    fault["path"] = create_path;
    world.fault(fault);
    world.hire_new("Slow Example");
    ASSERT_TRUE(eventually([&] { return number(world.control("GET", "/faults").value(), "/faults/0/used") == 1; }))
        << world.control("GET", "/faults").body;
}

// F.4 A.46
TEST(Restart, DeliversWhatWasPendingAndKeepsTheHistoryReadable) {
    World world;
    world.hurry();
    world.start_host();
    world.register_webhook();
    std::string const first = world.hire_new("First Example");
    ASSERT_TRUE(eventually([&] { return world.has_note(first, "Exported to GoCo"); }));
    world.fault({{"kind", "status"}, {"vendor", "goco"}, {"status", 503}, {"count", -1}});
    std::string const second = world.hire_new("Second Example");
    ASSERT_TRUE(eventually([&] { return world.delivery_state(2) == "pending"; }));

    EXPECT_EQ(world.stop_host(), 0);
    world.clear_faults();
    EXPECT_EQ(world.employees("Second", "Example"), 0U);
    world.start_host();

    EXPECT_TRUE(eventually([&] { return world.has_note(second, "Exported to GoCo"); }));
    EXPECT_EQ(world.employees("First", "Example"), 1U);
    EXPECT_EQ(world.employees("Second", "Example"), 1U);
    EXPECT_THAT(world.crosswalk({"events", "list"}).output, HasSubstr("First Example"));
    EXPECT_THAT(world.crosswalk({"events", "show", "1"}).output, HasSubstr("delivered"));
}

// F.4 A.21: the key of a webhook outlives the process that took it.
TEST(Restart, StillKnowsAWebhookThatWasTakenBefore) {
    World world;
    world.start_host();
    world.register_webhook();
    std::string const opportunity = world.candidate({{"name", "Again Example"}, {"email", "again@example.com"}});
    std::string const delivery = world.hire(opportunity).at(0);
    ASSERT_TRUE(eventually([&] { return world.has_note(opportunity, "Exported to GoCo"); }));
    std::string const body = json::serialize(world.control("GET", "/lever/deliveries/" + delivery).value().at("body"));
    world.kill_host();
    world.start_host();
    Answer const again = world.hook(body);
    EXPECT_EQ(again.status, 200);
    EXPECT_THAT(again.body, HasSubstr("duplicate"));
    EXPECT_EQ(world.events().size(), 1U);
}

TEST(Drain, FinishesAPushInFlightEvenWhenToldTwice) {
    World world;
    world.hurry();
    world.start_host();
    world.register_webhook();
    begin_slow_create(world, {{"kind", "delay"}, {"delay_ms", 2000}});
    world.host().terminate();
    ASSERT_TRUE(eventually([&] { return world.log().find("The host is stopping.") != std::string::npos; }));
    world.host().terminate();
    auto const status = world.host().wait_for(seconds(30));
    ASSERT_TRUE(status);
    EXPECT_EQ(*status, 0);
    EXPECT_EQ(world.employees("Slow", "Example"), 1U);
    EXPECT_THAT(world.log(), HasSubstr("\"drained\":true"));

    world.start_host();
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/delivered") == 1; }));
    EXPECT_EQ(world.employees("Slow", "Example"), 1U);
}

TEST(Drain, EndsAtItsLimitAndTheNextStartLooksTheDeliveryUp) {
    World world;
    world.hurry();
    world.append("crosswalk.yaml", "limits: { drain_time_max: 1s }\n");
    world.start_host();
    world.register_webhook();
    // Applied at once, answered byte by byte: far longer than the drain may take.
    begin_slow_create(world, {{"kind", "drip"}, {"drip_bytes", 1}, {"drip_gap_ms", 200}});
    auto const began = std::chrono::steady_clock::now();
    EXPECT_EQ(world.stop_host(), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(20));
    EXPECT_EQ(world.employees("Slow", "Example"), 1U);

    world.start_host();
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/delivered") == 1; }))
        << json::serialize(world.event(1));
    EXPECT_EQ(world.employees("Slow", "Example"), 1U);
    EXPECT_THAT(json::serialize(world.event(1)), HasSubstr("look-up"));
}

}  // namespace
}  // namespace crosswalk::scenarios

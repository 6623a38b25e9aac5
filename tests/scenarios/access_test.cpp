// A key that a vendor refuses pauses its connection, and nothing is lost meanwhile.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

// A.43 A.45
TEST(RevokedKey, OfLeverPausesTheConnectionAndKeepsItsEventsUntilItIsResumed) {
    World world;
    world.start_host();
    world.register_webhook();
    (void)world.control("POST", "/lever/credentials/revoke", {{"value", "lever-sandbox-key"}});
    std::string const one = world.hire_new("Revoked One");
    ASSERT_TRUE(eventually([&] { return world.connection_state("lever") == "paused"; }));
    std::string const two = world.hire_new("Revoked Two");
    ASSERT_TRUE(eventually([&] { return world.events().size() == 2; }));
    EXPECT_EQ(number(world.conservation(), "/held"), 2);
    EXPECT_THAT(world.crosswalk({"connections", "list"}).output, HasSubstr("paused"));

    (void)world.control("POST", "/lever/credentials", {{"kind", "api_key"}, {"value", "lever-sandbox-key"}});
    ASSERT_EQ(world.crosswalk({"connections", "resume", "lever"}).exit, 0);
    EXPECT_TRUE(
        eventually([&] { return world.has_note(one, "Exported to GoCo") && world.has_note(two, "Exported to GoCo"); }));
    EXPECT_EQ(world.connection_state("lever"), "connected");
    EXPECT_EQ(world.employees("Revoked", "One"), 1U);
    EXPECT_EQ(world.employees("Revoked", "Two"), 1U);
}

// A.43 A.45
TEST(RevokedKey, OfGocoPausesTheConnectionAndKeepsItsDeliveriesUntilItIsResumed) {
    World world;
    world.start_host();
    world.register_webhook();
    (void)world.control("POST", "/goco/settings", {{"api_key", "another-key"}});
    std::string const opportunity = world.hire_new("Refused Example");
    ASSERT_TRUE(eventually([&] { return world.connection_state("goco") == "paused"; }));
    ASSERT_TRUE(eventually([&] { return world.delivery_state(1) == "pending"; }));
    EXPECT_EQ(number(world.conservation(), "/held"), 1);
    world.kill_host();
    world.start_host();
    EXPECT_EQ(world.connection_state("goco"), "paused");

    (void)world.control("POST", "/goco/settings", {{"api_key", "goco-sandbox-key"}});
    ASSERT_EQ(world.crosswalk({"connections", "resume", "goco"}).exit, 0);
    EXPECT_TRUE(eventually([&] { return world.has_note(opportunity, "Exported to GoCo"); }));
    EXPECT_EQ(world.employees("Refused", "Example"), 1U);
}

// A.5 A.12 A.13 A.45
TEST(ConnectionCheck, NamesWhatAKeyMayNotDo) {
    World world;
    world.set_secret("lever-api-key", "lever-sandbox-key-plain");
    world.start_host();
    Said const plain = world.crosswalk({"connections", "check", "lever"});
    EXPECT_EQ(plain.exit, 1) << plain.output << plain.errors;
    EXPECT_THAT(plain.output, HasSubstr("onfidential"));

    (void)world.control("POST", "/lever/credentials",
                        {{"kind", "api_key"}, {"value", "narrow-key"}, {"rights", {"opportunities:read:admin"}}});
    world.set_secret("lever-api-key", "narrow-key");
    world.start_host();
    Said const narrow = world.crosswalk({"connections", "check", "lever"});
    EXPECT_EQ(narrow.exit, 1);
    EXPECT_THAT(narrow.output, HasSubstr("ostings"));

    (void)world.control("POST", "/goco/settings", {{"full_access", false}});
    Said const goco = world.crosswalk({"connections", "check", "goco"});
    EXPECT_EQ(goco.exit, 1);
    EXPECT_THAT(goco.output, HasSubstr("does not work"));

    world.set_secret("lever-api-key", "no-such-key");
    world.start_host();
    Said const unknown = world.crosswalk({"connections", "check", "lever"});
    EXPECT_EQ(unknown.exit, 1);
    EXPECT_THAT(unknown.output, HasSubstr("does not work"));
}

TEST(ConnectionCheck, IsContentWithWorkingKeys) {
    World world;
    world.start_host();
    for (char const* connection : {"lever", "goco"}) {
        Said const said = world.crosswalk({"connections", "check", connection});
        EXPECT_EQ(said.exit, 0) << said.output << said.errors;
    }
}

}  // namespace
}  // namespace crosswalk::scenarios

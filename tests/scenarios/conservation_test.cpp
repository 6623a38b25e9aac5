// That the check at the end of every scenario can fail.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

// A world whose one hire was delivered and whose host has ended, with its store changed behind the host's back.
std::unique_ptr<World> damaged_world(char const* sql) {
    auto world = std::make_unique<World>();
    world->hurry();
    world->start_host();
    world->register_webhook();
    world->hire_new("Lost Example");
    EXPECT_TRUE(eventually([&] { return number(world->conservation(), "/delivered") == 1; }));
    EXPECT_THAT(world->admin("GET", "/metrics").body, HasSubstr("crosswalk_store_conservation_difference 0"));
    EXPECT_EQ(world->stop_host(), 0);
    sqlite3* handle = nullptr;
    EXPECT_EQ(sqlite3_open((world->config() / "crosswalk.db").string().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
    return world;
}

TEST(Conservation, FailsAScenarioWhoseHostLostADelivery) {
    auto world = damaged_world("DELETE FROM delivery WHERE kind = 0");
    world->start_host();
    EXPECT_EQ(number(world->conservation(), "/difference"), 1);
    std::string const metrics = world->admin("GET", "/metrics").body;
    EXPECT_THAT(metrics, HasSubstr("crosswalk_store_conservation_difference 1"));
    EXPECT_NONFATAL_FAILURE(world.reset(), "Conservation does not hold");
}

TEST(Conservation, FailsAScenarioWhoseHostHasEndedByThen) {
    auto world = damaged_world("UPDATE tally SET received = received - 1");
    EXPECT_NONFATAL_FAILURE(world.reset(), "Conservation does not hold");
}

}  // namespace
}  // namespace crosswalk::scenarios

// The command line against a running host: what it shows, as text and JSON, and its exit codes.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;
using testing::Not;

// Three hires with three ends: delivered, duplicate, dead.
class RunningHost : public testing::Test {
protected:
    void SetUp() override {
        world_.start_host();
        world_.register_webhook();
        std::string const ada = world_.hire_new("Ada Example");
        ASSERT_TRUE(eventually([&] { return world_.has_note(ada, "Exported to GoCo"); }));
        std::string const twin = world_.hire_new("Ada Example");
        ASSERT_TRUE(eventually([&] { return !world_.notes(twin).empty(); }));
        std::string const ben = world_.candidate({{"name", "Ben Example"}});
        world_.hire(ben);
        ASSERT_TRUE(eventually([&] { return !world_.notes(ben).empty(); }));
    }

    // The JSON that a command prints.
    [[nodiscard]] json::value json_of(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {"--output", "json"});
        Said const said = world_.crosswalk(arguments);
        json::error_code error;
        json::value value = json::parse(said.output, error);
        EXPECT_FALSE(error) << said.output << said.errors;
        return value;
    }

    World world_;
};

// A.46 F.3
TEST_F(RunningHost, ListsFindsAndFiltersEvents) {
    Said const all = world_.crosswalk({"events", "list"});
    EXPECT_EQ(all.exit, 0);
    EXPECT_THAT(all.output, HasSubstr("Ada Example"));
    EXPECT_THAT(all.output, HasSubstr("Ben Example"));
    Said const found = world_.crosswalk({"events", "list", "--search", "ben"});
    EXPECT_THAT(found.output, HasSubstr("Ben Example"));
    EXPECT_THAT(found.output, Not(HasSubstr("Ada Example")));
    EXPECT_EQ(list(json_of({"events", "list", "--state", "duplicate"}), "/events").size(), 1U);
    EXPECT_EQ(list(json_of({"events", "list", "--state", "delivered"}), "/events").size(), 1U);
    EXPECT_EQ(list(json_of({"events", "list", "--state", "dead"}), "/events").size(), 1U);
    EXPECT_EQ(list(json_of({"events", "list", "--search", "example", "--limit", "2"}), "/events").size(), 2U);
}

// F.3
TEST_F(RunningHost, ShowsAndExplainsAnEvent) {
    Said const shown = world_.crosswalk({"events", "show", "1"});
    EXPECT_EQ(shown.exit, 0);
    EXPECT_THAT(shown.output, HasSubstr("Ada Example"));
    EXPECT_THAT(shown.output, HasSubstr("create_employee → delivered"));
    EXPECT_THAT(shown.output, HasSubstr("lever add_note → delivered"));
    Said const explained = world_.crosswalk({"events", "explain", "1"});
    EXPECT_EQ(explained.exit, 0);
    EXPECT_THAT(explained.output, HasSubstr("personal_email"));
    EXPECT_THAT(explained.output, HasSubstr("/employment_type through table employment-types"));
    EXPECT_EQ(number(json_of({"events", "show", "3"}), "/id"), 3);
    EXPECT_EQ(text(json_of({"events", "explain", "3"}), "/routes/0/state"), "dead");
    EXPECT_THAT(world_.crosswalk({"events", "explain", "3"}).output, HasSubstr("missing or wrong personal_email"));
}

// A.43 F.3
TEST_F(RunningHost, ReplaysAnEventAndLinksItToTheOriginal) {
    json::value const replayed = json_of({"events", "replay", "3"});
    EXPECT_EQ(number(replayed, "/event"), 4);
    EXPECT_TRUE(eventually([&] { return world_.delivery_state(4) == "dead"; }));
    EXPECT_EQ(number(json_of({"events", "show", "4"}), "/replay_of"), 3);
    EXPECT_EQ(list(json_of({"dead", "causes"}), "/causes").size(), 1U);
    EXPECT_EQ(list(json_of({"dead", "list"}), "/letters").size(), 2U);
}

// A.4 A.15 A.17 F.6 F.8
TEST_F(RunningHost, ListsConnectorsConnectionsAndRoutes) {
    Said const connectors = world_.crosswalk({"connectors", "list"});
    EXPECT_EQ(connectors.exit, 0);
    EXPECT_THAT(connectors.output, HasSubstr("lever"));
    EXPECT_THAT(connectors.output, HasSubstr("loaded"));
    EXPECT_EQ(list(json_of({"connectors", "list"}), "/connectors").size(), 2U);
    Said const connections = world_.crosswalk({"connections", "list"});
    EXPECT_THAT(connections.output, HasSubstr(world_.hook_url()));
    json::value const known = json_of({"connections", "list"});
    EXPECT_EQ(text(known, "/connections/1/webhook/url"), world_.hook_url());
    EXPECT_EQ(text(known, "/connections/1/webhook/without_scheme"), world_.hook_url().substr(7));
    EXPECT_THAT(world_.crosswalk({"routes", "list"}).output, HasSubstr("running"));
    EXPECT_EQ(text(json_of({"routes", "pause", "lever-hires-to-goco"}), "/state"), "paused");
    EXPECT_EQ(text(json_of({"routes", "list"}), "/routes/0/state"), "paused");
}

TEST_F(RunningHost, GivesItsCommandsTheExitCodesThatArePromised) {
    EXPECT_EQ(world_.crosswalk({"validate"}).exit, 0);
    EXPECT_EQ(world_.crosswalk({"--help"}).exit, 0);
    EXPECT_EQ(world_.crosswalk({"--version"}).exit, 0);
    EXPECT_EQ(world_.crosswalk({"events", "lst"}).exit, 64);
    EXPECT_EQ(world_.crosswalk({"events", "show", "many"}).exit, 64);
    EXPECT_EQ(world_.crosswalk({"events", "show", "99"}).exit, 65);
    EXPECT_EQ(world_.crosswalk({"routes", "stop", "no-such-route"}).exit, 65);
    EXPECT_EQ(world_.crosswalk({"events", "list", "--limit", "0"}).exit, 64);

    world_.set_secret("admin-token", "another-token");
    Said const refused = world_.crosswalk({"events", "list"});
    EXPECT_EQ(refused.exit, 77) << refused.errors;
    EXPECT_THAT(refused.errors, Not(HasSubstr("another-token")));

    world_.kill_host();
    Said const alone = world_.crosswalk({"events", "list"});
    EXPECT_EQ(alone.exit, 69);
    EXPECT_THAT(alone.errors, HasSubstr("crosswalk run"));
    world_.append("crosswalk.yaml", "nonsense: 1\n");
    EXPECT_EQ(world_.crosswalk({"events", "list"}).exit, 78);
}

// A.1: without the token the API refuses, whatever is asked.
TEST_F(RunningHost, RefusesCallsWithoutTheToken) {
    EXPECT_EQ(world_.admin("GET", "/api/v1/events").status, 200);
    EXPECT_EQ(world_.stranger("GET", "/api/v1/events").status, 401);
    EXPECT_EQ(world_.stranger("POST", "/api/v1/routes/lever-hires-to-goco/stop").status, 401);
    EXPECT_EQ(world_.stranger("GET", "/livez").status, 200);
}

}  // namespace
}  // namespace crosswalk::scenarios

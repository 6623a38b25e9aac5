// Webhooks that never come, or far too late: the sweep finds the hires, and nobody is created twice.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

class Sweep : public testing::Test {
protected:
    Sweep() {
        world.hurry();
        world.append("connections/lever.yaml", "sweep: { every: 200ms, look_back: 1h, settle: 0s }\n");
    }
    // The first round notes since when events can be missing.
    void start() {
        world.start_host();
        ASSERT_TRUE(eventually([&] { return !text(lever(), "/sweep/ended_at").empty(); }));
    }
    [[nodiscard]] json::value lever() const {
        for (json::value const& connection : list(world.admin("GET", "/api/v1/connections").value(), "/connections")) {
            if (text(connection, "/connection") == "lever") {
                return connection;
            }
        }
        return nullptr;
    }
    void switch_webhooks(bool on) const {
        (void)world.control("POST", "/lever/webhooks/settings",
                            {{on ? "switch_on" : "switch_off", json::array{"candidateHired"}}});
    }
    void hire(std::string const& name, int count) {
        for (int i = 0; i < count; ++i) {
            opportunities.push_back(world.hire_new(name + " N" + std::to_string(i)));
        }
    }
    // Employees by the opportunity that they were made from; each once.
    [[nodiscard]] bool all_once() const {
        std::multiset<std::string> found;
        for (json::value const& employee :
             list(world.control("GET", "/goco/employees?import_source=Lever").value(), "/employees")) {
            std::string const id = text(employee, "/external_id");
            found.insert(id.substr(id.rfind(':') + 1));
        }
        return found == std::multiset<std::string>(opportunities.begin(), opportunities.end());
    }
    [[nodiscard]] std::vector<json::value> found_by_sweep() const {
        std::vector<json::value> found;
        for (json::value const& event : world.events()) {
            if (text(event, "/found_by") == "sweep") {
                found.push_back(event);
            }
        }
        return found;
    }
    [[nodiscard]] bool settled() const { return number(world.conservation(), "/held") == 0; }
    void expect_conserved() const {
        EXPECT_TRUE(eventually([&] { return settled(); }));
        EXPECT_EQ(number(world.conservation(), "/difference"), 0);
        EXPECT_TRUE(all_once());
    }
    World world;
    std::vector<std::string> opportunities;
};

TEST_F(Sweep, FindsExactlyTheFiveHiresOfTwentyWhoseWebhooksNeverCame) {
    world.register_webhook();
    // Longer than a webhook takes on a busy machine: what is still on its way is not missing.
    world.edit("connections/lever.yaml", "settle: 0s", "settle: 3s");
    start();
    hire("Sent", 15);
    ASSERT_TRUE(eventually([&] { return all_once() && settled(); }));
    EXPECT_TRUE(found_by_sweep().empty());
    switch_webhooks(false);
    hire("Dropped", 5);
    ASSERT_TRUE(eventually([&] { return all_once(); }));
    expect_conserved();
    EXPECT_EQ(found_by_sweep().size(), 5U);
    EXPECT_THAT(world.admin("GET", "/metrics").body,
                HasSubstr("crosswalk_sweep_missing_total{connection=\"lever\"} 5"));
    // The next rounds overlap and find nothing more.
    std::string const before = text(lever(), "/sweep/ended_at");
    ASSERT_TRUE(eventually(
        [&] { return text(lever(), "/sweep/ended_at") != before && number(lever(), "/sweep/missing") == 0; }));
    EXPECT_EQ(found_by_sweep().size(), 5U);
}

TEST_F(Sweep, SaysThatLeverHasNoWebhook) {
    start();
    hire("Silent", 1);
    ASSERT_TRUE(eventually([&] { return all_once(); }));
    ASSERT_TRUE(eventually([&] { return !list(lever(), "/sweep/findings").empty(); }));
    EXPECT_THAT(text(lever(), "/sweep/findings/0/finding"), HasSubstr("Lever has no webhook for this event"));
    Said const said = world.crosswalk({"connections", "check", "lever"});
    EXPECT_EQ(said.exit, 1) << said.errors;
    EXPECT_THAT(said.output, HasSubstr("candidateHired: Lever has no webhook for this event"));
}

TEST_F(Sweep, SaysWhereToLookWhenTheWebhookIsThereAndItsEventsAreSwitchedOff) {
    world.register_webhook();
    start();
    switch_webhooks(false);
    hire("Off", 1);
    ASSERT_TRUE(eventually([&] { return !list(lever(), "/sweep/findings").empty(); }));
    EXPECT_THAT(text(lever(), "/sweep/findings/0/finding"), HasSubstr("its group of events is switched off"));
    EXPECT_TRUE(eventually([&] { return all_once(); }));
}

TEST_F(Sweep, AWebhookThatComesAfterItsHireWasFoundMakesNobodyTwice) {
    world.register_webhook();
    (void)world.control("POST", "/lever/webhooks/settings", {{"retry_gap_ms", 4000}, {"retry_gap_max_ms", 4000}});
    start();
    world.stop_host();
    hire("Late", 3);  // the first try of each meets nobody
    world.start_host();
    ASSERT_TRUE(eventually([&] { return all_once(); }));
    EXPECT_EQ(found_by_sweep().size(), 3U);
    ASSERT_TRUE(eventually([&] { return world.events().size() == 6; }));
    expect_conserved();
    for (json::value const& event : world.events()) {
        if (text(event, "/found_by").empty()) {
            EXPECT_EQ(text(event, "/state"), "filtered");
            EXPECT_THAT(text(event, "/reason"), HasSubstr("came before"));
        }
    }
}

TEST_F(Sweep, AKillInTheMiddleOfASweepLosesNothingAndDoublesNothing) {
    start();
    hire("Cut", 6);
    for (int i = 0; i < 3; ++i) {
        world.fault(
            {{"kind", "delay"}, {"vendor", "lever"}, {"path", "/lever/v1/**"}, {"delay_ms", 150}, {"count", -1}});
        world.start_host();
        world.clear_faults();
        world.kill_host();
    }
    world.start_host();
    ASSERT_TRUE(eventually([&] { return all_once(); }));
    expect_conserved();
    EXPECT_EQ(found_by_sweep().size(), 6U);
}

TEST_F(Sweep, ANewInstallationTakesNobodyWhoWasHiredBeforeUnlessItIsAskedTo) {
    world.register_webhook();
    switch_webhooks(false);
    hire("Earlier", 2);
    start();
    std::string const first = text(lever(), "/sweep/ended_at");
    ASSERT_TRUE(eventually([&] { return text(lever(), "/sweep/ended_at") > first; }));
    EXPECT_TRUE(world.events().empty());

    Said const shown = world.crosswalk({"connections", "sweep", "lever", "--from", "2020-01-01"});
    EXPECT_EQ(shown.exit, 1) << shown.errors;
    EXPECT_THAT(shown.output, HasSubstr("never came. Say --backfill to take them."));
    EXPECT_TRUE(world.events().empty());

    Said const taken = world.crosswalk({"connections", "sweep", "lever", "--from", "2020-01-01", "--backfill"});
    EXPECT_EQ(taken.exit, 0) << taken.errors;
    ASSERT_TRUE(eventually([&] { return world.has_note(opportunities.at(1), "Exported to GoCo"); }));
}

}  // namespace
}  // namespace crosswalk::scenarios

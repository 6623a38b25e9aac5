// What must stay between the vendors: a run with successes and every kind of failure, then a search of all that the
// host says to anybody without the token.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> const canaries{"Canaryfirst",       "Canarylast",           "canary.mail",
                                        "555 0177",          "scenario-admin-token", "scenario-webhook-token",
                                        "lever-sandbox",     "goco-sandbox",         "Canaryother",
                                        "canary-refused-key"};

json::object person(std::string const& name) {
    return {{"name", name}, {"email", "canary.mail@example.com"}, {"phone", "+1 555 0177"}};
}

std::string body_of(World const& world, std::string const& delivery) {
    return json::serialize(world.control("GET", "/lever/deliveries/" + delivery).value().at("body"));
}

// F.2 A.11
TEST(Privacy, KeepsSecretsAndNamesOutOfLogMetricsAndWebhookAnswers) {
    World world;
    world.hurry();
    world.append("crosswalk.yaml", "log: { level: debug }\n");
    world.start_host();
    world.register_webhook();
    std::string answers;

    // delivered, with an answer of GoCo's that is cut off, then a duplicate, then one without an address
    world.fault({{"kind", "cut_after"}, {"vendor", "goco"}, {"method", "POST"}});
    std::string const one = world.candidate(person("Canaryfirst Canarylast"));
    std::string const delivery = world.hire(one).at(0);
    ASSERT_TRUE(eventually([&] { return world.has_note(one, "Exported to GoCo"); }));
    std::string const two = world.candidate(person("Canaryfirst Canarylast"));
    world.hire(two);
    ASSERT_TRUE(eventually([&] { return world.has_note(two, "duplicate"); }));
    std::string const three = world.candidate({{"name", "Canaryfirst Canaryother"}});
    world.hire(three);
    ASSERT_TRUE(eventually([&] { return !world.notes(three).empty(); }));

    // vendors that repeat what they were sent in their errors
    world.fault(
        {{"kind", "status"},
         {"vendor", "goco"},
         {"method", "POST"},
         {"status", 422},
         {"body", R"({"error":{"code":"validation_failed","message":"Canaryfirst canary.mail@example.com"}})"}});
    std::string const four = world.candidate(person("Canaryfirst Canaryother"));
    world.hire(four);
    ASSERT_TRUE(eventually([&] { return world.has_note(four, "failed"); }));

    // webhooks: again, changed, not JSON
    std::string const body = body_of(world, delivery);
    std::string changed = body;
    changed.replace(changed.find("\"signature\":\"") + 13, 1, "x");
    for (std::string const& sent : {body, changed, std::string("Canaryfirst scenario-")}) {
        answers += world.hook(sent).body;
    }

    // keys that are refused
    (void)world.control("POST", "/goco/settings", {{"api_key", "canary-refused-key"}});
    world.hire(world.candidate(person("Canaryfirst Canarythird")));
    ASSERT_TRUE(eventually([&] { return world.connection_state("goco") == "paused"; }));
    (void)world.control("POST", "/lever/credentials/revoke", {{"value", "lever-sandbox-key"}});
    world.hire(world.candidate(person("Canaryfirst Canaryfourth")));
    ASSERT_TRUE(eventually([&] { return world.connection_state("lever") == "paused"; }));

    for (char const* path : {"/metrics", "/livez", "/readyz", "/version", "/api/v1/events"}) {
        Answer const answer = world.stranger("GET", path);
        EXPECT_NE(answer.status, 0) << path;
        answers += answer.body;
    }
    EXPECT_EQ(world.stop_host(), 0);
    EXPECT_THAT(answers, HasSubstr("crosswalk_ingest_webhooks_total"));
    EXPECT_THAT(world.log(), HasSubstr("The host has stopped."));
    for (std::string const& canary : canaries) {
        EXPECT_THAT(answers, Not(HasSubstr(canary)));
        EXPECT_THAT(world.log(), Not(HasSubstr(canary)));
    }
}

}  // namespace
}  // namespace crosswalk::scenarios

// What the running host answers to webhooks: the published samples, changed ones, and those for a route that does not
// run.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

constexpr char route[] = "lever-hires-to-goco";

std::string sample(std::string const& name) {
    std::ifstream in(std::string(LEVER_WEBHOOKS) + name, std::ios::binary);
    std::string content(std::istreambuf_iterator<char>(in), {});
    EXPECT_FALSE(content.empty()) << name;
    return content;
}

// A host that knows the signature tokens of the published samples and, because they are dated, takes old webhooks.
class PublishedSamples : public testing::Test {
protected:
    void SetUp() override {
        json::value const tokens = json::parse(sample("signature_tokens.json"));
        std::string webhooks = "\n  webhook_max_age_hours: 876000\n  webhooks:\n";
        for (auto const& [event, token] : tokens.at("tokens").as_object()) {
            std::string const name(event);
            world_.set_secret(name, token.as_string());
            webhooks += "    " + name + ": { signature_token: \"secret:file/" + name + "\" }\n";
        }
        world_.edit("connections/lever.yaml",
                    "\n  webhooks:\n    candidateHired: { signature_token: \"secret:file/lever-hired-token\" }\n",
                    webhooks);
        world_.start_host();
    }

    [[nodiscard]] int post(std::string const& name) const { return world_.hook(sample(name)).status; }

    World world_;
};

// A.19 A.20 A.21
TEST_F(PublishedSamples, OfHiresAreAcceptedOnceEach) {
    EXPECT_THAT(world_.hook(sample("candidateHired.json")).body, HasSubstr("accepted"));
    EXPECT_THAT(world_.hook(sample("candidateHired_no_event_id.json")).body, HasSubstr("accepted"));
    Answer const again = world_.hook(sample("candidateHired.json"));
    EXPECT_EQ(again.status, 200);
    EXPECT_THAT(again.body, HasSubstr("duplicate"));
    EXPECT_EQ(world_.events().size(), 2U);
    // Both tell of one person: one employee, and a note that the other was a duplicate.
    EXPECT_TRUE(eventually([&] { return number(world_.conservation(), "/held") == 0; }));
    EXPECT_EQ(list(world_.control("GET", "/goco/employees?import_source=Lever").value(), "/employees").size(), 1U);
}

// A.19
TEST_F(PublishedSamples, OfOtherEventsAreAcknowledgedAndStartNothing) {
    EXPECT_EQ(post("applicationCreated.json"), 200);
    EXPECT_EQ(post("candidateArchiveChange_archived.json"), 200);
    EXPECT_EQ(post("candidateStageChange.json"), 200);
    EXPECT_EQ(world_.events().size(), 0U);
}

// A.18
TEST_F(PublishedSamples, OfVerifyConnectionSucceedHoweverOldTheyAre) {
    Answer const verified = world_.hook(sample("verify_connection_candidateHired.json"));
    EXPECT_EQ(verified.status, 200);
    EXPECT_THAT(verified.body, HasSubstr("verified"));
    EXPECT_EQ(world_.events().size(), 0U);
    EXPECT_FALSE(text(world_.admin("GET", "/api/v1/connections").value(), "/connections/1/verified_at").empty());
}

// A.20
TEST_F(PublishedSamples, ThatAreTamperedUnsignedOrOldAreRefusedWith401) {
    EXPECT_EQ(post("tampered_candidateHired.json"), 401);
    EXPECT_EQ(post("unsigned_candidateHired.json"), 401);
    world_.edit("connections/lever.yaml", "webhook_max_age_hours: 876000", "webhook_max_age_hours: 1");
    world_.start_host();
    EXPECT_EQ(post("candidateHired.json"), 401) << "It was signed more than an hour ago.";
    EXPECT_EQ(world_.events().size(), 0U);
}

// A.20
TEST_F(PublishedSamples, WithOneByteChangedAreRefusedWith401) {
    std::string const good = sample("candidateHired.json");
    for (char const* part : {"\"token\": \"8a457fd", "\"triggeredAt\": 1795297", "\"signature\": \"fff7398"}) {
        std::size_t const at = good.find(part);
        ASSERT_NE(at, std::string::npos) << part;
        std::string changed = good;
        char& byte = changed[at + std::string_view(part).size()];
        byte = byte == '1' ? '2' : '1';
        EXPECT_EQ(world_.hook(changed).status, 401) << part;
    }
    EXPECT_EQ(world_.events().size(), 0U);
    EXPECT_EQ(world_.hook(good).status, 200);
}

// F.4
TEST_F(PublishedSamples, ThatAreNoJsonTooLargeOrAtAnotherAddressAreRefused) {
    EXPECT_EQ(world_.hook("{\"event\":").status, 400);
    EXPECT_EQ(world_.hook(std::string(2 << 20, ' ')).status, 413);
    EXPECT_EQ(world_.hook(sample("candidateHired.json"), "/hooks/nobody").status, 404);
    EXPECT_EQ(world_.hook(sample("candidateHired.json"), "/hooks/lever/key").status, 404);
    EXPECT_EQ(world_.events().size(), 0U);
}

// Vendor's own test, with the status that the host gave.
json::value verify(World const& world) {
    return world.control("POST", "/lever/webhooks/verify").value();
}

// A.17 A.18 A.22
TEST(StoppedRoute, RefusesTestAndEventsAndReplaysNothingWhenItStarts) {
    World world;
    world.start_host();
    world.register_webhook(2);
    EXPECT_EQ(text(verify(world), "/results/0/verified"), "true");
    ASSERT_EQ(world.crosswalk({"routes", "stop", route}).exit, 0);

    EXPECT_EQ(text(verify(world), "/results/0/status"), "409");
    std::string const missed = world.candidate({{"name", "Missed Example"}, {"email", "missed@example.com"}});
    json::value const sent =
        world.control("GET", "/lever/deliveries/" + world.hire(missed).at(0) + "?wait_ms=20000").value();
    EXPECT_EQ(text(sent, "/state"), "failed");
    EXPECT_EQ(text(sent, "/attempts/0/status"), "409");

    ASSERT_EQ(world.crosswalk({"routes", "start", route}).exit, 0);
    EXPECT_EQ(text(verify(world), "/results/0/verified"), "true");
    std::string const later = world.hire_new("Later Example");
    ASSERT_TRUE(eventually([&] { return world.has_note(later, "Exported to GoCo"); }));
    EXPECT_EQ(world.employees("Missed", "Example"), 0U);
    EXPECT_EQ(world.events().size(), 1U);
}

// A.22: stopped stays stopped over a restart.
TEST(StoppedRoute, IsStillStoppedAfterARestart) {
    World world;
    world.start_host();
    world.register_webhook();
    ASSERT_EQ(world.crosswalk({"routes", "stop", route}).exit, 0);
    EXPECT_EQ(world.stop_host(), 0);
    world.start_host();
    EXPECT_EQ(text(verify(world), "/results/0/status"), "409");
}

TEST(PausedRoute, TakesEventsAndDeliversThemWhenItIsResumed) {
    World world;
    world.start_host();
    world.register_webhook();
    ASSERT_EQ(world.crosswalk({"routes", "pause", route}).exit, 0);
    std::string const kept = world.hire_new("Kept Example");
    ASSERT_TRUE(eventually([&] { return world.delivery_state(1) == "pending"; }));
    EXPECT_EQ(number(world.conservation(), "/held"), 1);
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
    world.kill_host();
    world.start_host();
    EXPECT_EQ(world.delivery_state(1), "pending");
    EXPECT_EQ(world.employees("Kept", "Example"), 0U);
    ASSERT_EQ(world.crosswalk({"routes", "resume", route}).exit, 0);
    EXPECT_TRUE(eventually([&] { return world.has_note(kept, "Exported to GoCo"); }));
    EXPECT_EQ(world.employees("Kept", "Example"), 1U);
}

}  // namespace
}  // namespace crosswalk::scenarios

// The WOTC story, as config/lever-hrlogics has it: an application in Lever becomes an applicant in HRLogics, and what
// the survey decides becomes exactly one tag in Lever.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr char applications_token[] = "scenario-applications-token-71c2";
constexpr char callback_secret[] = "scenario-callback-secret-0f44e1";
constexpr char pre_qualified[] = "HRLogics-WOTC:Pre Qualified";
constexpr char not_qualified[] = "HRLogics-WOTC:Not Qualified";

// The example with the sandbox's addresses and credentials for the vendors' own, Lever by API key, webhooks by hand.
class WotcWorld : public World {
public:
    WotcWorld() : World(HRLOGICS_CONFIG) {
        write("connections/lever.yaml",
              "connection: lever\nconnector: lever\nsettings:\n  base_url: " + vendors_url() +
                  "/lever/v1\n  auth: { type: api_key, api_key: secret:file/lever-api-key }\n  webhooks:\n"
                  "    applicationCreated: { signature_token: secret:file/lever-application-token }\n");
        std::string const hrlogics = "connections/hrlogics.yaml";
        edit(hrlogics, "https://api.example.com", vendors_url() + "/hrlogics");
        edit(hrlogics, "secret:credential/hrlogics-api-token", "secret:file/hrlogics-api-token");
        edit(hrlogics, "secret:credential/hrlogics-webhook-secret", "secret:file/hrlogics-webhook-secret");
        append(hrlogics, "webhooks: manual\n");
        edit("crosswalk.yaml", "/var/lib/crosswalk/crosswalk.db", "crosswalk.db");
        edit("crosswalk.yaml", "secret:credential/store-key", "secret:file/store-key");
        edit("crosswalk.yaml", "secret:credential/admin-token", "secret:file/admin-token");
        for (char const* const route : {"lever-applications-to-hrlogics", "wotc-tags-to-lever"}) {
            append("routes/" + std::string(route) + ".yaml",
                   "retry: { attempts_max: 1000, first: 100ms, longest: 500ms }\n");
        }
        set_secret("lever-api-key", "lever-sandbox-key");
        set_secret("lever-application-token", applications_token);
        set_secret("hrlogics-api-token", "hrlogics-sandbox-token");
        set_secret("hrlogics-webhook-secret", callback_secret);
        set_secret("store-key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    }

    // The host runs, and both vendors know where to call.
    void begin(char const* secret = callback_secret) {
        start_host();
        (void)control("POST", "/lever/webhooks",
                      {{"event", "applicationCreated"}, {"url", hook_url()}, {"signature_token", applications_token}});
        (void)control("POST", "/hrlogics/callbacks", {{"url", hook_url("hrlogics")}, {"secret", secret}});
        (void)control("POST", "/hrlogics/settings", {{"tries", 1}, {"timeout_ms", 20'000}});
    }

    [[nodiscard]] json::array applicants() const {
        return list(control("GET", "/hrlogics/applicants").value(), "/applicants");
    }
    // Somebody applies; the opportunity's id once HRLogics has the applicant.
    [[nodiscard]] std::string apply(json::object const& fields) const {
        std::string opportunity = candidate(fields);
        auto const arrived = [&] {
            return number(control("GET", "/hrlogics/applicants?external_id=lever:opp:" + opportunity).value(),
                          "/count") == 1;
        };
        EXPECT_TRUE(eventually([&] { return arrived() && delivery_state(1) == "delivered"; }))
            << json::serialize(event(1));
        return opportunity;
    }
    // The applicant's survey is decided; the callback's delivery when it was answered.
    [[nodiscard]] json::value decide(json::object const& order, std::string const& applicant = "hrl_5501") const {
        json::value const done = control("POST", "/hrlogics/applicants/" + applicant + "/complete", order).value();
        return settled(text(done, "/deliveries/0"));
    }
    [[nodiscard]] json::value repeat(json::value const& delivery) const {
        Answer const again = control("POST", "/hrlogics/deliveries/" + text(delivery, "/id") + "/rerun");
        return settled(text(again.value(), "/delivery"));
    }
    [[nodiscard]] std::vector<std::string> tags(std::string const& opportunity) const {
        std::vector<std::string> found;
        Answer const answer = control("GET", "/lever/candidates/" + opportunity);
        for (json::value const& tag : list(answer.value(), "/opportunity/tags")) {
            found.emplace_back(tag.as_string());
        }
        return found;
    }
    [[nodiscard]] bool has_tag(std::string const& opportunity, std::string const& tag) const {
        std::vector<std::string> const all = tags(opportunity);
        return std::find(all.begin(), all.end(), tag) != all.end();
    }
    // How often Lever was told to put tags on.
    [[nodiscard]] std::size_t tags_written() const {
        return list(control("GET", "/requests?vendor=lever&path=/lever/v1/opportunities/*/addTags").value(),
                    "/requests")
            .size();
    }

private:
    [[nodiscard]] json::value settled(std::string const& delivery) const {
        return control("GET", "/hrlogics/deliveries/" + delivery + "?wait_ms=20000").value();
    }
};

// D.12 D.15 D.17 D.18 D.20
TEST(HrlogicsScenario, AnApplicationBecomesASurveyAndItsResultTheRightTag) {
    WotcWorld world;
    world.begin();
    std::string const opportunity =
        world.apply({{"name", "Wanda Example"}, {"email", "wanda@example.com"}, {"tags", {"kept"}}});
    EXPECT_EQ(world.applicants().size(), 1U);
    EXPECT_EQ(text(world.applicants()[0], "/email"), "wanda@example.com");
    EXPECT_EQ(text(world.applicants()[0], "/survey_status"), "sent");

    json::value const sent = world.decide({{"status", "Pre Qualified"}});
    EXPECT_EQ(text(sent, "/attempts/0/status"), "200") << json::serialize(sent);
    EXPECT_TRUE(eventually([&] { return world.has_tag(opportunity, pre_qualified); }));
    EXPECT_THAT(world.tags(opportunity), UnorderedElementsAre("kept", pre_qualified));
}

// D.20
TEST(HrlogicsScenario, ARepeatedCallbackPutsOnNoSecondTag) {
    WotcWorld world;
    world.begin();
    std::string const opportunity = world.apply({{"name", "Wanda Example"}, {"email", "wanda@example.com"}});
    json::value const sent = world.decide({{"status", "Pre Qualified"}});
    ASSERT_TRUE(eventually([&] { return world.has_tag(opportunity, pre_qualified); }));
    json::value const again = world.repeat(sent);
    EXPECT_EQ(text(again, "/attempts/0/status"), "200") << json::serialize(again);
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 0; }));
    EXPECT_THAT(world.tags(opportunity), UnorderedElementsAre(pre_qualified));
    EXPECT_EQ(world.tags_written(), 1U);
}

// D.18 D.20
TEST(HrlogicsScenario, AChangedStatusReplacesTheTagAndNoOther) {
    WotcWorld world;
    world.begin();
    std::string const opportunity =
        world.apply({{"name", "Wanda Example"}, {"email", "wanda@example.com"}, {"tags", {"kept"}}});
    (void)world.decide({{"status", "Pre Qualified"}});
    ASSERT_TRUE(eventually([&] { return world.has_tag(opportunity, pre_qualified); }));
    (void)world.decide({{"status", "not-qualified"}});
    EXPECT_TRUE(eventually(
        [&] { return world.has_tag(opportunity, not_qualified) && !world.has_tag(opportunity, pre_qualified); }));
    EXPECT_THAT(world.tags(opportunity), UnorderedElementsAre("kept", not_qualified));
}

// D.13
TEST(HrlogicsScenario, AnApplicationWithoutAnEmailAddressIsSkipped) {
    WotcWorld world;
    world.begin();
    (void)world.candidate({{"name", "Nomail Example"}});
    EXPECT_TRUE(eventually([&] { return world.delivery_state(1) == "skipped"; })) << json::serialize(world.event(1));
    EXPECT_THAT(json::serialize(world.event(1)), HasSubstr("missing e-mail"));
    EXPECT_TRUE(world.applicants().empty());
}

// D.19 D.22
TEST(HrlogicsScenario, NeitherAnUnknownStatusNorAnUnfinishedSurveyBecomesATag) {
    WotcWorld world;
    world.begin();
    std::string const opportunity =
        world.apply({{"name", "Wanda Example"}, {"email", "wanda@example.com"}, {"tags", {"kept"}}});
    for (json::object const& order : {json::object{{"status", "Pending Review"}},
                                      json::object{{"status", "Pre Qualified"}, {"submitted", false}}}) {
        (void)world.control("POST", "/hrlogics/applicants/hrl_5501/survey", {{"state", "opened"}});
        json::value const sent = world.decide(order);
        EXPECT_EQ(text(sent, "/attempts/0/status"), "200") << json::serialize(sent);
    }
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 0; }));
    EXPECT_THAT(world.tags(opportunity), UnorderedElementsAre("kept"));
    EXPECT_EQ(world.tags_written(), 0U);
}

// D.15
TEST(HrlogicsScenario, ALostAnswerMakesNoSecondApplicantAndStillLeadsToTheTag) {
    WotcWorld world;
    world.begin();
    world.fault({{"kind", "cut_after"}, {"vendor", "hrlogics"}, {"method", "POST"}});
    std::string const opportunity = world.apply({{"name", "Wanda Example"}, {"email", "wanda@example.com"}});
    EXPECT_EQ(world.applicants().size(), 1U);
    (void)world.decide({{"status", "Pre Qualified"}});
    EXPECT_TRUE(eventually([&] { return world.has_tag(opportunity, pre_qualified); }));
}

// D.17
TEST(HrlogicsScenario, ACallbackThatOvertakesTheAnswerToOurPushWaitsForIt) {
    WotcWorld world;
    world.begin();
    // HRLogics has the applicant long before the host has heard its answer to the end.
    world.fault(
        {{"kind", "drip"}, {"vendor", "hrlogics"}, {"method", "POST"}, {"drip_bytes", 64}, {"drip_gap_ms", 700}});
    std::string const opportunity = world.candidate({{"name", "Wanda Example"}, {"email", "wanda@example.com"}});
    ASSERT_TRUE(eventually([&] { return world.applicants().size() == 1; }));
    json::value const sent = world.decide({{"status", "Pre Qualified"}});
    EXPECT_EQ(text(sent, "/attempts/0/status"), "200") << json::serialize(sent);
    ASSERT_EQ(world.delivery_state(1), "in_flight") << "the answer came too soon for this test";
    EXPECT_TRUE(eventually([&] {
        return text(world.event(2), "/reason").find("linked with nothing yet") != std::string::npos;
    })) << json::serialize(world.event(2));
    EXPECT_TRUE(eventually([&] { return world.has_tag(opportunity, pre_qualified); }))
        << json::serialize(world.event(2));
    EXPECT_EQ(world.tags_written(), 1U);
}

// D.15 D.17
TEST(HrlogicsScenario, ACallbackWaitsForTheLookUpOfAPushWhoseAnswerWasLostInACrash) {
    WotcWorld world;
    world.begin();
    world.fault(
        {{"kind", "drip"}, {"vendor", "hrlogics"}, {"method", "POST"}, {"drip_bytes", 1}, {"drip_gap_ms", 700}});
    std::string const opportunity = world.candidate({{"name", "Wanda Example"}, {"email", "wanda@example.com"}});
    ASSERT_TRUE(eventually([&] { return world.applicants().size() == 1; }));
    world.kill_host();
    // The look-up fails at first, and the callback is here before it says what became of the push.
    world.fault({{"kind", "status"}, {"vendor", "hrlogics"}, {"method", "GET"}, {"count", 2}});
    world.start_host();
    json::value const sent = world.decide({{"status", "Pre Qualified"}});
    EXPECT_EQ(text(sent, "/attempts/0/status"), "200") << json::serialize(sent);
    EXPECT_TRUE(eventually([&] { return world.has_tag(opportunity, pre_qualified); }))
        << json::serialize(world.events());
    EXPECT_EQ(world.applicants().size(), 1U);
    EXPECT_EQ(world.tags_written(), 1U);
}

// D.9 D.17
TEST(HrlogicsScenario, ACallbackUnderAnotherSecretIsRefusedWith401) {
    WotcWorld world;
    world.begin("some-other-secret-than-ours");
    std::string const opportunity = world.apply({{"name", "Wanda Example"}, {"email", "wanda@example.com"}});
    json::value const sent = world.decide({{"status", "Pre Qualified"}});
    EXPECT_EQ(text(sent, "/attempts/0/status"), "401") << json::serialize(sent);
    EXPECT_EQ(world.events().size(), 1U) << "only the application";
    EXPECT_TRUE(world.tags(opportunity).empty());
}

}  // namespace
}  // namespace crosswalk::scenarios

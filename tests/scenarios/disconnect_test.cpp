// What the host keeps at the vendors and for them: webhooks that it makes, secrets that are replaced, and a connection
// that is taken out of use.
#include "scenarios/consent_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string token_of(json::value const& webhook) {
    return text(webhook, "/signature_token");
}

// Everything that the host keeps on disk.
std::string store_of(World const& world) {
    std::string all;
    for (auto const& entry : std::filesystem::directory_iterator(world.config())) {
        if (entry.is_regular_file() && entry.path().filename().string().starts_with("crosswalk.db")) {
            all += world.read(entry.path().filename().string());
        }
    }
    return all;
}

// The second line of what `rotate-secret` prints.
std::string new_secret(Said const& said) {
    std::size_t const begin = said.output.find('\n') + 1;
    return said.output.substr(begin, said.output.find('\n', begin) - begin);
}

// Lever's last delivery again, as it was sent: its status at the host.
std::string repeat_at_lever(World const& world) {
    json::value const last = world.control("GET", "/lever/deliveries?last=1").value();
    json::value const again = world.control("POST", "/lever/webhooks/rerun/" + text(last, "/deliveries/0/id")).value();
    std::string status;
    EXPECT_TRUE(eventually([&] {
        status =
            text(world.control("GET", "/lever/deliveries/" + text(again, "/delivery")).value(), "/attempts/0/status");
        return !status.empty();
    }));
    return status;
}

// D.6 D.7
TEST(WebhookAtLever, IsMadeByTheHostAndItsDeliveriesAreVerified) {
    ConsentWorld world;
    world.begin_connected();
    json::array const webhooks = world.lever_webhooks();
    ASSERT_EQ(webhooks.size(), 1U);
    ASSERT_THAT(token_of(webhooks[0]), Not(IsEmpty()));
    json::value const before = world.connection("lever");
    EXPECT_EQ(text(before, "/webhooks/events/0"), "application.created");
    EXPECT_EQ(text(before, "/last_event_at"), "") << "nothing has arrived yet";

    std::string const opportunity = world.apply("Wanda");
    EXPECT_TRUE(world.reaches_hrlogics(opportunity));
    EXPECT_NE(text(world.connection("lever"), "/last_event_at"), "");

    json::value const sent = world.control("GET", "/lever/deliveries?last=1").value();
    std::string changed = json::serialize(sent.at("deliveries").at(0).at("body"));
    std::size_t const at = changed.find("\"signature\":\"") + 13;
    changed[at] = changed[at] == '0' ? '1' : '0';
    EXPECT_EQ(world.hook(changed).status, 401);
}

// D.7 F.2: what Lever told once is sealed.
TEST(WebhookAtLever, HasATokenThatIsNotReadableInTheStore) {
    ConsentWorld world;
    world.begin_connected();
    ASSERT_TRUE(world.reaches_hrlogics(world.apply("Wanda")));
    std::string const token = token_of(world.lever_webhooks().at(0));
    std::string const secret = text(world.callbacks().at(0), "/secret");
    EXPECT_EQ(world.stop_host(), 0);
    std::string const stored = store_of(world);
    ASSERT_THAT(stored, HasSubstr("applicationCreated")) << "the search would find text";
    EXPECT_EQ(stored.find(token), std::string::npos);
    EXPECT_EQ(stored.find(secret), std::string::npos);
    world.start_host();
    EXPECT_TRUE(world.reaches_hrlogics(world.apply("Wilma"))) << "and is still known";
    EXPECT_EQ(token_of(world.lever_webhooks().at(0)), token);
}

// D.11
TEST(WebhookAtLever, ThatWasDeletedThereIsMadeAgainWithoutNewConsent) {
    ConsentWorld world;
    world.begin_connected();
    std::string const first = text(world.lever_webhooks().at(0), "/id");
    world.delete_lever_webhooks();
    Said const said = world.crosswalk({"connections", "subscribe", "lever"});
    EXPECT_THAT(said.output, HasSubstr("Webhooks of lever: made"));
    ASSERT_EQ(world.lever_webhooks().size(), 1U);
    EXPECT_NE(text(world.lever_webhooks().at(0), "/id"), first);
    EXPECT_TRUE(world.reaches_hrlogics(world.apply("Wanda")));

    world.delete_lever_webhooks();
    world.kill_host();
    world.start_host();
    EXPECT_TRUE(eventually([&] { return world.lever_webhooks().size() == 1; })) << "the host looks by itself";
    EXPECT_TRUE(world.reaches_hrlogics(world.apply("Wilma")));
    EXPECT_EQ(world.calls("lever", "/lever/authorize"), 1);
}

// D.11: while it cannot be made again, the console says so.
TEST(WebhookAtLever, ThatCannotBeMadeAgainIsShownUntilItIs) {
    ConsentWorld world;
    world.begin_connected();
    world.delete_lever_webhooks();
    world.fault(
        {{"kind", "status"}, {"vendor", "lever"}, {"method", "POST"}, {"path", "/lever/v1/webhooks"}, {"count", -1}});
    EXPECT_EQ(world.crosswalk({"connections", "subscribe", "lever"}).exit, 1);
    EXPECT_EQ(text(world.connection("lever"), "/webhooks/state"), "failed");
    EXPECT_THAT(text(world.connection("lever"), "/webhooks/reason"), HasSubstr("503"));
    EXPECT_THAT(world.crosswalk({"connections", "list"}).output, HasSubstr("failed"));
    world.clear_faults();
    (void)world.crosswalk({"connections", "subscribe", "lever"});
    EXPECT_EQ(text(world.connection("lever"), "/webhooks/state"), "made");
}

// D.8 D.10 D.11: a token in the settings says that a person makes the webhook.
TEST(WebhookAtLever, ThatAPersonMakesIsMissedWhenItIsGoneAndNeedsNoNewConsent) {
    ConsentWorld world;
    world.append("connections/lever.yaml",
                 "  webhooks:\n    applicationCreated: { signature_token: secret:file/lever-application-token }\n");
    world.set_secret("lever-application-token", "scenario-applications-token-71c2");
    world.begin();
    (void)world.consent();
    Said const missing = world.crosswalk({"connections", "subscribe", "lever"});
    EXPECT_EQ(missing.exit, 1);
    EXPECT_THAT(missing.output, HasSubstr("Lever has none with this address"));
    EXPECT_TRUE(world.lever_webhooks().empty());

    (void)world.control("POST", "/lever/webhooks",
                        {{"event", "applicationCreated"},
                         {"url", world.hook_url()},
                         {"signature_token", "scenario-applications-token-71c2"}});
    EXPECT_EQ(world.crosswalk({"connections", "subscribe", "lever"}).exit, 0);
    EXPECT_TRUE(world.reaches_hrlogics(world.apply("Wanda")));
    EXPECT_EQ(world.calls("lever", "/lever/authorize"), 1);
}

// HRLogics' callback was entered there by a person, with a secret of the host's, and an applicant is there.
std::string begin_by_hand(ConsentWorld const& world) {
    Said const said = world.crosswalk({"connections", "rotate-secret", "hrlogics", "/webhook_secret"});
    EXPECT_EQ(said.exit, 0) << said.errors;
    (void)world.control("POST", "/hrlogics/callbacks",
                        {{"url", world.hook_url("hrlogics")}, {"secret", new_secret(said)}});
    (void)world.consent();
    EXPECT_TRUE(eventually([&] { return world.lever_has_our_webhook(); }));
    std::string opportunity = world.apply("Wanda");
    EXPECT_TRUE(world.reaches_hrlogics(opportunity));
    return opportunity;
}

// D.9
TEST(RotatedSecret, MakesTheOldSignatureInvalidAtOnce) {
    ConsentWorld world;
    world.append("connections/hrlogics.yaml", "webhooks: manual\n");
    world.begin();
    std::string const opportunity = begin_by_hand(world);
    Said const said = world.crosswalk({"connections", "rotate-secret", "hrlogics", "/webhook_secret"});
    ASSERT_EQ(said.exit, 0) << said.errors;
    EXPECT_THAT(said.output, HasSubstr("The old one is invalid now."));
    EXPECT_EQ(world.decide(), "401") << "HRLogics still signs with the old one";
    EXPECT_EQ(world.events().size(), 1U) << "only the application";

    (void)world.control("POST", "/hrlogics/callbacks/rotate", {{"secret", new_secret(said)}});
    EXPECT_EQ(world.repeat_callback(), "200") << "signed with the new one";
    EXPECT_TRUE(world.gets_the_tag(opportunity));
}

// D.9
TEST(RotatedSecret, LeavesTheOldSignatureValidOnlyUntilTheGraceIsOver) {
    ConsentWorld world;
    world.append("connections/hrlogics.yaml", "webhooks: manual\n");
    world.begin();
    std::string const opportunity = begin_by_hand(world);
    Said const said = world.crosswalk({"connections", "rotate-secret", "hrlogics", "/webhook_secret", "--grace", "3s"});
    ASSERT_EQ(said.exit, 0) << said.errors;
    EXPECT_THAT(said.output, HasSubstr("The old one is valid for 3s."));
    EXPECT_EQ(world.decide(), "200");
    EXPECT_TRUE(world.gets_the_tag(opportunity));
    EXPECT_TRUE(eventually([&] { return world.repeat_callback() == "401"; }));
}

// D.8 D.9: where the host registered the callback, HRLogics learns the new secret from the host.
TEST(RotatedSecret, IsToldToHrlogicsWhenTheHostSubscribes) {
    ConsentWorld world;
    world.begin_connected();
    std::string const opportunity = world.apply("Wanda");
    ASSERT_TRUE(world.reaches_hrlogics(opportunity));
    Said const said = world.crosswalk({"connections", "rotate-secret", "hrlogics", "/webhook_secret"});
    ASSERT_EQ(said.exit, 0) << said.errors;
    EXPECT_TRUE(eventually([&] { return text(world.callbacks().at(0), "/secret") == new_secret(said); }));
    EXPECT_EQ(world.callbacks().size(), 1U);
    EXPECT_EQ(world.decide(), "200");
    EXPECT_TRUE(world.gets_the_tag(opportunity));
}

// D.8 D.9: Lever chooses its tokens itself, so a new one comes with a new webhook.
TEST(RotatedSecret, OfLeverComesWithANewWebhookWhereTheHostMakesIt) {
    ConsentWorld world;
    world.begin_connected();
    ASSERT_TRUE(world.reaches_hrlogics(world.apply("Wanda")));
    std::string const old_token = token_of(world.lever_webhooks().at(0));
    ASSERT_EQ(
        world.crosswalk({"connections", "rotate-secret", "lever", "/webhooks/applicationCreated/signature_token"}).exit,
        0);
    EXPECT_TRUE(eventually([&] {
        json::array const webhooks = world.lever_webhooks();
        return webhooks.size() == 1 && token_of(webhooks[0]) != old_token;
    }));
    EXPECT_EQ(repeat_at_lever(world), "401") << "the old token counts no longer";
    EXPECT_TRUE(world.reaches_hrlogics(world.apply("Wilma")));
}

// D.9: what the settings name is replaced where it is kept.
TEST(RotatedSecret, IsRefusedWhereTheSettingsNameOne) {
    ConsentWorld world;
    world.append("connections/hrlogics.yaml", "  webhook_secret: secret:file/hrlogics-webhook-secret\n");
    world.set_secret("hrlogics-webhook-secret", "scenario-callback-secret-0f44e1");
    world.begin_connected();
    Said const said = world.crosswalk({"connections", "rotate-secret", "hrlogics", "/webhook_secret"});
    EXPECT_NE(said.exit, 0);
    EXPECT_THAT(said.errors, HasSubstr("The settings name a secret at /webhook_secret"));
    EXPECT_NE(world.crosswalk({"connections", "rotate-secret", "hrlogics", "/base_url"}).exit, 0);
    EXPECT_EQ(text(world.callbacks().at(0), "/secret"), "scenario-callback-secret-0f44e1");
}

// D.23 A.44
TEST(Disconnecting, RemovesTheWebhookAtLeverAndTakesNoMore) {
    ConsentWorld world;
    world.begin_connected();
    std::string const opportunity = world.apply("Wanda");
    ASSERT_TRUE(world.reaches_hrlogics(opportunity));
    Said const asked = world.crosswalk({"connections", "disconnect", "lever"});
    EXPECT_EQ(asked.exit, 64) << "nothing happens unless it is confirmed";
    EXPECT_EQ(world.connection_state("lever"), "connected");
    ASSERT_EQ(world.lever_webhooks().size(), 1U);

    Said const done = world.crosswalk({"connections", "disconnect", "lever", "--yes"});
    EXPECT_EQ(done.exit, 0) << done.errors;
    EXPECT_TRUE(world.lever_webhooks().empty());
    EXPECT_EQ(world.connection_state("lever"), "removed");
    EXPECT_EQ(repeat_at_lever(world), "410");
    std::int64_t const calls = world.calls("lever", "/lever/**");
    EXPECT_EQ(world.decide(), "200");
    ASSERT_TRUE(eventually([&] { return world.events().size() == 2; }));
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 1; }));
    world.kill_host();
    world.start_host();
    EXPECT_EQ(world.connection_state("lever"), "removed");
    EXPECT_EQ(world.hook("{}").status, 410);
    EXPECT_EQ(world.calls("lever", "/lever/**"), calls) << "no call after the disconnect";
}

// D.23
TEST(Disconnecting, ThatFailsAtLeverSaysSoChangesNothingAndCanBeTriedAgain) {
    ConsentWorld world;
    world.begin_connected();
    world.fault({{"kind", "status"},
                 {"vendor", "lever"},
                 {"method", "DELETE"},
                 {"path", "/lever/v1/webhooks/*"},
                 {"count", -1}});
    Said const failed = world.crosswalk({"connections", "disconnect", "lever", "--yes"});
    EXPECT_NE(failed.exit, 0);
    EXPECT_THAT(failed.errors, HasSubstr("The webhooks at the vendor could not be removed"));
    EXPECT_EQ(world.connection_state("lever"), "connected");
    EXPECT_TRUE(world.reaches_hrlogics(world.apply("Wanda"))) << "it still works";

    world.clear_faults();
    EXPECT_EQ(world.crosswalk({"connections", "disconnect", "lever", "--yes"}).exit, 0);
    EXPECT_TRUE(world.lever_webhooks().empty());
    EXPECT_EQ(world.crosswalk({"connections", "disconnect", "lever", "--yes"}).exit, 0) << "once more does no harm";
}

// D.23 D.24 D.25: with the consent gone, only a person can remove the webhook.
TEST(Disconnecting, IsPossibleByForceWhenLeverNoLongerListens) {
    ConsentWorld world;
    world.begin_connected();
    ASSERT_TRUE(world.reaches_hrlogics(world.apply("Wanda")));
    std::string const begun = world.authorize_address();
    (void)world.control("POST", "/lever/oauth/revoke");
    EXPECT_NE(world.crosswalk({"connections", "disconnect", "lever", "--yes"}).exit, 0);
    EXPECT_EQ(world.crosswalk({"connections", "disconnect", "lever", "--yes", "--force"}).exit, 0);
    EXPECT_EQ(world.connection_state("lever"), "removed");
    ASSERT_EQ(world.lever_webhooks().size(), 1U);
    EXPECT_EQ(repeat_at_lever(world), "410");

    ASSERT_EQ(world.crosswalk({"connections", "connect", "lever"}).exit, 0);
    EXPECT_EQ(repeat_at_lever(world), "401") << "the webhook that stayed there is not believed";
    EXPECT_EQ(browse(begun).status, 400) << "a consent begun before is void";
    EXPECT_EQ(world.connection_state("lever"), "needs_authorization");
}

// D.24
TEST(Disconnecting, MakesTheNextUseACompletelyNewSetUp) {
    ConsentWorld world;
    world.begin_connected();
    std::string const early = world.apply("Wanda");
    ASSERT_TRUE(world.reaches_hrlogics(early));
    std::string const old_token = token_of(world.lever_webhooks().at(0));
    std::string const old_address = world.authorize_address();
    ASSERT_EQ(world.crosswalk({"connections", "disconnect", "lever", "--yes"}).exit, 0);
    Said const refused = world.crosswalk({"connections", "authorize", "lever"});
    EXPECT_NE(refused.exit, 0);
    EXPECT_THAT(refused.errors, HasSubstr("crosswalk connections connect lever"));
    EXPECT_NE(world.crosswalk({"connections", "subscribe", "lever"}).exit, 0);
    EXPECT_NE(world.crosswalk({"connections", "resume", "lever"}).exit, 0);
    EXPECT_EQ(browse(old_address).status, 400) << "a consent begun before is void";

    EXPECT_EQ(world.crosswalk({"connections", "connect", "lever"}).exit, 0);
    EXPECT_EQ(world.connection_state("lever"), "needs_authorization") << "the tokens are gone";
    EXPECT_EQ(repeat_at_lever(world), "401") << "the old signature token counts no longer";
    std::int64_t const calls = world.calls("lever", "/lever/**");
    EXPECT_EQ(world.decide(), "200");
    ASSERT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 1; }));
    EXPECT_EQ(world.calls("lever", "/lever/**"), calls) << "nothing is pushed before the new consent";

    (void)world.consent();
    EXPECT_TRUE(eventually([&] { return world.lever_has_our_webhook(); }));
    EXPECT_NE(token_of(world.lever_webhooks().at(0)), old_token);
    EXPECT_TRUE(world.reaches_hrlogics(world.apply("Willa")));
    EXPECT_TRUE(world.gets_the_tag(early)) << "links outlive a disconnect";
}

// D.12 D.17
TEST(ClientCredentials, BringApplicationsToHrlogicsAndCallbacksBack) {
    ConsentWorld world(ConsentWorld::HrlogicsAuth::client_credentials);
    world.begin_connected();
    EXPECT_EQ(world.connection_state("hrlogics"), "connected");
    ASSERT_EQ(world.callbacks().size(), 1U);
    EXPECT_EQ(text(world.callbacks().at(0), "/url"), world.hook_url("hrlogics"));
    EXPECT_GE(text(world.callbacks().at(0), "/secret").size(), 16U);
    std::string const opportunity = world.apply("Wanda");
    EXPECT_TRUE(world.reaches_hrlogics(opportunity));
    EXPECT_EQ(world.decide(), "200");
    EXPECT_TRUE(world.gets_the_tag(opportunity));
    EXPECT_EQ(world.calls("hrlogics", "/hrlogics/token"), 1);
}

// D.12
TEST(ClientCredentials, GetANewTokenWhenHrlogicsRefusesTheOldOne) {
    ConsentWorld world(ConsentWorld::HrlogicsAuth::client_credentials);
    world.begin_connected();
    for (char const* const name : {"Wanda", "Wilma"}) {
        (void)world.control("POST", "/hrlogics/tokens/revoke");
        EXPECT_TRUE(world.reaches_hrlogics(world.apply(name)));
    }
    EXPECT_EQ(world.connection_state("hrlogics"), "connected");
    EXPECT_EQ(world.calls("hrlogics", "/hrlogics/token"), 3);
}

// D.25: a client that HRLogics does not know pauses the connection, and nothing is lost.
TEST(ClientCredentials, ThatAreWrongPauseTheConnectionUntilTheyAreRight) {
    ConsentWorld world(ConsentWorld::HrlogicsAuth::client_credentials);
    world.set_secret("hrlogics-client-secret", "scenario-wrong-secret-9d21");
    world.begin();
    (void)world.consent();
    ASSERT_TRUE(eventually([&] { return world.lever_has_our_webhook(); }));
    std::string const opportunity = world.apply("Wanda");
    ASSERT_TRUE(eventually([&] { return world.connection_state("hrlogics") == "needs_reauth"; }));
    EXPECT_THAT(text(world.connection("hrlogics"), "/reason"), HasSubstr("invalid_client"));
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 1; }));

    world.set_secret("hrlogics-client-secret", "hrlogics-sandbox-secret");
    EXPECT_TRUE(eventually([&] {
        (void)world.crosswalk({"connections", "resume", "hrlogics"});
        return world.connection_state("hrlogics") == "connected";
    }));
    EXPECT_TRUE(world.reaches_hrlogics(opportunity));
}

}  // namespace
}  // namespace crosswalk::scenarios

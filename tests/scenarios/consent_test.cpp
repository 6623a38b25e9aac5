// A person's consent at Lever and the tokens that come of it: before, while it lasts, and when it is taken back.
#include "scenarios/consent_world.hpp"
#include "scenarios/mail_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The last address of a visit: the host's own page, with code and state.
std::string const& callback_of(Visit const& visit) {
    return visit.addresses.back();
}

std::string parameter(std::string const& address, std::string const& name) {
    std::size_t const at = address.find(name + "=");
    return at == std::string::npos ? std::string()
                                   : address.substr(at + name.size() + 1, address.find('&', at) - at - name.size() - 1);
}

// D.3 D.4 D.5
TEST(Consent, ListsThePermissionsAndConnectsWhenThePersonAgrees) {
    ConsentWorld world;
    world.begin();
    EXPECT_EQ(world.connection_state("lever"), "needs_authorization");
    Said const said = world.crosswalk({"connections", "authorize", "lever"});
    EXPECT_EQ(said.exit, 0) << said.errors;
    EXPECT_THAT(said.output, HasSubstr("The vendor will ask for these permissions:"));
    EXPECT_THAT(said.output, HasSubstr("  Read candidates and change their tags\n"));
    EXPECT_THAT(said.output, HasSubstr("  Make and remove the webhooks of this connection\n"));
    EXPECT_THAT(said.output, HasSubstr(world.vendors_url() + "/lever/authorize?"));

    Visit const visit = world.consent();
    EXPECT_EQ(callback_of(visit).find(world.hook_url().substr(0, world.hook_url().find("/hooks/"))), 0U);
    EXPECT_EQ(world.connection_state("lever"), "connected");
    EXPECT_THAT(world.crosswalk({"connections", "list"}).output, HasSubstr("connected"));
    EXPECT_NE(text(world.connection("lever"), "/connected_at"), "");
}

// D.3 D.5
TEST(Consent, IsWaitedForBeforeAnythingIsAskedOfLever) {
    ConsentWorld world;
    std::string const posting =
        text(world.control("POST", "/lever/postings", {{"text", "Nurse"}}).value(), "/posting_id");
    world.write("routes/asking.yaml",
                "route: asking\ntitle: Ask Lever for applications\nenabled: true\n"
                "from: { connection: lever, event: application.changed, select: { posting: \"" +
                    posting + "\" } }\nto: { connection: hrlogics, action: create_applicant }\n");
    world.begin();
    std::string const opportunity =
        world.candidate({{"name", "Wanda Example"}, {"email", "wanda@example.com"}, {"posting", posting}});
    Said const run = world.crosswalk({"routes", "run", "asking"});
    EXPECT_EQ(run.exit, 65) << run.output;
    EXPECT_THAT(run.errors, HasSubstr("crosswalk connections authorize lever"));
    Said const subscribed = world.crosswalk({"connections", "subscribe", "lever"});
    EXPECT_EQ(subscribed.exit, 1);
    EXPECT_THAT(subscribed.output, HasSubstr("failed"));
    EXPECT_EQ(world.calls("lever", "/lever/v1/**"), 0) << "nothing is tried without a token";
    EXPECT_TRUE(world.lever_webhooks().empty());

    (void)world.consent();
    EXPECT_EQ(world.crosswalk({"routes", "run", "asking"}).exit, 0);
    EXPECT_TRUE(world.reaches_hrlogics(opportunity));
}

// D.3
TEST(Consent, ThatIsRefusedIsSaidOnThePageAndStoresNothing) {
    ConsentWorld world;
    world.begin();
    (void)world.control("POST", "/lever/oauth", {{"refuses", true}});
    Visit const refused = browse(world.authorize_address());
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.page, HasSubstr("Consent was refused; nothing was stored."));
    EXPECT_EQ(world.connection_state("lever"), "needs_authorization");
    EXPECT_EQ(text(world.connection("lever"), "/connected_at"), "");
    EXPECT_EQ(world.calls("lever", "/lever/oauth/token"), 0);
    EXPECT_EQ(browse(callback_of(refused)).status, 400) << "the answer is used up";

    (void)world.control("POST", "/lever/oauth", {{"refuses", false}});
    (void)world.consent();
    EXPECT_EQ(world.connection_state("lever"), "connected");
}

// D.3
TEST(Consent, WhoseStateIsUnknownReplacedOrUsedIsRefused) {
    ConsentWorld world;
    world.begin();
    std::string const replaced = world.authorize_address();
    Visit const good = world.consent();
    ASSERT_EQ(world.calls("lever", "/lever/oauth/token"), 1);

    std::string const before = callback_of(good).substr(0, callback_of(good).find('?'));
    std::string const unknown = before + "?code=" + parameter(callback_of(good), "code") + "&state=made-up";
    for (std::string const& address : {callback_of(good), replaced, unknown, before, before + "?state=&code=x"}) {
        Visit const visit = browse(address);
        EXPECT_EQ(visit.status, 400) << address;
        EXPECT_THAT(visit.page, HasSubstr("belongs to no consent that is under way"));
        EXPECT_THAT(visit.page, Not(HasSubstr("made-up")));
    }
    EXPECT_EQ(world.calls("lever", "/lever/oauth/token"), 1) << "no code was taken to Lever";
    EXPECT_EQ(world.connection_state("lever"), "connected");
}

// D.3: a person may take longer than the host lives.
TEST(Consent, MayBeGivenAfterTheHostWasKilledAndStartedAgain) {
    ConsentWorld world;
    world.begin();
    std::string const address = world.authorize_address();
    world.kill_host();
    world.start_host();
    EXPECT_EQ(browse(address).status, 200);
    EXPECT_EQ(world.connection_state("lever"), "connected");
}

// D.3: the vendor out of order is no refusal, and the person can begin again.
TEST(Consent, WhoseCodeLeverDoesNotTakeLeavesTheConnectionWaiting) {
    ConsentWorld world;
    world.begin();
    world.fault({{"kind", "status"}, {"vendor", "lever"}, {"path", "/lever/oauth/token"}});
    Visit const visit = browse(world.authorize_address());
    EXPECT_EQ(visit.status, 502);
    EXPECT_THAT(visit.page, HasSubstr("Begin again."));
    EXPECT_EQ(world.connection_state("lever"), "needs_authorization");
    (void)world.consent();
    EXPECT_EQ(world.connection_state("lever"), "connected");
}

// D.3
TEST(Tokens, ThatEndedAreRenewedAlsoAfterTheHostWasKilled) {
    ConsentWorld world;
    world.begin_connected();
    for (char const* const name : {"Wanda", "Wilma", "Willa"}) {
        (void)world.control("POST", "/lever/oauth/expire");
        EXPECT_TRUE(world.reaches_hrlogics(world.apply(name))) << name;
        world.kill_host();
        world.start_host();
    }
    EXPECT_EQ(world.connection_state("lever"), "connected");
    EXPECT_GE(world.calls("lever", "/lever/oauth/token"), 4) << "the code, then a refresh token for each end";
    EXPECT_EQ(world.calls("lever", "/lever/authorize"), 1) << "nobody was asked again";
}

// D.3: each refresh token works once, so two that renew at a time would end the access.
TEST(Tokens, OfOneConnectionAreRenewedByOneAtATime) {
    ConsentWorld world;
    (void)world.control("POST", "/lever/oauth", {{"expires_in_s", 1}});
    world.begin_connected();
    std::vector<std::string> opportunities;
    for (char const* const name : {"Wanda", "Wilma", "Willa", "Wendy", "Wiebke", "Winnie"}) {
        opportunities.push_back(world.apply(name));
    }
    for (std::string const& opportunity : opportunities) {
        EXPECT_TRUE(world.reaches_hrlogics(opportunity));
    }
    EXPECT_EQ(world.connection_state("lever"), "connected");
    EXPECT_EQ(world.calls("lever", "/lever/oauth/token&status=400"), 0);
}

// D.25: Lever has taken the refresh token, and its answer with the next one is lost.
TEST(Tokens, WhoseRenewalWasLostOnTheWayNeedANewConsentAndLoseNothing) {
    ConsentWorld world;
    world.begin_connected();
    (void)world.control("POST", "/lever/oauth/expire");
    world.fault({{"kind", "cut_after"}, {"vendor", "lever"}, {"path", "/lever/oauth/token"}});
    std::string const opportunity = world.apply("Wanda");
    ASSERT_TRUE(eventually([&] { return world.connection_state("lever") == "needs_reauth"; }));
    EXPECT_EQ(number(world.conservation(), "/held"), 1);
    (void)world.consent();
    EXPECT_TRUE(world.reaches_hrlogics(opportunity));
}

// D.25 E.36
TEST(RevokedConsent, PausesTellsAndKeepsEverythingUntilItIsGivenAgain) {
    MailSink sink;
    ConsentWorld world;
    world.append("crosswalk.yaml",
                 "notify:\n  email:\n    to: [hr-ops@example.com]\n    smtp: { host: 127.0.0.1, port: " +
                     std::to_string(sink.port()) + ", from: crosswalk@example.com, starttls: false }\n");
    world.begin_connected();
    std::string const early = world.apply("Wanda");
    ASSERT_TRUE(world.reaches_hrlogics(early));

    (void)world.control("POST", "/lever/oauth/revoke");
    std::string const one = world.apply("Wilma");
    ASSERT_TRUE(eventually([&] { return world.connection_state("lever") == "needs_reauth"; }));
    EXPECT_THAT(text(world.connection("lever"), "/reason"), Not(IsEmpty()));
    EXPECT_TRUE(eventually([&] { return sink.mails().size() == 1; }));
    ASSERT_FALSE(sink.mails().empty());
    EXPECT_THAT(sink.mails().front().text, HasSubstr("crosswalk connections authorize lever"));
    std::string const two = world.apply("Willa");
    EXPECT_EQ(world.decide(), "200") << "HRLogics is heard all the same";
    ASSERT_TRUE(eventually([&] { return world.events().size() == 4; }));
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 3; }));
    world.kill_host();
    world.start_host();
    EXPECT_EQ(world.connection_state("lever"), "needs_reauth");
    EXPECT_EQ(number(world.conservation(), "/held"), 3);

    (void)world.consent();
    EXPECT_TRUE(world.reaches_hrlogics(one));
    EXPECT_TRUE(world.reaches_hrlogics(two));
    EXPECT_TRUE(world.gets_the_tag(early));
    EXPECT_EQ(world.connection_state("lever"), "connected");
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/held") == 0; }));
    EXPECT_EQ(world.lever_webhooks().size(), 1U) << "no second webhook";
    EXPECT_EQ(sink.mails().size(), 1U);
}

// Whether there is a run of exactly 40 hexadecimal digits, as Lever's codes, access and refresh tokens are.
bool holds_a_token(std::string const& text) {
    std::size_t run = 0;
    for (char const c : text + ".") {
        if (std::isxdigit(static_cast<unsigned char>(c)) != 0) {
            ++run;
            continue;
        }
        if (run == 40) {
            return true;
        }
        run = 0;
    }
    return false;
}

// What the host tells people and machines; `authorize` and `rotate-secret` exist to tell a secret and are left out.
std::string everything_told(ConsentWorld const& world) {
    std::string told;
    for (char const* const path : {"/metrics", "/api/v1/connections", "/api/v1/connectors", "/api/v1/routes",
                                   "/api/v1/events", "/api/v1/dead", "/api/v1/conservation"}) {
        told += world.admin("GET", path).body;
    }
    for (json::value const& event : world.events()) {
        std::string const id = text(event, "/id");
        told += world.admin("GET", "/api/v1/events/" + id).body;
        told += world.crosswalk({"events", "show", id}).output + world.crosswalk({"events", "explain", id}).output;
    }
    for (char const* const connection : {"lever", "hrlogics"}) {
        for (char const* const verb : {"check", "subscribe"}) {
            Said const said = world.crosswalk({"connections", verb, connection});
            told += said.output + said.errors;
        }
    }
    return told + world.crosswalk({"connections", "list"}).output;
}

// D.3 D.7 F.2
TEST(ConsentPrivacy, KeepsTokensSecretsCodesAndStatesOutOfLogAndAnswers) {
    ConsentWorld world(ConsentWorld::HrlogicsAuth::client_credentials);
    world.append("crosswalk.yaml", "log: { level: debug }\n");
    world.begin();
    std::vector<std::string> canaries{"lever-sandbox-secret", "hrlogics-sandbox-secret", "canary-said", "hrl-"};
    std::string told;
    auto const visit = [&](Visit const& one) {
        canaries.push_back(parameter(callback_of(one), "state"));
        if (std::string const code = parameter(callback_of(one), "code"); !code.empty()) {
            canaries.push_back(code);
        }
        told += one.page + browse(callback_of(one)).page;
    };

    // A vendor that repeats in its refusal what it was sent; a person who refuses; then consent.
    world.fault({{"kind", "status"},
                 {"vendor", "lever"},
                 {"path", "/lever/oauth/token"},
                 {"status", 400},
                 {"body", R"({"error":"canary-said","error_description":"canary-said"})"}});
    visit(browse(world.authorize_address()));
    (void)world.control("POST", "/lever/oauth", {{"refuses", true}});
    visit(browse(world.authorize_address()));
    (void)world.control("POST", "/lever/oauth", {{"refuses", false}});
    visit(world.consent());
    ASSERT_TRUE(eventually([&] { return world.lever_has_our_webhook() && world.callbacks().size() == 1; }));
    canaries.push_back(text(world.lever_webhooks().at(0), "/signature_token"));
    canaries.push_back(text(world.callbacks().at(0), "/secret"));

    // Tokens that end, both ways of data, a secret that is replaced, and the consent taken back.
    (void)world.control("POST", "/lever/oauth/expire");
    (void)world.control("POST", "/hrlogics/tokens/revoke");
    std::string const opportunity = world.apply("Wanda");
    ASSERT_TRUE(world.reaches_hrlogics(opportunity));
    ASSERT_EQ(world.decide(), "200");
    ASSERT_TRUE(world.gets_the_tag(opportunity));
    std::string const rotated = world.crosswalk({"connections", "rotate-secret", "hrlogics", "/webhook_secret"}).output;
    told += everything_told(world);
    canaries.push_back(text(world.callbacks().at(0), "/secret"));
    EXPECT_THAT(rotated, HasSubstr(canaries.back())) << "subscribe told HRLogics the new one";
    (void)world.control("POST", "/lever/oauth/revoke");
    (void)world.apply("Wilma");
    ASSERT_TRUE(eventually([&] { return world.connection_state("lever") == "needs_reauth"; }));
    told += everything_told(world);
    Said const ended = world.crosswalk({"connections", "disconnect", "lever", "--yes", "--force"});
    told += ended.output + ended.errors + everything_told(world);
    EXPECT_EQ(world.stop_host(), 0);

    EXPECT_THAT(told, HasSubstr("needs_reauth"));
    EXPECT_THAT(world.log(), HasSubstr("A connection is disconnected."));
    for (std::string const& canary : canaries) {
        ASSERT_GE(canary.size(), 4U);
        EXPECT_THAT(told, Not(HasSubstr(canary)));
        EXPECT_THAT(world.log(), Not(HasSubstr(canary)));
    }
    EXPECT_FALSE(holds_a_token(told));
    EXPECT_FALSE(holds_a_token(world.log()));
}

}  // namespace
}  // namespace crosswalk::scenarios

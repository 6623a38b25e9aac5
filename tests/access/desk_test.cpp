#include "access/desk.hpp"

#include "access/callback.hpp"
#include "access_room.hpp"
#include "store/links.hpp"
#include "support/fake_connector.hpp"
#include "vault/random.hpp"
#include <crosswalk/connector.h>

#include <boost/json/parse.hpp>

namespace crosswalk::access {
namespace {

using model::Error;
using model::ErrorCode;
using model::Secret;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

struct DeskTest : AccessRoom {
    support::FakeConnector connector;
    boost::json::value settings = boost::json::parse(R"({"api_key":"secret:file/key"})");
    std::unique_ptr<TokenKeeper> tokens = keeper();
    KeptSecrets secrets{"lever", sealed, sealer, clock};
    Consent consent{"lever", sealed, sealer, clock};
    std::unique_ptr<Subscriptions> subscriptions;
    std::unique_ptr<Desk> desk;
    std::optional<Error> vendor_refuses;
    int subscribed = 0;
    int unsubscribed = 0;
    int woken = 0;
    std::vector<std::string> mails;

    DeskTest() {
        connector.info().caps = CW_CAP_WEBHOOK | CW_CAP_OAUTH | CW_CAP_SUBSCRIBE;
        connector.info().secrets = {"/api_key", "/webhook_secret"};
        connector.on_subscribe = [this](auto const&, auto const&) -> model::Result<plugin_host::ProbeReport> {
            ++subscribed;
            return plugin_host::ProbeReport{};
        };
        connector.on_unsubscribe = [this]() -> model::Result<void> {
            ++unsubscribed;
            return vendor_refuses ? model::Result<void>(*vendor_refuses) : model::Result<void>();
        };
        make("https://hooks.example.com/oauth/callback");
    }
    void make(std::string redirect_uri) {
        desk.reset();
        std::map<std::string, Subscriber> subscribers;
        subscribers.emplace("lever", Subscriber{connector, Secret("https://hooks.example.com/hooks/lever"),
                                                [] { return std::vector<std::string>{"application.created"}; }});
        subscriptions = std::make_unique<Subscriptions>(std::move(subscribers), store.state, clock, store.logger());
        desk = std::make_unique<Desk>(Desk::Parts{
            {{"lever", Account{&connector, &settings, tokens.get(), &secrets, &consent}}, {"goco", Account{}}},
            std::move(redirect_uri),
            *subscriptions,
            sealed,
            store.state,
            clock,
            store.logger(),
            [this] { ++woken; },
            [this](std::string const& connection, std::string const& reason) {
                mails.push_back(connection + ": " + reason);
            }});
    }
    // The value of a parameter of the address that authorize() gives.
    std::string begin(std::string const& parameter = "state") {
        std::string const url = desk->authorize("lever").value().authorize_url;
        std::size_t const at = url.find(parameter + "=") + parameter.size() + 1;
        return url.substr(at, url.find('&', at) - at);
    }
    http::Response call_back(std::string const& query, std::string const& method = "GET") {
        return answer_callback(*desk, {method, "/oauth/callback?" + query, {}, {}, "127.0.0.1"});
    }
    void authorize() {
        vendor.grant("access-1", "refresh-1");
        ASSERT_EQ(call_back("code=c&state=" + begin()).status, 200);
    }
};

// D.3, D.4
TEST_F(DeskTest, SendsAPersonToTheVendorWithStateAndChallengeAndTheListOfPermissions) {
    auto const request = desk->authorize("lever");
    ASSERT_TRUE(request);
    EXPECT_THAT(request->authorize_url,
                HasSubstr("https://auth.example.com/authorize?response_type=code&client_id=client-1&redirect_uri="
                          "https%3A%2F%2Fhooks.example.com%2Foauth%2Fcallback&scope=people%3Aread%20offline_access&"
                          "state="));
    EXPECT_THAT(request->authorize_url, HasSubstr("&code_challenge_method=S256"));
    EXPECT_THAT(request->permissions, ElementsAre("Read people"));
    EXPECT_EQ(request->expires_at, clock.now() + std::chrono::minutes(10));
    EXPECT_EQ(begin().size(), 43U);
    EXPECT_NE(begin(), begin());
}

// D.3
TEST_F(DeskTest, ConnectsWhenThePersonComesBackAndResumesWhatWaited) {
    desk->start();
    ASSERT_TRUE(store.state.connection("lever")->paused);
    EXPECT_EQ(desk->view("lever").state, "needs_authorization");
    vendor.grant("access-1", "refresh-1");
    auto const page = call_back("code=code-1&state=" + begin());
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("Connected"));
    EXPECT_THAT(page.body, Not(HasSubstr("<script")));
    EXPECT_FALSE(store.state.connection("lever")->paused);
    EXPECT_EQ(desk->view("lever").state, "connected");
    EXPECT_EQ(text(tokens->current()), "access-1");
    EXPECT_EQ(woken, 1);
    subscriptions->look();
    EXPECT_EQ(subscribed, 1);
}

TEST_F(DeskTest, ProvesWithTheVerifierThatItBeganTheConsent) {
    auto const challenge = begin("code_challenge");
    std::string const url = desk->authorize("lever").value().authorize_url;
    vendor.grant("access-1", "refresh-1");
    std::size_t const at = url.find("state=") + 6;
    ASSERT_EQ(call_back("code=c&state=" + url.substr(at, url.find('&', at) - at)).status, 200);
    std::string const body = vendor.last_body();
    std::string const verifier = body.substr(body.find("code_verifier=") + 14, 43);
    EXPECT_THAT(url, HasSubstr("code_challenge=" + vault::code_challenge(verifier).value()));
    EXPECT_THAT(url, Not(HasSubstr(challenge))) << "each consent has its own";
}

TEST_F(DeskTest, TakesTheAnswerToAConsentThatWasBegunBeforeARestart) {
    std::string const state = begin();
    Consent after_restart("lever", sealed, sealer, clock);
    EXPECT_TRUE(after_restart.take(state));
}

// D.3
TEST_F(DeskTest, StoresNothingWhenConsentIsRefused) {
    auto const page = call_back("error=access_denied&error_description=no&state=" + begin());
    EXPECT_EQ(page.status, 400);
    EXPECT_THAT(page.body, HasSubstr("Consent was refused; nothing was stored."));
    EXPECT_TRUE(vendor.requests().empty());
    EXPECT_EQ(sealed.get("lever", "oauth").error().code, ErrorCode::not_found);
    EXPECT_EQ(desk->view("lever").state, "needs_authorization");
}

// D.3
TEST_F(DeskTest, RefusesAStateThatIsUnknownUsedOrExpired) {
    EXPECT_EQ(call_back("code=c&state=nobodys").status, 400);
    EXPECT_EQ(call_back("code=c").status, 400);
    EXPECT_EQ(call_back("code=c&state=" + std::string(5000, 'x')).status, 400);
    std::string const used = begin();
    vendor.grant("access-1", "refresh-1");
    ASSERT_EQ(call_back("code=c&state=" + used).status, 200);
    EXPECT_EQ(call_back("code=c&state=" + used).status, 400);
    std::string const old = begin();
    clock.advance(std::chrono::minutes(10));
    auto const page = call_back("code=c&state=" + old);
    EXPECT_EQ(page.status, 400);
    EXPECT_THAT(page.body, HasSubstr("10 minutes"));
    EXPECT_EQ(vendor.requests().size(), 1U);
}

TEST_F(DeskTest, LeavesAConsentUnderWayWhenAnotherStateComes) {
    std::string const state = begin();
    EXPECT_EQ(call_back("code=c&state=wrong").status, 400);
    vendor.grant("access-1", "refresh-1");
    EXPECT_EQ(call_back("code=c&state=" + state).status, 200);
}

TEST_F(DeskTest, SaysSoWhenTheVendorGivesNoToken) {
    vendor.then(503, "");
    EXPECT_EQ(call_back("code=c&state=" + begin()).status, 502);
    EXPECT_EQ(desk->view("lever").state, "needs_authorization");
}

TEST_F(DeskTest, RepeatsNothingOfTheQueryOnItsPage) {
    for (char const* const query : {"code=<b>secret</b>&state=<b>secret</b>", "error=<b>secret</b>&state=x"}) {
        EXPECT_THAT(call_back(query).body, Not(HasSubstr("secret")));
    }
    EXPECT_THAT(call_back("error=%3Cb%3Esecret&state=" + begin()).body, Not(HasSubstr("secret")));
}

TEST_F(DeskTest, AnswersOnlyGet) {
    EXPECT_EQ(call_back("code=c&state=" + begin(), "POST").status, 405);
}

TEST_F(DeskTest, SaysWhatIsMissingToAuthorize) {
    EXPECT_EQ(desk->authorize("nobody").error().code, ErrorCode::not_found);
    make("");
    EXPECT_THAT(desk->authorize("lever").error().detail, HasSubstr("public_url"));
    EXPECT_EQ(desk->authorize("goco").error().code, ErrorCode::failed_precondition);
}

// D.25, A.45
TEST_F(DeskTest, PausesAndTellsWhenAnIdleConsentIsRevoked) {
    authorize();
    clock.advance(std::chrono::hours(2));
    vendor.then(400, R"({"error":"invalid_grant"})");
    desk->tend();
    EXPECT_TRUE(store.state.connection("lever")->paused);
    EXPECT_EQ(desk->view("lever").state, "needs_reauth");
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_THAT(mails[0], HasSubstr("connections authorize lever"));
    desk->tend();
    EXPECT_EQ(mails.size(), 1U);
}

TEST_F(DeskTest, KeepsAnIdleConsentAlive) {
    authorize();
    clock.advance(std::chrono::hours(2));
    vendor.grant("access-2", "refresh-2");
    desk->tend();
    EXPECT_THAT(vendor.last_body(), HasSubstr("refresh_token=refresh-1"));
    EXPECT_EQ(desk->view("lever").state, "connected");
}

// D.6
TEST_F(DeskTest, SaysThatAWebhookMadeByHandIsMissingUntilAnEventArrives) {
    authorize();
    connector.on_subscribe = [](auto const&, auto const&) -> model::Result<plugin_host::ProbeReport> {
        return Error{ErrorCode::unsupported, "The right is missing."};
    };
    ASSERT_EQ(desk->subscribe("lever")->state, WebhookState::by_hand);
    EXPECT_EQ(desk->view("lever").webhooks->state, WebhookState::missing);
    ASSERT_TRUE(store.state.mark_verified("lever", clock.now()));
    EXPECT_EQ(desk->view("lever").webhooks->state, WebhookState::by_hand);
}

// D.9
TEST_F(DeskTest, MakesANewSecretWhereTheSettingsLeaveItEmpty) {
    auto const made = desk->rotate_secret("lever", "/webhook_secret", std::nullopt, std::chrono::seconds(0));
    ASSERT_TRUE(made);
    EXPECT_EQ(made->reveal().size(), 43U);
    EXPECT_EQ(text(secrets.get("/webhook_secret")), made->reveal());
    EXPECT_THAT(store.log(), Not(HasSubstr(std::string(made->reveal()))));
}

// D.9: or its callbacks would be refused until the next hourly look.
TEST_F(DeskTest, TellsTheVendorOfANewSecretSoon) {
    authorize();
    subscriptions->look();
    int const before = subscribed;
    subscriptions->look();
    ASSERT_EQ(subscribed, before) << "nothing is due";
    ASSERT_TRUE(desk->rotate_secret("lever", "/webhook_secret", std::nullopt, std::chrono::seconds(0)));
    subscriptions->look();
    EXPECT_EQ(subscribed, before + 1);
}

// D.10
TEST_F(DeskTest, KeepsASecretThatAPersonBringsButNoEmptyOne) {
    auto const code = [&](std::string const& pointer, std::optional<Secret> given, int grace) {
        auto const made = desk->rotate_secret("lever", pointer, std::move(given), std::chrono::seconds(grace));
        return made ? std::string(made->reveal()) : std::string(model::name(made.error().code));
    };
    EXPECT_EQ(code("/webhook_secret", Secret("from-the-vendor"), 0), "from-the-vendor");
    EXPECT_EQ(code("/webhook_secret", Secret(), 0), "invalid_argument");
    EXPECT_EQ(code("/other", std::nullopt, 0), "invalid_argument");
    EXPECT_EQ(code("/webhook_secret", std::nullopt, -1), "invalid_argument");
    EXPECT_EQ(code("/api_key", std::nullopt, 0), "failed_precondition") << "the settings name one there";
    EXPECT_EQ(text(secrets.get("/webhook_secret")), "from-the-vendor");
}

// A.44, D.23, D.24, C.36
TEST_F(DeskTest, LeavesNothingOfWhatAVendorGaveWhenItDisconnects) {
    authorize();
    ASSERT_TRUE(secrets.put("/webhook_secret", Secret("s1")));
    ASSERT_TRUE(store.state.put("lever", "webhook", "w1", std::nullopt));
    ASSERT_TRUE(desk->disconnect("lever", false));
    EXPECT_EQ(unsubscribed, 1);
    EXPECT_EQ(desk->view("lever").state, "removed");
    EXPECT_EQ(text(tokens->current()), "unauthenticated");
    EXPECT_EQ(text(secrets.get("/webhook_secret")), "not_found");
    EXPECT_EQ(sealed.get("lever", "oauth").error().code, ErrorCode::not_found);
    EXPECT_EQ(store.state.get("lever", "webhook").error().code, ErrorCode::not_found);
    EXPECT_TRUE(store.state.connection("lever")->paused);
    EXPECT_EQ(desk->authorize("lever").error().code, ErrorCode::failed_precondition);
    EXPECT_EQ(desk->subscribe("lever").error().code, ErrorCode::failed_precondition);
}

// C.36
TEST_F(DeskTest, KeepsTheLinksOfAConnectionThatIsDisconnectedAndConnectedAgain) {
    store::Links links(store.store());
    store::LinkEnd const requisition{"lever", "requisition", "r-1"};
    store::LinkEnd const job{"charthop", "job", "j-1"};
    ASSERT_TRUE(links.put(requisition, job));
    authorize();
    ASSERT_TRUE(desk->disconnect("lever", false));
    EXPECT_THAT(links.find(requisition).value(), ElementsAre(job));
    EXPECT_THAT(links.find(job).value(), ElementsAre(requisition));
    ASSERT_TRUE(desk->connect("lever"));
    vendor.grant("access-2", "refresh-2");
    ASSERT_EQ(call_back("code=c&state=" + begin()).status, 200);
    EXPECT_THAT(links.find(requisition).value(), ElementsAre(job));
    EXPECT_EQ(links.count("lever", "").value(), 1);
}

// D.23
TEST_F(DeskTest, ChangesNothingWhenTheWebhookAtTheVendorCannotBeRemoved) {
    authorize();
    vendor_refuses = Error{ErrorCode::unavailable, "No answer."};
    auto const failed = desk->disconnect("lever", false);
    ASSERT_TRUE(failed.has_error());
    EXPECT_THAT(failed.error().detail, HasSubstr("--force"));
    EXPECT_EQ(desk->view("lever").state, "connected");
    EXPECT_EQ(text(tokens->current()), "access-1");
    vendor_refuses.reset();
    EXPECT_TRUE(desk->disconnect("lever", false));
    EXPECT_EQ(desk->view("lever").state, "removed");
}

TEST_F(DeskTest, DisconnectsByForceWhenTheVendorDoesNotAnswer) {
    authorize();
    vendor_refuses = Error{ErrorCode::unavailable, "No answer."};
    EXPECT_TRUE(desk->disconnect("lever", true));
    EXPECT_EQ(desk->view("lever").state, "removed");
}

TEST_F(DeskTest, FinishesADisconnectThatEndedHalfway) {
    authorize();
    sealed.fails = true;
    EXPECT_TRUE(desk->disconnect("lever", false).has_error());
    EXPECT_EQ(desk->view("lever").state, "removed");
    sealed.fails = false;
    EXPECT_TRUE(desk->disconnect("lever", false));
    EXPECT_EQ(sealed.get("lever", "oauth").error().code, ErrorCode::not_found);
    EXPECT_EQ(unsubscribed, 1);
}

// D.24
TEST_F(DeskTest, BeginsTheSetUpAnewAfterADisconnect) {
    authorize();
    EXPECT_EQ(desk->connect("lever").error().code, ErrorCode::failed_precondition);
    ASSERT_TRUE(desk->disconnect("lever", false));
    ASSERT_TRUE(desk->connect("lever"));
    EXPECT_EQ(desk->view("lever").state, "needs_authorization");
    EXPECT_TRUE(store.state.connection("lever")->paused);
    vendor.grant("access-2", "refresh-2");
    ASSERT_EQ(call_back("code=c&state=" + begin()).status, 200);
    EXPECT_EQ(desk->view("lever").state, "connected");
}

TEST_F(DeskTest, TakesNoConsentForAConnectionThatWasDisconnectedMeanwhile) {
    std::string const state = begin();
    ASSERT_TRUE(desk->disconnect("lever", false));
    EXPECT_EQ(call_back("code=c&state=" + state).status, 400);
    EXPECT_TRUE(vendor.requests().empty());
}

}  // namespace
}  // namespace crosswalk::access

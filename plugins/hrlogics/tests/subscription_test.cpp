// Our callback at HRLogics, and how the host gets tokens.
#include "fixture.hpp"

namespace crosswalk::hrlogics {
namespace {

constexpr char url[] = "https://hooks.example.com/hooks/hrlogics";

using HrlogicsSubscription = HrlogicsTest;

TEST_F(HrlogicsSubscription, RegistersTheAddressWithTheSecretOfTheSettings) {
    host.on("PUT", base + "/v1/callbacks").reply(200, R"({"data":{"id":"cb_1"}})");
    Instance at = hrlogics();
    CallResult const result = at.subscribe(url, {"screening.decided", "screening.completed"});
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(host.requests("PUT", base).at(0).json(),
              json::value(json::object{{"url", url}, {"events", {"screening.completed"}}, {"secret", webhook_secret}}));
    EXPECT_TRUE(host.kept_secrets().empty());
}

TEST_F(HrlogicsSubscription, IsRemovedAtTheVendorAndForgotten) {
    host.on("PUT", base + "/v1/callbacks").reply(200, R"({"data":{"id":"cb_1"}})");
    host.on("DELETE", base + "/v1/callbacks/cb_1").reply(204);
    Instance at = hrlogics();
    (void)at.subscribe(url, {"screening.decided"});
    EXPECT_EQ(at.unsubscribe().status, CW_OK);
    EXPECT_EQ(at.unsubscribe().status, CW_OK) << "There is nothing left to remove.";
    EXPECT_EQ(host.requests("DELETE", base).size(), 1U);
}

TEST_F(HrlogicsSubscription, ThatIsGoneAlreadyIsRemoved) {
    host.on("PUT", base + "/v1/callbacks").reply(200, R"({"data":{"id":"cb_1"}})");
    host.on("DELETE", base + "/v1/callbacks/cb_1").reply(503).reply(404);
    Instance at = hrlogics();
    (void)at.subscribe(url, {"screening.decided"});
    EXPECT_EQ(at.unsubscribe().status, CW_ERR_TRANSIENT) << "It can be tried again.";
    EXPECT_EQ(at.unsubscribe().status, CW_OK);
}

TEST_F(HrlogicsSubscription, ThatTheCredentialMayNotMakeIsLeftToAPerson) {
    host.on("PUT", base + "/v1/callbacks").reply(403, "{}").fail(CW_ERR_DEADLINE).reply(401, "{}");
    Instance at = hrlogics();
    CallResult const result = at.subscribe(url, {"screening.decided"});
    EXPECT_EQ(result.status, CW_ERR_UNSUPPORTED);
    EXPECT_THAT(result.message, HasSubstr("by hand"));
    EXPECT_EQ(at.subscribe(url, {}).status, CW_ERR_TRANSIENT);
    EXPECT_EQ(at.subscribe(url, {}).status, CW_ERR_AUTH);
}

TEST(HrlogicsSubscriptionSecret, IsMadeAndKeptWhenTheSettingsHaveNone) {
    FakeHost host(settings({{"webhook_secret", nullptr}}), "hrlogics");
    host.secret("/auth/api_token", "canary-token");
    host.set_now(signed_at_ms);
    host.on("PUT", base + "/v1/callbacks").reply(200, R"({"data":{"id":"cb_1"}})");
    host.on("DELETE", base + "/v1/callbacks/cb_1").reply(204);
    Instance at = host.create(cw_connector_entry_v0, "hrlogics");
    ASSERT_EQ(at.subscribe(url, {"screening.decided"}).status, CW_OK);
    std::string const kept = host.kept_secrets().at("/webhook_secret");
    EXPECT_TRUE(kept.starts_with("whsec_"));
    EXPECT_EQ(kept.size(), 70U);
    EXPECT_EQ(host.requests("PUT", base).at(0).json().at("secret"), json::string(kept));

    ASSERT_EQ(at.subscribe(url, {"screening.decided"}).status, CW_OK);
    EXPECT_EQ(host.requests("PUT", base).at(1).json().at("secret"), json::string(kept))
        << "Asked again, nothing changes.";
    ASSERT_EQ(at.unsubscribe().status, CW_OK);
    EXPECT_TRUE(host.kept_secrets().empty());
}

TEST(HrlogicsOauth, IsDescribedForTheHost) {
    FakeHost host(settings(with_oauth), "hrlogics");
    Instance at = host.create(cw_connector_entry_v0, "hrlogics");
    CallResult const described = at.oauth();
    ASSERT_EQ(described.records.size(), 1U);
    EXPECT_EQ(described.records[0].data, json::parse(R"({
        "grant": "client_credentials", "token_url": "https://login.hrlogics.example/token", "client_id": "client-1",
        "client_secret": "/auth/client_secret", "client_auth": "body", "scopes": ["applicants", "screenings"]
    })"));
}

TEST(HrlogicsOauth, IsNotNeededWithAToken) {
    FakeHost host(settings(), "hrlogics");
    Instance at = host.create(cw_connector_entry_v0, "hrlogics");
    EXPECT_TRUE(at.oauth().records.empty());
}

}  // namespace
}  // namespace crosswalk::hrlogics

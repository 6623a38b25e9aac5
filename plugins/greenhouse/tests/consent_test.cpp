// The other two ways to v3's tokens: a person's consent to a partner's app, and a v1 key in exchange.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::Contains;
using testing::HasSubstr;

json::object auth(char const* text) {
    return {{"auth", json::parse(text)}};
}
json::object const by_consent =
    auth(R"({"type": "oauth", "client_id": "partner-1", "client_secret": "secret:env/CLIENT"})");
json::object const by_exchange = auth(R"({"type": "exchange", "api_key": "secret:env/KEY", "user_id": 92120})");

class GreenhouseConsent : public GreenhouseTest {
protected:
    GreenhouseConsent() : GreenhouseTest(by_consent) {
        play_hire();
        host.oauth_tokens({"token-1"});
    }
};

TEST_F(GreenhouseConsent, IsDescribedForTheHost) {
    CallResult const result = greenhouse().oauth();
    ASSERT_EQ(result.records.size(), 1U) << result.message;
    json::value const& record = result.records[0].data;
    EXPECT_EQ(record.at("grant"), "authorization_code");
    EXPECT_EQ(record.at("authorize_url"), "https://auth.greenhouse.io/authorize");
    EXPECT_EQ(record.at("token_url"), json::value(token_url));
    EXPECT_EQ(record.at("client_id"), "partner-1");
    EXPECT_EQ(record.at("client_secret"), "/auth/client_secret");
    EXPECT_EQ(record.at("client_auth"), "basic");
    EXPECT_THAT(record.at("scopes").as_array(), Contains(json::value("harvest:applications:list")));
    EXPECT_EQ(record.at("scopes").as_array().size(), record.at("permissions").as_array().size());
}

TEST_F(GreenhouseConsent, LetsTheHostPutTheTokenInAndAsksForNone) {
    CallResult const result = greenhouse().parse(webhook("hire_candidate_goco_fields"));
    ASSERT_EQ(result.status, CW_OK) << result.message;
    SentRequest const sent = host.requests("GET", api + "/applications").at(0);
    EXPECT_EQ(sent.auth, CW_AUTH_OAUTH);
    EXPECT_EQ(sent.oauth_token, "token-1");
    EXPECT_TRUE(host.requests("POST", token_url).empty());
}

TEST_F(GreenhouseConsent, IsAskedForAgainWhenItWasWithdrawn) {
    get("/applications").clear().reply(sample_answer("errors/v3_401_token.json"));
    CallResult const result = greenhouse().parse(webhook("hire_candidate_goco_fields"));
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("onsent"));
}

class GreenhouseExchange : public GreenhouseTest {
protected:
    GreenhouseExchange() : GreenhouseTest(by_exchange) { play_hire(); }
};

TEST_F(GreenhouseExchange, GivesAV1KeyForATokenOfV3) {
    Route& exchange = host.on("POST", harvest + "/auth/token");
    exchange.reply(200, sample_text("rest_v3/token_response_transition.json"));
    CallResult const result = greenhouse().parse(webhook("hire_candidate_goco_fields"));
    ASSERT_EQ(result.status, CW_OK) << result.message;
    auto const asked = host.requests("POST", harvest + "/auth/token");
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].auth, CW_AUTH_BASIC);
    EXPECT_EQ(asked[0].auth_secret, "/auth/api_key");
    EXPECT_EQ(asked[0].json(), json::value({{"sub", 92120}}));
    EXPECT_TRUE(host.requests("POST", token_url).empty());
    EXPECT_TRUE(greenhouse().oauth().records.empty());
}

TEST(GreenhouseGrant, IsRefusedWhenItsSettingsDoNotFit) {
    for (char const* wrong : {R"({"type": "password", "client_id": "c", "client_secret": "secret:env/S"})",
                              R"({"type": "oauth", "client_id": "c", "client_secret": "secret:env/S", "user_id": 5})",
                              R"({"type": "oauth", "client_id": "c"})", R"({"type": "exchange", "user_id": 5})",
                              R"({"type": "exchange", "api_key": "secret:env/K"})"}) {
        FakeHost host(settings(auth(wrong)));
        EXPECT_EQ(host.try_init(cw_connector_entry_v0, "greenhouse").status, CW_ERR_CONFIG) << wrong;
    }
}

}  // namespace
}  // namespace crosswalk::greenhouse

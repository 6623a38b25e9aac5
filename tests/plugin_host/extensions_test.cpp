// cw.oauth/1, cw.subscriptions/1, cw.find/1, signals, and what a push says it did.
#include "versatile.hpp"

#include <gmock/gmock.h>

namespace crosswalk::plugin_host {
namespace {

using model::ErrorCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

boost::json::object oauth_settings() {
    return boost::json::parse(R"({
        "grant": "authorization_code",
        "authorize_url": "https://auth.example.com/authorize",
        "token_url": "https://api.example.com/token",
        "client_id": "crosswalk",
        "client_secret": "/api_key",
        "scopes": ["people:read", "offline_access"],
        "authorize_parameters": {"audience": "https://api.example.com/"},
        "permissions": ["Read people"]})")
        .get_object();
}

class Extensions : public Versatile {
protected:
    [[nodiscard]] std::string oauth_refusal(char const* member, boost::json::value const& value) {
        boost::json::object settings = oauth_settings();
        settings[member] = value;
        start({{"oauth", settings}});
        auto const described = connector_->oauth(patience);
        return described ? std::string() : described.error().detail;
    }
};

TEST_F(Extensions, TellsHowTheHostGetsTokens) {
    start({{"oauth", oauth_settings()}});
    auto const described = connector_->oauth(patience);
    ASSERT_TRUE(described) << described.error().detail;
    ASSERT_TRUE(described->has_value());
    OAuthDescription const& oauth = **described;
    EXPECT_EQ(oauth.grant, "authorization_code");
    EXPECT_EQ(oauth.authorize_url, "https://auth.example.com/authorize");
    EXPECT_EQ(oauth.token_url, "https://api.example.com/token");
    EXPECT_EQ(oauth.client_id, "crosswalk");
    EXPECT_EQ(oauth.client_secret, "/api_key");
    EXPECT_EQ(oauth.client_auth, "body");
    EXPECT_THAT(oauth.scopes, ElementsAre("people:read", "offline_access"));
    EXPECT_THAT(oauth.authorize_parameters, ElementsAre(Pair("audience", "https://api.example.com/")));
    EXPECT_THAT(oauth.permissions, ElementsAre("Read people"));
}

TEST_F(Extensions, SettingsWithoutOAuthAreNoFailure) {
    start();
    auto const described = connector_->oauth(patience);
    ASSERT_TRUE(described) << described.error().detail;
    EXPECT_FALSE(described->has_value());
}

TEST_F(Extensions, ADescriptionThatTheHostCannotTrustIsRefusedInWords) {
    EXPECT_THAT(oauth_refusal("grant", "password"), HasSubstr("grant is neither"));
    EXPECT_THAT(oauth_refusal("authorize_url", ""), HasSubstr("authorize_url is missing"));
    EXPECT_THAT(oauth_refusal("authorize_url", "javascript:alert(1)"), HasSubstr("authorize_url is no http or https"));
    EXPECT_THAT(oauth_refusal("token_url", nullptr), HasSubstr("token_url is not text"));
    EXPECT_THAT(oauth_refusal("client_id", ""), HasSubstr("client_id is missing"));
    EXPECT_THAT(oauth_refusal("client_auth", "header"), HasSubstr("client_auth is neither"));
    EXPECT_THAT(oauth_refusal("scopes", "all"), HasSubstr("scopes is no array"));
    EXPECT_THAT(oauth_refusal("token_parameters", boost::json::array{}), HasSubstr("token_parameters is no object"));
}

TEST_F(Extensions, TheClientSecretGoesOnlyWhereTheDescriptorAllows) {
    EXPECT_THAT(oauth_refusal("client_secret", "/base_url"), HasSubstr("client_secret is not a pointer"));
    EXPECT_THAT(oauth_refusal("token_url", "https://evil.example.net/token"), HasSubstr("token_url cannot be asked"));
    EXPECT_THAT(oauth_refusal("token_url", "http://api.example.com/token"), HasSubstr("token_url cannot be asked"));
}

TEST_F(Extensions, DescribingOAuthAsksNobody) {
    start({{"oauth_script", "http|GET|https://api.example.com/\nkv_get|k\nsecret|/api_key\nfile_put|x"}});
    ASSERT_TRUE(connector_->oauth(patience));
    for (char const* service : {"http_send", "kv", "secret_get", "cw.files/1"}) {
        EXPECT_THAT(log(), HasSubstr("\"hook\":\"cw.oauth/1\",\"service\":\"" + std::string(service) + "\""));
    }
}

TEST_F(Extensions, ASubscriptionHearsTheAddressAndTheEventsAndMayKeepTheVendorsSecret) {
    start();
    auto const made =
        connector_->subscribe("secret_put|/webhooks/left/token|from the vendor", {"a.b", "c\"d"}, patience);
    ASSERT_TRUE(made) << made.error().detail;
    ASSERT_EQ(made->warnings.size(), 1U);
    EXPECT_EQ(made->warnings[0].reason, "[\"a.b\",\"c\\\"d\"]\n0");
    EXPECT_EQ(kept_secrets_.values["/webhooks/left/token"], "from the vendor");
}

TEST_F(Extensions, ASubscriptionThatFailsSaysWhy) {
    start({{"unsubscribe", "fail|-5|-1|The vendor is away."}});
    auto const made = connector_->subscribe("fail|-8|-1|Only an administrator may.", {}, patience);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, ErrorCode::unsupported);
    EXPECT_EQ(made.error().detail, "Only an administrator may.");
    auto const removed = connector_->unsubscribe(patience);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code, ErrorCode::unavailable);
    start();
    EXPECT_TRUE(connector_->unsubscribe(patience));
}

TEST_F(Extensions, ASearchGivesRecords) {
    start();
    auto const found =
        connector_->find("record|crosswalk.posting/1|{\"title\":\"Nurse\"}", {{"text", "Nur"}}, patience);
    ASSERT_TRUE(found) << found.error().detail;
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ((*found)[0].schema, "crosswalk.posting/1");
    EXPECT_EQ((*found)[1].json, "{\"text\":\"Nur\"}");
}

TEST_F(Extensions, ASearchThatGivesMoreThanFiftyIsRefused) {
    start();
    std::string forty_nine;
    for (int i = 0; i < 49; ++i) {
        forty_nine += "record|crosswalk.posting/1|{}\n";
    }
    EXPECT_TRUE(connector_->find(forty_nine, {}, patience));
    auto const found = connector_->find(forty_nine + "record|crosswalk.posting/1|{}", {}, patience);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::internal);
}

TEST_F(Extensions, ASearchLeavesNothingBehind) {
    start();
    ASSERT_TRUE(connector_->find("file_put|x\nlink_find|{}\nsecret_put|/absent|x\nkv_get|k", {}, patience));
    for (char const* service : {"cw.files/1", "cw.links/1", "cw.secrets/1"}) {
        EXPECT_THAT(log(), HasSubstr("\"hook\":\"cw.find/1\",\"service\":\"" + std::string(service) + "\""));
    }
    EXPECT_TRUE(kept_secrets_.values.empty());
}

TEST_F(Extensions, ASweepListsAPageOfAWindowAndSaysWhetherThereIsMore) {
    start();
    auto const page = connector_->sweep({"thing.happened", 1000, 2000, "cursor|next\nmore"}, patience);
    ASSERT_TRUE(page) << page.error().detail;
    ASSERT_EQ(page->events.size(), 1U);
    EXPECT_EQ(page->events[0].id, "1000..2000");
    EXPECT_EQ(page->events[0].type, "thing.happened");
    EXPECT_EQ(page->cursor, "next");
    EXPECT_TRUE(page->more);
    EXPECT_FALSE(connector_->sweep({"thing.happened", 1000, 2000, ""}, patience)->more);
}

TEST_F(Extensions, ASweepLeavesNothingBehind) {
    start();
    ASSERT_TRUE(
        connector_->sweep({"thing.happened", 1, 2, "file_put|x\nlink_find|{}\nsecret_put|/absent|x"}, patience));
    for (char const* service : {"cw.files/1", "cw.links/1", "cw.secrets/1"}) {
        EXPECT_THAT(log(), HasSubstr("\"hook\":\"cw.sweep/1.list\",\"service\":\"" + std::string(service) + "\""));
    }
    EXPECT_TRUE(kept_secrets_.values.empty());
}

TEST_F(Extensions, WhatASweepListedIsFetchedWholeAndMayUseFiles) {
    start();
    model::Event const listed{"id-1", "thing.happened", "s-1", "Title", 77, {"versatile.listed/1", "file_put|x", "{}"}};
    auto const fetched = connector_->fetch_swept(listed, patience);
    ASSERT_TRUE(fetched) << fetched.error().detail;
    ASSERT_EQ(fetched->events.size(), 1U);
    EXPECT_EQ(fetched->events[0].id, "id-1");
    EXPECT_EQ(fetched->events[0].subject, "s-1");
    EXPECT_EQ(fetched->events[0].title, "Title");
    EXPECT_EQ(fetched->events[0].occurred_unix_ms, 77);
    EXPECT_EQ(fetched->events[0].record.schema, "versatile.listed/1");
    EXPECT_TRUE(files_.open(sha256_hex("x")));
}

TEST_F(Extensions, ADiagnosisHearsTheAddressAndTheEventsAndWarns) {
    start();
    auto const found = connector_->diagnose("secret_put|/absent|x", {"thing.happened"}, patience);
    ASSERT_TRUE(found) << found.error().detail;
    ASSERT_EQ(found->warnings.size(), 1U);
    EXPECT_EQ(found->warnings[0].reason, "[\"thing.happened\"]\n" + std::to_string(CW_ERR_DENIED));
    auto const untold = connector_->diagnose("fail|-8|-1|The vendor does not tell.", {}, patience);
    ASSERT_FALSE(untold);
    EXPECT_EQ(untold.error().code, ErrorCode::unsupported);
}

TEST_F(Extensions, AConnectorWithoutThemSaysSo) {
    start({}, "versatile-push-only");
    EXPECT_EQ(connector_->sweep({}, patience).error().code, ErrorCode::unsupported);
    EXPECT_EQ(connector_->fetch_swept({}, patience).error().code, ErrorCode::unsupported);
    EXPECT_EQ(connector_->diagnose("", {}, patience).error().code, ErrorCode::unsupported);
    EXPECT_EQ(connector_->oauth(patience).error().code, ErrorCode::unsupported);
    EXPECT_EQ(connector_->subscribe("https://x.example.com", {}, patience).error().code, ErrorCode::unsupported);
    EXPECT_EQ(connector_->unsubscribe(patience).error().code, ErrorCode::unsupported);
    EXPECT_EQ(connector_->find("crosswalk.posting/1", {}, patience).error().code, ErrorCode::unsupported);
}

TEST_F(Extensions, ASignalCarriesNoRecord) {
    start();
    auto const parsed = parse("signal|s-1|run.asked");
    ASSERT_TRUE(parsed) << parsed.error().detail;
    ASSERT_EQ(parsed->events.size(), 1U);
    EXPECT_EQ(parsed->events[0].type, "run.asked");
    EXPECT_EQ(parsed->events[0].record.json, "{}");
    EXPECT_EQ(parsed->events[0].record.schema, "");
}

TEST_F(Extensions, AnyOtherEventNeedsARecord) {
    start();
    EXPECT_FALSE(parse("signal|s-1|thing.happened"));
}

TEST_F(Extensions, APushSaysWhetherItCreatedOrUpdated) {
    start();
    EXPECT_EQ(push("note|7|created").effect, "created");
    EXPECT_EQ(push("note|7|updated").effect, "updated");
    EXPECT_EQ(push("outcome|1").effect, "");
    EXPECT_EQ(look_up("note|7|created").effect, "created");
}

TEST_F(Extensions, OnlyADeliveryHasAnEffectAndOnlyOneOfTwoWords) {
    start();
    EXPECT_EQ(push("note|7|created\noutcome|3").effect, "");
    EXPECT_EQ(push("note|7|created\nfail|-5|-1|The vendor is away.").effect, "");
    auto const report = push("note|7|invented");
    EXPECT_EQ(report.effect, "");
    EXPECT_EQ(report.reason, std::to_string(CW_ERR_INVALID));
}

}  // namespace
}  // namespace crosswalk::plugin_host

// OAuth, and webhooks in Lever as desired state.
#include "fixture.hpp"

namespace crosswalk::lever {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Settings of an OAuth connection, with members of `auth` put over the usual ones.
json::object by_oauth(json::object const& changes = {}) {
    json::object auth = json::parse(R"({"type": "oauth", "client_id": "client-1", "client_secret": "secret:env/S",
                                        "use": ["screening"]})")
                            .as_object();
    for (auto const& change : changes) {
        auth[change.key()] = change.value();
    }
    return {{"auth", auth}, {"webhooks", json::object()}};
}

json::value described(json::object const& extra) {
    FakeHost host(settings(extra));
    CallResult const result = host.create(cw_connector_entry_v0, "lever").oauth();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(result.records.size(), 1U);
    return result.records.empty() ? json::value(json::object()) : result.records[0].data;
}

std::vector<std::string> texts(json::value const& list) {
    std::vector<std::string> out;
    for (json::value const& one : list.as_array()) {
        out.emplace_back(one.as_string());
    }
    return out;
}

TEST(LeverOAuth, DescribesTheAddressesOfEachEnvironment) {  // D.3, E.5
    json::value const production = described(by_oauth());
    EXPECT_EQ(production.at("grant"), "authorization_code");
    EXPECT_EQ(production.at("authorize_url"), "https://auth.lever.co/authorize");
    EXPECT_EQ(production.at("token_url"), "https://auth.lever.co/oauth/token");
    EXPECT_EQ(production.at("authorize_parameters"), json::value({{"audience", "https://api.lever.co/v1/"}}));
    EXPECT_EQ(production.at("client_secret"), "/auth/client_secret");
    json::object extra = by_oauth();
    extra["environment"] = "sandbox";
    json::value const sandbox = described(extra);
    EXPECT_EQ(sandbox.at("authorize_url"), "https://sandbox-lever.auth0.com/authorize");
    EXPECT_EQ(sandbox.at("token_url"), "https://sandbox-lever.auth0.com/oauth/token");
    EXPECT_EQ(sandbox.at("authorize_parameters").at("audience"), "https://api.sandbox.lever.co/v1/");
}

TEST(LeverOAuth, AsksForWhatTheUseNeedsAndSaysItInWords) {  // D.4, E.7
    json::value const record = described(by_oauth());
    EXPECT_THAT(
        texts(record.at("scopes")),
        ElementsAre("applications:read:admin", "confidential:access:admin", "contact:read:admin",
                    "opportunities:write:admin", "postings:read:admin", "webhooks:write:admin", "offline_access"));
    EXPECT_THAT(texts(record.at("permissions")), Contains("Read candidates and change their tags"));
    EXPECT_EQ(record.at("permissions").as_array().size(), record.at("scopes").as_array().size());
}

TEST(LeverOAuth, StaysWithinTwentyScopesForAllUsesTogether) {
    json::value const record = described(by_oauth({{"use", {"hires", "requisitions", "screening", "interviews"}}}));
    EXPECT_LE(record.at("scopes").as_array().size(), 20U);
    EXPECT_THAT(texts(record.at("scopes")), Not(Contains("opportunities:read:admin"))) << "writing implies reading";
}

TEST(LeverOAuth, TakesOtherAddressesForTests) {
    json::value const record =
        described(by_oauth({{"authorize_url", "http://127.0.0.1:1/a"}, {"token_url", "http://127.0.0.1:1/t"}}));
    EXPECT_EQ(record.at("authorize_url"), "http://127.0.0.1:1/a");
    EXPECT_EQ(record.at("token_url"), "http://127.0.0.1:1/t");
}

TEST(LeverOAuth, IsNotNeededByAKey) {
    FakeHost host(settings());
    EXPECT_TRUE(host.create(cw_connector_entry_v0, "lever").oauth().records.empty());
}

TEST(LeverOAuth, SettingsNameWhatIsMissing) {
    for (auto const& [change, setting] :
         {std::pair<json::object, std::string>{{{"client_id", nullptr}}, "/auth/client_id"},
          {{{"client_secret", nullptr}}, "/auth/client_secret"},
          {{{"use", json::array()}}, "/auth/use"},
          {{{"use", {"payroll"}}}, "/auth/use"},
          {{{"token_url", "http://auth.example.com"}}, "/auth/token_url"}}) {
        FakeHost host(settings(by_oauth(change)));
        CallResult const result = host.try_init(cw_connector_entry_v0, "lever");
        EXPECT_EQ(result.status, CW_ERR_CONFIG) << setting;
        EXPECT_EQ(result.detail.at("fields").at(0).at("field"), json::value(setting));
    }
}

class LeverConsent : public LeverTest {
protected:
    LeverConsent() : LeverTest(by_oauth()) {}
};

TEST_F(LeverConsent, LetsTheHostSendTheToken) {
    get("/postings?").reply(200, R"({"data": []})");
    (void)lever().poll({.event = "posting.changed"});
    SentRequest const request = host.requests("GET", api).at(0);
    EXPECT_EQ(request.auth, CW_AUTH_OAUTH);
    EXPECT_EQ(request.oauth_token, "token-1");
}

TEST_F(LeverConsent, ThatWasRevokedPausesTheConnection) {  // D.25, E.36
    host.oauth_tokens({});
    EXPECT_EQ(lever().poll({.event = "posting.changed"}).status, CW_ERR_AUTH);
}

TEST_F(LeverConsent, NeedsAnActingUserToWriteFiles) {
    get("/").reply(200, R"({"data": []})");
    EXPECT_TRUE(lever().probe().warned("/perform_as", "acting user"));
}

class LeverSubscriptions : public LeverConsent {
protected:
    LeverSubscriptions() { there(json::array()); }
    void there(json::array const& webhooks) {
        get("/webhooks").clear().reply(200, json::serialize(json::object{{"data", webhooks}}));
    }
    static json::object one(std::string const& id, std::string const& event, std::string const& at) {
        return {{"id", id}, {"event", event}, {"url", at}};
    }
    Route& erased(std::string const& id) { return host.on("DELETE", api + "/webhooks/" + id); }
    void makes(std::string const& name) { post("/webhooks").clear().reply(201, sample_text("rest/" + name + ".json")); }
    [[nodiscard]] CallResult ensured(std::vector<std::string> const& events = {"application.created"}) {
        return lever().subscribe(url, events);
    }
    std::string const url = "https://hooks.example.com/lever/candidate-hired";
    std::string const made_id = "e2befaae-b830-4c21-a002-2d5019486d1a";
    std::string const pointer = "/webhooks/applicationCreated/signature_token";
};

TEST_F(LeverSubscriptions, MakeTheWebhookAndKeepItsToken) {  // D.7
    makes("webhook_create_response_201");
    CallResult const result = ensured();
    ASSERT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(host.requests("POST", api).at(0).json(), json::value({{"url", url}, {"event", "applicationCreated"}}));
    EXPECT_EQ(host.kept_secrets().at(pointer), "73311ced32110cc40e00c672c2e03e1a42fa28a4fabde089");
    EXPECT_TRUE(result.warned("applicationCreated", "switched on"));
    for (auto const& line : host.logs()) {
        EXPECT_THAT(line.fields, Not(HasSubstr("73311ced")));
    }
}

TEST_F(LeverSubscriptions, ReadATokenThatIsWrappedTwice) {
    makes("webhook_create_response_201_double_data");
    EXPECT_EQ(ensured().status, CW_OK);
    EXPECT_EQ(host.kept_secrets().at(pointer), "a92d2965f46a353bd4f63f8ec0d57f1a9a8a0a7bb1f1e2c3");
}

TEST_F(LeverSubscriptions, LeaveOneThatIsInPlaceAlone) {
    makes("webhook_create_response_201");
    (void)ensured();
    host.secret(pointer, host.kept_secrets().at(pointer));  // in place of the fixture's own
    there({one(made_id, "applicationCreated", url)});
    CallResult const again = ensured();
    EXPECT_EQ(again.status, CW_OK);
    EXPECT_TRUE(again.warnings.empty());
    EXPECT_EQ(host.requests("POST", api).size(), 1U);
}

TEST_F(LeverSubscriptions, ReplaceOneWhoseTokenIsNotKnown) {
    there({one("old", "applicationCreated", url)});
    erased("old").reply(204);
    makes("webhook_create_response_201");
    EXPECT_EQ(ensured().status, CW_OK);
    EXPECT_EQ(host.requests("DELETE", api).size(), 1U);
    EXPECT_EQ(host.kept_secrets().size(), 1U);
}

// D.8: Lever takes no token of ours, so another one kept in its place asks for another webhook.
TEST_F(LeverSubscriptions, ReplaceOneWhoseTokenWasReplacedHere) {
    makes("webhook_create_response_201");
    (void)ensured();
    there({one(made_id, "applicationCreated", url)});
    host.secret(pointer, "a-token-that-lever-does-not-know");
    erased(made_id).reply(204);
    EXPECT_EQ(ensured().status, CW_OK);
    EXPECT_EQ(host.requests("DELETE", api).size(), 1U);
    EXPECT_EQ(host.requests("POST", api).size(), 2U);
}

TEST_F(LeverSubscriptions, MoveOnesOfOursToANewAddress) {
    makes("webhook_create_response_201");
    (void)ensured();
    there({one(made_id, "applicationCreated", url)});
    erased(made_id).reply(204);
    EXPECT_EQ(lever().subscribe("https://hooks.example.com/new", {"application.created"}).status, CW_OK);
    EXPECT_EQ(host.requests("DELETE", api).size(), 1U);
    EXPECT_EQ(host.requests("POST", api).back().json().at("url"), "https://hooks.example.com/new");
}

TEST_F(LeverSubscriptions, DoNotTouchWhatAPersonMade) {
    there({one("hand", "applicationCreated", url),
           one("other", "applicationCreated", "https://elsewhere.example.com/x"), one("stage", "candidateHired", url)});
    erased("hand").reply(403, sample_text("errors/403_forbidden.json"));
    makes("webhook_create_response_201");
    CallResult const result = ensured();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warned("applicationCreated", "a person made"));
    EXPECT_EQ(host.requests("DELETE", api).size(), 1U);
}

TEST_F(LeverSubscriptions, RemoveAnEventThatNoRouteWantsAnyMore) {
    makes("webhook_create_response_201");
    (void)ensured();
    there({one(made_id, "applicationCreated", url)});
    erased(made_id).reply(204);
    EXPECT_EQ(ensured({}).status, CW_OK);
    EXPECT_TRUE(host.kept_secrets().empty());
}

TEST_F(LeverSubscriptions, AreRemovedOnceAndForAll) {  // D.23, D.24
    makes("webhook_create_response_201");
    (void)ensured();
    erased(made_id).reply(404);
    EXPECT_EQ(lever().unsubscribe().status, CW_OK);
    EXPECT_TRUE(host.kept_secrets().empty());
    EXPECT_EQ(lever().unsubscribe().status, CW_OK);
    EXPECT_EQ(host.requests("DELETE", api).size(), 1U);
}

TEST_F(LeverSubscriptions, ShowAFailedRemovalSoThatItCanBeRetried) {  // D.23
    makes("webhook_create_response_201");
    (void)ensured();
    erased(made_id).reply(503).reply(204);
    EXPECT_EQ(lever().unsubscribe().status, CW_ERR_TRANSIENT);
    EXPECT_EQ(host.kept_secrets().size(), 1U);
    EXPECT_EQ(lever().unsubscribe().status, CW_OK);
}

TEST_F(LeverSubscriptions, SayHowToDoItByHandWithoutTheRight) {  // D.8, D.10
    get("/webhooks").clear().reply(403, sample_text("errors/403_forbidden.json"));
    CallResult const listed = ensured();
    EXPECT_EQ(listed.status, CW_ERR_UNSUPPORTED);
    EXPECT_THAT(listed.message, HasSubstr("by hand"));
    there(json::array());
    post("/webhooks").clear().reply(403, sample_text("errors/403_forbidden.json"));
    EXPECT_EQ(ensured().status, CW_ERR_UNSUPPORTED);
}

class LeverHandmade : public LeverTest {};

TEST_F(LeverHandmade, WebhooksAreOnlyLookedFor) {  // D.10, D.11
    get("/webhooks").reply(200, sample_text("rest/webhooks_list.json"));
    CallResult const result = lever().subscribe("https://hooks.example.com/lever/candidate-hired",
                                                {"candidate.hired", "application.created"});
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_FALSE(result.warned("candidateHired"));
    EXPECT_TRUE(result.warned("applicationCreated", "made by hand"));
}

}  // namespace
}  // namespace crosswalk::lever

// The access of connections over the admin API.
#include "admin_room.hpp"
#include "vault/base64.hpp"

namespace crosswalk::admin {
namespace {

using testing::HasSubstr;
using testing::Not;

struct AdminAccessTest : AdminRoom {
    store::Sealed sealed{store.store()};
    vault::Sealer sealer = vault::Sealer::from(model::Secret(vault::base64(std::string(32, 'k')))).value();
    access::KeptSecrets secrets{"lever", sealed, sealer, clock};
    access::TokenKeeper tokens{"lever", sealed, sealer, clock, store.logger()};
    access::Consent consent{"lever", sealed, sealer, clock};
    http::Client client{{}, clock, store.logger()};
    json::value settings = json::object{};
    model::Result<void> unsubscribed;
    std::unique_ptr<access::Subscriptions> subscriptions;
    std::unique_ptr<access::Desk> desk;

    AdminAccessTest() {
        connector.info().caps |= CW_CAP_OAUTH | CW_CAP_SUBSCRIBE;
        connector.info().secrets = {"/webhook_secret"};
        connector.on_unsubscribe = [this] { return unsubscribed; };
        plugin_host::OAuthDescription how;
        how.grant = "authorization_code";
        how.authorize_url = "https://auth.example.com/authorize";
        how.client_id = "client-1";
        how.permissions = {"Read people"};
        EXPECT_TRUE(tokens.use(std::make_unique<access::TokenEndpoint const>(how, http::EgressPolicy({}),
                                                                             access::FindSecret(), client, clock)));
        std::map<std::string, access::Subscriber> subscribers;
        subscribers.emplace("lever",
                            access::Subscriber{connector, model::Secret("https://hooks.example.com/hooks/lever"),
                                               [] { return std::vector<std::string>{"candidate.hired"}; }});
        subscriptions =
            std::make_unique<access::Subscriptions>(std::move(subscribers), store.state, clock, store.logger());
        desk = std::make_unique<access::Desk>(
            access::Desk::Parts{{{"lever", access::Account{&connector, &settings, &tokens, &secrets, &consent}}},
                                "https://hooks.example.com/oauth/callback",
                                *subscriptions,
                                sealed,
                                store.state,
                                clock,
                                store.logger(),
                                [] {},
                                [](std::string const&, std::string const&) {}});
        access_desk = desk.get();
    }
    std::string lever(std::string const& pointer) {
        json::value const all = body(get("/api/v1/connections"));
        for (json::value const& connection : all.at("connections").as_array()) {
            json::error_code error;
            json::value const* const found = connection.find_pointer(pointer, error);
            if (connection.at("connection") == "lever") {
                return found == nullptr ? "nothing" : std::string(found->as_string());
            }
        }
        return "no connection";
    }
};

// D.4
TEST_F(AdminAccessTest, GivesTheAddressOfAConsentAndItsPermissions) {
    auto const answer = post("/api/v1/connections/lever/authorize");
    EXPECT_THAT(at(answer, "/authorize_url"), HasSubstr("https://auth.example.com/authorize?response_type=code"));
    EXPECT_EQ(at(answer, "/permissions/0"), "Read people");
    EXPECT_EQ(at(answer, "/expires_at"), "2026-11-22T08:10:00.000Z");
    EXPECT_EQ(post("/api/v1/connections/nobody/authorize").status, 404);
}

// D.6
TEST_F(AdminAccessTest, ShowsWhatAConnectionWaitsForAndItsWebhooks) {
    EXPECT_EQ(lever("/state"), "needs_authorization");
    EXPECT_EQ(lever("/webhooks/state"), "nothing");
    EXPECT_EQ(at(post("/api/v1/connections/lever/subscribe"), "/state"), "made");
    EXPECT_EQ(lever("/webhooks/state"), "made");
    EXPECT_EQ(lever("/webhooks/events/0"), "candidate.hired");
    EXPECT_EQ(lever("/last_event_at"), "nothing");
}

// D.9
TEST_F(AdminAccessTest, ShowsANewSecretOnceAndNeverInTheLog) {
    auto const answer = post("/api/v1/connections/lever/rotate-secret", R"({"pointer":"/webhook_secret"})");
    std::string const made = at(answer, "/secret");
    EXPECT_EQ(made.size(), 43U);
    EXPECT_EQ(secrets.get("/webhook_secret").value().reveal(), made);
    EXPECT_THAT(store.log(), Not(HasSubstr(made)));
}

// D.10
TEST_F(AdminAccessTest, KeepsASecretThatIsBroughtAndRefusesAnEmptyOne) {
    std::string const target = "/api/v1/connections/lever/rotate-secret";
    auto const kept = post(target, R"({"pointer":"/webhook_secret","value":"from-the-vendor"})");
    EXPECT_EQ(kept.status, 200);
    EXPECT_THAT(kept.body, Not(HasSubstr("from-the-vendor")));
    EXPECT_EQ(post(target, R"({"pointer":"/webhook_secret","value":""})").status, 400);
    EXPECT_EQ(post(target, R"({"pointer":"/webhook_secret","grace_seconds":"1"})").status, 400);
    EXPECT_EQ(post(target, R"({"pointer":"/other"})").status, 400);
    EXPECT_EQ(post(target, "no JSON").status, 400);
    EXPECT_EQ(secrets.get("/webhook_secret").value().reveal(), "from-the-vendor");
}

// A.44, A.46, D.23
TEST_F(AdminAccessTest, DisconnectsAndKeepsTheHistory) {
    auto const event = dispatch();
    unsubscribed = model::Error{model::ErrorCode::unavailable, "No answer."};
    EXPECT_EQ(post("/api/v1/connections/lever/disconnect").status, 503);
    EXPECT_EQ(at(post("/api/v1/connections/lever/disconnect", R"({"force":true})"), "/state"), "removed");
    EXPECT_EQ(lever("/state"), "removed");
    EXPECT_EQ(post("/api/v1/connections/lever/resume").status, 409);
    EXPECT_EQ(get("/api/v1/events/" + std::to_string(event)).status, 200);
}

// D.24
TEST_F(AdminAccessTest, BeginsAnewWithARemovedConnection) {
    EXPECT_EQ(post("/api/v1/connections/lever/connect").status, 409);
    ASSERT_EQ(post("/api/v1/connections/lever/disconnect").status, 200);
    EXPECT_EQ(at(post("/api/v1/connections/lever/connect"), "/state"), "needs_authorization");
}

TEST_F(AdminAccessTest, NeedsTheTokenForEveryChange) {
    for (char const* const verb : {"authorize", "subscribe", "rotate-secret", "disconnect", "connect"}) {
        auto const answer =
            make().handle({"POST", std::string("/api/v1/connections/lever/") + verb, {}, "{}", "127.0.0.1"});
        EXPECT_EQ(answer.status, 401) << verb;
    }
}

}  // namespace
}  // namespace crosswalk::admin

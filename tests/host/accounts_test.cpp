// The access of connections as the configuration wants it.
#include "accounts.hpp"

#include "access/access_room.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"
#include "vault/base64.hpp"
#include <crosswalk/connector.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk {
namespace {

using model::Error;
using model::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Secrets final : public model::SecretSource {
public:
    std::string store_key = vault::base64(std::string(32, 'k'));
    [[nodiscard]] model::Result<model::Secret> resolve(std::string_view reference) const override {
        if (reference == "secret:env/STORE_KEY") {
            return model::Secret(store_key);
        }
        return Error{ErrorCode::not_found, "No secret " + std::string(reference) + "."};
    }
};

// A library whose one connector says of its OAuth what a test wants.
class FakeLibrary final : public plugin_host::Library {
public:
    explicit FakeLibrary(std::uint32_t caps) {
        infos_.push_back(support::FakeConnector().info());
        infos_[0].caps = caps;
        infos_[0].egress = {"auth.example.com"};
    }
    std::optional<plugin_host::OAuthDescription> how;

    [[nodiscard]] std::vector<plugin_host::ConnectorInfo> const& connectors() const noexcept override { return infos_; }
    model::Result<std::unique_ptr<plugin_host::Connector>> create(std::string const&, plugin_host::Services) override {
        auto made = std::make_unique<support::FakeConnector>();
        made->info() = infos_[0];
        made->on_oauth = [how = how] { return model::Result<std::optional<plugin_host::OAuthDescription>>(how); };
        return std::unique_ptr<plugin_host::Connector>(std::move(made));
    }
    model::Result<void> check_settings(std::string const&, plugin_host::SettingsCheck) override { return {}; }

private:
    std::vector<plugin_host::ConnectorInfo> infos_;
};

plugin_host::OAuthDescription description() {
    plugin_host::OAuthDescription how;
    how.grant = "authorization_code";
    how.authorize_url = "https://auth.example.com/authorize";
    how.token_url = "https://auth.example.com/token";
    how.client_id = "client-1";
    how.client_secret = "/client_secret";
    how.client_auth = "body";
    return how;
}

struct AccountsTest : testing::Test {
    support::FakeClock clock;
    support::TestStore store{clock};
    Secrets secrets;
    config::Config config;
    std::shared_ptr<FakeLibrary> library = std::make_shared<FakeLibrary>(CW_CAP_OAUTH | CW_CAP_SUBSCRIBE);
    std::vector<std::string> subscribed;

    AccountsTest() {
        config.store_key = "secret:env/STORE_KEY";
        config.public_url = "https://hooks.example.com";
        config::Connection lever;
        lever.name = "lever";
        lever.connector = "fake";
        lever.settings = boost::json::object{};
        config.connections.emplace("lever", std::move(lever));
        library->how = description();
    }
    config::Connection& lever() { return config.connections.at("lever"); }
    std::vector<std::string> problems() {
        std::vector<std::string> words;
        for (config::Problem const& problem : check_accounts(config, {{"fake", library}}, secrets, store.logger())) {
            words.push_back(problem.message);
        }
        return words;
    }
    // Opens, adopts the connector and looks at its webhooks once.
    access::Desk::View run() {
        Accounts accounts(config, secrets, clock, store.logger());
        EXPECT_TRUE(accounts.open(store.store(), store.state));
        support::FakeConnector connector;
        connector.info().caps = CW_CAP_WEBHOOK | CW_CAP_OAUTH | CW_CAP_SUBSCRIBE;
        connector.info().egress = {"auth.example.com"};
        connector.on_oauth = [this] {
            return model::Result<std::optional<plugin_host::OAuthDescription>>(library->how);
        };
        connector.on_subscribe = [this](std::string const& url,
                                        auto const&) -> model::Result<plugin_host::ProbeReport> {
            subscribed.push_back(url);
            return plugin_host::ProbeReport{};
        };
        auto const adopted = accounts.adopt(lever(), connector);
        EXPECT_TRUE(accounts.open_desk([](auto const&) { return std::vector<std::string>{"candidate.hired"}; }, [] {},
                                       [](auto const&, auto const&) {}));
        if (!adopted) {
            // The host destroys what was not adopted, so nobody may ask it any more.
            EXPECT_EQ(accounts.desk().subscribe("lever").error().code, ErrorCode::unsupported);
            return {"failed", adopted.error().detail};
        }
        EXPECT_TRUE(accounts.desk().subscribe("lever"));
        return accounts.desk().view("lever");
    }
};

TEST_F(AccountsTest, FindNothingWrongWithAConnectionThatHasWhatOAuthNeeds) {
    EXPECT_THAT(problems(), IsEmpty());
    EXPECT_EQ(run().state, "needs_authorization");
}

TEST_F(AccountsTest, RefuseOAuthWithoutAKeyAndTellHowToMakeOne) {
    config.store_key.clear();
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("openssl rand -base64 32")));
    EXPECT_EQ(run().state, "failed");
    EXPECT_THAT(run().reason, HasSubstr("openssl rand -base64 32"));
}

TEST_F(AccountsTest, RunWithoutAKeyWhereTheSettingsNeedNone) {
    config.store_key.clear();
    library->how.reset();
    EXPECT_THAT(problems(), IsEmpty());
    EXPECT_EQ(run().state, "connected");
}

TEST_F(AccountsTest, NameAKeyOfTheWrongLength) {
    secrets.store_key = vault::base64("short");
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("5 bytes")));
    Accounts accounts(config, secrets, clock, store.logger());
    EXPECT_THAT(accounts.open(store.store(), store.state).error().detail, HasSubstr("5 bytes"));
}

TEST_F(AccountsTest, RefuseAConsentFromWhichNobodyCouldComeBack) {
    config.public_url.clear();
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("public_url")));
}

TEST_F(AccountsTest, RefuseATokenAddressOutsideTheEgressList) {
    library->how->token_url = "https://elsewhere.example.com/token";
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("elsewhere.example.com")));
    EXPECT_EQ(run().state, "failed");
}

TEST_F(AccountsTest, TakeNoTokenFromAnAnswerAbove64Kib) {
    access::TokenServer vendor(store.logger());
    std::string const token = R"({"access_token":"a","expires_in":3600,"more":")";
    vendor.then(200, token + std::string(64 * 1024, 'x') + R"("})");
    vendor.then(200, token + R"("})");
    library->how->grant = "client_credentials";
    library->how->token_url = vendor.url();
    lever().settings = boost::json::object{{"client_secret", "secret:env/STORE_KEY"}};
    Accounts accounts(config, secrets, clock, store.logger());
    ASSERT_TRUE(accounts.open(store.store(), store.state));
    support::FakeConnector connector;
    connector.info().caps = CW_CAP_OAUTH;
    connector.info().egress = {"127.0.0.1"};
    connector.on_oauth = [this] { return model::Result<std::optional<plugin_host::OAuthDescription>>(library->how); };
    ASSERT_TRUE(accounts.adopt(lever(), connector));
    auto const large = accounts.tokens("lever")->current();
    ASSERT_FALSE(large);
    EXPECT_THAT(large.error().detail, HasSubstr("larger than allowed"));
    clock.advance(std::chrono::minutes(1));  // it is not asked again at once
    auto const small = accounts.tokens("lever")->current();
    EXPECT_TRUE(small) << small.error().detail;
}

// D.7
TEST_F(AccountsTest, GiveTheVendorTheAddressOfTheConnection) {
    EXPECT_EQ(run().webhooks->state, access::WebhookState::made);
    EXPECT_THAT(subscribed, ElementsAre("https://hooks.example.com/hooks/lever"));
}

TEST_F(AccountsTest, LeaveWebhooksToAPersonWhereTheFileSaysSo) {
    lever().webhooks = "manual";
    EXPECT_THAT(run().webhooks->reason, HasSubstr("webhooks: manual"));
    EXPECT_THAT(subscribed, IsEmpty());
}

TEST_F(AccountsTest, RefuseAutomaticWebhooksThatCannotBeMade) {
    lever().webhooks = "automatic";
    EXPECT_THAT(problems(), IsEmpty());
    library->how.reset();
    config.store_key.clear();
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("store.key")));
    config.public_url.clear();
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("public_url")));
    library = std::make_shared<FakeLibrary>(CW_CAP_WEBHOOK);
    EXPECT_THAT(problems(), ElementsAre(HasSubstr("webhooks: manual")));
}

}  // namespace
}  // namespace crosswalk

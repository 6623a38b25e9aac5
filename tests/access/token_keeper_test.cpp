#include "access_room.hpp"

#include <barrier>
#include <future>
#include <latch>
#include <thread>

namespace crosswalk::access {
namespace {

using model::ErrorCode;
using model::Secret;
using testing::HasSubstr;
using testing::Not;

struct TokenKeeperTest : AccessRoom {};

// D.3
TEST_F(TokenKeeperTest, TradesTheCodeOfAConsentForTokens) {
    auto const keeper = consented();
    EXPECT_EQ(text(keeper->current()), "access-1");
    EXPECT_EQ(vendor.last_body(),
              "grant_type=authorization_code&code=code-1&redirect_uri=https%3A%2F%2Fhooks.example.com%2Foauth%2F"
              "callback&code_verifier=verifier-1&client_id=client-1&client_secret=client-secret");
    EXPECT_EQ(vendor.requests().back().header("content-type"), "application/x-www-form-urlencoded");
}

TEST_F(TokenKeeperTest, SendsTheClientsCredentialsInAHeaderWhereTheVendorWantsThat) {
    auto how = description("client_credentials");
    how.client_auth = "basic";
    how.token_parameters = {{"sub", "42"}};
    vendor.grant("access-1", "");
    EXPECT_EQ(text(keeper(how)->current()), "access-1");
    EXPECT_EQ(vendor.requests().back().header("authorization"), "Basic " + vault::base64("client-1:client-secret"));
    EXPECT_EQ(vendor.last_body(), "grant_type=client_credentials&scope=people%3Aread%20offline_access&sub=42");
}

TEST_F(TokenKeeperTest, SaysThatAConsentIsMissing) {
    auto const keeper = this->keeper();
    auto const token = keeper->current();
    ASSERT_TRUE(token.has_error());
    EXPECT_EQ(token.error().code, ErrorCode::unauthenticated);
    EXPECT_THAT(token.error().detail, HasSubstr("connections authorize lever"));
    EXPECT_EQ(keeper->view().standing, Standing::needs_authorization);
    EXPECT_TRUE(vendor.requests().empty());
}

TEST_F(TokenKeeperTest, AsksForNothingWhileATokenLastsMoreThanAMinute) {
    auto const keeper = consented();
    clock.advance(std::chrono::minutes(58));
    EXPECT_EQ(text(keeper->current()), "access-1");
    EXPECT_EQ(vendor.requests().size(), 1U);
}

// D.3
TEST_F(TokenKeeperTest, RenewsATokenAMinuteBeforeItsEnd) {
    auto const keeper = consented();
    clock.advance(std::chrono::minutes(59));
    vendor.grant("access-2", "refresh-2");
    EXPECT_EQ(text(keeper->current()), "access-2");
    EXPECT_THAT(vendor.last_body(), HasSubstr("grant_type=refresh_token&refresh_token=refresh-1&"));
}

TEST_F(TokenKeeperTest, UsesTheNewestRefreshTokenEachTime) {
    auto const keeper = consented();
    for (char const* const next : {"2", "3"}) {
        clock.advance(std::chrono::hours(1));
        vendor.grant(std::string("access-") + next, std::string("refresh-") + next);
        EXPECT_EQ(text(keeper->current()), std::string("access-") + next);
    }
    EXPECT_THAT(vendor.last_body(), HasSubstr("refresh_token=refresh-2&"));
}

TEST_F(TokenKeeperTest, KeepsTheRefreshTokenOfAVendorThatDoesNotRotateIt) {
    auto const keeper = consented();
    for (int round = 0; round < 2; ++round) {
        clock.advance(std::chrono::hours(1));
        vendor.then(200, R"({"access_token":"next","expires_in":3600})");
        EXPECT_EQ(text(keeper->current()), "next");
    }
    EXPECT_THAT(vendor.last_body(), HasSubstr("refresh_token=refresh-1&"));
}

TEST_F(TokenKeeperTest, HasTheNewPairAfterARestart) {
    auto first = consented();
    clock.advance(std::chrono::hours(1));
    vendor.grant("access-2", "refresh-2");
    ASSERT_EQ(text(first->current()), "access-2");
    first.reset();
    auto const second = keeper();
    EXPECT_EQ(text(second->current()), "access-2");
    clock.advance(std::chrono::hours(1));
    vendor.grant("access-3", "refresh-3");
    EXPECT_EQ(text(second->current()), "access-3");
    EXPECT_THAT(vendor.last_body(), HasSubstr("refresh_token=refresh-2&"));
}

TEST_F(TokenKeeperTest, DoesNotUseANewTokenBeforeItIsStored) {
    auto const keeper = consented();
    clock.advance(std::chrono::hours(1));
    vendor.grant("access-2", "refresh-2");
    sealed.fails = true;
    EXPECT_EQ(text(keeper->current()), "unavailable");
    EXPECT_EQ(text(keeper->current()), "unavailable");
    sealed.fails = false;
    EXPECT_EQ(text(keeper->current()), "access-2");
    EXPECT_EQ(vendor.requests().size(), 2U) << "the pair that could not be stored was thrown away";
    EXPECT_EQ(text(this->keeper()->current()), "access-2") << "after a restart";
}

TEST_F(TokenKeeperTest, KeepsTokensOnlySealed) {
    auto const keeper = consented();
    std::string const bytes = sealed.get("lever", "oauth").value().bytes;
    EXPECT_THAT(bytes, Not(HasSubstr("access-1")));
    EXPECT_THAT(bytes, Not(HasSubstr("refresh-1")));
}

TEST_F(TokenKeeperTest, RefreshesOnceWhoeverAsks) {
    auto const keeper = consented();
    clock.advance(std::chrono::hours(1));
    constexpr int callers = 8;
    std::barrier together(callers);
    std::latch asked(1);
    // The vendor answers only when everybody had the time to ask as well.
    vendor.then([&](http::Request const&) {
        asked.wait();
        return http::Response{200,
                              "application/json",
                              R"({"access_token":"access-2","refresh_token":"refresh-2","expires_in":3600})",
                              {}};
    });
    std::vector<std::future<std::string>> tokens;
    for (int i = 0; i < callers; ++i) {
        tokens.push_back(std::async(std::launch::async, [&] {
            together.arrive_and_wait();
            return text(keeper->current());
        }));
    }
    asked.count_down();
    for (auto& token : tokens) {
        EXPECT_EQ(token.get(), "access-2");
    }
    EXPECT_EQ(vendor.requests().size(), 2U);
}

TEST_F(TokenKeeperTest, RenewsATokenThatTheVendorRefusesAlthoughItShouldLast) {
    auto const keeper = consented();
    vendor.grant("access-2", "refresh-2");
    EXPECT_EQ(text(keeper->instead_of(Secret("access-1"))), "access-2");
    // Another call that had the old one comes late: the vendor is not asked again for it.
    EXPECT_EQ(text(keeper->instead_of(Secret("access-1"))), "access-2");
    EXPECT_EQ(vendor.requests().size(), 2U);
}

// D.25, A.45
TEST_F(TokenKeeperTest, NeedsANewConsentWhenTheVendorRevokedTheOldOne) {
    auto const keeper = consented();
    clock.advance(std::chrono::hours(1));
    vendor.then(400, R"({"error":"invalid_grant"})");
    auto const token = keeper->current();
    ASSERT_TRUE(token.has_error());
    EXPECT_EQ(token.error().code, ErrorCode::unauthenticated);
    EXPECT_THAT(token.error().detail, HasSubstr("connections authorize lever"));
    EXPECT_EQ(keeper->view().standing, Standing::needs_reauth);
    clock.advance(std::chrono::hours(1));
    EXPECT_EQ(text(keeper->current()), "unauthenticated");
    EXPECT_EQ(vendor.requests().size(), 2U) << "a refused grant was tried again";
    EXPECT_EQ(this->keeper()->view().standing, Standing::needs_reauth) << "after a restart";
}

TEST_F(TokenKeeperTest, ConnectsAgainWithANewConsent) {
    auto const keeper = consented();
    clock.advance(std::chrono::hours(1));
    vendor.then(401, "{}");
    ASSERT_EQ(text(keeper->current()), "unauthenticated");
    vendor.grant("access-9", "refresh-9");
    ASSERT_TRUE(keeper->exchange("code-9", Secret("v"), "https://hooks.example.com/oauth/callback"));
    EXPECT_EQ(text(keeper->current()), "access-9");
    EXPECT_EQ(keeper->view().standing, Standing::connected);
}

TEST_F(TokenKeeperTest, UsesTheOldTokenWhileItLastsAndTheVendorIsOut) {
    auto const keeper = consented();
    clock.advance(std::chrono::minutes(59) + std::chrono::seconds(30));
    vendor.then(503, "");
    EXPECT_EQ(text(keeper->current()), "access-1");
    EXPECT_EQ(text(keeper->current()), "access-1");
    EXPECT_EQ(vendor.requests().size(), 2U) << "the vendor was not left alone";
    clock.advance(std::chrono::seconds(40));
    vendor.then(503, "");
    EXPECT_EQ(text(keeper->current()), "unavailable");
    EXPECT_EQ(keeper->view().standing, Standing::connected);
    clock.advance(std::chrono::seconds(6));
    vendor.grant("access-2", "refresh-2");
    EXPECT_EQ(text(keeper->current()), "access-2");
}

TEST_F(TokenKeeperTest, DoesNotThrowTheConsentAwayWhenTheClientSecretIsWrong) {
    auto const keeper = consented();
    clock.advance(std::chrono::hours(1));
    vendor.then(401, R"({"error":"invalid_client"})");
    EXPECT_EQ(text(keeper->current()), "unauthenticated");
    EXPECT_EQ(keeper->view().standing, Standing::needs_reauth);
    EXPECT_THAT(keeper->view().reason, HasSubstr("client secret"));
    clock.advance(std::chrono::seconds(6));
    vendor.grant("access-2", "refresh-2");
    EXPECT_EQ(text(keeper->current()), "access-2");
}

TEST_F(TokenKeeperTest, ChangesNothingWhenACodeIsRefused) {
    auto const keeper = consented();
    vendor.then(400, R"({"error":"invalid_grant"})");
    EXPECT_TRUE(keeper->exchange("bad", Secret("v"), "https://hooks.example.com/oauth/callback").has_error());
    EXPECT_EQ(text(keeper->current()), "access-1");
}

// D.24
TEST_F(TokenKeeperTest, HasNothingLeftOfWhatItForgot) {
    auto const keeper = consented();
    ASSERT_TRUE(keeper->forget());
    EXPECT_EQ(text(keeper->current()), "unauthenticated");
    EXPECT_EQ(keeper->view().standing, Standing::needs_authorization);
    EXPECT_EQ(sealed.get("lever", "oauth").error().code, ErrorCode::not_found);
}

TEST_F(TokenKeeperTest, FollowsOneRedirectToAHostOfTheEgressList) {
    auto const keeper = consented();
    clock.advance(std::chrono::hours(1));
    vendor.then([this](http::Request const&) {
        return http::Response{301, "text/plain", "", {{"Location", vendor.url() + "/eu"}}};
    });
    vendor.grant("access-2", "refresh-2");
    EXPECT_EQ(text(keeper->current()), "access-2");
    EXPECT_EQ(vendor.requests().back().target, "/token/eu");
    EXPECT_THAT(vendor.last_body(), HasSubstr("refresh_token=refresh-1"));
}

TEST_F(TokenKeeperTest, SendsNothingToAHostThatARedirectNamesOutsideTheEgressList) {
    auto const keeper = consented();
    clock.advance(std::chrono::hours(1));
    vendor.then([](http::Request const&) {
        return http::Response{301, "text/plain", "", {{"Location", "https://elsewhere.example.com/token"}}};
    });
    EXPECT_EQ(text(keeper->current()), "unavailable");
    EXPECT_EQ(vendor.requests().size(), 2U);
}

TEST_F(TokenKeeperTest, SaysInWordsThatTheKeyOfTheStoreWasChanged) {
    (void)consented();
    vault::Sealer const other = vault::Sealer::from(Secret(vault::base64(std::string(32, 'x')))).value();
    TokenKeeper keeper("lever", sealed, other, clock, store.logger());
    auto const used = keeper.use(std::make_unique<TokenEndpoint const>(description(), http::EgressPolicy({"127.0.0.1"}),
                                                                       FindSecret(), client, clock));
    ASSERT_TRUE(used.has_error());
    EXPECT_THAT(used.error().detail, HasSubstr("another store.key"));
    EXPECT_EQ(keeper.view().standing, Standing::needs_authorization);
}

TEST_F(TokenKeeperTest, LogsNoSecret) {
    auto const keeper = consented();
    clock.advance(std::chrono::hours(1));
    vendor.then(400, R"({"error":"refresh-1 client-secret","error_description":"access-1"})");
    auto const token = keeper->current();
    std::string const said = store.log() + token.error().detail + keeper->view().reason;
    for (char const* const secret : {"access-1", "refresh-1", "client-secret", "code-1", "verifier-1"}) {
        EXPECT_THAT(said, Not(HasSubstr(secret)));
    }
}

TEST_F(TokenKeeperTest, RefusesADescriptionThatLeavesTheEgressListOrIsNotEncrypted) {
    http::EgressPolicy const egress({"127.0.0.1", "auth.example.com"});
    EXPECT_TRUE(check_description(description(), egress));
    auto bent = description();
    bent.token_url = "https://elsewhere.example.com/token";
    EXPECT_TRUE(check_description(bent, egress).has_error());
    bent = description();
    bent.token_url = "http://auth.example.com/token";
    EXPECT_TRUE(check_description(bent, egress).has_error());
    bent = description();
    bent.authorize_url = "http://auth.example.com/authorize";
    EXPECT_TRUE(check_description(bent, egress).has_error());
    bent = description("password");
    EXPECT_TRUE(check_description(bent, egress).has_error());
    bent = description();
    bent.client_auth = "query";
    EXPECT_TRUE(check_description(bent, egress).has_error());
}

}  // namespace
}  // namespace crosswalk::access

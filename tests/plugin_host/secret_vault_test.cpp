#include "plugin_host/secret_vault.hpp"

#include "versatile.hpp"

#include <gmock/gmock.h>

namespace crosswalk::plugin_host {
namespace {

using model::ErrorCode;

class SecretVaultTest : public ::testing::Test {
protected:
    [[nodiscard]] ErrorCode error(std::string_view pointer) {
        auto const found = vault_.find(pointer);
        return found ? ErrorCode{} : found.error().code;
    }
    support::FakeClock clock_;
    TestSecrets source_;
    boost::json::value settings_ = boost::json::parse(
        R"({"api_key":"secret:test/key","other":"secret:test/key","missing":"secret:test/gone",
            "empty":"secret:test/empty","number":3,"hooks":{"a":{"token":"secret:test/key"}}})");
    SecretVault vault_{
        {"/api_key", "/missing", "/empty", "/number", "/absent", "/hooks/*/token"}, settings_, source_, clock_, &kept_};
    TestKeptSecrets kept_;
};

TEST_F(SecretVaultTest, RefusesAPointerThatIsNotDeclaredEvenIfItStandsInTheSettings) {
    EXPECT_EQ(error("/other"), ErrorCode::permission_denied);
    EXPECT_EQ(error("/hooks/a"), ErrorCode::permission_denied);
    EXPECT_EQ(error("/hooks/a/token/x"), ErrorCode::permission_denied);
    EXPECT_EQ(error(""), ErrorCode::permission_denied);
    EXPECT_EQ(source_.resolved, 0);
}

TEST_F(SecretVaultTest, TellsNoSecretSetFromOneThatCannotBeHad) {
    EXPECT_EQ(error("/absent"), ErrorCode::not_found);
    EXPECT_EQ(error("/missing"), ErrorCode::failed_precondition);
    EXPECT_EQ(error("/number"), ErrorCode::failed_precondition);
}

TEST_F(SecretVaultTest, RefusesAnEmptySecretBecauseAnybodyCouldSignWithIt) {
    source_.values["secret:test/empty"] = "";
    EXPECT_EQ(error("/empty"), ErrorCode::failed_precondition);
}

TEST_F(SecretVaultTest, ResolvesOnceInFiveSeconds) {
    for (int i = 0; i < 100; ++i) {
        EXPECT_TRUE(vault_.find("/api_key"));
        EXPECT_FALSE(vault_.find("/missing"));
    }
    EXPECT_EQ(source_.resolved, 2);
    clock_.advance(std::chrono::seconds(5));
    EXPECT_TRUE(vault_.find("/api_key"));
    EXPECT_EQ(source_.resolved, 3);
}

TEST_F(SecretVaultTest, TakesARotatedSecretAndKeepsAnUnchangedOne) {
    auto const first = vault_.find("/api_key");
    clock_.advance(std::chrono::seconds(5));
    EXPECT_EQ(vault_.find("/api_key")->current, first->current);
    source_.values["secret:test/key"] = "rotated";
    clock_.advance(std::chrono::seconds(5));
    EXPECT_EQ(vault_.find("/api_key")->current->secret().reveal(), "rotated");
    EXPECT_EQ(first->current->secret().reveal(), "s3cret");
}

TEST_F(SecretVaultTest, GivesAKeptSecretWhereTheSettingsHoldNothing) {
    ASSERT_TRUE(vault_.put("/hooks/b/token", model::Secret("from the vendor")));
    auto const found = vault_.find("/hooks/b/token");
    ASSERT_TRUE(found);
    EXPECT_EQ(found->current->secret().reveal(), "from the vendor");
    EXPECT_EQ(found->previous, nullptr);
}

TEST_F(SecretVaultTest, WhatTheSettingsSayComesBeforeWhatIsKept) {
    ASSERT_TRUE(vault_.put("/api_key", model::Secret("from the vendor")));
    EXPECT_EQ(vault_.find("/api_key")->current->secret().reveal(), "s3cret");
    // A reference that cannot be resolved must not fall back to another secret.
    ASSERT_TRUE(vault_.put("/missing", model::Secret("from the vendor")));
    EXPECT_EQ(error("/missing"), ErrorCode::failed_precondition);
}

TEST_F(SecretVaultTest, ARotatedKeptSecretCountsAtOnceAndItsKeyedStatesStayWhileItDoesNotChange) {
    ASSERT_TRUE(vault_.put("/absent", model::Secret("one")));
    auto const first = vault_.find("/absent");
    EXPECT_EQ(vault_.find("/absent")->current, first->current);
    kept_.values["/absent"] = "two";
    kept_.previous["/absent"] = "one";
    auto const second = vault_.find("/absent");
    EXPECT_EQ(second->current->secret().reveal(), "two");
    EXPECT_EQ(second->previous, first->current);
    kept_.previous.clear();
    EXPECT_EQ(vault_.find("/absent")->previous, nullptr);
    ASSERT_TRUE(vault_.remove("/absent"));
    EXPECT_EQ(error("/absent"), ErrorCode::not_found);
}

TEST_F(SecretVaultTest, AKeptSecretThatCannotBeReadDoesNotLookAbsent) {
    kept_.unreadable = true;
    EXPECT_EQ(error("/absent"), ErrorCode::failed_precondition);
    kept_.unreadable = false;
    kept_.values["/absent"] = "";
    EXPECT_EQ(error("/absent"), ErrorCode::failed_precondition);
}

TEST_F(SecretVaultTest, KeepsOnlyWhatIsDeclared) {
    EXPECT_EQ(vault_.put("/other", model::Secret("x")).error().code, ErrorCode::permission_denied);
    EXPECT_EQ(vault_.remove("/other").error().code, ErrorCode::permission_denied);
    EXPECT_EQ(vault_.remove("/absent").error().code, ErrorCode::not_found);
    SecretVault without({"/absent"}, settings_, source_, clock_);
    EXPECT_EQ(without.put("/absent", model::Secret("x")).error().code, ErrorCode::unsupported);
    EXPECT_EQ(without.find("/absent").error().code, ErrorCode::not_found);
}

TEST_F(SecretVaultTest, MatchesAnyNameForAStar) {
    EXPECT_TRUE(vault_.find("/hooks/a/token"));
    EXPECT_TRUE(pointer_matches("/a/*/c", "/a/b/c"));
    EXPECT_FALSE(pointer_matches("/a/*/c", "/a//c"));
    EXPECT_FALSE(pointer_matches("/a/*/c", "/a/b/d/c"));
    EXPECT_FALSE(pointer_matches("/a", "/a/b"));
    EXPECT_FALSE(pointer_matches("/a/b", "/a"));
}

TEST_F(SecretVaultTest, ComputesTheSameHmacEveryTime) {
    // RFC 4231, test case 2.
    KeyedSecret const jefe(model::Secret("Jefe"));
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(*jefe.hmac_matches({"what do ya want ", "for nothing?"},
                                       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    }
    EXPECT_FALSE(*jefe.hmac_matches({"what do ya want for nothing?"},
                                    "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843"));
}

}  // namespace
}  // namespace crosswalk::plugin_host

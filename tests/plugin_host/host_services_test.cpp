// What a connector may ask of the host, and what it may not.
#include "versatile.hpp"

#include <gmock/gmock.h>

namespace crosswalk::plugin_host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string const denied = std::to_string(CW_ERR_DENIED);
std::string const internal = std::to_string(CW_ERR_INTERNAL);

class HostServicesTest : public Versatile {
protected:
    void SetUp() override { start(); }
    // What the host answered to one script in a push.
    [[nodiscard]] std::string answer(std::string const& script) { return push(script).reason; }
};

TEST_F(HostServicesTest, GivesSettingsByPointer) {
    EXPECT_EQ(answer("config|/base_url"), "\"https://api.example.com/v1\"");
    EXPECT_THAT(answer("config|"), HasSubstr("\"base_url\""));
    EXPECT_EQ(answer("config|/nothing"), std::to_string(CW_ERR_NOT_FOUND));
    EXPECT_EQ(answer("config|no-pointer"), std::to_string(CW_ERR_NOT_FOUND));
}

TEST_F(HostServicesTest, TellsTheConnectionsName) {
    EXPECT_EQ(answer("connection"), "here");
}

TEST_F(HostServicesTest, GivesADeclaredSecretAndNoOther) {
    EXPECT_EQ(answer("secret|/api_key"), "s3cret");
    EXPECT_EQ(answer("secret|/webhooks/hired/token"), "s3cret");
    EXPECT_EQ(answer("secret|/base_url"), denied);
    EXPECT_EQ(answer("secret|/absent"), std::to_string(CW_ERR_NOT_FOUND));
}

TEST_F(HostServicesTest, VerifiesAnHmacOverJoinedPartsWithoutGivingTheSecretAway) {
    // printf 'ab' | openssl dgst -sha256 -hmac s3cret
    std::string const good = "5aa06cbea1b8c821496a399880e503518992131924d8b4ca5275f0c60e999931";
    std::string const one_digit_off = "0aa06cbea1b8c821496a399880e503518992131924d8b4ca5275f0c60e999931";
    EXPECT_EQ(answer("hmac|/api_key|a|b|" + good), "0");
    EXPECT_EQ(answer("hmac|/api_key|ab||" + good), "0");
    EXPECT_EQ(answer("hmac|/api_key|a|c|" + good), std::to_string(CW_ERR_AUTH));
    EXPECT_EQ(answer("hmac|/api_key|a|b|" + one_digit_off), std::to_string(CW_ERR_AUTH));
    EXPECT_EQ(answer("hmac|/api_key|a|b|"), std::to_string(CW_ERR_AUTH));
    EXPECT_EQ(answer("hmac|/base_url|a|b|" + good), denied);
    EXPECT_EQ(answer("hmac|/absent|a|b|" + good), std::to_string(CW_ERR_NOT_FOUND));
}

TEST_F(HostServicesTest, HashesWithSha256) {
    EXPECT_EQ(answer("sha256|abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_F(HostServicesTest, KeepsPrivateStateWithVersions) {
    EXPECT_EQ(answer("kv_get|k"), std::to_string(CW_ERR_NOT_FOUND));
    EXPECT_EQ(answer("kv_put|k|one|0\nkv_get|k"), "0\none");
    EXPECT_EQ(answer("kv_put|k|two|0"), std::to_string(CW_ERR_CONFLICT));
    EXPECT_EQ(answer("kv_put|k|two|1\nkv_get|k"), "0\ntwo");
    EXPECT_EQ(answer("kv_delete|k\nkv_get|k"), "0\n" + std::to_string(CW_ERR_NOT_FOUND));
    EXPECT_EQ(answer("kv_put||v"), std::to_string(CW_ERR_INVALID));
    EXPECT_EQ(answer("kv_put|k|" + std::string(1024 * 1024 + 1, 'v')), std::to_string(CW_ERR_TOO_LARGE));
}

TEST_F(HostServicesTest, TellsTheTimeOfTheHostsClock) {
    if (isolation() == Isolation::worker) {
        GTEST_SKIP() << "A worker reads the machine's clock itself.";
    }
    EXPECT_EQ(answer("clock"), std::to_string(model::to_unix_ms(fake_clock_.now())));
    EXPECT_EQ(answer("left"), "10000");
}

TEST_F(HostServicesTest, OffersTheExtensionsThatItKnows) {
    EXPECT_EQ(answer("extension|cw.crypto/1"), "some");
    EXPECT_EQ(answer("extension|cw.crypto/9"), "none");
}

TEST_F(HostServicesTest, SleepsNoLongerThanTheDeadline) {
    EXPECT_EQ(push("sleep|1").reason, "0");
    EXPECT_EQ(push("sleep|60000", std::chrono::milliseconds(20)).reason, std::to_string(CW_ERR_DEADLINE));
}

// ---- phase rules ------------------------------------------------------------------------------------------------

TEST_F(HostServicesTest, AMapIsPure) {
    auto const mapped =
        map("secret|/api_key\nhttp|GET|https://api.example.com/\nkv_put|k|v\nkv_get|k\nsleep|1\n"
            "hmac|/api_key|a|b|c\nconfig|/base_url");
    ASSERT_TRUE(mapped);
    EXPECT_EQ(mapped->reason, denied + "\n" + denied + "\n" + denied + "\n" + denied + "\n" + denied + "\n" + denied +
                                  "\n\"https://api.example.com/v1\"");
}

TEST_F(HostServicesTest, AWebhookIsVerifiedWithoutIo) {
    // A verify has no reason to show, so what was refused shows in the log.
    ASSERT_TRUE(verify("http|GET|https://api.example.com/\nkv_get|k\nsleep|1\nwarn|a|b\nsecret|/api_key"));
    for (char const* service : {"http_send", "kv", "sleep_ms", "warn"}) {
        EXPECT_THAT(log(), HasSubstr("\"hook\":\"webhook_verify\",\"service\":\"" + std::string(service) + "\""));
    }
    EXPECT_THAT(log(), Not(HasSubstr("\"service\":\"secret_get\"")));
}

TEST_F(HostServicesTest, AVerifyThatEmitsFails) {
    EXPECT_FALSE(verify("event|e|p|{}"));
}
TEST_F(HostServicesTest, AParseMayNotMoveTheCursor) {
    EXPECT_FALSE(parse("cursor|c"));
}

TEST_F(HostServicesTest, ARefusedServiceIsLoggedOnceAndNamesTheConnector) {
    ASSERT_TRUE(map("secret|/api_key\nsecret|/api_key"));
    ASSERT_TRUE(map("secret|/api_key"));
    EXPECT_EQ(log_lines_with("its hook may not use"), 1U);
    EXPECT_THAT(log(), HasSubstr("\"connector\":\"versatile\""));
}

// ---- calls used wrongly -----------------------------------------------------------------------------------------

TEST_F(HostServicesTest, ACallUsedAfterItsHookIsRefused) {
    (void)push("stash");
    EXPECT_EQ(answer("use_stashed"), internal + "\n0\n1");
    std::string const words = "after its hook or on another thread";
    EXPECT_THAT(log_with(words), HasSubstr(words));
}

TEST_F(HostServicesTest, ACallUsedOnAnotherThreadIsRefused) {
    EXPECT_EQ(answer("other_thread"), internal);
}
TEST_F(HostServicesTest, NoCallAtAllIsRefused) {
    EXPECT_EQ(answer("use_null"), internal);
}

TEST_F(HostServicesTest, ABufferGivenBackTwiceIsNoticed) {
    EXPECT_EQ(push("release_twice").outcome, model::Outcome::delivered);
    std::string const words = "gave something back twice";
    EXPECT_THAT(log_with(words), HasSubstr(words));
}

TEST_F(HostServicesTest, ABufferNeverGivenBackIsFreedWithTheInstance) {
    EXPECT_EQ(push("keep").outcome, model::Outcome::delivered);
}

// ---- logs -------------------------------------------------------------------------------------------------------

TEST_F(HostServicesTest, ALogLineNamesConnectorConnectionAndHook) {
    (void)push("log|3|Something is odd.|{\"pages\":3,\"email\":\"a@example.com\"}");
    EXPECT_THAT(log(), HasSubstr("\"level\":\"warn\",\"message\":\"Something is odd.\",\"connector\":\"versatile\","
                                 "\"connection\":\"here\",\"hook\":\"push\",\"fields\":{\"pages\":3,"));
    EXPECT_THAT(log(), Not(HasSubstr("a@example.com")));
}

TEST_F(HostServicesTest, ALogThatIsNotUtf8IsReplaced) {
    (void)push("log|2|\xFF\xFE");
    EXPECT_THAT(log(), Not(HasSubstr("\xFF")));
}

TEST_F(HostServicesTest, LogLinesBeyondTwoHundredASecondAreDroppedAndCounted) {
    fake_clock_.advance(std::chrono::seconds(2));
    (void)push("logs|250");
    EXPECT_EQ(log_lines_with("One of many."), 200U);
    fake_clock_.advance(std::chrono::seconds(1));
    (void)push("logs|1");
    EXPECT_EQ(log_lines_with("One of many."), 201U);
    EXPECT_THAT(log(), HasSubstr("\"lines\":50"));
}

TEST_F(HostServicesTest, NoSecretReachesTheLog) {
    (void)push("secret|/api_key\nhmac|/api_key|a|b|c\nsecret|/base_url\nhttp|GET|https://127.0.0.1:1/|bearer|/api_key");
    EXPECT_THAT(log(), Not(HasSubstr("s3cret")));
}

// ---- probe ------------------------------------------------------------------------------------------------------

TEST_F(HostServicesTest, AProbeListsMissingRights) {
    start({{"probe", "warn|notes:write|is missing"}});
    auto const report = connector_->probe(patience);
    ASSERT_TRUE(report);
    ASSERT_EQ(report->warnings.size(), 1U);
}

TEST_F(HostServicesTest, AProbeSaysWhatIsBroken) {
    start({{"probe", "fail|-4|-1|The key is refused."}});
    auto const report = connector_->probe(patience);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, model::ErrorCode::unauthenticated);
    EXPECT_EQ(report.error().detail, "The key is refused.");
}

}  // namespace
}  // namespace crosswalk::plugin_host

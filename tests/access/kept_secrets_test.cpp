#include "access/kept_secrets.hpp"

#include "access_room.hpp"

namespace crosswalk::access {
namespace {

using model::ErrorCode;
using model::Secret;
using testing::HasSubstr;
using testing::Not;

struct KeptSecretsTest : AccessRoom {
    KeptSecrets secrets{"lever", sealed, sealer, clock};
};

TEST_F(KeptSecretsTest, GivesBackWhatAVendorHandedOut) {
    EXPECT_EQ(secrets.get("/webhook_secret").error().code, ErrorCode::not_found);
    ASSERT_TRUE(secrets.put("/webhook_secret", Secret("s1")));
    EXPECT_EQ(text(secrets.get("/webhook_secret")), "s1");
    EXPECT_THAT(sealed.get("lever", "secret:/webhook_secret").value().bytes, Not(HasSubstr("s1")));
}

// D.9
TEST_F(KeptSecretsTest, MakesTheOldOneInvalidAtOnceWithoutGrace) {
    ASSERT_TRUE(secrets.put("/webhook_secret", Secret("s1")));
    ASSERT_TRUE(secrets.rotate("/webhook_secret", Secret("s2"), std::chrono::seconds(0)));
    EXPECT_EQ(text(secrets.get("/webhook_secret")), "s2");
    EXPECT_EQ(text(secrets.get_previous("/webhook_secret")), "not_found");
}

// D.9
TEST_F(KeptSecretsTest, LetsTheOldOneCountUntilTheGraceEnds) {
    ASSERT_TRUE(secrets.put("/webhook_secret", Secret("s1\nof two lines")));
    ASSERT_TRUE(secrets.rotate("/webhook_secret", Secret("s2"), std::chrono::hours(1)));
    clock.advance(std::chrono::minutes(59));
    EXPECT_EQ(text(secrets.get_previous("/webhook_secret")), "s1\nof two lines");
    clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(text(secrets.get_previous("/webhook_secret")), "not_found");
}

TEST_F(KeptSecretsTest, KeepsOnlyTheLastOneBeforeARotation) {
    ASSERT_TRUE(secrets.put("/webhook_secret", Secret("s1")));
    ASSERT_TRUE(secrets.rotate("/webhook_secret", Secret("s2"), std::chrono::hours(1)));
    ASSERT_TRUE(secrets.rotate("/webhook_secret", Secret("s3"), std::chrono::seconds(0)));
    EXPECT_EQ(text(secrets.get_previous("/webhook_secret")), "not_found");
}

// D.10
TEST_F(KeptSecretsTest, RefusesAnEmptySecret) {
    EXPECT_EQ(secrets.put("/webhook_secret", Secret()).error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(text(secrets.get("/webhook_secret")), "not_found");
}

TEST_F(KeptSecretsTest, RemovesASecretWithTheOneBefore) {
    ASSERT_TRUE(secrets.put("/webhook_secret", Secret("s1")));
    ASSERT_TRUE(secrets.rotate("/webhook_secret", Secret("s2"), std::chrono::hours(1)));
    ASSERT_TRUE(secrets.remove("/webhook_secret"));
    EXPECT_EQ(text(secrets.get("/webhook_secret")), "not_found");
    EXPECT_EQ(text(secrets.get_previous("/webhook_secret")), "not_found");
    EXPECT_EQ(secrets.remove("/webhook_secret").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace crosswalk::access

#include "access/token_answer.hpp"

#include "support/fake_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::access {
namespace {

using model::ErrorCode;
using testing::HasSubstr;
using testing::Not;

model::TimePoint const now = support::FakeClock().now();  // 2026-11-22T08:00:00Z

model::TimePoint end_of(std::string const& member) {
    return read_token_answer(200, R"({"access_token":"a")" + member + "}", now).value().expires_at;
}

TEST(TokenAnswer, GivesBothTokensAndTheirEnd) {
    auto const tokens = read_token_answer(
        200, R"({"access_token":"a","refresh_token":"r","token_type":"bearer","expires_in":3600})", now);
    ASSERT_TRUE(tokens);
    EXPECT_EQ(tokens->access.reveal(), "a");
    EXPECT_EQ(tokens->refresh.reveal(), "r");
    EXPECT_EQ(tokens->expires_at, now + std::chrono::hours(1));
}

TEST(TokenAnswer, UnderstandsEachWayInWhichVendorsWriteTheEnd) {
    EXPECT_EQ(end_of(R"(,"expires_in":"90")"), now + std::chrono::seconds(90));
    EXPECT_EQ(end_of(R"(,"expires_at":"2026-11-22T08:30:00Z")"), now + std::chrono::minutes(30));
    EXPECT_EQ(end_of(R"(,"expires":"2026-11-22T09:00:00.123Z")"), now + std::chrono::hours(1));
}

TEST(TokenAnswer, TakesATokenWithoutAnEndToLastAnHour) {
    EXPECT_EQ(end_of(""), now + std::chrono::hours(1));
    EXPECT_EQ(end_of(R"(,"expires_in":-5)"), now + std::chrono::hours(1));
    EXPECT_EQ(end_of(R"(,"expires_at":"2026-13-22T08:30:00Z")"), now + std::chrono::hours(1));
}

TEST(TokenAnswer, EndsATokenAfterAYearAtTheLatest) {
    EXPECT_EQ(end_of(R"(,"expires_in":1e300)"), now + std::chrono::hours(366 * 24));
}

TEST(TokenAnswer, RefusesAnAnswerThatHoldsNoUsableToken) {
    for (char const* const body : {"", "[]", "{}", R"({"access_token":""})", R"({"access_token":7})",
                                   R"({"access_token":"a\r\nb"})", R"({"access_token":"a","token_type":"mac"})"}) {
        auto const tokens = read_token_answer(200, body, now);
        ASSERT_TRUE(tokens.has_error()) << body;
        EXPECT_EQ(tokens.error().code, ErrorCode::unavailable) << body;
    }
}

TEST(TokenAnswer, TellsARevokedGrantFromAWrongClientAndFromAVendorThatIsOut) {
    auto const code = [](int status, char const* body) { return read_token_answer(status, body, now).error().code; };
    EXPECT_EQ(code(400, R"({"error":"invalid_grant"})"), ErrorCode::unauthenticated);
    EXPECT_EQ(code(401, R"({"message":"no"})"), ErrorCode::unauthenticated);
    EXPECT_EQ(code(401, R"({"error":"invalid_client"})"), ErrorCode::permission_denied);
    EXPECT_EQ(code(400, R"({"error":"invalid_scope"})"), ErrorCode::invalid_argument);
    EXPECT_EQ(code(429, "{}"), ErrorCode::unavailable);
    EXPECT_EQ(code(503, "<html>"), ErrorCode::unavailable);
}

TEST(TokenAnswer, TakesTokensOf16KibAndNoLonger) {
    auto const answer = [](std::size_t access, std::size_t refresh) {
        return read_token_answer(200,
                                 R"({"access_token":")" + std::string(access, 'a') + R"(","refresh_token":")" +
                                     std::string(refresh, 'r') + R"("})",
                                 now);
    };
    EXPECT_TRUE(answer(16 * 1024, 16 * 1024));
    EXPECT_FALSE(answer(16 * 1024 + 1, 1));
    EXPECT_FALSE(answer(1, 16 * 1024 + 1));
}

TEST(TokenAnswer, RepeatsNothingOfAnErrorThatTheStandardDoesNotKnow) {
    auto const refused = read_token_answer(
        400, R"({"error":"bad client-1","error_description":"refresh-1 is spent","message":"client-1"})", now);
    ASSERT_TRUE(refused.has_error());
    EXPECT_THAT(refused.error().detail, Not(HasSubstr("client-1")));
    EXPECT_THAT(refused.error().detail, Not(HasSubstr("refresh-1")));
    EXPECT_THAT(refused.error().detail, HasSubstr("status 400"));
}

}  // namespace
}  // namespace crosswalk::access

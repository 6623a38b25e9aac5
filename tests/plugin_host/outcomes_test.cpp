// push and look_up never fail: whatever happens is an outcome, as the comment at `push` in connector.h derives it.
#include "versatile.hpp"

#include <gmock/gmock.h>

namespace crosswalk::plugin_host {
namespace {

using model::ErrorCode;
using model::Outcome;
using ::testing::HasSubstr;

class Outcomes : public Versatile {
protected:
    void SetUp() override { start(); }
};

TEST_F(Outcomes, EveryOutcomeOfTheHeaderHasItsWord) {
    EXPECT_EQ(push("outcome|1").outcome, Outcome::delivered);
    EXPECT_EQ(push("outcome|2").outcome, Outcome::duplicate);
    EXPECT_EQ(push("outcome|3").outcome, Outcome::unchanged);
    EXPECT_EQ(push("outcome|4").outcome, Outcome::skipped);
    EXPECT_EQ(push("outcome|5").outcome, Outcome::rejected);
    EXPECT_EQ(push("outcome|6").outcome, Outcome::retry);
    EXPECT_EQ(push("outcome|7").outcome, Outcome::unknown);
}

TEST_F(Outcomes, AnUnknownNumberOrNoneIsUnknown) {
    EXPECT_EQ(push("outcome|99").outcome, Outcome::unknown);
    EXPECT_EQ(push("outcome|-1").outcome, Outcome::unknown);
    EXPECT_EQ(push("outcome|0").outcome, Outcome::unknown);
}

TEST_F(Outcomes, AFailedPushBecomesTheOutcomeOfItsStatus) {
    struct {
        int status;
        Outcome outcome;
        ErrorCode code;
    } const cases[] = {
        {CW_ERR_AUTH, Outcome::auth, ErrorCode::unauthenticated},
        {CW_ERR_CONFIG, Outcome::auth, ErrorCode::failed_precondition},
        {CW_ERR_RATE_LIMITED, Outcome::retry, ErrorCode::rate_limited},
        {CW_ERR_TRANSIENT, Outcome::retry, ErrorCode::unavailable},
        {CW_ERR_INVALID, Outcome::rejected, ErrorCode::invalid_argument},
        {CW_ERR_UNSUPPORTED, Outcome::rejected, ErrorCode::unsupported},
        {CW_ERR_TOO_LARGE, Outcome::rejected, ErrorCode::too_large},
        {CW_ERR_NOT_FOUND, Outcome::rejected, ErrorCode::not_found},
        {CW_ERR_DENIED, Outcome::rejected, ErrorCode::permission_denied},
        {CW_ERR_DEADLINE, Outcome::unknown, ErrorCode::deadline_exceeded},
        {CW_ERR_CANCELLED, Outcome::unknown, ErrorCode::cancelled},
        {CW_ERR_INTERNAL, Outcome::unknown, ErrorCode::internal},
        {CW_ERR_NO_MEMORY, Outcome::unknown, ErrorCode::unavailable},
        {CW_ERR_CONFLICT, Outcome::unknown, ErrorCode::already_exists},
        {-4711, Outcome::unknown, ErrorCode::internal},
        {17, Outcome::unknown, ErrorCode::internal},
    };
    for (auto const& one : cases) {
        auto const report = push("return|" + std::to_string(one.status));
        EXPECT_EQ(report.outcome, one.outcome) << one.status;
        EXPECT_EQ(report.error_code, one.code) << one.status;
        EXPECT_FALSE(report.reason.empty()) << one.status;
    }
}

TEST_F(Outcomes, AFailedPushTellsWhyWhichFieldsAndWhen) {
    auto const report = push(
        "fail|-6|1500|The vendor asks for patience.|{\"fields\":[{\"field\":\"email\",\"reason\":\"is taken\"},3]}");
    EXPECT_EQ(report.outcome, Outcome::retry);
    EXPECT_EQ(report.reason, "The vendor asks for patience.");
    EXPECT_EQ(report.retry_after_ms, 1500);
    ASSERT_EQ(report.fields.size(), 2U);
    EXPECT_EQ(report.fields[0], (model::FieldProblem{"email", "is taken"}));
}

TEST_F(Outcomes, AnAbsurdRetryAfterIsBounded) {
    EXPECT_EQ(push("outcome|6|9223372036854775807").retry_after_ms, 7LL * 24 * 3600 * 1000);
    EXPECT_EQ(push("outcome|6|-5").retry_after_ms, 0);
}

TEST_F(Outcomes, NotesAndWarningsTravelWithTheReport) {
    auto const report = push("note|1|emp-7\nnote|2|https://example.com/emp-7\nnote|3|req-1\nwarn|phone|was left out");
    EXPECT_EQ(report.target_key, "emp-7");
    EXPECT_EQ(report.target_url, "https://example.com/emp-7");
    EXPECT_EQ(report.remote_request, "req-1");
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0].field, "phone");
}

TEST_F(Outcomes, APushThatThrowsMayHaveBeenApplied) {
    auto const report = push("throw");
    EXPECT_EQ(report.outcome, Outcome::unknown);
    EXPECT_THAT(log(), HasSubstr("threw across the boundary"));
    EXPECT_EQ(push("throw_number").outcome, Outcome::unknown);
    EXPECT_EQ(push("outcome|1").outcome, Outcome::delivered);
}

TEST_F(Outcomes, APushThatNeverRanIsRetried) {
    EXPECT_EQ(push("outcome|1", std::chrono::milliseconds(0)).outcome, Outcome::retry);
    connector_->cancel();
    auto const report = push("outcome|1");
    EXPECT_EQ(report.outcome, Outcome::retry);
    EXPECT_EQ(report.error_code, ErrorCode::cancelled);
}

TEST_F(Outcomes, AnUnknownActionIsRejected) {
    auto const report = connector_->push("dance", "idem", 1, {"versatile.thing/1", "", "{}"}, patience);
    EXPECT_EQ(report.outcome, Outcome::rejected);
    EXPECT_THAT(report.reason, HasSubstr("dance"));
}

TEST_F(Outcomes, ALookUpThatFailsNeverAllowsARepetition) {
    for (int const status : {CW_ERR_TRANSIENT, CW_ERR_RATE_LIMITED, CW_ERR_INVALID, CW_ERR_NOT_FOUND, CW_ERR_DEADLINE,
                             CW_ERR_INTERNAL, CW_ERR_DENIED, -4711}) {
        EXPECT_EQ(look_up("return|" + std::to_string(status)).outcome, Outcome::unknown) << status;
    }
    EXPECT_EQ(look_up("throw").outcome, Outcome::unknown);
}

TEST_F(Outcomes, ALookUpAnswersWithItsOwnWordsOnly) {
    EXPECT_EQ(look_up("outcome|1").outcome, Outcome::delivered);
    EXPECT_EQ(look_up("outcome|2").outcome, Outcome::duplicate);
    EXPECT_EQ(look_up("outcome|6").outcome, Outcome::retry);
    for (int const other : {0, 3, 4, 5, 7, 8}) {
        EXPECT_EQ(look_up("outcome|" + std::to_string(other)).outcome, Outcome::unknown) << other;
    }
    EXPECT_EQ(look_up("return|-4").outcome, Outcome::auth);
}

TEST_F(Outcomes, ALookUpThatNeverRanSaysNothing) {
    connector_->cancel();
    EXPECT_EQ(look_up("outcome|6").outcome, Outcome::unknown);
}

}  // namespace
}  // namespace crosswalk::plugin_host

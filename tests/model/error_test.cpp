#include "model/error.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

namespace crosswalk::model {
namespace {

TEST(ErrorCode, HasAPublicNameAndNumber) {
    EXPECT_EQ(name(ErrorCode::rate_limited), "rate_limited");
    EXPECT_EQ(static_cast<int>(ErrorCode::rate_limited), 2);
    EXPECT_EQ(name(ErrorCode::unsupported), "unsupported");
    EXPECT_EQ(static_cast<int>(ErrorCode::internal), 31);
}

TEST(ErrorCode, IsCalledInLogsAndMetricsAsItIsWritten) {
    for (auto const& [code, words] :
         {std::pair(ErrorCode::unavailable, "unavailable"), std::pair(ErrorCode::rate_limited, "rate_limited"),
          std::pair(ErrorCode::deadline_exceeded, "deadline_exceeded"), std::pair(ErrorCode::cancelled, "cancelled"),
          std::pair(ErrorCode::invalid_argument, "invalid_argument"),
          std::pair(ErrorCode::unauthenticated, "unauthenticated"),
          std::pair(ErrorCode::permission_denied, "permission_denied"), std::pair(ErrorCode::not_found, "not_found"),
          std::pair(ErrorCode::already_exists, "already_exists"),
          std::pair(ErrorCode::failed_precondition, "failed_precondition"),
          std::pair(ErrorCode::too_large, "too_large"), std::pair(ErrorCode::unsupported, "unsupported"),
          std::pair(ErrorCode::corruption, "corruption"), std::pair(ErrorCode::internal, "internal")}) {
        EXPECT_EQ(name(code), words);
    }
}

TEST(ErrorCode, IsInternalWhenNobodyKnowsIt) {
    EXPECT_EQ(name(static_cast<ErrorCode>(999)), "internal");
}

TEST(ErrorCode, IsRetryableOnlyWhereTheSameRequestMaySucceed) {
    for (ErrorCode const code :
         {ErrorCode::unavailable, ErrorCode::rate_limited, ErrorCode::deadline_exceeded, ErrorCode::cancelled}) {
        EXPECT_TRUE(is_retryable(code)) << name(code);
    }
    for (ErrorCode const code : {ErrorCode::invalid_argument, ErrorCode::unauthenticated, ErrorCode::not_found,
                                 ErrorCode::corruption, ErrorCode::internal}) {
        EXPECT_FALSE(is_retryable(code)) << name(code);
    }
}

TEST(Result, EndsInALogicErrorWhenTheValueOfAnErrorIsTaken) {
    Result<int> const result = Error{ErrorCode::not_found, "nothing there"};
    EXPECT_THROW(static_cast<void>(result.value()), std::logic_error);
}

}  // namespace
}  // namespace crosswalk::model

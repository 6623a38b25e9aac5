#include <crosswalk/connector.h>

#include <gtest/gtest.h>

#include <cstdint>

namespace {

// layout.h can only compare lengths of texts.
TEST(ConnectorHeader, KeepsItsExtensionIds) {
    EXPECT_STREQ(CW_EXT_CRYPTO, "cw.crypto/1");
    EXPECT_STREQ(CW_EXT_PUSH_LOOKUP, "cw.push-lookup/1");
    EXPECT_STREQ(CW_EXT_PROBE, "cw.probe/1");
}

TEST(ConnectorHeader, HasSaysYesWhenTheOtherSideKnowsTheField) {
    cw_push_result result{};
    result.struct_size = sizeof result;
    EXPECT_TRUE(CW_HAS(cw_push_result, &result, retry_after_ms));
}

TEST(ConnectorHeader, HasSaysNoWhenTheOtherSidesStructEndsBeforeTheField) {
    cw_push_result older{};
    older.struct_size = sizeof older - sizeof(std::int64_t);
    EXPECT_TRUE(CW_HAS(cw_push_result, &older, outcome));
    EXPECT_FALSE(CW_HAS(cw_push_result, &older, retry_after_ms));
}

TEST(ConnectorHeader, HasSaysNoWhenTheFieldIsOnlyPartlyThere) {
    cw_push_result cut{};
    cut.struct_size = sizeof cut - 1;
    EXPECT_FALSE(CW_HAS(cw_push_result, &cut, retry_after_ms));
}

TEST(ConnectorHeader, HasSaysNoForNull) {
    cw_push_result const* const none = nullptr;
    EXPECT_FALSE(CW_HAS(cw_push_result, none, outcome));
}

}  // namespace

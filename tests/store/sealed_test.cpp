#include "store/sealed.hpp"

#include "support/fake_clock.hpp"
#include "support/test_store.hpp"

#include <gtest/gtest.h>

namespace crosswalk::store {
namespace {

using model::ErrorCode;

struct SealedTest : testing::Test {
    support::FakeClock clock;
    support::TestStore store{clock};
    Sealed sealed{store.store()};
};

TEST_F(SealedTest, GivesBackTheBytesAndTheTimeOfTheirChange) {
    std::string const bytes("a\0b", 3);
    ASSERT_TRUE(sealed.change("lever", {{"oauth", bytes}}));
    EXPECT_EQ(sealed.get("lever", "oauth").value().bytes, bytes);
    EXPECT_EQ(sealed.get("lever", "oauth").value().changed_at, clock.now());
}

TEST_F(SealedTest, KeepsAValueOfNoBytesAsAValue) {
    ASSERT_TRUE(sealed.change("lever", {{"oauth", ""}}));
    EXPECT_EQ(sealed.get("lever", "oauth").value().bytes, "");
}

TEST_F(SealedTest, KeepsConnectionsAndNamesApart) {
    ASSERT_TRUE(sealed.change("lever", {{"oauth", "1"}, {"secret:/a", "2"}}));
    EXPECT_EQ(sealed.get("lever", "secret:/a").value().bytes, "2");
    EXPECT_EQ(sealed.get("goco", "oauth").error().code, ErrorCode::not_found);
}

TEST_F(SealedTest, ChangesAllOfWhatBelongsTogetherOrNothing) {
    ASSERT_TRUE(sealed.change("lever", {{"a", "old"}}));
    std::string const huge(65 * 1024, 'x');
    EXPECT_EQ(sealed.change("lever", {{"a", "new"}, {"b", huge}}).error().code, ErrorCode::too_large);
    EXPECT_EQ(sealed.get("lever", "a").value().bytes, "old");
}

TEST_F(SealedTest, RemovesAndWritesInOneChange) {
    ASSERT_TRUE(sealed.change("lever", {{"a", "1"}}));
    ASSERT_TRUE(sealed.change("lever", {{"a", std::nullopt}, {"b", "2"}}));
    EXPECT_EQ(sealed.get("lever", "a").error().code, ErrorCode::not_found);
    EXPECT_EQ(sealed.get("lever", "b").value().bytes, "2");
}

TEST_F(SealedTest, RemovesAValueOnce) {
    ASSERT_TRUE(sealed.change("lever", {{"a", "1"}}));
    EXPECT_TRUE(sealed.remove("lever", "a"));
    EXPECT_EQ(sealed.remove("lever", "a").error().code, ErrorCode::not_found);
}

TEST_F(SealedTest, ForgetsAllOfOneConnection) {
    ASSERT_TRUE(sealed.change("lever", {{"a", "1"}, {"b", "2"}}));
    ASSERT_TRUE(sealed.change("goco", {{"a", "3"}}));
    ASSERT_TRUE(sealed.remove_all("lever"));
    EXPECT_TRUE(sealed.get("lever", "a").has_error());
    EXPECT_TRUE(sealed.get("lever", "b").has_error());
    EXPECT_EQ(sealed.get("goco", "a").value().bytes, "3");
}

}  // namespace
}  // namespace crosswalk::store

#include "config/config.hpp"

#include <gtest/gtest.h>

namespace crosswalk::config {
namespace {

TEST(Nearest, FindsAMissingLetter) {
    EXPECT_EQ(nearest("requird", {"route", "require"}), "require");
}
TEST(Nearest, FindsSwappedLetters) {
    EXPECT_EQ(nearest("fro", {"to", "from"}), "from");
}
TEST(Nearest, CountsASwapAsOneChange) {
    EXPECT_EQ(nearest("mpa", {"map", "to"}), "map");
}
TEST(Nearest, DoesNotCountCase) {
    EXPECT_EQ(nearest("BASE_URL", {"base_url"}), "base_url");
}
TEST(Nearest, FindsABeginning) {
    EXPECT_EQ(nearest("prod", {"sandbox", "production"}), "production");
}
TEST(Nearest, PrefersTheCloser) {
    EXPECT_EQ(nearest("create_employe", {"create_employees", "create_employee"}), "create_employee");
}
TEST(Nearest, IsSilentWhenNothingIsClose) {
    EXPECT_EQ(nearest("colour", {"level", "format"}), "");
}
TEST(Nearest, IsSilentAboutNothing) {
    EXPECT_EQ(nearest("", {"a", "b"}), "");
}
TEST(Nearest, DoesNotTakeOneWholeShortWordForAnother) {
    EXPECT_EQ(nearest("x", {"y"}), "");
}
TEST(Nearest, RefusesEndlessNames) {
    EXPECT_EQ(nearest(std::string(100'000, 'a'), {std::string(100'000, 'a')}), "");
}

}  // namespace
}  // namespace crosswalk::config

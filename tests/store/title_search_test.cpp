#include "store/title_search.hpp"

#include <gtest/gtest.h>

namespace crosswalk::store {
namespace {

TEST(FoldCase, FoldsLatinGreekAndCyrillicLetters) {
    EXPECT_EQ(fold_case("ADA Example"), "ada example");
    EXPECT_EQ(fold_case("ÅSA ÖRTEGÅRD"), "åsa örtegård");
    EXPECT_EQ(fold_case("ŁUKASZ ŽIŽEK"), "łukasz žižek");
    EXPECT_EQ(fold_case("ΑΔΑ"), "αδα");
    EXPECT_EQ(fold_case("ЁЖ АДА"), "ёж ада");
}

TEST(FoldCase, LeavesWhatHasNoCaseAlone) {
    EXPECT_EQ(fold_case("×÷ß 中 1"), "×÷ß 中 1");
    EXPECT_EQ(fold_case("\xC3"), "\xC3");
    EXPECT_EQ(fold_case("\xFF\x80"), "\xFF\x80");
}

}  // namespace
}  // namespace crosswalk::store

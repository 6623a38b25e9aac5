#include "vault/base64.hpp"
#include "vault/random.hpp"

#include <gtest/gtest.h>

namespace crosswalk::vault {
namespace {

TEST(Base64, GivesTheTextsOfTheStandard) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, ForAddressesHasNeitherPaddingNorSlashes) {
    EXPECT_EQ(base64("\xfb\xff\xfe"), "+//+");
    EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
    EXPECT_EQ(base64url("f"), "Zg");
}

TEST(Base64, ReadsBackWhatItWrote) {
    for (std::string const text : {"f", "fo", "foo", "a longer one, with spaces"}) {
        EXPECT_EQ(from_base64(base64(text)), text);
    }
}

TEST(Base64, RefusesWhatIsNoBase64) {
    for (char const* const text : {"", "Zg", "Zg=", "Z===", "Zm9v\n", "Zm9-", "=Zm9", "Zg==Zg==", "Zh==", "Zm9="}) {
        EXPECT_EQ(from_base64(text), std::nullopt) << text;
    }
}

TEST(Random, GivesAnotherWordEachTime) {
    auto const first = random_word();
    auto const second = random_word();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->size(), 43U);
    EXPECT_NE(*first, *second);
    EXPECT_EQ(first->find_first_of("+/="), std::string::npos);
}

// The example of RFC 7636, appendix B.
TEST(CodeChallenge, IsTheOneOfTheStandard) {
    EXPECT_EQ(code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").value(),
              "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

}  // namespace
}  // namespace crosswalk::vault

#include "vault/hmac.hpp"

#include <gtest/gtest.h>

#include <string>

namespace crosswalk::vault {
namespace {

std::string digits(std::array<char, 32> const& bytes) {
    std::string text;
    for (char const byte : bytes) {
        text += "0123456789abcdef"[static_cast<unsigned char>(byte) >> 4U];
        text += "0123456789abcdef"[static_cast<unsigned char>(byte) & 15U];
    }
    return text;
}

TEST(Hmac, GivesTheValuesOfRfc4231WhateverKeyCameBefore) {
    std::string const first(20, '\x0b');
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(digits(hmac_sha256(first, "Hi There")),
                  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        EXPECT_EQ(digits(hmac_sha256("Jefe", "what do ya want for nothing?")),
                  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        EXPECT_EQ(digits(hmac_sha256("Jefe", "what do ya want for nothing?")),
                  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}

}  // namespace
}  // namespace crosswalk::vault

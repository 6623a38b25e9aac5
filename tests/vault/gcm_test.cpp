#include "vault/gcm.hpp"

#include <gtest/gtest.h>

namespace crosswalk::vault {
namespace {

std::string hex(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes.push_back(static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
    }
    return bytes;
}

Key key_of(std::string_view digits) {
    return *Key::from(hex(digits));
}

struct Vector {
    char const* key;
    char const* nonce;
    char const* bound_to;
    char const* plain;
    char const* sealed;  // with its tag
};
// Test cases 13, 14 and 16 of the GCM specification that was submitted to NIST.
constexpr Vector vectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "", "",
     "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
     "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657b"
     "a"
     "637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0ab"
     "c"
     "c9f66276fc6ece0f4e1768cddf8853bb2d551b"}};

TEST(Gcm, AgreesWithTheVectorsOfItsSpecification) {
    for (Vector const& vector : vectors) {
        Key const key = key_of(vector.key);
        std::string const plain = hex(vector.plain);
        std::string sealed(plain.size() + tag_bytes, '\0');
        ASSERT_TRUE(encrypt(key, hex(vector.nonce), hex(vector.bound_to), plain, sealed.data()));
        EXPECT_EQ(sealed, hex(vector.sealed));
        EXPECT_EQ(open(key, hex(vector.bound_to), hex(vector.nonce) + hex(vector.sealed)).value(), plain);
    }
}

TEST(Gcm, OpensNothingThatWasChangedCutMovedOrSealedWithAnotherKey) {
    Key const key = Key::random().value();
    std::string const sealed = seal(key, "here", "text").value();
    ASSERT_EQ(open(key, "here", sealed).value(), "text");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string changed = sealed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_EQ(open(key, "here", changed).error().code, model::ErrorCode::corruption) << i;
        EXPECT_FALSE(open(key, "here", sealed.substr(0, i))) << i;
    }
    EXPECT_FALSE(open(key, "there", sealed));
    EXPECT_FALSE(open(Key::random().value(), "here", sealed));
}

TEST(Gcm, SealsTheSameTextTwiceInTwoWays) {
    Key const key = Key::random().value();
    EXPECT_NE(seal(key, "", "text").value(), seal(key, "", "text").value());
}

TEST(Gcm, TakesNoKeyOfAnotherLength) {
    EXPECT_FALSE(Key::from(std::string(31, 'k')));
    EXPECT_FALSE(Key::from(std::string(33, 'k')));
    EXPECT_TRUE(Key::from(std::string(32, 'k')));
}

}  // namespace
}  // namespace crosswalk::vault

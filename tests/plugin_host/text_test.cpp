#include "plugin_host/text.hpp"

#include <gtest/gtest.h>

namespace crosswalk::plugin_host {
namespace {

TEST(Text, TakesEveryWellFormedCharacterLength) {
    EXPECT_TRUE(is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
}

TEST(Text, RefusesBytesThatAreNotUtf8) {
    for (char const* bad : {"\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                            "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "a\xE2\x82"}) {
        EXPECT_FALSE(is_utf8(bad)) << static_cast<unsigned>(static_cast<unsigned char>(bad[0]));
    }
}

TEST(Text, TakesOneJsonObjectOnly) {
    EXPECT_TRUE(is_json_object(R"({"a":[{"b":null}]})"));
    EXPECT_TRUE(is_json_object(" {} \n"));
    for (char const* bad : {"", "[]", "[{}]", "1", "\"{}\"", "{", "{}{}", "{} x", "{\"a\":}", "{\"a\":\"\xC3(\"}"}) {
        EXPECT_FALSE(is_json_object(bad)) << bad;
    }
}

TEST(Text, RefusesANumberThatCouldNotBeWrittenAgain) {
    EXPECT_TRUE(is_json_object(R"({"a":1e300})"));
    for (char const* bad : {R"({"a":1e999})", R"({"a":[-1e999]})", R"({"a":{"b":1e309}})"}) {
        EXPECT_FALSE(is_json_object(bad)) << bad;
    }
}

TEST(Text, RefusesJsonThatNestsTooDeep) {
    auto const nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    EXPECT_TRUE(is_json_object(nested(json_depth_max - 2)));
    EXPECT_FALSE(is_json_object(nested(100'000)));
}

TEST(Text, CutsBetweenCharacters) {
    EXPECT_EQ(readable("ab\xE2\x82\xAC", 4), "ab");
    EXPECT_EQ(readable("ab\xE2\x82\xAC", 5), "ab\xE2\x82\xAC");
}

TEST(Text, ReplacesBrokenTextByASentence) {
    EXPECT_TRUE(is_utf8(readable("\xFF\xFE", 100)));
}

TEST(Text, BoundsTerminatedText) {
    EXPECT_EQ(bounded_text("abc", 3), "abc");
    EXPECT_FALSE(bounded_text("abcd", 3));
    EXPECT_FALSE(bounded_text(nullptr, 3));
}

TEST(Text, RefusesBytesWithoutAnAddress) {
    EXPECT_FALSE(bytes_of(cw_str{nullptr, 1}));
    EXPECT_EQ(bytes_of(cw_str{nullptr, 0}), "");
}

}  // namespace
}  // namespace crosswalk::plugin_host

#include "config/values.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace crosswalk::config {
namespace {

using std::chrono::milliseconds;

std::string plain(std::string_view text) {
    return boost::json::serialize(plain_value(text));
}

TEST(PlainValue, KeepsTextThatOnlyLooksLikeSomethingElse) {
    for (std::string const text : {"yes", "no", "on", "off", "True", "0012", "1.10", "2026-01-31", "0x1F", "1e3", "+1",
                                   "1_000", "-0", ".5", "5.", "1234567890123456789", "12:30", "null-ish", "NaN"}) {
        EXPECT_EQ(plain(text), '"' + text + '"');
    }
}

TEST(PlainValue, TypesWhatCanBeNothingElse) {
    EXPECT_EQ(plain("true"), "true");
    EXPECT_EQ(plain("false"), "false");
    EXPECT_EQ(plain("8470"), "8470");
    EXPECT_EQ(plain("-3"), "-3");
    EXPECT_EQ(plain_value("1.5").as_double(), 1.5);
}

TEST(Duration, KnowsItsUnits) {
    EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
    EXPECT_EQ(parse_duration("30s"), milliseconds(30'000));
    EXPECT_EQ(parse_duration("5m"), milliseconds(300'000));
    EXPECT_EQ(parse_duration("2h"), milliseconds(7'200'000));
    EXPECT_EQ(parse_duration("7d"), milliseconds(604'800'000));
}

TEST(Duration, RefusesEverythingElse) {
    for (std::string_view const text : {"", "5", "s", "5 s", "-5s", "1.5h", "5S", "5sec", "05s", "3651d",
                                        "999999999999999999d", "99999999999999999999s"}) {
        EXPECT_FALSE(parse_duration(text)) << text;
    }
}

TEST(Size, KnowsItsUnits) {
    EXPECT_EQ(parse_size("4096"), 4096U);
    EXPECT_EQ(parse_size("4096B"), 4096U);
    EXPECT_EQ(parse_size("64KiB"), 65'536U);
    EXPECT_EQ(parse_size("1MiB"), 1'048'576U);
    EXPECT_EQ(parse_size("2GiB"), 2'147'483'648U);
}

TEST(Size, RefusesEverythingElse) {
    for (std::string_view const text : {"", "MiB", "1MB", "1 MiB", "-1", "1.5MiB", "99999999999GiB"}) {
        EXPECT_FALSE(parse_size(text)) << text;
    }
}

TEST(Endpoint, TakesNamesAndBothKindsOfAddress) {
    EXPECT_EQ(parse_endpoint("0.0.0.0:8470")->address, "0.0.0.0");
    EXPECT_EQ(parse_endpoint("0.0.0.0:8470")->port, 8470);
    EXPECT_EQ(parse_endpoint("[::1]:8471")->address, "::1");
    EXPECT_EQ(parse_endpoint("localhost:0")->port, 0);
}

TEST(Endpoint, RefusesEverythingElse) {
    for (std::string_view const text : {"", "8470", ":8470", "a:", "a:b", "a:65536", "a:-1", "::1:80", "[]:80",
                                        "a b:80", "http://a:80", "[::1]", "a:080"}) {
        EXPECT_FALSE(parse_endpoint(text)) << text;
    }
}

TEST(Loopback, IsOnlyThisMachine) {
    for (std::string_view const text : {"127.0.0.1", "127.255.0.9", "::1", "localhost"}) {
        EXPECT_TRUE(is_loopback(text)) << text;
    }
    for (std::string_view const text : {"0.0.0.0", "::", "10.0.0.1", "127.0.0.1.example.com", "127.0.0", "127.0.0.1.1",
                                        "127.0.0.256", "128.0.0.1", "localhost.example.com", "", "127.0.0.1."}) {
        EXPECT_FALSE(is_loopback(text)) << text;
    }
}

TEST(Name, MayBecomeAPathAndAUrl) {
    for (std::string_view const text : {"lever", "com.acme.x", "a-b_c", "9lives"}) {
        EXPECT_TRUE(is_name(text)) << text;
    }
    for (std::string const& text : {std::string(), std::string("Lever"), std::string("../x"), std::string("a/b"),
                                    std::string("a b"), std::string(".x"), std::string("-x"), std::string(65, 'a')}) {
        EXPECT_FALSE(is_name(text)) << text;
    }
}

TEST(Email, RefusesWhatCouldBreakAMailHeader) {
    EXPECT_TRUE(is_email("people-ops@example.com"));
    for (std::string_view const text : {"", "a", "@b", "a@", "a@b@c", "a b@c.example", "a@b.example\nBcc: c@d.example",
                                        "A <a@b.example>", "a@b.example,c@d.example"}) {
        EXPECT_FALSE(is_email(text)) << text;
    }
}

TEST(Utf8, KnowsTheShortestForms) {
    EXPECT_TRUE(is_utf8("a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80"));
    for (std::string_view const text : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                        "\xFF", "\xC3(", "\xF0\x80\x80\x80"}) {
        EXPECT_FALSE(is_utf8(text));
    }
}

TEST(Pointer, SaysWhatIsWrong) {
    EXPECT_EQ(why_not_pointer("/custom/cost_center"), "");
    EXPECT_EQ(why_not_pointer("/a~1b/m~0n"), "");
    EXPECT_EQ(why_not_pointer("first_name"), "a JSON Pointer must begin with '/'; write '/first_name'");
    EXPECT_NE(why_not_pointer(""), "");
    EXPECT_NE(why_not_pointer("/a~b"), "");
    EXPECT_NE(why_not_pointer("/a~"), "");
    EXPECT_NE(why_not_pointer("/a~2"), "");
}

// A.16
TEST(Url, KnowsADoubledScheme) {
    for (std::string_view const text :
         {"https://https://hooks.example.com", "http://https://a", "HTTPS://Https://a", "https://http://a",
          "https:https://a", "https://https//a", "https://https:/a"}) {
        EXPECT_TRUE(has_doubled_scheme(text)) << text;
    }
    for (std::string_view const text :
         {"https://a", "https://https.example.com", "https://a/?next=https://b", "a", "https://",
          "https://httpbin.example", "", "https", ":https://", "a b:https://c"}) {
        EXPECT_FALSE(has_doubled_scheme(text)) << text;
    }
}

}  // namespace
}  // namespace crosswalk::config

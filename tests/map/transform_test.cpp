#include "map/transform.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace crosswalk::map {
namespace {

using model::Transform;

// What the transform gives, or "nothing".
std::string out(Transform transform, boost::json::value const& value) {
    return transformed(transform, value).value_or("nothing");
}

TEST(Trim, TakesWhiteSpaceFromBothEndsOnly) {
    EXPECT_EQ(out(Transform::trim, " \t a b \r\n"), "a b");
}
TEST(Trim, KnowsTheWhiteSpaceOfUnicode) {
    EXPECT_EQ(out(Transform::trim,
                  "\xC2\xA0\xE3\x80\x80\xEF\xBB\xBF"
                  "Zoë\xE2\x80\xAF\xE2\x80\x8B"),
              "Zoë");
}
TEST(Trim, GivesNothingForBlankText) {
    EXPECT_EQ(out(Transform::trim, " \xC2\xA0 "), "nothing");
}
TEST(Trim, KeepsBytesThatAreNotUtf8) {
    EXPECT_EQ(out(Transform::trim, " \xFF\xC3 "), "\xFF\xC3");
}

TEST(Lower, ChangesLatinGreekAndCyrillicLetters) {
    EXPECT_EQ(out(Transform::lower, "ÅSE ΣΩ ЖЮ"), "åse σω жю");
}
TEST(Upper, ChangesLatinGreekAndCyrillicLetters) {
    EXPECT_EQ(out(Transform::upper, "åse σω жю"), "ÅSE ΣΩ ЖЮ");
}
TEST(Lower, LeavesLettersWithoutCaseAlone) {
    EXPECT_EQ(out(Transform::lower, "山田 12"), "山田 12");
}
TEST(Lower, GivesNothingForTextThatIsNotUtf8) {
    EXPECT_EQ(out(Transform::lower, "A\xFF"), "nothing");
    EXPECT_EQ(out(Transform::upper, "a\xC3"), "nothing");
}

TEST(Digits, KeepsAsciiDigitsOnly) {
    EXPECT_EQ(out(Transform::digits, "+47 (22) 33-44"), "47223344");
}
TEST(Digits, GivesNothingWhenThereIsNone) {
    EXPECT_EQ(out(Transform::digits, "none"), "nothing");
}

TEST(Transforms, TakeNumbersAndBooleansAsText) {
    EXPECT_EQ(out(Transform::trim, 42), "42");
    EXPECT_EQ(out(Transform::trim, 2.5), "2.5");
    EXPECT_EQ(out(Transform::digits, -42), "42");
    EXPECT_EQ(out(Transform::upper, true), "TRUE");
}
TEST(Transforms, GiveNothingForListsObjectsAndNull) {
    for (Transform const each :
         {Transform::trim, Transform::lower, Transform::upper, Transform::digits, Transform::date}) {
        EXPECT_EQ(out(each, boost::json::parse("[1]")), "nothing");
        EXPECT_EQ(out(each, boost::json::parse("{\"a\":1}")), "nothing");
        EXPECT_EQ(out(each, nullptr), "nothing");
    }
}
TEST(Transforms, WriteNumbersAsPeopleDo) {
    EXPECT_EQ(text_of(1e3), "1000");
    EXPECT_EQ(text_of(0.1), "0.1");
    EXPECT_EQ(text_of(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
    EXPECT_EQ(text_of(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(text_of(std::numeric_limits<double>::infinity()), std::nullopt);
}

TEST(Date, KeepsADate) {
    EXPECT_EQ(out(Transform::date, "2026-11-22"), "2026-11-22");
}
TEST(Date, TakesTheDayOfATimeInUtc) {
    EXPECT_EQ(out(Transform::date, "2026-11-22T08:00:00Z"), "2026-11-22");
    EXPECT_EQ(out(Transform::date, "2026-11-22t08:00:00.123456z"), "2026-11-22");
    EXPECT_EQ(out(Transform::date, "2026-11-22 08:00:00Z"), "2026-11-22");
}
TEST(Date, MovesToTheDayBeforeOrAfterWhenTheOffsetSaysSo) {
    EXPECT_EQ(out(Transform::date, "2026-01-01T00:30:00+01:00"), "2025-12-31");
    EXPECT_EQ(out(Transform::date, "2026-12-31T23:30:00-01:00"), "2027-01-01");
}
TEST(Date, TakesMillisecondsAsNumberAndAsText) {
    EXPECT_EQ(out(Transform::date, 1'795'334'400'000), "2026-11-22");
    EXPECT_EQ(out(Transform::date, "1795334400000"), "2026-11-22");
    EXPECT_EQ(out(Transform::date, 1.7953344e12), "2026-11-22");
    EXPECT_EQ(out(Transform::date, std::uint64_t{1'795'334'400'000}), "2026-11-22");
    EXPECT_EQ(out(Transform::date, 0), "1970-01-01");
    EXPECT_EQ(out(Transform::date, -1), "1969-12-31");
}
TEST(Date, TakesTheLastMillisecondOfADayAsThatDay) {
    EXPECT_EQ(out(Transform::date, 1'795'391'999'999), "2026-11-22");
    EXPECT_EQ(out(Transform::date, 1'795'392'000'000), "2026-11-23");
}
TEST(Date, KnowsLeapYearsAndLeapSeconds) {
    EXPECT_EQ(out(Transform::date, "2024-02-29"), "2024-02-29");
    EXPECT_EQ(out(Transform::date, "2000-02-29"), "2000-02-29");
    EXPECT_EQ(out(Transform::date, "1900-02-29"), "nothing");
    EXPECT_EQ(out(Transform::date, "2016-12-31T23:59:60Z"), "2016-12-31");
}
TEST(Date, RefusesWhatIsNoDay) {
    for (char const* text : {"2026-13-01",
                             "2026-00-10",
                             "2026-02-30",
                             "2026-11-00",
                             "26-11-22",
                             "2026/11/22",
                             "2026-1-2",
                             "tomorrow",
                             "2026-11-22T",
                             "2026-11-22T08:00Z",
                             "2026-11-22T24:00:00Z",
                             "2026-11-22T08:60:00Z",
                             "2026-11-22T08:00:61Z",
                             "2026-11-22T08:00:00",
                             "2026-11-22T08:00:00.Z",
                             "2026-11-22T08:00:00+1:00",
                             "2026-11-22T08:00:00+24:00",
                             "2026-11-22T08:00:00Zjunk",
                             "2026-11-22Z",
                             "+2026-11-22",
                             "-0001-01-01"}) {
        EXPECT_EQ(out(Transform::date, text), "nothing") << text;
    }
}
TEST(Date, RefusesTimesOutsideOfTheYears1To9999) {
    EXPECT_EQ(out(Transform::date, -62'135'596'800'000), "0001-01-01");
    EXPECT_EQ(out(Transform::date, -62'135'596'800'001), "nothing");
    EXPECT_EQ(out(Transform::date, 253'402'300'799'999), "9999-12-31");
    EXPECT_EQ(out(Transform::date, 253'402'300'800'000), "nothing");
    EXPECT_EQ(out(Transform::date, std::numeric_limits<std::int64_t>::min()), "nothing");
    EXPECT_EQ(out(Transform::date, std::numeric_limits<std::uint64_t>::max()), "nothing");
    EXPECT_EQ(out(Transform::date, 1e300), "nothing");
    EXPECT_EQ(out(Transform::date, "0001-01-01T00:00:00+01:00"), "nothing");
    EXPECT_EQ(out(Transform::date, "9999-12-31T23:59:59-01:00"), "nothing");
    EXPECT_EQ(out(Transform::date, "0000-12-31"), "nothing");
}
TEST(Date, DoesNotTakeSecondsOrCompactDatesForMilliseconds) {
    EXPECT_EQ(out(Transform::date, "1795334400"), "nothing");
    EXPECT_EQ(out(Transform::date, "20261122"), "nothing");
    EXPECT_EQ(out(Transform::date, "99999999999999999999"), "nothing");
}
TEST(Date, RefusesPartsOfAMillisecondAndBooleans) {
    EXPECT_EQ(out(Transform::date, 1.5), "nothing");
    EXPECT_EQ(out(Transform::date, true), "nothing");
}

TEST(Blank, IsTextOfWhiteSpaceOnly) {
    EXPECT_TRUE(is_blank(""));
    EXPECT_TRUE(is_blank(" \t\n\xC2\x85"));
    EXPECT_FALSE(is_blank(" x "));
    EXPECT_FALSE(is_blank("\xFF"));
}

}  // namespace
}  // namespace crosswalk::map

#include "model/rfc3339.hpp"

#include <gtest/gtest.h>

namespace crosswalk::model {
namespace {

TEST(ParseRfc3339, ReadsDatesAndTimesInUtc) {
    auto const read = [](std::string_view text) {
        auto const time = parse_rfc3339(text);
        return time ? to_rfc3339(*time) : "nothing";
    };
    EXPECT_EQ(read("2026-11-22"), "2026-11-22T00:00:00.000Z");
    EXPECT_EQ(read("2026-11-22T08:05Z"), "2026-11-22T08:05:00.000Z");
    EXPECT_EQ(read("2026-11-22T08:05:59.25Z"), "2026-11-22T08:05:59.250Z");
    EXPECT_EQ(read("2024-02-29T23:59:59.999999Z"), "2024-02-29T23:59:59.999Z");
    EXPECT_EQ(read("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
}

TEST(ParseRfc3339, ReadsNothingElse) {
    for (std::string_view const text :
         {"", "x", "2026", "2026-11", "2026-02-29", "2026-13-01", "2026-00-10", "2026-11-00", "2026-11-22T",
          "2026-11-22T24:00Z", "2026-11-22T08:60Z", "2026-11-22T08:00", "2026-11-22T08:00+01:00",
          "2026-11-22T08:00:00.Z", "2026-11-22T08:00:00.1234567Z", "2026-11-22 08:00Z", "2026-11-22T08:00Zx",
          "-026-11-22", "2026-1-2"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    }
}

}  // namespace
}  // namespace crosswalk::model

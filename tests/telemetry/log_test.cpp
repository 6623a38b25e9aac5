#include "telemetry/log.hpp"

#include "support/fake_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace crosswalk::telemetry {
namespace {

struct Log : testing::Test {
    support::FakeClock clock;
    std::ostringstream sink;
    Logger logger{sink, clock};
};

TEST_F(Log, WritesOneJsonObjectALine) {
    logger.info("A connector is loaded.", {{"connector", "lever"}, {"count", 3}, {"ratio", 0.5}, {"good", true}});
    EXPECT_EQ(sink.str(),
              "{\"time\":\"2026-11-22T08:00:00.000Z\",\"level\":\"info\",\"message\":\"A connector is loaded.\","
              "\"connector\":\"lever\",\"count\":3,\"ratio\":5E-1,\"good\":true}\n");
}

TEST_F(Log, LeavesOutWhatIsBelowTheThreshold) {
    logger.debug("An event is stored.");
    EXPECT_EQ(sink.str(), "");
}

TEST_F(Log, RedactsPersonalAndSecretKeysWhateverTheyHold) {
    logger.warn("Something.", {{"email", "ada@example.com"}, {"Token", "s3cret"}, {"title", "Ada"}});
    EXPECT_EQ(sink.str().find("ada@example.com"), std::string::npos);
    EXPECT_EQ(sink.str().find("s3cret"), std::string::npos);
    EXPECT_EQ(sink.str().find("Ada"), std::string::npos);
    EXPECT_NE(sink.str().find("[redacted]"), std::string::npos);
}

TEST_F(Log, RedactsKeysAtAnyDepthOfAConnectorsFields) {
    logger.log_json(Level::info, "From a connector.", {},
                    R"({"deep":[{"personal_email":"ada@example.com"}],"page":2})");
    EXPECT_EQ(sink.str().find("ada@example.com"), std::string::npos);
    EXPECT_NE(sink.str().find("\"page\":2"), std::string::npos);
}

TEST_F(Log, EscapesWhatWouldBreakTheLine) {
    logger.info("Odd.", {{"detail", "a\"b\nc"}});
    EXPECT_NE(sink.str().find(R"("detail":"a\"b\nc")"), std::string::npos);
    std::string const written = sink.str();
    EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
}

TEST_F(Log, LeavesOutALineThatIsTooLongAndSaysSo) {
    logger.info("Long.", {{"detail", std::string(100'000, 'x')}});
    EXPECT_LT(sink.str().size(), 1000U);
    EXPECT_NE(sink.str().find("too long"), std::string::npos);
}

TEST_F(Log, CountsLinesThatTheSinkRefuses) {
    std::ostream broken(nullptr);
    Logger lossy(broken, clock);
    lossy.info("Nobody reads this.");
    EXPECT_EQ(lossy.lost(), 1U);
}

TEST(LogLevel, FallsBackToInfoForUnknownText) {
    EXPECT_EQ(parse_level("debug"), Level::debug);
    EXPECT_EQ(parse_level("verbose"), Level::info);
}

}  // namespace
}  // namespace crosswalk::telemetry

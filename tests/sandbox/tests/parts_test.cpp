// The parts that need no server: patterns, buckets, multipart, tables, signatures.

#include "sandbox/endpoints.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/lever/signature.hpp"
#include "sandbox/multipart.hpp"
#include "sandbox/tests/played.hpp"
#include "sandbox/token_bucket.hpp"

#include <gtest/gtest.h>

namespace crosswalk::sandbox {
namespace {

using namespace std::chrono_literals;

// Signs a sample delivery with the sample token of its event and compares.
bool sample_signature_holds(std::string const& name) {
    auto const delivery = boost::json::parse(sample("lever/samples/webhooks/" + name + ".json"));
    auto const tokens = boost::json::parse(sample("lever/samples/webhooks/signature_tokens.json")).at("tokens");
    std::string const event = delivery.at("event").as_string().c_str();
    std::string const signed_here =
        lever::sign(tokens.at(event).as_string().c_str(), delivery.at("token").as_string().c_str(),
                    delivery.at("triggeredAt").as_int64());
    return signed_here == delivery.at("signature").as_string().c_str();
}

TEST(LeverSignature, EqualsThatOfEverySignedSample) {
    for (char const* const name : {"candidateHired", "candidateHired_no_event_id", "applicationCreated",
                                   "candidateStageChange", "candidateArchiveChange_archived",
                                   "verify_connection_candidateHired", "verify_connection_applicationCreated"}) {
        EXPECT_TRUE(sample_signature_holds(name)) << name;
    }
}

TEST(LeverSignature, DiffersFromThatOfTheTamperedSample) {
    EXPECT_FALSE(sample_signature_holds("tampered_candidateHired"));
}

TEST(FaultPattern, StarStaysWithinOneSegment) {
    EXPECT_TRUE(match_pattern("/lever/v1/opportunities/*/notes", "/lever/v1/opportunities/1/notes"));
    EXPECT_FALSE(match_pattern("/lever/v1/opportunities/*/notes", "/lever/v1/opportunities/1/2/notes"));
    EXPECT_FALSE(match_pattern("/lever/v1/opportunities/*", "/lever/v1/opportunities/1/notes"));
}

TEST(FaultPattern, TwoStarsCrossSegments) {
    EXPECT_TRUE(match_pattern("/goco/**", "/goco/companies/acme-demo/employees"));
    EXPECT_FALSE(match_pattern("/goco/**", "/lever/v1/users"));
}

TEST(TokenBucket, GivesTheBurstAtOnceAndThenTheRate) {
    TokenBucket bucket;
    TokenBucket::TimePoint const start{1h};
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(bucket.take(start, 10, 20)) << i;
    }
    EXPECT_FALSE(bucket.take(start, 10, 20));
    EXPECT_FALSE(bucket.take(start + 50ms, 10, 20));
    EXPECT_TRUE(bucket.take(start + 150ms, 10, 20));
    EXPECT_FALSE(bucket.take(start + 160ms, 10, 20));
}

TEST(Multipart, RefusesABodyWithoutItsClosingBoundary) {
    std::string const whole = form({{"file", "a.pdf", "bytes"}});
    ASSERT_TRUE(read_multipart(form_type, whole));
    EXPECT_FALSE(read_multipart(form_type, whole.substr(0, whole.size() - 4)));
}

TEST(Multipart, KeepsContentByteForByte) {
    std::string const content("a\r\n--edg\0e", 10);
    auto const parts = read_multipart(form_type, form({{"file", "a.pdf", content}, {"name", "", ""}}));
    ASSERT_TRUE(parts);
    ASSERT_EQ(parts->size(), 2U);
    EXPECT_EQ(parts->at(0).content, content);
    EXPECT_EQ(parts->at(0).content_type, "application/pdf");
    EXPECT_EQ(parts->at(1).content, "");
}

TEST(Multipart, RefusesAPartWithoutAName) {
    EXPECT_FALSE(read_multipart(form_type, "--edge\r\nContent-Type: text/plain\r\n\r\nx\r\n--edge--\r\n"));
}

TEST(Paths, RefusesAPercentSignThatEncodesNothing) {
    EXPECT_FALSE(split_path("/a%2"));
    EXPECT_FALSE(split_path("/a%zz"));
    EXPECT_EQ(split_path("/a%2Fb/c"), (std::vector<std::string>{"", "a/b", "c"}));
}

TEST(Paths, MatchesOnlyAPatternOfTheSameLength) {
    Arguments arguments;
    EXPECT_TRUE(
        match_path("/opportunities/:id/notes", std::vector<std::string>{"opportunities", "7", "notes"}, arguments));
    EXPECT_EQ(arguments, Arguments{"7"});
    EXPECT_FALSE(match_path("/opportunities/:id", std::vector<std::string>{"opportunities"}, arguments));
    EXPECT_FALSE(match_path("/opportunities/:id", std::vector<std::string>{"opportunities", ""}, arguments));
    EXPECT_FALSE(match_path("/opportunities/:id", std::vector<std::string>{"opportunities", "7", "x"}, arguments));
}

}  // namespace
}  // namespace crosswalk::sandbox

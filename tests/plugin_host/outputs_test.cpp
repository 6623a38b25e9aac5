// What trigger and map hooks give is checked; a refused output makes the whole call fail.
#include "versatile.hpp"

#include <gmock/gmock.h>

namespace crosswalk::plugin_host {
namespace {

using model::ErrorCode;
using ::testing::HasSubstr;

class Outputs : public Versatile {
protected:
    void SetUp() override { start(); }
    void expect_refused(std::string const& script, std::string const& why) {
        auto const parsed = parse(script);
        ASSERT_FALSE(parsed) << script;
        EXPECT_EQ(parsed.error().code, ErrorCode::internal);
        EXPECT_THAT(parsed.error().detail, HasSubstr(why));
    }
};

TEST_F(Outputs, ParsedEventsArriveAsTheyWereGiven) {
    auto const parsed = parse("event|e-1|person-1|{\"a\":1}\nevent|e-2|person-2|{}");
    ASSERT_TRUE(parsed) << parsed.error().detail;
    ASSERT_EQ(parsed->events.size(), 2U);
    EXPECT_EQ(parsed->events[0].id, "e-1");
    EXPECT_EQ(parsed->events[0].type, "thing.happened");
    EXPECT_EQ(parsed->events[0].subject, "person-1");
    EXPECT_EQ(parsed->events[0].record.json, "{\"a\":1}");
    EXPECT_EQ(parsed->events[0].record.schema, "versatile.thing/1");
}

TEST_F(Outputs, AParseThatGivesNothingSaysWhy) {
    auto const parsed = parse("note|6|Only hires matter here.");
    ASSERT_TRUE(parsed);
    EXPECT_TRUE(parsed->events.empty());
    EXPECT_FALSE(parsed->reason.empty());
}

TEST_F(Outputs, AnEventWithoutIdSubjectOrUtf8IsRefused) {
    expect_refused("event||person|{}", "id is empty");
    expect_refused("event|e||{}", "subject is empty");
    expect_refused("event|e\xC3(|person|{}", "id is not UTF-8");
    expect_refused("event|e|" + std::string(513, 's') + "|{}", "longer than 512");
}

TEST_F(Outputs, ARecordThatIsNoJsonObjectIsRefused) {
    expect_refused("event|e|person|[]", "not a JSON object");
    expect_refused("event|e|person|{\"a\":", "not a JSON object");
    expect_refused("event|e|person|{\"a\":\"\xFF\"}", "not a JSON object");
}

TEST_F(Outputs, AThousandEventsAreTakenAndOneMoreIsRefused) {
    auto const thousand = parse("events|1000|1");
    ASSERT_TRUE(thousand) << thousand.error().detail;
    EXPECT_EQ(thousand->events.size(), 1000U);
    expect_refused("events|1001|1", "1,000 events");
}

TEST_F(Outputs, SixteenMebibytesAreTheMost) {
    ASSERT_TRUE(parse("events|15|1048576"));
    expect_refused("events|16|1048576", "16 MiB");
    expect_refused("events|1|17000000", "16 MiB");
}

TEST_F(Outputs, APollGivesEventsCursorAndWhetherThereIsMore) {
    auto const polled = connector_->poll({"", "event|e|p|{}\ncursor|c-2\nmore"}, patience);
    ASSERT_TRUE(polled) << polled.error().detail;
    EXPECT_EQ(polled->events.size(), 1U);
    EXPECT_EQ(polled->cursor, "c-2");
    EXPECT_TRUE(polled->more);
}

TEST_F(Outputs, APollWithoutACursorLeavesTheOldOne) {
    auto const polled = connector_->poll({}, patience);
    ASSERT_TRUE(polled);
    EXPECT_FALSE(polled->cursor);
    EXPECT_FALSE(polled->more);
}

TEST_F(Outputs, AForgottenCursorIsNotFound) {
    auto const polled = connector_->poll({"", "return|-12"}, patience);
    ASSERT_FALSE(polled);
    EXPECT_EQ(polled.error().code, ErrorCode::not_found);
}

TEST_F(Outputs, AFailedPollGivesNothingEvenIfItEmitted) {
    EXPECT_FALSE(connector_->poll({"", "event|e|p|{}\nreturn|-5"}, patience));
}

TEST_F(Outputs, AMapGivesRecordsAndWarnings) {
    auto const mapped = map("record|crosswalk.hire/1|{\"first_name\":\"A\"}\nwarn|phone|was left out");
    ASSERT_TRUE(mapped) << mapped.error().detail;
    ASSERT_EQ(mapped->records.size(), 1U);
    EXPECT_EQ(mapped->records[0].schema, "crosswalk.hire/1");
    EXPECT_EQ(mapped->warnings.size(), 1U);
}

TEST_F(Outputs, AMapMayNotEmitAnEvent) {
    auto const mapped = map("event|e|p|{}");
    ASSERT_FALSE(mapped);
    EXPECT_THAT(mapped.error().detail, HasSubstr("emit_event is not for map"));
}

TEST_F(Outputs, AFailedMapNamesItsFields) {
    auto const mapped =
        map("fail|-1|-1|A date is wrong.|{\"fields\":[{\"field\":\"start_date\",\"reason\":\"no date\"}]}");
    ASSERT_FALSE(mapped);
    EXPECT_EQ(mapped.error().detail, "A date is wrong.");
    ASSERT_EQ(mapped.error().fields.size(), 1U);
}

TEST_F(Outputs, AVerdictCarriesTypeAndDedupeKey) {
    auto const verdict = verify("note|5|d-1\ndisposition|1");
    ASSERT_TRUE(verdict) << verdict.error().detail;
    EXPECT_EQ(verdict->disposition, Disposition::accept);
    EXPECT_EQ(verdict->event_type, "thing.happened");
    EXPECT_EQ(verdict->dedupe_key, "d-1");
    EXPECT_EQ(verify("disposition|2")->disposition, Disposition::ignore);
    EXPECT_EQ(verify("disposition|3")->disposition, Disposition::test);
}

TEST_F(Outputs, AnUnknownVerdictAcceptsNothing) {
    auto const verdict = verify("disposition|9");
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code, ErrorCode::internal);
}

TEST_F(Outputs, ADedupeKeyThatWasRefusedIsNotTakenForNone) {
    EXPECT_FALSE(verify("note|5|\xFF"));
}

TEST_F(Outputs, ARefusedSignatureIsUnauthenticated) {
    EXPECT_EQ(verify("return|-4").error().code, ErrorCode::unauthenticated);
    EXPECT_EQ(verify("return|-2").error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(verify("throw").error().code, ErrorCode::internal);
}

TEST_F(Outputs, ANoteThatWasRefusedDoesNotSpoilADeliveredPush) {
    auto const report = push("note|1|\xFF");
    EXPECT_EQ(report.outcome, model::Outcome::delivered);
    EXPECT_EQ(report.target_key, "");
}

TEST_F(Outputs, AHookThatTheConnectorLacksIsUnsupported) {
    start({}, "versatile-push-only");
    EXPECT_EQ(verify("").error().code, ErrorCode::unsupported);
    EXPECT_EQ(parse("").error().code, ErrorCode::unsupported);
    EXPECT_EQ(map("").error().code, ErrorCode::unsupported);
    EXPECT_EQ(connector_->poll({}, patience).error().code, ErrorCode::unsupported);
    EXPECT_EQ(connector_->map_out({}, "", patience).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace crosswalk::plugin_host

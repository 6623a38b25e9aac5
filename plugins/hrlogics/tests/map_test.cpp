// Canonical records of what HRLogics says: the result, and exactly one tag.
#include "fixture.hpp"
#include "values.hpp"

namespace crosswalk::hrlogics {
namespace {

json::object screening(std::string const& status) {
    return {{"applicant_id", "hrl_5501"},
            {"external_id", "lever:opp:" + opportunity},
            {"program", "WOTC"},
            {"status", status},
            {"changed_at", "2026-11-21T21:30:00Z"},
            {"survey_submitted_at", "2026-11-21T21:29:51Z"},
            {"application", {{"system", "lever"}, {"kind", "application"}, {"id", opportunity}}},
            {"candidate", {{"system", "lever"}, {"kind", "candidate"}, {"id", "c1"}}}};
}

class HrlogicsMapping : public HrlogicsTest {
protected:
    explicit HrlogicsMapping(json::object const& more = {}) : HrlogicsTest(more) {}
    json::object tag(std::string const& status) {
        Instance at = hrlogics();
        CallResult const result =
            at.map(CW_MAP_IN, "hrlogics.decision/1", json::serialize(screening(status)), "crosswalk.tag/1");
        EXPECT_EQ(result.status, CW_OK) << result.message;
        return result.records.empty() ? json::object{} : result.records[0].data.as_object();
    }
};

// D.18
TEST_F(HrlogicsMapping, PreQualifiedIsTheOneTagInThePlaceOfTheOther) {
    EXPECT_EQ(tag("Pre Qualified"), json::parse(R"({
        "kind": "tag", "op": "add", "name": "HRLogics-WOTC:Pre Qualified",
        "replaces": ["HRLogics-WOTC:Not Qualified"],
        "ref": {"system": "hrlogics", "kind": "applicant", "id": "hrl_5501"},
        "target": {"system": "lever", "kind": "application", "id": "250d8f03-738a-4bba-a671-8a3d73477145"}
    })"));
}

// D.18
TEST_F(HrlogicsMapping, NotQualifiedIsTheOtherTag) {
    EXPECT_EQ(tag("Not Qualified").at("name"), "HRLogics-WOTC:Not Qualified");
    EXPECT_EQ(tag("Not Qualified").at("replaces"), json::array{"HRLogics-WOTC:Pre Qualified"});
}

TEST_F(HrlogicsMapping, StatusIsComparedWithoutCaseAndSeparators) {
    for (char const* const status : {"pre-qualified", "PRE_QUALIFIED", " Pre  Qualified "}) {
        EXPECT_EQ(tag(status).at("name"), "HRLogics-WOTC:Pre Qualified") << status;
    }
}

// D.19
TEST_F(HrlogicsMapping, StatusWithoutATagIsRefused) {
    Instance at = hrlogics();
    for (char const* const status : {"Pending Review", "Qualified", "prequalified", "Pre Qualified!"}) {
        CallResult const result =
            at.map(CW_MAP_IN, "hrlogics.decision/1", json::serialize(screening(status)), "crosswalk.tag/1");
        EXPECT_EQ(result.status, CW_ERR_INVALID) << status;
        EXPECT_TRUE(result.records.empty());
    }
}

class HrlogicsOwnTags : public HrlogicsMapping {
protected:
    HrlogicsOwnTags()
        : HrlogicsMapping({{"status_map", {{"certified", "WOTC"}, {"denied", "none"}}}, {"exclusive_tags", false}}) {}
};

TEST_F(HrlogicsOwnTags, ReplaceThoseOfTheContract) {
    EXPECT_EQ(tag("Certified").at("name"), "WOTC");
    EXPECT_FALSE(tag("Certified").contains("replaces"));
}

TEST_F(HrlogicsMapping, ResultSaysProgramStatusAndTimes) {
    Instance at = hrlogics();
    CallResult const result = at.map(CW_MAP_IN, "hrlogics.screening/1", json::serialize(screening("Pre-Qualified")),
                                     "crosswalk.screening_result/1");
    ASSERT_EQ(result.records.size(), 1U) << result.message;
    EXPECT_EQ(result.records[0].data, json::parse(R"({
        "kind": "screening_result", "program": "wotc", "status": "pre_qualified", "status_raw": "Pre-Qualified",
        "provider": "HRLogics", "completed_at": "2026-11-21T21:29:51Z", "updated_at": "2026-11-21T21:30:00Z",
        "ref": {"system": "hrlogics", "kind": "applicant", "id": "hrl_5501"},
        "candidate": {"system": "lever", "kind": "candidate", "id": "c1"},
        "application": {"system": "lever", "kind": "application", "id": "250d8f03-738a-4bba-a671-8a3d73477145"}
    })"));
}

TEST_F(HrlogicsMapping, ResultKeepsAStatusThatNobodyKnows) {
    Instance at = hrlogics();
    CallResult const result = at.map(CW_MAP_IN, "hrlogics.screening/1", json::serialize(screening("Pending Review")),
                                     "crosswalk.screening_result/1");
    EXPECT_EQ(result.records.at(0).data.at("status"), "other");
    EXPECT_EQ(result.records.at(0).data.at("status_raw"), "Pending Review");
}

TEST_F(HrlogicsMapping, ApplicationWithoutIdentityIsRefused) {
    Instance at = hrlogics();
    EXPECT_EQ(
        at.map(CW_MAP_OUT, "crosswalk.application/1", application({{"ref", nullptr}}), "hrlogics.applicant/1").status,
        CW_ERR_INVALID);
}

TEST_F(HrlogicsMapping, ApplicationFromAnyAtsHasItsIdentityAsKey) {
    Instance at = hrlogics();
    CallResult const result =
        at.map(CW_MAP_OUT, "crosswalk.application/1",
               application({{"ref", {{"system", "greenhouse"}, {"kind", "application"}, {"id", "46194999"}}},
                            {"custom", nullptr}}),
               "hrlogics.applicant/1");
    EXPECT_EQ(result.records.at(0).key, "greenhouse:opp:46194999");
    EXPECT_EQ(result.records.at(0).data.at("external_application_id"), "greenhouse:app:46194999");
}

TEST_F(HrlogicsMapping, OtherKindsOfRecordsAreUnsupported) {
    Instance at = hrlogics();
    EXPECT_EQ(at.map(CW_MAP_OUT, "crosswalk.hire/1", "{}", "goco.employee/1").status, CW_ERR_UNSUPPORTED);
    EXPECT_EQ(at.map(CW_MAP_IN, "lever.hire/1", "{}", "crosswalk.hire/1").status, CW_ERR_UNSUPPORTED);
}

TEST(HrlogicsTimes, AreReadWithOffsetsAndFractions) {
    EXPECT_EQ(unix_ms_of("2026-11-21T21:30:00Z"), 1795296600'000);
    EXPECT_EQ(unix_ms_of("2026-11-21T23:30:00.250+02:00"), 1795296600'250);
    EXPECT_EQ(unix_ms_of("1970-01-01T00:00:00Z"), 0);
    for (char const* const wrong : {"", "2026-11-21", "2026-02-30T00:00:00Z", "2026-11-21T25:00:00Z",
                                    "2026-11-21T21:30:00", "2026-11-21T21:30:00Zx", "+026-11-21T21:30:00Z"}) {
        EXPECT_EQ(unix_ms_of(wrong), std::nullopt) << wrong;
    }
}

TEST(HrlogicsTimes, AreWrittenAsTheyAreRead) {
    for (char const* const time : {"2026-11-21T21:30:00Z", "2024-02-29T00:00:59Z", "1970-01-01T00:00:00Z"}) {
        EXPECT_EQ(time_of(unix_ms_of(time).value()), time);
    }
}

}  // namespace
}  // namespace crosswalk::hrlogics

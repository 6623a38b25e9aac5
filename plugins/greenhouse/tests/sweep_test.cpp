// Applications and hires that no webhook told of, and where to look when none comes.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t applied_ms = 1790845200000;  // 2026-10-01T09:00:00Z, of the samples

class GreenhouseSweep : public GreenhouseTest {
protected:
    using GreenhouseTest::GreenhouseTest;
    void SetUp() override {
        holds("/applications", "rest_v3/applications_list.json");
        holds("/candidates", "rest_v3/candidates_list.json");
        holds("/jobs", "rest_v3/jobs_list.json");
        get("/departments").reply(200, R"([{"id": 7, "name": "Technology"}])");
        get("/offices").reply(200, R"([{"id": 13, "name": "New York City"}])");
    }
    [[nodiscard]] CallResult listed(std::string_view cursor = {}) {
        return greenhouse().sweep("application.created", applied_ms, applied_ms + 1, cursor);
    }
};

TEST_F(GreenhouseSweep, ListsNewApplicationsButNoProspectsUnderTheIdsOfTheirWebhooks) {
    CallResult const result = listed();
    ASSERT_EQ(result.status, CW_OK) << result.message;
    std::vector<std::string> ids;
    for (auto const& event : result.events) {
        ids.push_back(event.id);
    }
    EXPECT_THAT(ids, ElementsAre("application:46195000:created", "application:46194999:created"));
    EXPECT_EQ(result.events.at(0).subject, "candidate:35898000");
    EXPECT_FALSE(result.more);
    EXPECT_THAT(host.requests("GET", api + "/applications").at(0).url,
                HasSubstr("per_page=500&created_at=gte%7C2026-10-01T09%3A00%3A00Z"));
    auto const told = greenhouse().parse(webhook("new_candidate_application"));
    ASSERT_EQ(told.events.size(), 1U);
    EXPECT_THAT(told.events[0].id, testing::MatchesRegex("application:[0-9]+:created"));
}

TEST_F(GreenhouseSweep, LeavesOutWhatLiesOutsideTheWindow) {
    EXPECT_TRUE(greenhouse().sweep("application.created", applied_ms + 1, applied_ms + 2).events.empty());
    EXPECT_TRUE(greenhouse().sweep("application.created", applied_ms - 1, applied_ms).events.empty());
}

TEST_F(GreenhouseSweep, FetchesAListedApplicationWithItsCandidateAndJob) {
    CallResult const result = listed();
    ASSERT_EQ(result.events.size(), 2U);
    CallResult const fetched = greenhouse().fetch_swept(result.events[0]);
    ASSERT_EQ(fetched.events.size(), 1U) << fetched.message;
    EXPECT_EQ(fetched.events[0].id, result.events[0].id);
    EXPECT_EQ(fetched.events[0].subject, result.events[0].subject);
    EXPECT_EQ(fetched.events[0].record.schema, "greenhouse.application/1");
    EXPECT_EQ(fetched.events[0].record.data.at("job").at("department"), "Technology");
}

TEST_F(GreenhouseSweep, ADeletedApplicationIsNoEvent) {
    CallResult const result = listed();
    get("/applications").clear().reply(200, "[]");
    CallResult const fetched = greenhouse().fetch_swept(result.events.at(0));
    EXPECT_TRUE(fetched.events.empty());
    EXPECT_THAT(fetched.note(CW_NOTE_REASON), HasSubstr("deleted"));
}

TEST_F(GreenhouseSweep, AsksTheNextPageWithTheCursorAlone) {
    get("/applications")
        .clear()
        .reply({.body = "[]",
                .headers = {{"link", "<https://harvest.greenhouse.io/v3/applications?cursor=abc>; rel=\"next\""}}});
    CallResult const first = listed();
    EXPECT_TRUE(first.more);
    (void)listed(first.cursor.value_or(""));
    EXPECT_EQ(host.requests("GET", api + "/applications").at(1).url, api + "/applications?cursor=abc");
}

TEST_F(GreenhouseSweep, SaysWhereAPersonSeesTheWebhooks) {
    CallResult const result = greenhouse().diagnose("https://x.example.com/hooks/greenhouse", {"application.created"});
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_TRUE(result.warned("webhooks", "must be No"));
    EXPECT_EQ(result.warnings.size(), 1U) << "nothing else is wrong";
}

TEST_F(GreenhouseSweep, SaysWhichPermissionWasLost) {
    get("/offers").clear().reply(403, "{}");
    CallResult const result = greenhouse().diagnose("https://x.example.com/hooks/greenhouse", {"candidate.hired"});
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_TRUE(result.warned("offers", "harvest:offers:list"));
    EXPECT_FALSE(result.warned("applications", "lost"));
}

constexpr std::int64_t resolved_ms = 1795003200000;  // 2026-11-18T12:00:00Z, of the sample offer

class GreenhouseHireSweep : public GreenhouseSweep {
protected:
    GreenhouseHireSweep() : GreenhouseSweep({{"documents", {{"fetch", false}}}}) {}
    void SetUp() override {
        GreenhouseSweep::SetUp();
        holds("/offers", "rest_v3/offers_list_current.json");
        holds("/openings", "rest_v3/openings_list.json");
        get("/offices").clear().reply(200, R"([{"id": 14, "name": "St. Louis"}, {"id": 13, "name": "New York City"}])");
    }
    [[nodiscard]] CallResult hires(std::int64_t from = resolved_ms, std::int64_t to = resolved_ms + 1) {
        return greenhouse().sweep("candidate.hired", from, to);
    }
    void says(std::string const& path, std::string_view from, std::string_view to, std::string const& file) {
        std::string text = sample_text(file);
        for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
            text.replace(at, from.size(), to);
        }
        get(path).clear().reply(200, text);
    }
};

TEST_F(GreenhouseHireSweep, ListsAHireUnderTheIdOfItsWebhook) {
    CallResult const result = hires();
    ASSERT_EQ(result.status, CW_OK) << result.message;
    ASSERT_EQ(result.events.size(), 1U);
    EXPECT_EQ(result.events[0].type, "candidate.hired");
    EXPECT_EQ(result.events[0].subject, "candidate:35897999");
    EXPECT_EQ(result.events[0].occurred_unix_ms, resolved_ms);
    EXPECT_THAT(host.requests("GET", api + "/offers").at(0).url,
                HasSubstr("per_page=50&current_only=true&resolved_at=gte%7C2026-11-18T12%3A00%3A00Z"));
    EXPECT_EQ(host.requests("GET", api + "/applications").size(), 1U) << "one question for all of a page";
    Inbound told = webhook("hire_candidate_goco_fields");
    std::string const accepted = R"("resolved_at":"2014-11-20T22:49:14Z")";
    told.body.replace(told.body.find(accepted), accepted.size(), R"("resolved_at":"2026-11-18T12:00:00Z")");
    CallResult const parsed = greenhouse().parse(told);
    ASSERT_EQ(parsed.events.size(), 1U) << parsed.message;
    EXPECT_EQ(parsed.events[0].id, result.events[0].id);
    EXPECT_EQ(parsed.events[0].subject, result.events[0].subject);
}

TEST_F(GreenhouseHireSweep, LeavesOutWhatLiesOutsideTheWindow) {
    EXPECT_TRUE(hires(resolved_ms + 1, resolved_ms + 2).events.empty());
    EXPECT_TRUE(hires(resolved_ms - 1, resolved_ms).events.empty());
}

TEST_F(GreenhouseHireSweep, ListsNobodyWhoseOfferWasAcceptedButWhoIsNotHired) {
    says("/applications", R"("hired")", R"("in_process")", "rest_v3/applications_list.json");
    EXPECT_TRUE(hires().events.empty());
}

TEST_F(GreenhouseHireSweep, ListsNobodyWhoseOfferWasRejected) {
    says("/offers", "Accepted", "Rejected", "rest_v3/offers_list_current.json");
    EXPECT_TRUE(hires().events.empty());
    EXPECT_TRUE(host.requests("GET", api + "/applications").empty());
}

TEST_F(GreenhouseHireSweep, FetchesAListedHireAsItsWebhookWouldHaveBroughtIt) {
    CallResult const result = hires();
    ASSERT_EQ(result.events.size(), 1U);
    CallResult const fetched = greenhouse().fetch_swept(result.events[0]);
    ASSERT_EQ(fetched.events.size(), 1U) << fetched.message;
    EXPECT_EQ(fetched.events[0].id, result.events[0].id);
    EXPECT_EQ(fetched.events[0].title, "Zoë O'Brien-Núñez");
    ASSERT_EQ(fetched.events[0].record.schema, "greenhouse.hire/1");
    CallResult const mapped = greenhouse().map(CW_MAP_IN, "greenhouse.hire/1",
                                               json::serialize(fetched.events[0].record.data), "crosswalk.hire/1");
    ASSERT_EQ(mapped.records.size(), 1U) << mapped.message;
    json::value const& hire = mapped.records[0].data;
    EXPECT_EQ(hire.at("first_name"), "Zoë");
    EXPECT_EQ(hire.at("personal_email"), "zoe.obrien@example.com");
    EXPECT_EQ(hire.at("job_title"), "R&D Engineer <Level 2>");
    EXPECT_EQ(hire.at("start_date"), "2026-12-07");
    EXPECT_EQ(hire.at("employment_type"), "full_time");
    EXPECT_EQ(hire.at("department").at("name"), "Technology");
    EXPECT_EQ(hire.at("location").at("name"), "New York City") << "the first of the job's offices";
    EXPECT_EQ(hire.at("custom").at("opening_id"), "1234-56");
}

TEST_F(GreenhouseHireSweep, AHireThatWasTakenBackIsNoEvent) {
    CallResult const result = hires();
    says("/offers", "Accepted", "Deprecated", "rest_v3/offers_list_current.json");
    CallResult const fetched = greenhouse().fetch_swept(result.events.at(0));
    EXPECT_TRUE(fetched.events.empty());
    EXPECT_THAT(fetched.note(CW_NOTE_REASON), HasSubstr("taken back"));
}

TEST_F(GreenhouseHireSweep, FailsWithoutTheRightToReadOffers) {
    get("/offers").clear().reply(403, "{}");
    CallResult const result = hires();
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("harvest:offers:list"));
}

using GreenhouseLegacySweep = LegacyTest;

TEST_F(GreenhouseLegacySweep, NeedsHarvestV3) {
    EXPECT_EQ(greenhouse().sweep("application.created", 1, 2).status, CW_ERR_UNSUPPORTED);
}

}  // namespace
}  // namespace crosswalk::greenhouse

// New applications that no webhook told of, and where to look when none comes.
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

TEST_F(GreenhouseSweep, DoesNotListHires) {
    EXPECT_EQ(greenhouse().sweep("candidate.hired", 1, 2).status, CW_ERR_UNSUPPORTED);
}

TEST_F(GreenhouseSweep, SaysWhereAPersonSeesTheWebhooks) {
    CallResult const result = greenhouse().diagnose("https://x.example.com/hooks/greenhouse", {"application.created"});
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_TRUE(result.warned("webhooks", "must be No"));
    EXPECT_TRUE(host.requests().empty());
}

using GreenhouseLegacySweep = LegacyTest;

TEST_F(GreenhouseLegacySweep, NeedsHarvestV3) {
    EXPECT_EQ(greenhouse().sweep("application.created", 1, 2).status, CW_ERR_UNSUPPORTED);
}

}  // namespace
}  // namespace crosswalk::greenhouse

// Applications and jobs that changed: pages, cursors, ids of events, and what becomes of them.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class GreenhousePoll : public GreenhouseTest {
protected:
    using GreenhouseTest::GreenhouseTest;
    void SetUp() override {
        holds("/applications", "rest_v3/applications_list.json");
        holds("/candidates", "rest_v3/candidates_list.json");
        holds("/jobs", "rest_v3/jobs_list.json");
        get("/departments").reply(200, R"([{"id": 7, "name": "Technology"}])");
        get("/offices").reply(200, R"([{"id": 13, "name": "New York City"}])");
    }
    CallResult turn(std::string const& event, std::string const& select = "{}", bool full = false) {
        CallResult result =
            greenhouse().poll({.event = event, .cursor = cursor, .select_json = select, .run = "run-7", .full = full});
        EXPECT_EQ(result.status, CW_OK) << result.message;
        cursor = result.cursor.value_or(cursor);
        return result;
    }
    static std::vector<std::string> ids(CallResult const& result) {
        std::vector<std::string> found;
        for (auto const& event : result.events) {
            found.push_back(event.id);
        }
        return found;
    }
    // Addresses of the questions for the list, without those for what it refers to.
    std::vector<std::string> asked(std::string const& path) {
        std::vector<std::string> urls;
        for (SentRequest const& request : host.requests("GET", api + path)) {
            urls.push_back(request.url.substr(api.size()));
        }
        return urls;
    }
    static Answer page(std::string const& id, std::string const& next) {
        json::array const rows{json::object{{"id", std::stoi(id)},
                                            {"candidate_id", 35897999},
                                            {"job_id", 323753},
                                            {"status", "hired"},
                                            {"updated_at", "2026-11-18T12:00:00.000Z"}}};
        Answer answer{.body = json::serialize(rows)};
        if (!next.empty()) {
            answer.headers = {
                {"link", "<https://harvest.greenhouse.io/v3/applications?cursor=" + next + ">; rel=\"next\""}};
        }
        return answer;
    }
    std::string cursor;
};

TEST_F(GreenhousePoll, ReportsApplicationsWithWhatTheyReferTo) {  // D.4
    CallResult const result = turn("application.changed", R"({"job": 323753})");
    EXPECT_FALSE(result.more);
    EXPECT_THAT(ids(result), ElementsAre("application:46195001:2026-11-18T12:00:00.000Z",
                                         "application:46195000:2026-11-18T12:00:00.000Z",
                                         "application:46194999:2026-11-18T12:00:00.000Z"));
    auto const& hired = result.events.at(2);
    EXPECT_EQ(hired.type, "application.changed");
    EXPECT_EQ(hired.subject, "candidate:35897999");
    EXPECT_EQ(hired.title, "Zoë O'Brien-Núñez");
    EXPECT_EQ(hired.record.schema, "greenhouse.application/1");
    EXPECT_EQ(hired.record.data.at("job").at("department"), "Technology");
    EXPECT_EQ(hired.record.data.at("job").at("location"), "New York City");
    EXPECT_THAT(asked("/applications"), ElementsAre("/applications?per_page=50&job_ids=323753"));
}

TEST_F(GreenhousePoll, AsksTheNextTimeOnlyForWhatChangedSinceWithTwoMinutesToSpare) {
    (void)turn("application.changed");
    host.set_now(now_ms + 600'000);
    (void)turn("application.changed");
    auto const urls = asked("/applications");
    ASSERT_EQ(urls.size(), 2U);
    EXPECT_THAT(urls[0], Not(HasSubstr("updated_at")));
    EXPECT_THAT(urls[1], AllOf(HasSubstr("updated_at=gte%7C2026-11-21T"), HasSubstr("22%3A38%3A00Z")));
}

TEST_F(GreenhousePoll, ReadsToTheEndWithTheCursorAlone) {
    get("/applications").clear().reply(page("1", "abc")).reply(page("2", "def")).reply(page("3", {}));
    EXPECT_TRUE(turn("application.changed").more);
    EXPECT_TRUE(turn("application.changed").more);
    host.set_now(now_ms + 3'600'000);
    EXPECT_FALSE(turn("application.changed").more);
    auto const urls = asked("/applications");
    EXPECT_THAT(urls, ElementsAre("/applications?per_page=50", "/applications?cursor=abc", "/applications?cursor=def"));
    // The next run begins where this one began, however long it took.
    EXPECT_EQ(json::parse(cursor), json::value({{"since", now_ms}}));
}

TEST_F(GreenhousePoll, BeginsAnewWhenGreenhouseNoLongerKnowsThePage) {
    get("/applications")
        .clear()
        .reply(page("1", "abc"))
        .reply(sample_answer("errors/v3_422_cursor_with_params.json"))
        .reply(page("1", {}));
    auto const first = ids(turn("application.changed"));
    auto const again = turn("application.changed");
    EXPECT_FALSE(again.more);
    EXPECT_EQ(ids(again), first) << "the same state has the same id";
}

TEST_F(GreenhousePoll, OfAFullRunPutsTheRunIntoEveryId) {
    auto const found = ids(turn("application.changed", "{}", true));
    ASSERT_FALSE(found.empty());
    for (std::string const& id : found) {
        EXPECT_THAT(id, testing::EndsWith(":run-7"));
    }
}

TEST_F(GreenhousePoll, ReportsJobsAsPostings) {
    CallResult const result = turn("posting.changed", R"({"job": "323753"})");
    EXPECT_THAT(ids(result), ElementsAre("posting:323753:2026-11-18T12:00:00.000Z"));
    EXPECT_EQ(result.events.at(0).title, "Developer");
    EXPECT_EQ(result.events.at(0).record.data.at("department"), "Technology");
    EXPECT_THAT(asked("/jobs"), ElementsAre("/jobs?per_page=50&ids=323753"));
}

TEST_F(GreenhousePoll, GoesOnWithAWarningWhereTheCredentialMayNotRead) {
    get("/candidates").clear().reply(sample_answer("errors/v3_403_scope.json"));
    CallResult const result = turn("application.changed");
    EXPECT_TRUE(result.warned("candidates", "harvest:candidates:list"));
    EXPECT_EQ(result.events.size(), 3U);
}

TEST_F(GreenhousePoll, FailsWhereTheListItselfMayNotBeRead) {
    get("/applications").clear().reply(sample_answer("errors/v3_403_scope.json"));
    CallResult const result = greenhouse().poll({.event = "application.changed"});
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("harvest:applications:list"));
    EXPECT_FALSE(result.cursor);
}

TEST_F(GreenhousePoll, RefusesAForeignCursorASelectionThatIsNoJobAndAnUnknownTrigger) {
    EXPECT_EQ(greenhouse().poll({.event = "application.changed", .cursor = "page-2"}).status, CW_ERR_CURSOR);
    EXPECT_EQ(greenhouse().poll({.event = "application.changed", .select_json = R"({"job": "x&y=1"})"}).status,
              CW_ERR_CONFIG);
    EXPECT_EQ(greenhouse().poll({.event = "candidate.hired"}).status, CW_ERR_UNSUPPORTED);
}

class GreenhousePollLegacy : public LegacyTest {};
TEST_F(GreenhousePollLegacy, IsNotOfferedOverHarvestV1) {
    EXPECT_EQ(greenhouse().poll({.event = "application.changed"}).status, CW_ERR_UNSUPPORTED);
}

// ---- what becomes of the records

class GreenhouseApplication : public GreenhousePoll {
protected:
    json::value canonical(std::string const& from, json::value const& record, std::string const& to) {
        CallResult const result = greenhouse().map(CW_MAP_IN, from, json::serialize(record), to);
        EXPECT_EQ(result.status, CW_OK) << result.message;
        return result.records.empty() ? json::value(nullptr) : result.records.at(0).data;
    }
    static json::value ref(std::string const& kind, std::string const& id) {
        return {{"system", "greenhouse-main"}, {"kind", kind}, {"id", id}};
    }
};

TEST_F(GreenhouseApplication, OfAPollBecomesTheCanonicalOne) {
    auto const polled = turn("application.changed");
    json::value const out =
        canonical("greenhouse.application/1", polled.events.at(2).record.data, "crosswalk.application/1");
    EXPECT_EQ(out.at("ref"), ref("application", "46194999"));
    EXPECT_EQ(out.at("candidate"), ref("candidate", "35897999"));
    EXPECT_EQ(out.at("job"), ref("job", "323753"));
    EXPECT_EQ(out.at("status"), "hired");
    EXPECT_EQ(out.at("job_title"), "Developer");
    EXPECT_EQ(out.at("department").at("name"), "Technology");
    EXPECT_EQ(out.at("location").at("name"), "New York City");
    EXPECT_EQ(out.at("person").at("first_name"), "Zoë");
    EXPECT_EQ(out.at("person").at("emails").at(0),
              json::value({{"value", "zoe.obrien@example.com"}, {"type", "personal"}}));
    EXPECT_EQ(out.at("person").at("phones").at(0).at("type"), "mobile");
    json::value const active =
        canonical("greenhouse.application/1", polled.events.at(1).record.data, "crosswalk.application/1");
    EXPECT_EQ(active.at("status"), "active");
    EXPECT_EQ(active.at("status_raw"), "in_process");
    EXPECT_EQ(active.at("stage").at("name"), "Onsite");
}

TEST_F(GreenhouseApplication, OfAWebhookIsOneEventHoweverOftenItComes) {
    Inbound const request = webhook("new_candidate_application");
    CallResult const verdict = greenhouse().verify(request);
    EXPECT_EQ(verdict.disposition, CW_WEBHOOK_ACCEPT);
    EXPECT_EQ(verdict.note(CW_NOTE_EVENT_TYPE), "application.created");
    CallResult const parsed = greenhouse().parse(request);
    ASSERT_EQ(parsed.events.size(), 1U) << parsed.message;
    EXPECT_EQ(parsed.events[0].id, "application:71980812:created");
    EXPECT_EQ(parsed.events[0].type, "application.created");
    EXPECT_EQ(parsed.events[0].subject, "candidate:60304594");
    EXPECT_EQ(parsed.events[0].title, "Jane Smith");
    EXPECT_TRUE(host.requests().empty()) << "the webhook is signed whole";
    json::value const out =
        canonical("greenhouse.application/1", parsed.events[0].record.data, "crosswalk.application/1");
    EXPECT_EQ(out.at("status"), "active");
    EXPECT_EQ(out.at("job_title"), "Data Scientist");
    EXPECT_EQ(out.at("job"), ref("job", "274075"));
    EXPECT_EQ(out.at("posting"), ref("posting", "263533"));
    EXPECT_EQ(out.at("department").at("name"), "Data Science");
    EXPECT_EQ(out.at("location").at("name"), "London");
    EXPECT_EQ(out.at("source"), "LinkedIn (Prospecting)");
    EXPECT_EQ(out.at("stage").at("name"), "Preliminary Phone Screen");
    EXPECT_EQ(out.at("applied_at"), "2017-10-27T14:44:43Z");
    EXPECT_EQ(out.at("is_prospect"), false);
    EXPECT_EQ(out.at("person").at("emails").as_array().size(), 2U);
}

TEST_F(GreenhouseApplication, KeepsNoLinksAndNothingElseOfTheCandidate) {
    CallResult const parsed = greenhouse().parse(webhook("new_candidate_application"));
    std::string const text = json::serialize(parsed.events.at(0).record.data);
    EXPECT_THAT(text, AllOf(Not(HasSubstr("X-Amz")), Not(HasSubstr("Stanford")), Not(HasSubstr("Betty"))));
}

TEST_F(GreenhouseApplication, OfNobodyIsRefused) {
    CallResult const result =
        greenhouse().map(CW_MAP_IN, "greenhouse.application/1", R"({"id": 5})", "crosswalk.application/1");
    EXPECT_EQ(result.status, CW_ERR_INVALID);
}

TEST_F(GreenhouseApplication, JobsBecomeCanonicalPostings) {
    auto const polled = turn("posting.changed");
    json::value const out = canonical("greenhouse.posting/1", polled.events.at(0).record.data, "crosswalk.posting/1");
    EXPECT_EQ(out.at("ref"), ref("job", "323753"));
    EXPECT_EQ(out.at("requisition"), ref("job", "323753"));
    EXPECT_EQ(out.at("title"), "Developer");
    EXPECT_EQ(out.at("status"), "published");
    EXPECT_EQ(out.at("status_raw"), "open");
    EXPECT_EQ(out.at("department").at("name"), "Technology");
}

// ---- finding

TEST_F(GreenhouseApplication, JobsAreFoundByNumberAndByAPartOfTheirName) {
    for (char const* query : {R"({"id": "323753"})", R"({"text": "develop"})"}) {
        CallResult const result = greenhouse().find("crosswalk.posting/1", query);
        ASSERT_EQ(result.records.size(), 1U) << query << result.message;
        EXPECT_EQ(result.records[0].data.at("ref"), ref("job", "323753"));
    }
    EXPECT_THAT(greenhouse().find("crosswalk.posting/1", R"({"text": "plumber"})").records, IsEmpty());
    EXPECT_THAT(greenhouse().find("crosswalk.posting/1", R"({"id": "7"})").records, IsEmpty());
    EXPECT_EQ(greenhouse().find("crosswalk.hire/1", R"({"id": "7"})").status, CW_ERR_UNSUPPORTED);
    EXPECT_EQ(greenhouse().find("crosswalk.posting/1", R"({"id": "7&x=1"})").status, CW_ERR_INVALID);
}

}  // namespace
}  // namespace crosswalk::greenhouse

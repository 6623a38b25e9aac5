// The polls: pages, cursors, ids of events.
#include "fixture.hpp"

namespace crosswalk::lever {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class LeverPoll : public LeverTest {
protected:
    explicit LeverPoll(json::object const& extra = {}) : LeverTest(extra) {
        host.set_now(now);
        get("/opportunities/deleted").reply(200, R"({"data": [], "hasNext": false})");
        holds("/stages/", {{"id", "s-1"}, {"text", "Recruiter Screen"}});
        holds("/contacts/", nullptr);
        holds_sample("/postings/f2f01e16-27f8-4711-a728-7d49499795a0", "posting");
        holds_sample("/opportunities/" + opportunity_id + "/applications/", "application");
    }
    // A page of opportunities with these ids, all changed at `updated_at`.
    static std::string page(std::vector<std::string> const& ids, std::string const& next = {},
                            json::value const& updated_at = 1000) {
        json::object answer{{"data", json::array()}, {"hasNext", !next.empty()}};
        for (std::string const& id : ids) {
            answer["data"].as_array().push_back(
                json::object{{"id", id}, {"name", "Ada"}, {"stage", {{"text", "Offer"}}}, {"updatedAt", updated_at}});
        }
        if (!next.empty()) {
            answer["next"] = next;
        }
        return json::serialize(answer);
    }
    // All turns of a run from `cursor` on; the cursor that it ends with is kept.
    std::vector<std::string> run(std::string const& event, std::string const& select = "{}", bool full = false) {
        std::vector<std::string> ids;
        auto at = lever();
        for (int turn = 0; turn < 20; ++turn) {
            last = at.poll({.event = event, .cursor = cursor, .select_json = select, .run = "run-7", .full = full});
            EXPECT_EQ(last.status, CW_OK) << last.message;
            if (last.status != CW_OK) {
                break;
            }
            for (auto const& one : last.events) {
                ids.push_back(one.id);
                events.push_back(one);
            }
            cursor = last.cursor.value_or("");
            if (!last.more) {
                break;
            }
        }
        return ids;
    }
    [[nodiscard]] std::vector<std::string> asked(std::string const& path) const {
        std::vector<std::string> urls;
        for (SentRequest const& request : host.requests("GET", api + path)) {
            urls.push_back(request.url.substr(api.size()));
        }
        return urls;
    }
    static constexpr std::int64_t now = 1795300000000;
    static constexpr std::int64_t minute = 60'000;
    static constexpr std::int64_t day = 24 * 60 * minute;
    std::string const one_posting = R"({"posting": "f2f01e16-27f8-4711-a728-7d49499795a0"})";
    std::string cursor;
    std::vector<support::CapturedEvent> events;
    CallResult last;
};

class LeverApplicationPoll : public LeverPoll {
protected:
    using LeverPoll::LeverPoll;
};

TEST_F(LeverApplicationPoll, ReadsEveryPageOfActiveAndArchivedOnesOfAPosting) {  // E.13, E.20
    std::string const base = "/opportunities?expand=applications&expand=contact&expand=stage&";
    std::string const posting = "posting_id=f2f01e16-27f8-4711-a728-7d49499795a0&confidentiality=all&limit=100";
    get(base + posting).reply(200, page({"o-1", "o-2"}, "p.2"));
    get(base + posting + "&offset=p.2").reply(200, page({"o-3"}));
    get(base + "archived_" + posting).reply(200, page({"o-4"}));
    EXPECT_THAT(run("application.changed", one_posting), ElementsAre("opportunity:o-1:1000", "opportunity:o-2:1000",
                                                                     "opportunity:o-3:1000", "opportunity:o-4:1000"));
    EXPECT_EQ(cursor, R"({"since":1795300000000})");
    EXPECT_TRUE(asked("/opportunities/deleted").empty());
    EXPECT_EQ(events[0].type, "application.changed");
    EXPECT_EQ(events[0].subject, "opportunity:o-1");
}

TEST_F(LeverApplicationPoll, CarriesTheSamplesToTheirEnd) {
    get("/opportunities?").reply(200, sample_text("rest/opportunities_list_page1.json"));
    get("/opportunities?expand=applications&expand=contact&expand=stage&confidentiality=all&limit=100&offset=")
        .reply(200, sample_text("rest/opportunities_list_last.json"));
    EXPECT_THAT(run("application.changed"), ElementsAre("opportunity:" + opportunity_id + ":1407460080914"));
    EXPECT_EQ(asked("/opportunities?").at(1),
              "/opportunities?expand=applications&expand=contact&expand=stage&confidentiality=all&limit=100&offset="
              "0.1414895548650.a6070140-33db-407c-91f5-2760e15c8e94");
    json::value const& record = events.at(0).record.data;
    EXPECT_EQ(record.at("posting").at("text"), "Infrastructure Engineer");
    EXPECT_EQ(record.at("opportunity").at("stage").at("text"), "Recruiter Screen");
}

TEST_F(LeverApplicationPoll, AsksForChangesSinceTheLastRunAndTwoMinutesBefore) {  // E.31
    get("/opportunities?").reply(200, page({}));
    (void)run("application.changed", one_posting);
    host.advance(30 * minute);
    (void)run("application.changed", one_posting);
    auto const urls = asked("/opportunities?");
    ASSERT_EQ(urls.size(), 4U);
    EXPECT_THAT(urls[0], Not(HasSubstr("updated_at_start")));
    EXPECT_THAT(urls[2], AllOf(HasSubstr("&posting_id="), HasSubstr("updated_at_start=1795299880000")));
    EXPECT_THAT(urls[3], AllOf(HasSubstr("archived_posting_id="), HasSubstr("updated_at_start=1795299880000")));
    EXPECT_THAT(asked("/opportunities/deleted"),
                ElementsAre("/opportunities/deleted?deleted_at_start=1795299880000&deleted_at_end=1795301800000&"
                            "limit=100"));
}

TEST_F(LeverApplicationPoll, GoesOnAtThePageWhereItWasCutOff) {
    get("/opportunities?").reply(200, page({"o-1"}, "p.2"));
    CallResult const first = lever().poll({.event = "application.changed"});
    EXPECT_TRUE(first.more);
    host.advance(5 * minute);
    get("/opportunities?").clear().reply(200, page({"o-2"}));
    cursor = first.cursor.value_or("");
    EXPECT_THAT(run("application.changed"), ElementsAre("opportunity:o-2:1000"));
    EXPECT_THAT(asked("/opportunities?").back(), HasSubstr("&offset=p.2"));
    EXPECT_EQ(cursor, R"({"since":1795300000000})") << "what changed meanwhile is for the next run";
}

TEST_F(LeverApplicationPoll, SeesTheSameStateUnderTheSameIdAndInAFullRunAnew) {
    get("/opportunities?").reply(200, page({"o-1"}));
    auto const first = run("application.changed");
    EXPECT_EQ(run("application.changed"), first);
    cursor.clear();
    EXPECT_THAT(run("application.changed", "{}", true), ElementsAre("opportunity:o-1:1000:run-7"));
}

TEST_F(LeverApplicationPoll, KnowsAStateWithoutTimeByItsContent) {
    get("/opportunities?").reply(200, page({"o-1"}, {}, nullptr));
    auto const first = run("application.changed");
    EXPECT_EQ(run("application.changed"), first);
    get("/opportunities?").clear().reply(200, page({"o-1"}, {}, "later"));
    EXPECT_NE(run("application.changed"), first);
}

TEST_F(LeverApplicationPoll, AsksForDeletedOnesInWindowsOfThirtyDays) {
    cursor = R"({"since":)" + std::to_string(now - 65 * day) + "}";
    get("/opportunities?").reply(200, page({}));
    (void)run("application.changed");
    auto const start = [](int window) { return std::to_string(now - 65 * day - 2 * minute + window * 30 * day); };
    EXPECT_THAT(asked("/opportunities/deleted"),
                ElementsAre(HasSubstr("start=" + start(0) + "&deleted_at_end=" + start(1)),
                            HasSubstr("start=" + start(1) + "&deleted_at_end=" + start(2)),
                            HasSubstr("start=" + start(2) + "&deleted_at_end=" + std::to_string(now))));
}

TEST_F(LeverApplicationPoll, TellsOfDeletedOnesThatAnotherSystemKnows) {
    cursor = R"({"since":1795200000000})";
    get("/opportunities?").reply(200, page({}));
    get("/opportunities/deleted")
        .clear()
        .reply(200, R"({"data": [{"id": "o-1", "name": "Ada King", "deletedAt": 1795200000001},
                          {"id": "o-2", "deletedAt": 1795200000002}]})");
    host.link({"lever-main", "application", "o-1"}, {"hireguide", "candidate", "c-1"});
    EXPECT_THAT(run("application.changed"), ElementsAre("opportunity:o-1:1795200000001"));
    CallResult const mapped = lever().map(CW_MAP_IN, "lever.application/1", json::serialize(events.at(0).record.data),
                                          "crosswalk.application/1");
    ASSERT_EQ(mapped.records.size(), 1U) << mapped.message;
    EXPECT_EQ(mapped.records[0].data.at("deleted"), true);
    EXPECT_EQ(mapped.records[0].data.at("status"), "archived");
}

TEST_F(LeverApplicationPoll, KeepsAnonymisedPeopleToThoseWhoKnowThem) {
    get("/opportunities?").reply(200, R"({"data": [{"id": "o-1", "isAnonymized": true, "updatedAt": 5}]})");
    EXPECT_THAT(run("application.changed"), ElementsAre());
    host.link({"lever-main", "application", "o-1"}, {"hireguide", "candidate", "c-1"});
    EXPECT_THAT(run("application.changed"), ElementsAre("opportunity:o-1:5"));
}

TEST_F(LeverApplicationPoll, TellsHiredFromArchivedByTheReason) {
    json::object person = sample("rest/opportunity_hired_expanded.json").at("data").as_object();
    get("/opportunities?").reply(200, json::serialize(json::object{{"data", {person}}}));
    holds("/archive_reasons/", {{"text", "Hired"}, {"type", "hired"}});
    auto const status = [&] {
        events.clear();
        (void)run("application.changed", "{}", true);
        CallResult const mapped = lever().map(CW_MAP_IN, "lever.application/1",
                                              json::serialize(events.at(0).record.data), "crosswalk.application/1");
        return mapped.records.at(0).data;
    };
    json::value const hired = status();
    EXPECT_EQ(hired.at("status"), "hired");
    EXPECT_TRUE(hired.as_object().contains("hired_at"));
    holds("/archive_reasons/", {{"text", "Withdrew"}, {"type", "non-hired"}});
    json::value const archived = status();
    EXPECT_EQ(archived.at("status"), "archived");
    EXPECT_EQ(archived.at("reject_reason"), "Withdrew");
}

TEST_F(LeverApplicationPoll, FailsWhenTheNextPageIsThisOneAgain) {
    get("/opportunities?").reply(200, page({"o-1"}, "p.2"));
    CallResult const first = lever().poll({.event = "application.changed"});
    CallResult const again = lever().poll({.event = "application.changed", .cursor = first.cursor.value_or("")});
    EXPECT_EQ(again.status, CW_ERR_TRANSIENT);
    EXPECT_FALSE(again.cursor.has_value());
}

TEST_F(LeverApplicationPoll, GoesOnWithoutConfidentialOnesThatTheKeyMayNotRead) {
    get("/opportunities?expand=applications&expand=contact&expand=stage&confidentiality=all").reply(403, "{}");
    get("/opportunities?expand=applications&expand=contact&expand=stage&limit=100").reply(200, page({"o-1"}));
    EXPECT_THAT(run("application.changed"), ElementsAre("opportunity:o-1:1000"));
    EXPECT_TRUE(last.warned("confidential opportunities", "confidential data"));
}

TEST_F(LeverApplicationPoll, AsksForConsentAgainWhenAccessWasRevoked) {  // D.25, E.36
    get("/opportunities?").reply(401, sample_text("errors/401_unauthorized.json"));
    CallResult const result = lever().poll({.event = "application.changed"});
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_TRUE(result.events.empty());
}

TEST_F(LeverApplicationPoll, RefusesASelectionOrCursorThatIsNone) {
    EXPECT_EQ(lever().poll({.event = "application.changed", .select_json = R"({"posting": "../users"})"}).status,
              CW_ERR_CONFIG);
    EXPECT_EQ(lever().poll({.event = "application.changed", .cursor = "gone"}).status, CW_ERR_CURSOR);
    EXPECT_EQ(lever().poll({.event = "candidate.hired"}).status, CW_ERR_UNSUPPORTED);
}

class LeverPostingPoll : public LeverPoll {};

TEST_F(LeverPostingPoll, BringsTheSelectedPosting) {  // E.12, E.13
    EXPECT_THAT(run("posting.changed", one_posting),
                ElementsAre("posting:f2f01e16-27f8-4711-a728-7d49499795a0:1407779365624"));
    EXPECT_EQ(events[0].title, "Infrastructure Engineer");
    CallResult const mapped =
        lever().map(CW_MAP_IN, "lever.posting/1", json::serialize(events[0].record.data), "crosswalk.posting/1");
    ASSERT_EQ(mapped.records.size(), 1U) << mapped.message;
    json::value const& record = mapped.records[0].data;
    EXPECT_EQ(record.at("title"), "Infrastructure Engineer");
    EXPECT_EQ(record.at("status"), "published");
    EXPECT_EQ(record.at("team"), json::value({{"name", "Platform"}}));
    EXPECT_EQ(record.at("ref").at("kind"), "posting");
    EXPECT_THAT(std::string(record.at("url").as_string()), HasSubstr("jobs.lever.co"));
}

TEST_F(LeverPostingPoll, SaysThatAJobMustExistInLeverFirst) {  // E.11
    get("/postings/absent").reply(404, sample_text("errors/404_not_found.json"));
    CallResult const result = lever().poll({.event = "posting.changed", .select_json = R"({"posting": "absent"})"});
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("the job must exist in Lever first"));
}

TEST_F(LeverPostingPoll, ListsAllWithoutASelectionAndThenWhatChanged) {
    get("/postings?").reply(200, sample_text("rest/postings_list.json"));
    EXPECT_EQ(run("posting.changed").size(), 1U);
    host.advance(120 * minute);
    (void)run("posting.changed");
    EXPECT_THAT(asked("/postings?"),
                ElementsAre("/postings?confidentiality=all&limit=100",
                            "/postings?updated_at_start=1795299880000&confidentiality=all&limit=100"));
}

TEST_F(LeverPostingPoll, KeepsWordsOfAStateThatItDoesNotKnow) {
    json::object posting = sample("rest/posting.json").at("data").as_object();
    posting["state"] = "rejected";
    CallResult const mapped =
        lever().map(CW_MAP_IN, "lever.posting/1", json::serialize(posting), "crosswalk.posting/1");
    EXPECT_EQ(mapped.records.at(0).data.at("status"), "other");
    EXPECT_EQ(mapped.records.at(0).data.at("status_raw"), "rejected");
}

TEST_F(LeverPostingPoll, AreFoundByPartOfTheirName) {  // E.9
    get("/postings?").reply(200, sample_text("rest/postings_list.json"));
    EXPECT_EQ(lever().find("crosswalk.posting/1", R"({"text": "STRUCTURE eng"})").records.size(), 1U);
    EXPECT_EQ(lever().find("crosswalk.posting/1", R"({"text": "nurse"})").records.size(), 0U);
    EXPECT_EQ(lever().find("crosswalk.posting/1", R"({"id": "f2f01e16-27f8-4711-a728-7d49499795a0"})").records.size(),
              1U);
    EXPECT_EQ(lever().find("crosswalk.hire/1", "{}").status, CW_ERR_UNSUPPORTED);
}

// Each page names another as the next, so that it never looks like going round in circles.
TEST_F(LeverPostingPoll, AreNotLookedForInAListThatNeverEnds) {
    int pages = 0;
    get("/postings?").reply_with([&](support::SentRequest const&) {
        support::Answer answer;
        answer.body = R"({"data":[],"hasNext":true,"next":")" + std::to_string(++pages) + R"("})";
        return answer;
    });
    CallResult const found = lever().find("crosswalk.posting/1", R"({"text": "nurse"})");
    EXPECT_EQ(found.status, CW_ERR_TRANSIENT);
    EXPECT_EQ(found.message, "The list of the postings has no end.");
    EXPECT_EQ(pages, 1000);
}

}  // namespace
}  // namespace crosswalk::lever

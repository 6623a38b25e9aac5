// The list of changes: page by page to its end, the same events as the callback's, and where the next run begins.
#include "fixture.hpp"

namespace crosswalk::hrlogics {
namespace {

class HrlogicsPoll : public HrlogicsTest {
protected:
    HrlogicsPoll() {
        link_applicant();
        get("hrl_5501").reply(200, sample("applicant_get_completed"));
    }
    // A page with rows for applicants hrl_<first>… each linked with an opportunity of its own.
    std::string page(int first, int count, json::value const& next) {
        json::array rows;
        for (int i = first; i < first + count; ++i) {
            std::string const id = "hrl_" + std::to_string(i);
            host.link({"hrlogics", "applicant", id}, {"lever", "application", "o" + std::to_string(i)});
            rows.push_back({{"applicant_id", id},
                            {"external_id", "lever:opp:o" + std::to_string(i)},
                            {"status", "Pre Qualified"},
                            {"survey_submitted_at", "2026-11-21T21:29:51Z"},
                            {"changed_at", "2026-11-21T21:30:00Z"}});
        }
        return json::serialize(json::object{{"data", rows}, {"meta", {{"next_page", next}}}});
    }
};

// D.17
TEST_F(HrlogicsPoll, GivesTheEventOfTheSamplePageOnce) {
    changes().reply(200, sample("screenings_changes_page"));
    Instance at = hrlogics();
    CallResult const turn = at.poll({.event = "screening.decided"});
    ASSERT_EQ(turn.events.size(), 1U) << turn.message;
    EXPECT_EQ(turn.events[0].type, "screening.decided");
    EXPECT_EQ(turn.events[0].id, "screening.decided:hrl_5501:pre qualified:2026-11-21T21:30:00Z")
        << "the id that the callback's event has";
    EXPECT_FALSE(turn.more);
    EXPECT_EQ(host.requests("GET", base).at(0).url,
              base + "/v1/screenings/changes?since=1970-01-01T00%3A00%3A00Z&page=1&per_page=50");
}

TEST_F(HrlogicsPoll, GivesOnlyTheEventThatTheRouteAsksFor) {
    changes().reply(200, sample("screenings_changes_page"));
    Instance at = hrlogics();
    CallResult const turn = at.poll({.event = "screening.completed"});
    ASSERT_EQ(turn.events.size(), 1U);
    EXPECT_EQ(turn.events[0].type, "screening.completed");
    EXPECT_EQ(host.requests().size(), 1U) << "A result needs no second look at the applicant.";
}

// D.22
TEST_F(HrlogicsPoll, GivesNoTagForASurveyThatIsNotCompleted) {
    changes().reply(200, sample("screenings_changes_page"));
    get("hrl_5501").clear().reply(200, R"({"data":{"id":"hrl_5501","survey_status":"sent"}})");
    Instance at = hrlogics();
    EXPECT_TRUE(at.poll({.event = "screening.decided"}).events.empty());
}

TEST_F(HrlogicsPoll, GoesOnFromEachPageAfterARestart) {
    changes().reply(200, page(1, 2, 2)).reply(200, page(3, 2, 3)).reply(200, page(5, 1, nullptr));
    std::string cursor;
    std::size_t events = 0;
    for (int i = 1; i <= 3; ++i) {
        Instance at = hrlogics();
        CallResult const turn = at.poll({.event = "screening.decided", .cursor = cursor});
        EXPECT_EQ(turn.more, i < 3);
        events += turn.events.size();
        cursor = turn.cursor.value();
        EXPECT_THAT(host.requests("GET", base).back().url, HasSubstr("&page=" + std::to_string(i) + "&"));
    }
    EXPECT_EQ(events, 5U);
}

TEST_F(HrlogicsPoll, BeginsTheNextRunAMinuteBeforeTheNewestChange) {
    changes().reply(200, sample("screenings_changes_page"));
    Instance at = hrlogics();
    CallResult const first = at.poll({.event = "screening.decided"});
    CallResult const second = at.poll({.event = "screening.decided", .cursor = first.cursor.value()});
    EXPECT_THAT(host.requests("GET", base + "/v1/screenings").back().url,
                HasSubstr("since=2026-11-21T21%3A29%3A00Z&page=1"));
    EXPECT_EQ(second.events.at(0).id, first.events.at(0).id) << "What is seen twice is one event.";
}

TEST_F(HrlogicsPoll, OfAFullRunGivesEventsOfThatRun) {
    changes().reply(200, sample("screenings_changes_page"));
    Instance at = hrlogics();
    CallResult const turn = at.poll({.event = "screening.decided", .run = "7", .full = true});
    EXPECT_TRUE(turn.events.at(0).id.ends_with(":7"));
}

TEST_F(HrlogicsPoll, PassesOverApplicantsThatWereNotCreatedHere) {
    changes().reply(200, R"({"data":[{"applicant_id":"x","external_id":"lever:opp:x","status":"Pre Qualified",)"
                         R"("changed_at":"2026-11-21T21:30:00Z"}],"meta":{"next_page":null}})");
    Instance at = hrlogics();
    CallResult const turn = at.poll({.event = "screening.decided"});
    EXPECT_EQ(turn.status, CW_OK);
    EXPECT_TRUE(turn.events.empty());
    EXPECT_TRUE(turn.cursor.has_value());
    EXPECT_EQ(turn.note(CW_NOTE_UNLINKED), "applicant x");
}

TEST_F(HrlogicsPoll, PassesOverARowThatCannotBeRead) {
    json::object page_of_three = json::parse(sample("screenings_changes_page")).as_object();
    json::array& rows = page_of_three["data"].as_array();
    rows.insert(rows.begin(), {nullptr, json::object{{"applicant_id", "hrl_5501"}}});
    changes().reply(200, json::serialize(page_of_three));
    Instance at = hrlogics();
    CallResult const turn = at.poll({.event = "screening.decided"});
    EXPECT_EQ(turn.events.size(), 1U) << turn.message;
    EXPECT_EQ(host.logs().size(), 2U);
}

TEST_F(HrlogicsPoll, RefusesAListWithoutEnd) {
    changes().reply(200, page(1, 1, 1));
    Instance at = hrlogics();
    CallResult const turn = at.poll({.event = "screening.decided"});
    EXPECT_EQ(turn.status, CW_ERR_TRANSIENT);
    EXPECT_FALSE(turn.cursor.has_value());
}

TEST_F(HrlogicsPoll, KeepsItsCursorWhenAPageFails) {
    Instance at = hrlogics();
    struct Case {
        Answer answer;
        cw_status expected;
    };
    for (Case const& one :
         {Case{{.status = 503}, CW_ERR_TRANSIENT}, Case{{.status = 200, .body = "<html>"}, CW_ERR_TRANSIENT},
          Case{{.transport = CW_ERR_DEADLINE}, CW_ERR_TRANSIENT}, Case{{.status = 404}, CW_ERR_CONFIG},
          Case{{.status = 200, .body = "{}"}, CW_ERR_CONFIG}, Case{{.status = 401}, CW_ERR_AUTH},
          Case{{.status = 429, .headers = {{"retry-after", "3"}}}, CW_ERR_RATE_LIMITED}}) {
        changes().clear().reply(one.answer);
        CallResult const turn = at.poll({.event = "screening.decided"});
        EXPECT_EQ(turn.status, one.expected) << one.answer.status;
        EXPECT_FALSE(turn.cursor.has_value());
    }
}

TEST_F(HrlogicsPoll, SaysWhenACursorIsNotItsOwn) {
    Instance at = hrlogics();
    for (char const* const cursor : {"{", "{}", R"({"since":"x","page":1,"newest_ms":0})",
                                     R"({"since":"2026-11-21T21:30:00Z","page":0,"newest_ms":0})"}) {
        EXPECT_EQ(at.poll({.event = "screening.decided", .cursor = cursor}).status, CW_ERR_CURSOR) << cursor;
    }
}

}  // namespace
}  // namespace crosswalk::hrlogics

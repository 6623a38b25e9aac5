// Changes that no webhook told of, and where to look when none comes.
#include "fixture.hpp"

namespace crosswalk::charthop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::int64_t changed_ms = 1795297198000;  // 2026-11-21T21:39:58Z, of the sample event
const std::string events = v1 + "/event?";

class ChartHopSweep : public ChartHopTest {
protected:
    explicit ChartHopSweep(json::object const& requisitions = {}) : ChartHopTest(requisitions) {
        lists({sample("event_get.json").as_object()});
        get(v1 + "/event/6553c1f0a1b2c3d4e5f6d001").reply(200, sample_text("webhook_change_create_update.json"));
        get(v2 + "/job/" + engineer).reply(200, sample_text("job_get.json"));
        get(v2 + "/person/").reply(404);
    }
    // What the first kind of entity has; the second has nothing.
    void lists(std::vector<json::object> const& rows, std::string const& next = {}) {
        json::object page{{"data", json::array(rows.begin(), rows.end())}};
        if (!next.empty()) {
            page["next"] = next;
        }
        get(events).reply(200, json::serialize(page)).reply(200, nobody);
    }
    [[nodiscard]] static json::object changed(json::object const& more) {
        json::object row = sample("event_get.json").as_object();
        for (auto const& [name, value] : more) {
            row[name] = value;
        }
        return row;
    }
    [[nodiscard]] CallResult listed(std::string_view cursor = {}, std::int64_t from = changed_ms,
                                    std::int64_t to = changed_ms + 1) {
        return charthop().sweep("requisition.changed", from, to, cursor);
    }
};

TEST_F(ChartHopSweep, ListsAChangeUnderTheIdAndTheKeyOfItsWebhook) {
    CallResult const result = listed();
    ASSERT_EQ(result.status, CW_OK) << result.message;
    ASSERT_EQ(result.events.size(), 1U);
    EXPECT_EQ(result.events[0].subject, std::string("job:") + engineer);
    EXPECT_EQ(result.events[0].occurred_unix_ms, changed_ms);
    EXPECT_THAT(host.requests("GET", events).at(0).url, HasSubstr("entityType=CHANGE&limit=200&from=1795297198000"));
    Inbound const told{.body = sample_text("webhook_change_create_update.json")};
    EXPECT_EQ(charthop().verify(told).note(CW_NOTE_DEDUPE_KEY), result.events[0].id);
    CallResult const parsed = charthop().parse(told);
    ASSERT_EQ(parsed.events.size(), 1U) << parsed.message;
    EXPECT_EQ(parsed.events[0].id, result.events[0].id);
    EXPECT_EQ(parsed.events[0].subject, result.events[0].subject);
}

TEST_F(ChartHopSweep, GoesThroughChangesAndThenJobs) {
    lists({}, "");
    CallResult const first = listed();
    ASSERT_TRUE(first.more);
    CallResult const second = listed(first.cursor.value_or(""));
    EXPECT_FALSE(second.more);
    EXPECT_THAT(host.requests("GET", events).at(1).url, HasSubstr("entityType=JOB&limit=200&from=1795297198000"));
}

TEST_F(ChartHopSweep, GoesOnAtTheNextPage) {
    lists({changed({})}, "1795297198500");
    CallResult const first = listed();
    ASSERT_TRUE(first.more);
    (void)listed(first.cursor.value_or(""));
    EXPECT_THAT(host.requests("GET", events).at(1).url, HasSubstr("entityType=CHANGE&limit=200&from=1795297198500"));
}

TEST_F(ChartHopSweep, EndsAListThatComesBackToItsOwnPage) {
    lists({changed({})}, std::to_string(changed_ms));
    CallResult const first = listed();
    (void)listed(first.cursor.value_or(""));
    EXPECT_THAT(host.requests("GET", events).at(1).url, HasSubstr("entityType=JOB"));
}

TEST_F(ChartHopSweep, ReadsTimesInEveryForm) {
    for (json::value const& at : {json::value(changed_ms), json::value(std::to_string(changed_ms)),
                                  json::value("2026-11-21T21:39:58Z"), json::value("2026-11-21T21:39:58.000Z")}) {
        lists({changed({{"at", at}})});
        EXPECT_EQ(listed().events.size(), 1U) << json::serialize(at);
    }
    for (json::value const& at :
         {json::value("yesterday"), json::value(nullptr), json::value("2026-13-21T21:39:58Z")}) {
        lists({changed({{"at", at}})});
        EXPECT_THAT(listed().events, IsEmpty()) << json::serialize(at);
    }
}

TEST_F(ChartHopSweep, LeavesOutWhatIsNoNews) {
    lists({changed({{"userId", "588f7ee98f138b19220041ff"}}), changed({{"jobId", nullptr}}),
           changed({{"code", "comment.create"}})});
    EXPECT_THAT(listed().events, IsEmpty()) << "our own, about no job, of no interest";
    lists({changed({})});
    EXPECT_THAT(listed({}, changed_ms + 1, changed_ms + 2).events, IsEmpty()) << "before the window";
    lists({changed({})});
    EXPECT_THAT(listed({}, changed_ms - 1, changed_ms).events, IsEmpty()) << "behind it";
}

TEST_F(ChartHopSweep, FetchesTheJobAsItsWebhookWould) {
    CallResult const result = listed();
    CallResult const fetched = charthop().fetch_swept(result.events.at(0));
    ASSERT_EQ(fetched.events.size(), 1U) << fetched.message << fetched.note(CW_NOTE_REASON);
    EXPECT_EQ(fetched.events[0].id, result.events[0].id);
    EXPECT_EQ(fetched.events[0].record.schema, "charthop.job/1");
    EXPECT_EQ(fetched.events[0].record.data.at("code"), "ENG-104");
}

TEST_F(ChartHopSweep, ClosesNothingWhenTheStatusDidNotChange) {
    host.link({"charthop-main", "job", engineer}, {"lever", "requisition", "req-1"});
    get(v2 + "/job/" + engineer)
        .reply(200, json::serialize(json::object{
                        {"jobId", engineer}, {"req", "ENG-104"}, {"title", "Senior Engineer"}, {"recruit", "CLOSED"}}));
    CallResult const result = listed();
    get(v1 + "/event/6553c1f0a1b2c3d4e5f6d001").reply(200, json::serialize(changed({{"fields", {"title"}}})));
    EXPECT_THAT(charthop().fetch_swept(result.events.at(0)).events, IsEmpty());
    get(v1 + "/event/6553c1f0a1b2c3d4e5f6d001").reply(200, json::serialize(changed({{"fields", {"recruit"}}})));
    EXPECT_EQ(charthop().fetch_swept(result.events.at(0)).events.size(), 1U);
}

TEST_F(ChartHopSweep, SaysThatTheRightToReadEventsWasLost) {
    get(events).reply(401, R"({"code": 401, "message": "not authorized"})");
    CallResult const result = charthop().diagnose("https://x.example.com/hooks/charthop", {"requisition.changed"});
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warned("events", "may not read"));
    EXPECT_TRUE(result.warned("webhooks", "change.* and job.*"));
}

class ChartHopSweepWithoutSync : public ChartHopSweep {
protected:
    ChartHopSweepWithoutSync() : ChartHopSweep({{"sync_on_change", false}}) {}
};

TEST_F(ChartHopSweepWithoutSync, MissesNothingAndSaysWhichSettingItIs) {
    CallResult const result = listed();
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_FALSE(result.more);
    EXPECT_THAT(result.events, IsEmpty());
    EXPECT_THAT(host.requests("GET", events), IsEmpty());
    EXPECT_TRUE(charthop().diagnose("", {"requisition.changed"}).warned("/requisitions/sync_on_change", "is off"));
}

}  // namespace
}  // namespace crosswalk::charthop

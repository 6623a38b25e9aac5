// What Lever should have told: pages of a window, ids that webhooks have as well, and what Lever's settings say.
#include "fixture.hpp"

namespace crosswalk::lever {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t archived_ms = 1795297264900;  // of the sample
constexpr char hired_reason[] = "16308515-dc77-4aa7-b3af-96161b2b4e9b";

class LeverSweep : public LeverTest {
protected:
    LeverSweep() {
        play_hire();
        get("/archive_reasons?type=hired")
            .reply(200,
                   R"({"data": [{"id": "16308515-dc77-4aa7-b3af-96161b2b4e9b", "text": "Hired", "type": "hired"}]})");
        get("/webhooks").reply(200, R"({"data": []})");
    }
    void lists(std::string const& ids, std::string const& next = {}) {
        get("/opportunities?")
            .clear()
            .reply(200, R"({"data": [)" + ids + R"(], "hasNext": )" +
                            (next.empty() ? "false" : "true, \"next\": \"" + next + "\"") + "}");
    }
    static std::string archived(std::string const& id, std::int64_t at, std::string const& extra = {}) {
        return R"({"id": ")" + id + R"(", "name": "Ada", "origin": "applied", "archived": {"archivedAt": )" +
               std::to_string(at) + R"(, "reason": ")" + hired_reason + "\"}" + extra + "}";
    }
    [[nodiscard]] CallResult hires(std::string_view cursor = {}) {
        return lever().sweep("candidate.hired", archived_ms - 1000, archived_ms + 1000, cursor);
    }
    [[nodiscard]] static std::vector<std::string> ids(CallResult const& result) {
        std::vector<std::string> all;
        for (auto const& event : result.events) {
            all.push_back(event.id);
        }
        return all;
    }
};

TEST_F(LeverSweep, AHireHasTheIdThatItsWebhookGives) {
    lists(archived(opportunity_id, archived_ms));
    CallResult const listed = hires();
    ASSERT_EQ(listed.status, CW_OK) << listed.message;
    CallResult const told = lever().parse(webhook("candidateHired"));
    ASSERT_EQ(told.events.size(), 1U) << told.message;
    ASSERT_EQ(listed.events.size(), 1U);
    EXPECT_EQ(listed.events[0].id, told.events[0].id);
    EXPECT_EQ(listed.events[0].subject, told.events[0].subject);
    EXPECT_EQ(listed.events[0].type, told.events[0].type);
    EXPECT_EQ(json::serialize(listed.events[0].record.data), "{\"opportunity\":\"" + opportunity_id + "\"}");
}

TEST_F(LeverSweep, AListedHireIsFetchedWhole) {
    lists(archived(opportunity_id, archived_ms));
    auto at = lever();
    CallResult const listed = hires();
    ASSERT_EQ(listed.events.size(), 1U);
    CallResult const fetched = at.fetch_swept(listed.events[0]);
    ASSERT_EQ(fetched.events.size(), 1U) << fetched.message << fetched.note(CW_NOTE_REASON);
    EXPECT_EQ(fetched.events[0].id, listed.events[0].id);
    EXPECT_EQ(fetched.events[0].title, "Zoë O'Brien-Núñez");
    EXPECT_EQ(fetched.events[0].record.schema, "lever.hire/1");
    EXPECT_TRUE(fetched.events[0].record.data.at("offer").is_object());
}

TEST_F(LeverSweep, AHireThatWasTakenBackMeanwhileIsNone) {
    lists(archived(opportunity_id, archived_ms));
    CallResult const listed = hires();
    holds("/archive_reasons/" + std::string(hired_reason), {{"text", "Withdrew"}, {"type", "non-hired"}});
    host.set_now(hired_at_ms + 3'600'000);
    CallResult const fetched = lever().fetch_swept(listed.events.at(0));
    EXPECT_EQ(fetched.status, CW_OK) << fetched.message;
    EXPECT_TRUE(fetched.events.empty());
    EXPECT_THAT(fetched.note(CW_NOTE_REASON), HasSubstr("not show the candidate as hired"));
}

TEST_F(LeverSweep, AsksForTheWindowAndForReasonsThatMeanHired) {
    lists("");
    ASSERT_EQ(hires().status, CW_OK);
    auto const sent = host.requests("GET", api + "/opportunities?");
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].url, api +
                               "/opportunities?archived_at_start=1795297263900&archived_at_end=1795297265899&"
                               "archive_reason_id=" +
                               hired_reason + "&confidentiality=all&limit=100");
}

TEST_F(LeverSweep, GoesOnWhereThePageEnded) {
    lists(archived("o-1", archived_ms), "p.2");
    CallResult const first = hires();
    EXPECT_TRUE(first.more);
    EXPECT_EQ(first.cursor, "p.2");
    lists(archived("o-2", archived_ms));
    CallResult const second = hires("p.2");
    EXPECT_FALSE(second.more);
    EXPECT_THAT(ids(second), ElementsAre("hire:o-2:1795297264900"));
    EXPECT_THAT(host.requests("GET", api + "/opportunities?").back().url, HasSubstr("offset=p.2"));
}

TEST_F(LeverSweep, LeavesOutWhoWasAnonymisedAndWhatLiesOutsideTheWindow) {
    lists(archived("o-1", archived_ms, R"(, "isAnonymized": true)") + "," + archived("o-2", archived_ms + 1000) + "," +
          archived("o-3", archived_ms - 1001) + "," + archived("o-4", archived_ms - 1000));
    EXPECT_THAT(ids(hires()), ElementsAre("hire:o-4:1795297263900"));
}

TEST_F(LeverSweep, WhatAnAdminExcludedFromTheWebhookIsNotMissing) {
    get("/webhooks").clear().reply(200, sample_text("rest/webhooks_list.json"));  // applied, sourced
    lists(archived("o-1", archived_ms) + R"(,{"id": "o-2", "origin": "referred", "archivedAt": 1795297264900})");
    EXPECT_THAT(ids(hires()), ElementsAre("hire:o-1:1795297264900"));
}

TEST_F(LeverSweep, AKeyThatMayNotSeeWebhooksSweepsAllTheSame) {
    get("/webhooks").clear().reply(403, sample_text("errors/403_forbidden.json"));
    lists(archived("o-1", archived_ms));
    EXPECT_EQ(hires().events.size(), 1U);
}

TEST_F(LeverSweep, ListsApplicationsByTheirOwnTimeAmongWhatChanged) {
    auto const one = [](std::string const& id, std::string const& application, std::int64_t at) {
        return R"({"id": ")" + id + R"(", "applications": [{"id": ")" + application + R"(", "createdAt": )" +
               std::to_string(at) + "}]}";
    };
    lists(one("o-1", "a-1", 5000) + "," + one("o-2", "a-2", 4999) + "," + one("o-3", "a-3", 6000) +
          R"(,{"id": "o-4", "applications": []})");
    CallResult const listed = lever().sweep("application.created", 5000, 6000);
    ASSERT_EQ(listed.status, CW_OK) << listed.message;
    EXPECT_THAT(ids(listed), ElementsAre("application:a-1"));
    EXPECT_EQ(listed.events[0].subject, "opportunity:o-1");
    EXPECT_THAT(host.requests("GET", api + "/opportunities?").at(0).url,
                HasSubstr("expand=applications&updated_at_start=5000"));
}

TEST_F(LeverSweep, AMissingRightIsNamed) {
    get("/opportunities?").clear().reply(403, sample_text("errors/403_forbidden.json"));
    CallResult const result = hires();
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("List all opportunities"));
}

TEST_F(LeverSweep, OtherEventsCannotBeListed) {
    EXPECT_EQ(lever().sweep("posting.changed", 1, 2).status, CW_ERR_UNSUPPORTED);
}

class LeverDiagnosis : public LeverSweep {
protected:
    [[nodiscard]] CallResult diagnosed(std::string const& webhooks) {
        get("/webhooks").clear().reply(200, R"({"data": [)" + webhooks + "]}");
        return lever().diagnose("https://x.example.com/hooks/lever", {"candidate.hired"});
    }
    static std::string hook(std::string const& url, std::string const& event = "candidateHired",
                            std::string const& configuration = "{}") {
        return R"({"id": "w-1", "url": ")" + url + R"(", "event": ")" + event + R"(", "configuration": )" +
               configuration + "}";
    }
    std::string const ours = "https://x.example.com/hooks/lever";
};

TEST_F(LeverDiagnosis, SaysThatAWebhookIsMissing) {
    CallResult const result = diagnosed(hook(ours, "applicationCreated"));
    ASSERT_EQ(result.status, CW_OK) << result.message;
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_TRUE(result.warned("candidateHired", "Lever has no webhook for this event"));
}

TEST_F(LeverDiagnosis, SaysThatAWebhookGoesElsewhere) {
    EXPECT_TRUE(diagnosed(hook("https://old.example.com/hooks/lever")).warned("candidateHired", "another address"));
}

TEST_F(LeverDiagnosis, SaysWhatLeverDoesNotTellOfAWebhookThatIsThere) {
    CallResult const result = diagnosed(hook("https://old.example.com/x") + "," + hook(ours));
    ASSERT_EQ(result.warnings.size(), 1U);
    EXPECT_TRUE(result.warned("candidateHired", "its group of events is switched off"));
}

TEST_F(LeverDiagnosis, SaysThatAWebhookIsLimitedToSomeOrigins) {
    EXPECT_TRUE(diagnosed(hook(ours, "candidateHired", R"({"conditions": {"origins": ["applied"]}})"))
                    .warned("candidateHired", "limited to some origins"));
}

TEST_F(LeverDiagnosis, SaysThatLeverDoesNotShowItsWebhooks) {
    get("/webhooks").clear().reply(403, sample_text("errors/403_forbidden.json"));
    CallResult const result = lever().diagnose(ours, {"candidate.hired"});
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warned("webhooks", "Look yourself"));
}

TEST_F(LeverDiagnosis, ARefusedKeyIsAFailureAndNoFinding) {
    get("/webhooks").clear().reply(401, sample_text("errors/401_unauthorized.json"));
    EXPECT_EQ(lever().diagnose(ours, {"candidate.hired"}).status, CW_ERR_AUTH);
}

TEST(LeverDiagnosisWithoutToken, SaysThatWebhooksAreRefusedHere) {
    FakeHost bare(settings({{"webhooks", json::object()}}), "lever-main");
    bare.secret("/auth/api_key", "lever-key");
    bare.on("GET", api + "/webhooks").reply(200, R"({"data": []})");
    auto at = bare.create(cw_connector_entry_v0, "lever");
    EXPECT_TRUE(at.diagnose("", {"candidate.hired"}).warned("candidateHired", "No signature token is known here"));
}

}  // namespace
}  // namespace crosswalk::lever

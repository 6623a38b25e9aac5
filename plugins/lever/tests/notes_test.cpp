// Notes on a candidate.
#include "push.hpp"

namespace crosswalk::lever {
namespace {

using testing::HasSubstr;
using testing::Not;

class LeverNote : public LeverPush {
protected:
    using LeverPush::LeverPush;
    void taken() { post(path + "/notes").reply(201, sample_text("rest/note_create_response_201.json")); }
    // The marker of the last note that was sent.
    std::string marker() {
        std::string const value(host.requests("POST", api).back().json().at("value").as_string());
        return value.substr(value.find("[crosswalk "));
    }
};

TEST_F(LeverNote, IsWrittenWithAMarkerAndWithoutNotices) {  // A.27, A.40
    taken();
    CallResult const result = lever().push("add_note", "key-1", note());
    ASSERT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "915a6cef-4f91-4f3d-b8ff-a49e1eae2c30");
    json::value const body = sent_body();
    EXPECT_THAT(std::string(body.at("value").as_string()),
                testing::MatchesRegex("Exported to GoCo\\.\n\n\\[crosswalk [0-9a-f]+\\]"));
    EXPECT_EQ(body.at("secret"), false);
    EXPECT_EQ(body.at("notifyFollowers"), false);
    SentRequest const request = host.requests("POST", api).at(0);
    EXPECT_EQ(request.url, api + path + "/notes");
    EXPECT_FALSE(request.idempotent);
    EXPECT_EQ(request.header("content-type"), "application/json");
}

TEST_F(LeverNote, HasTheSameMarkerInEveryAttemptAndAnotherForAnotherKey) {
    taken();
    get(path + "/notes").reply(200, R"({"data": []})");
    auto at = lever();
    (void)at.push("add_note", "key-1", note());
    std::string const first = marker();
    (void)at.push("add_note", "key-1", note(), 2);
    EXPECT_EQ(marker(), first);
    (void)at.push("add_note", "key-2", note());
    EXPECT_NE(marker(), first);
}

TEST_F(LeverNote, CallsNobodyByName) {
    taken();
    (void)lever().push("add_note", "k", note("Ask @rachel or hr@example.com."));
    EXPECT_THAT(std::string(sent_body().at("value").as_string()),
                HasSubstr("Ask @\u2060rachel or hr@\u2060example.com."));
}

TEST_F(LeverNote, IsSecretWhenItsVisibilitySaysSo) {
    for (std::string const visibility : {"private", "admin_only"}) {
        std::string const record = made({{"body", "x"}, {"visibility", visibility}}, "note", "lever.note/1");
        EXPECT_EQ(json::parse(record).at("secret"), true);
    }
}

TEST_F(LeverNote, NeedsABody) {
    EXPECT_EQ(map_out(of_opportunity({{"body", "  "}}), "note", "lever.note/1").status, CW_ERR_INVALID);
}

TEST_F(LeverNote, NeedsAnOpportunityOfThisConnection) {
    for (json::object const& ref :
         {json::object{{"system", "other"}, {"kind", "opportunity"}, {"id", opportunity_id}},
          json::object{{"system", "lever-main"}, {"kind", "contact"}, {"id", opportunity_id}},
          json::object{{"system", "lever-main"}, {"kind", "opportunity"}, {"id", "../users"}}}) {
        CallResult const result = map_out({{"body", "x"}, {"application", ref}}, "note", "lever.note/1");
        EXPECT_EQ(result.status, CW_ERR_INVALID) << ref;
        EXPECT_THAT(result.message, HasSubstr("opportunity"));
    }
}

TEST_F(LeverNote, FindsItsOpportunityAmongLinks) {
    json::object record{{"body", "x"},
                        {"application", {{"system", "greenhouse"}, {"kind", "application"}, {"id", "7"}}}};
    record["links"] = {{{"system", "lever-main"}, {"kind", "opportunity"}, {"id", opportunity_id}}};
    CallResult const result = map_out(record, "note", "lever.note/1");
    ASSERT_EQ(result.records.size(), 1U) << result.message;
    EXPECT_EQ(result.records[0].key, opportunity_id);
}

TEST_F(LeverNote, IsUnknownWhenTheAnswerIsCutOff) {
    for (cw_status const cut : {CW_ERR_INTERNAL, CW_ERR_DEADLINE, CW_ERR_TOO_LARGE}) {
        post(path + "/notes").clear().fail(cut);
        CallResult const result = lever().push("add_note", "k", note());
        EXPECT_EQ(result.status, CW_OK);
        EXPECT_EQ(result.outcome, CW_PUSH_UNKNOWN);
    }
}

TEST_F(LeverNote, IsUnknownWhenLeverBreaksWhileWriting) {
    post(path + "/notes").reply(500, "{}");
    EXPECT_EQ(lever().push("add_note", "k", note()).outcome, CW_PUSH_UNKNOWN);
}

TEST_F(LeverNote, IsRetriedWhenItDidNotLeave) {
    post(path + "/notes").fail(CW_ERR_TRANSIENT);
    EXPECT_EQ(lever().push("add_note", "k", note()).status, CW_ERR_TRANSIENT);
    post(path + "/notes").clear().reply(503, sample_text("errors/503_maintenance.json"));
    EXPECT_EQ(lever().push("add_note", "k", note()).status, CW_ERR_TRANSIENT);
    post(path + "/notes").clear().reply(429);
    host.set_time_max(100);
    EXPECT_EQ(lever().push("add_note", "k", note()).status, CW_ERR_RATE_LIMITED);
}

TEST_F(LeverNote, IsWrittenOnceAfterA429) {
    post(path + "/notes").reply(429).reply(201, sample_text("rest/note_create_response_201.json"));
    EXPECT_EQ(lever().push("add_note", "k", note()).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(host.requests("POST", api).size(), 2U);
}

TEST_F(LeverNote, IsFoundByItsMarkerOnTheLastOfManyPages) {
    taken();
    auto at = lever();
    (void)at.push("add_note", "k", note());
    std::string const wanted = marker();
    for (int page = 0; page < 40; ++page) {
        std::string const query = page == 0 ? "" : "&offset=p" + std::to_string(page);
        std::string const next = page == 39 ? "" : "p" + std::to_string(page + 1);
        // Longer prefixes win, so page 1 does not answer for page 10.
        get(path + "/notes?limit=100" + query)
            .reply(200, notes_page(page == 39 ? "Exported.\n\n" + wanted : "another note", next));
    }
    CallResult const result = at.look_up("add_note", "k", note());
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "n-1");
    EXPECT_EQ(host.requests("GET", api).size(), 40U);
    EXPECT_EQ(at.look_up("add_note", "other", note()).outcome, CW_PUSH_RETRY);
}

TEST_F(LeverNote, IsNotDeclaredMissingWhenTheListIsNotWhole) {
    get(path + "/notes").reply(200, R"({"data": [], "hasNext": true})");
    EXPECT_EQ(lever().look_up("add_note", "k", note()).status, CW_ERR_TRANSIENT);
    get(path + "/notes").clear().reply(200, R"({"data": [], "hasNext": true, "next": "same"})");
    EXPECT_EQ(lever().look_up("add_note", "k", note()).status, CW_ERR_TRANSIENT);
    EXPECT_EQ(host.requests("GET", api).size(), 3U);
    get(path + "/notes").clear().reply(200, R"({"error": "odd"})");
    EXPECT_EQ(lever().look_up("add_note", "k", note()).status, CW_ERR_TRANSIENT);
}

TEST_F(LeverNote, IsNotRepeatedByASecondAttemptThatFindsIt) {
    taken();
    auto at = lever();
    (void)at.push("add_note", "k", note());
    get(path + "/notes").reply(200, notes_page(marker()));
    EXPECT_EQ(at.push("add_note", "k", note(), 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(host.requests("POST", api).size(), 1U);
}

TEST_F(LeverNote, IsRejectedForGoodWithTheFieldNamed) {
    for (int const status : {400, 422}) {
        post(path + "/notes").clear().reply(status, R"({"code": "BadRequestError", "message": "Zoë"})");
        CallResult const result = lever().push("add_note", "k", note());
        EXPECT_EQ(result.status, CW_ERR_INVALID);
        EXPECT_EQ(result.detail.at("fields").at(0).at("field"), "value");
        EXPECT_THAT(result.message, Not(HasSubstr("Zoë")));
    }
    post(path + "/notes").clear().reply(404, sample_text("errors/404_not_found.json"));
    EXPECT_EQ(lever().push("add_note", "k", note()).status, CW_ERR_INVALID);
}

TEST_F(LeverNote, PausesTheConnectionWhenTheKeyIsRefused) {  // A.45
    post(path + "/notes").reply(401, "{}").reply(403, sample_text("errors/403_forbidden.json"));
    EXPECT_EQ(lever().push("add_note", "k", note()).status, CW_ERR_AUTH);
    CallResult const forbidden = lever().push("add_note", "k", note());
    EXPECT_EQ(forbidden.status, CW_ERR_AUTH);
    EXPECT_THAT(forbidden.message, HasSubstr("'Create note'"));
    get(path + "/notes").reply(403);
    EXPECT_EQ(lever().look_up("add_note", "k", note()).status, CW_ERR_AUTH);
}

class LeverActing : public LeverNote {
protected:
    LeverActing() : LeverNote({{"perform_as", "user-7"}}) {}
};
TEST_F(LeverActing, WritesNotesInTheUsersName) {
    taken();
    (void)lever().push("add_note", "k", note());
    EXPECT_EQ(host.requests("POST", api).at(0).url, api + path + "/notes?perform_as=user-7");
}

}  // namespace
}  // namespace crosswalk::lever

// Notes: from the canonical record into a candidate's activity feed.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::HasSubstr;

json::object of_candidate(json::object note) {
    note["candidate"] = {{"system", "greenhouse-main"}, {"kind", "candidate"}, {"id", "35897999"}};
    note["application"] = {{"system", "greenhouse-main"}, {"kind", "application"}, {"id", "46194999"}};
    return note;
}

class NoteTest : public GreenhouseTest {
protected:
    explicit NoteTest(json::object const& extra = {}) : GreenhouseTest(extra) {}
    [[nodiscard]] CallResult map(json::object const& record) {
        return greenhouse().map(CW_MAP_OUT, "crosswalk.note/1", json::serialize(record), "greenhouse.note/1");
    }
    // The record that push() takes.
    [[nodiscard]] std::string note(json::object extra = {}) {
        extra.emplace("body", "Imported into the HR system by the integration.");
        CallResult const result = map(of_candidate(extra));
        EXPECT_EQ(result.status, CW_OK) << result.message;
        return result.records.empty() ? "{}" : json::serialize(result.records[0].data);
    }
    [[nodiscard]] json::value sent() { return host.requests("POST", api).at(0).json(); }
    [[nodiscard]] std::string marker() {
        std::string const body(host.requests("POST", api).back().json().at("body").as_string());
        return body.substr(body.find("[crosswalk "));
    }
};

class GreenhouseNote : public NoteTest {
protected:
    GreenhouseNote() { holds("/users", "rest_v3/users_list.json"); }
    void taken() { post("/notes").reply(201, sample_text("rest_v3/note_created_201.json")); }
};

TEST_F(GreenhouseNote, IsWrittenAsTheConfiguredUserWithAMarker) {  // B.15, B.31
    taken();
    CallResult const result = greenhouse().push("add_note", "key-1", note());
    ASSERT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "226809052");
    json::object body = sent().as_object();
    std::string const text(body.at("body").as_string());
    EXPECT_THAT(
        text, testing::MatchesRegex("Imported into the HR system by the integration\\.\n\n\\[crosswalk [0-9a-f]+\\]"));
    // But for the marker it is the sample's request.
    body["body"] = "Imported into the HR system by the integration.";
    EXPECT_EQ(json::value(body), sample("rest_v3/note_create_request.json"));
    EXPECT_EQ(host.requests("GET", api + "/users").at(0).url, api + "/users?primary_email=gh.admin%40example.com");
    EXPECT_FALSE(host.requests("POST", api).at(0).idempotent);
    EXPECT_EQ(host.requests("POST", api).at(0).header("on-behalf-of"), "");
}

TEST_F(GreenhouseNote, AsksForItsAuthorOnce) {
    taken();
    auto at = greenhouse();
    (void)at.push("add_note", "key-1", note());
    (void)at.push("add_note", "key-2", note());
    EXPECT_EQ(host.requests("GET", api + "/users").size(), 1U);
}

TEST_F(GreenhouseNote, HasTheSameMarkerInEveryAttemptAndAnotherForAnotherKey) {
    taken();
    get("/notes").reply(200, "[]");
    auto at = greenhouse();
    (void)at.push("add_note", "key-1", note());
    std::string const first = marker();
    (void)at.push("add_note", "key-1", note(), 2);
    EXPECT_EQ(marker(), first);
    (void)at.push("add_note", "key-2", note());
    EXPECT_NE(marker(), first);
}

TEST_F(GreenhouseNote, IsNotWrittenTwice) {
    post("/notes").reply({.transport = CW_ERR_DEADLINE}).reply(500);
    auto at = greenhouse();
    EXPECT_EQ(at.push("add_note", "key-1", note()).outcome, CW_PUSH_UNKNOWN);
    get("/notes").reply(200, "[]");
    EXPECT_EQ(at.look_up("add_note", "key-1", note()).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(at.push("add_note", "key-1", note(), 2).outcome, CW_PUSH_UNKNOWN);
    get("/notes").clear().reply(200, json::serialize(json::array{json::object{{"id", 7}, {"body", "x " + marker()}}}));
    CallResult const found = at.look_up("add_note", "key-1", note());
    EXPECT_EQ(found.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(found.note(CW_NOTE_TARGET_KEY), "7");
    EXPECT_EQ(at.push("add_note", "key-1", note(), 3).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(host.requests("POST", api).size(), 2U);
    EXPECT_EQ(host.requests("GET", api + "/notes").at(0).url, api + "/notes?candidate_ids=35897999");
}

TEST_F(GreenhouseNote, IsLookedForOnEveryPage) {
    taken();
    auto at = greenhouse();
    (void)at.push("add_note", "key-1", note());
    Answer first = sample_answer("rest_v3/list_headers_page1.json");
    first.body = "[]";
    get("/notes?candidate_ids=").reply(first);
    get("/notes?cursor=").reply(200, json::serialize(json::array{json::object{{"id", 7}, {"body", marker()}}}));
    EXPECT_EQ(at.look_up("add_note", "key-1", note()).outcome, CW_PUSH_DELIVERED);
}

TEST_F(GreenhouseNote, ThatMayNotBeWrittenFailsByItselfAndNamesThePermission) {  // B.32
    post("/notes").reply(sample_answer("errors/v3_403_scope.json"));
    CallResult const result = greenhouse().push("add_note", "key-1", note());
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("harvest:notes:create"));
}

TEST_F(GreenhouseNote, OfACandidateWhoIsGoneOrThatIsRefusedIsNotRepeated) {
    for (std::string const name : {"v3_404.json", "v3_422_per_page.json"}) {
        post("/notes").clear().reply(sample_answer("errors/" + name));
        CallResult const result = greenhouse().push("add_note", "key-1", note());
        EXPECT_EQ(result.status, CW_ERR_INVALID);
        EXPECT_FALSE(result.detail.at("fields").as_array().empty());
    }
}

TEST_F(GreenhouseNote, WaitsWhenGreenhouseAsksForIt) {
    post("/notes").reply(sample_answer("errors/v3_429.json")).reply(503).fail(CW_ERR_TRANSIENT);
    auto at = greenhouse();
    CallResult const limited = at.push("add_note", "key-1", note());
    EXPECT_EQ(limited.status, CW_ERR_RATE_LIMITED);
    EXPECT_EQ(limited.retry_after_ms, 12'000);
    EXPECT_EQ(at.push("add_note", "key-1", note()).status, CW_ERR_TRANSIENT);
    EXPECT_EQ(at.push("add_note", "key-1", note()).status, CW_ERR_TRANSIENT);
}

TEST_F(GreenhouseNote, NeedsAUserWhoExistsAndIsActive) {  // B.15
    get("/users")
        .clear()
        .reply(200, "[]")
        .reply(200, R"([{"id": 4, "primary_email": "somebody.else@example.com"}])")
        .reply(200, R"([{"id": 5, "primary_email": "gh.admin@example.com", "deactivated": true}])");
    for (std::string const words : {"No Greenhouse user", "No Greenhouse user", "deactivated"}) {
        CallResult const result = greenhouse().push("add_note", "key-1", note());
        EXPECT_EQ(result.status, CW_ERR_INVALID);
        EXPECT_THAT(result.message, HasSubstr(words));
        EXPECT_EQ(result.detail.at("fields").at(0).at("field"), "/user_email");
    }
    EXPECT_TRUE(host.requests("POST", api).empty());
}

TEST_F(GreenhouseNote, KeepsItsSubjectAndVisibility) {
    EXPECT_EQ(json::parse(note()).at("visibility"), "public");
    EXPECT_EQ(json::parse(note({{"visibility", "admin_only"}})).at("visibility"), "admin_only");
    EXPECT_EQ(json::parse(note({{"subject", "Export"}})).at("body"),
              "Export\n\nImported into the HR system by the integration.");
}

TEST_F(GreenhouseNote, NeedsABodyAndACandidateOfThisConnection) {
    EXPECT_EQ(map(of_candidate({{"body", "  "}})).status, CW_ERR_INVALID);
    for (json::object const& ref :
         {json::object{{"system", "other"}, {"kind", "candidate"}, {"id", "35897999"}},
          json::object{{"system", "greenhouse-main"}, {"kind", "application"}, {"id", "35897999"}},
          json::object{{"system", "greenhouse-main"}, {"kind", "candidate"}, {"id", "../users"}}}) {
        EXPECT_EQ(map({{"body", "x"}, {"candidate", ref}}).status, CW_ERR_INVALID) << ref;
    }
    EXPECT_EQ(greenhouse().push("add_note", "k", R"({"candidate_id": "1/2", "body": "x"})").status, CW_ERR_INVALID);
    EXPECT_EQ(greenhouse().push("add_tag", "k", note()).status, CW_ERR_UNSUPPORTED);
}

class GreenhouseNotesOff : public NoteTest {
protected:
    GreenhouseNotesOff() : NoteTest({{"user_email", nullptr}}) {}
};
TEST_F(GreenhouseNotesOff, AreSkippedWithAReason) {  // B.15
    CallResult const result = greenhouse().push("add_note", "key-1", note());
    EXPECT_EQ(result.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr("Notes are off"));
    EXPECT_TRUE(host.requests().empty());
}

class GreenhouseLegacyNote : public NoteTest {
protected:
    GreenhouseLegacyNote() : NoteTest(legacy) { holds("/users", "rest_v1/user.json"); }
    std::string const feed = "/candidates/35897999/activity_feed";
};
TEST_F(GreenhouseLegacyNote, IsWrittenOnBehalfOfTheUser) {  // B.15, B.31
    post(feed + "/notes").reply(200, sample_text("rest_v1/note_create_response.json"));
    CallResult const result = greenhouse().push("add_note", "key-1", note({{"visibility", "admin_only"}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "226809052");
    EXPECT_EQ(host.requests("POST", api).at(0).header("on-behalf-of"), "112");
    EXPECT_EQ(host.requests("GET", api + "/users").at(0).url, api + "/users?email=Juliet.Burke%40example.com");
    json::object body = sent().as_object();
    json::object expected = sample("rest_v1/note_create_request.json").as_object();
    expected["user_id"] = 112;
    expected["body"] = body.at("body");
    EXPECT_EQ(body, expected);
}
TEST_F(GreenhouseLegacyNote, IsLookedForInTheActivityFeed) {
    get(feed).reply(200, sample_text("rest_v1/activity_feed.json"));
    EXPECT_EQ(greenhouse().look_up("add_note", "key-1", note()).outcome, CW_PUSH_RETRY);
    post(feed + "/notes").reply(500);
    (void)greenhouse().push("add_note", "key-1", note());
    json::value all = sample("rest_v1/activity_feed.json");
    all.at("notes").at(0).at("body") = marker();
    get(feed).clear().reply(200, json::serialize(all));
    CallResult const result = greenhouse().look_up("add_note", "key-1", note());
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "123456");
}
TEST_F(GreenhouseLegacyNote, ThatIsNotValidIsRefused) {
    post(feed + "/notes").reply(sample_answer("errors/v1_422_validation.json"));
    EXPECT_EQ(greenhouse().push("add_note", "key-1", note()).status, CW_ERR_INVALID);
}

}  // namespace
}  // namespace crosswalk::greenhouse

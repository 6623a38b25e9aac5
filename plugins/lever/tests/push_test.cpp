// Notes, tags and files: from the canonical record into Lever.
#include "files.hpp"
#include "fixture.hpp"

namespace crosswalk::lever {
namespace {

using testing::HasSubstr;
using testing::Not;

json::object of_opportunity(json::object record) {
    record["application"] = {{"system", "lever-main"}, {"kind", "opportunity"}, {"id", opportunity_id}};
    return record;
}

class LeverPush : public LeverTest {
protected:
    using LeverTest::LeverTest;

    [[nodiscard]] CallResult map_out(json::object const& record, std::string const& kind, std::string const& to) {
        return lever().map(CW_MAP_OUT, "crosswalk." + kind + "/1", json::serialize(record), to);
    }
    // The record that push() takes.
    [[nodiscard]] std::string made(json::object const& record, std::string const& kind, std::string const& to) {
        CallResult const result = map_out(of_opportunity(record), kind, to);
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_EQ(result.records.size(), 1U);
        return result.records.empty() ? "{}" : json::serialize(result.records[0].data);
    }
    [[nodiscard]] std::string note(std::string const& body = "Exported to GoCo.") {
        return made({{"kind", "note"}, {"body", body}}, "note", "lever.note/1");
    }
    [[nodiscard]] std::string tag(std::string const& name = "HRLogics-WOTC:Pre Qualified") {
        return made({{"kind", "tag"}, {"name", name}}, "tag", "lever.tag/1");
    }
    [[nodiscard]] std::string file(std::string const& name = "interview-summary.pdf",
                                   std::string const& bytes = "aGVsbG8=") {
        return made({{"kind", "attachment"},
                     {"file_name", name},
                     {"content_type", "application/pdf"},
                     {"content_base64", bytes}},
                    "attachment", "lever.file/1");
    }
    [[nodiscard]] json::value sent_body() { return host.requests("POST", api).at(0).json(); }
    // A page of Lever's notes, one of which says `text`.
    static std::string notes_page(std::string const& text, std::string const& next = {}) {
        json::object page{{"data", {{{"id", "n-1"}, {"fields", {{{"type", "note"}, {"value", text}}}}}}}};
        page["hasNext"] = !next.empty();
        if (!next.empty()) {
            page["next"] = next;
        }
        return json::serialize(page);
    }
    std::string const path = "/opportunities/" + opportunity_id;
};

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

// ---- tags

TEST_F(LeverPush, AddsATagExactlyAsWritten) {
    post(path + "/addTags").reply(200, sample_text("rest/opportunity.json"));
    CallResult const result = lever().push("add_tag", "k", tag());
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(sent_body(), json::parse(R"({"tags": ["HRLogics-WOTC:Pre Qualified"]})"));
}

TEST_F(LeverPush, RemovesATag) {
    post(path + "/removeTags").reply(200, sample_text("rest/opportunity.json"));
    EXPECT_EQ(lever().push("remove_tag", "k", tag("Support")).outcome, CW_PUSH_DELIVERED);
}

TEST_F(LeverPush, RefusesATagMeantForTheOppositeAction) {
    std::string const record = made({{"name", "x"}, {"op", "remove"}}, "tag", "lever.tag/1");
    EXPECT_EQ(lever().push("add_tag", "k", record).status, CW_ERR_INVALID);
}

TEST_F(LeverPush, FindsTagsByTheirExactText) {
    get(path).reply(200, sample_text("rest/opportunity.json"));
    auto at = lever();
    EXPECT_EQ(at.look_up("add_tag", "k", tag("Support")).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(at.look_up("add_tag", "k", tag("support")).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(at.look_up("remove_tag", "k", tag("Support")).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(at.look_up("remove_tag", "k", tag("support")).outcome, CW_PUSH_DELIVERED);
}

TEST_F(LeverPush, RepeatsATagAfterAServerFault) {
    post(path + "/addTags").reply(500, "{}");
    EXPECT_EQ(lever().push("add_tag", "k", tag()).status, CW_ERR_TRANSIENT);
}

TEST_F(LeverPush, SaysThatGroupsOfTagsAreNotKept) {
    CallResult const result = map_out(of_opportunity({{"name", "x"}, {"exclusive_group", "g"}}), "tag", "lever.tag/1");
    EXPECT_TRUE(result.warned("exclusive_group"));
}

// ---- files

TEST_F(LeverPush, TakesNoFileWithoutAnActingUser) {
    CallResult const result = lever().push("attach_file", "k", file());
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_THAT(result.message, HasSubstr("perform_as"));
}

class LeverFile : public LeverPush {
protected:
    LeverFile() : LeverPush({{"perform_as", "user-7"}}) {}
    void taken() { post(path + "/files").reply(200, sample_text("rest/file_upload_response.json")); }
};

TEST_F(LeverFile, IsUploadedAsOnePart) {
    taken();
    CallResult const result = lever().push("attach_file", "k", file("Zoë \"CV\".PDF"));
    ASSERT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "b02a3b97-dc41-48e3-b003-44d211ed2a4c");
    SentRequest const request = host.requests("POST", api).at(0);
    EXPECT_EQ(request.url, api + path + "/files?perform_as=user-7");
    std::string const type = request.header("content-type");
    ASSERT_THAT(type, testing::StartsWith("multipart/form-data; boundary="));
    std::string const boundary = type.substr(type.find('=') + 1);
    EXPECT_EQ(request.body, "--" + boundary +
                                "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"Zoë %22CV%22.PDF\"\r\n"
                                "Content-Type: application/pdf\r\n\r\nhello\r\n--" +
                                boundary + "--\r\n");
}

TEST_F(LeverFile, IsRefusedWhenLeverWouldNotTakeIt) {
    for (std::string const name : {"virus.exe", "noformat", "pdf"}) {
        CallResult const result = lever().push("attach_file", "k", file(name));
        EXPECT_EQ(result.status, CW_ERR_INVALID) << name;
        EXPECT_EQ(result.detail.at("fields").at(0).at("field"), "file_name");
    }
    EXPECT_EQ(lever().push("attach_file", "k", file("a.pdf", "not base64!")).status, CW_ERR_INVALID);
    EXPECT_TRUE(host.requests().empty());
}

TEST_F(LeverFile, MayBeThirtyMegabytesAndNotAByteMore) {
    taken();
    std::string const limit(40'000'000, 'A');  // 30,000,000 bytes
    EXPECT_EQ(lever().push("attach_file", "k", file("a.pdf", limit)).outcome, CW_PUSH_DELIVERED);
    CallResult const result = lever().push("attach_file", "k", file("a.pdf", limit + "AA=="));
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("30 MB"));
}

TEST_F(LeverFile, IsFoundByNameAndSizeWhichMayBeText) {
    get(path + "/files").reply(200, R"({"data": [{"id": "f-1", "name": "interview-summary.pdf", "size": "4"},
                                                 {"id": "f-2", "name": "interview-summary.pdf", "size": "5"}]})");
    CallResult const found = lever().look_up("attach_file", "k", file());
    EXPECT_EQ(found.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(found.note(CW_NOTE_TARGET_KEY), "f-2");
    EXPECT_EQ(lever().look_up("attach_file", "k", file("other.pdf")).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(lever().push("attach_file", "k", file(), 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(host.requests("POST", api).empty());
}

TEST_F(LeverFile, MayBeListedWithoutEnvelope) {
    get(path + "/files").reply(200, R"([{"id": "f-2", "name": "interview-summary.pdf", "size": 5}])");
    EXPECT_EQ(lever().look_up("attach_file", "k", file()).outcome, CW_PUSH_DELIVERED);
}

TEST_F(LeverFile, IsRetriedAfterASlowUpload) {
    post(path + "/files").reply(408, sample_text("errors/upload_timeout.json"));
    EXPECT_EQ(lever().push("attach_file", "k", file()).status, CW_ERR_TRANSIENT);
}

TEST_F(LeverFile, IsFetchedFromItsLinkWithoutTheKeyBeingShownAround) {
    taken();
    host.on("GET", "https://api.lever.co/v1/uploads/1").reply(200, "hello");
    std::string const ours = made(
        {{"file_name", "a.pdf"}, {"content_type", "application/pdf"}, {"url", "https://api.lever.co/v1/uploads/1"}},
        "attachment", "lever.file/1");
    EXPECT_EQ(lever().push("attach_file", "k", ours).outcome, CW_PUSH_DELIVERED);
    std::string const foreign =
        made({{"file_name", "a.pdf"}, {"content_type", "application/pdf"}, {"url", "https://files.example.com/1"}},
             "attachment", "lever.file/1");
    CallResult const refused = lever().push("attach_file", "k", foreign);
    EXPECT_EQ(refused.status, CW_ERR_INVALID);
    EXPECT_EQ(refused.detail.at("fields").at(0).at("field"), "url");
}

TEST_F(LeverPush, RefusesAnActionThatItDoesNotHave) {
    EXPECT_EQ(lever().push("add_nothing", "k", note()).status, CW_ERR_UNSUPPORTED);
    EXPECT_EQ(map_out(of_opportunity({{"body", "x"}}), "note", "lever.unknown/1").status, CW_ERR_UNSUPPORTED);
}

}  // namespace
}  // namespace crosswalk::lever

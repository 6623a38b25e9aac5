// Files into Greenhouse: written once, looked for before they are written again.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class GreenhouseAttach : public GreenhouseTest {
protected:
    void SetUp() override {
        get("/attachments").reply(200, "[]");
        post("/attachments").reply(201, R"({"id": 70009})");
    }
    [[nodiscard]] static json::object canonical(json::object const& more) {
        json::object out = json::parse(R"({"kind": "attachment", "file_name": "scores.pdf", "type": "interview_notes",
            "content_type": "application/pdf",
            "owner": {"system": "greenhouse-main", "kind": "application", "id": "46194999"}})")
                               .as_object();
        for (auto const& entry : more) {
            out[entry.key()] = entry.value();
        }
        return out;
    }
    std::string mapped(json::object const& more) {
        CallResult const result = greenhouse().map(CW_MAP_OUT, "crosswalk.attachment/1",
                                                   json::serialize(canonical(more)), "greenhouse.attachment/1");
        EXPECT_EQ(result.status, CW_OK) << result.message;
        return result.records.empty() ? "{}" : json::serialize(result.records.at(0).data);
    }
    CallResult push(std::string const& record, std::uint32_t attempt = 1) {
        return greenhouse().push("attach_file", "delivery-1", record, attempt);
    }
    void holds_one(std::string const& content) {
        get("/attachments").clear().reply(200, R"([{"id": 70001, "application_id": 46194999, "type": "other",
            "filename": "scores.pdf", "url": "https://files.example.com/attachments/s1?X-Amz-Expires=604800"}])");
        host.on("GET", files + "s1").clear().reply(200, content);
    }
    [[nodiscard]] std::vector<SentRequest> writes() { return host.requests("POST", api + "/attachments"); }
};

TEST_F(GreenhouseAttach, SendsAKeptFileWithItsOwner) {
    CallResult const result = push(mapped({{"bytes", host.file("the scores")}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "70009");
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "created");
    ASSERT_EQ(writes().size(), 1U);
    EXPECT_EQ(writes()[0].json(), json::parse(R"({"application_id": 46194999, "filename": "scores.pdf", "type": "other",
        "content_type": "application/pdf", "content": "dGhlIHNjb3Jlcw=="})"));
    EXPECT_FALSE(writes()[0].idempotent);
}

TEST_F(GreenhouseAttach, SendsSmallContentAndAddressesAsTheyAre) {
    (void)push(mapped({{"content_base64", "aGk="}}));
    (void)push(mapped({{"url", "https://files.example.com/x"}}));
    ASSERT_EQ(writes().size(), 2U);
    EXPECT_EQ(writes()[0].json().at("content"), "aGk=");
    EXPECT_EQ(writes()[1].json().at("url"), "https://files.example.com/x");
}

TEST_F(GreenhouseAttach, WritesNothingWhenTheSameFileIsThere) {
    holds_one("the scores");
    CallResult const result = push(mapped({{"bytes", host.file("the scores")}}));
    EXPECT_EQ(result.outcome, CW_PUSH_UNCHANGED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "70001");
    EXPECT_THAT(writes(), IsEmpty());
}

TEST_F(GreenhouseAttach, WritesAFileOfTheSameNameWithAnotherContent) {
    holds_one("older scores");
    EXPECT_EQ(push(mapped({{"bytes", host.file("the scores")}})).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(writes().size(), 1U);
}

TEST_F(GreenhouseAttach, IsNotRepeatedWhenItArrivedTheFirstTime) {
    post("/attachments").clear().fail(CW_ERR_DEADLINE);
    std::string const record = mapped({{"bytes", host.file("the scores")}});
    EXPECT_EQ(push(record).outcome, CW_PUSH_UNKNOWN);
    holds_one("the scores");
    EXPECT_EQ(greenhouse().look_up("attach_file", "delivery-1", record).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(push(record, 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(writes().size(), 1U);
}

TEST_F(GreenhouseAttach, IsTriedAgainWhenALookUpDoesNotFindIt) {
    std::string const record = mapped({{"bytes", host.file("the scores")}});
    EXPECT_EQ(greenhouse().look_up("attach_file", "delivery-1", record).outcome, CW_PUSH_RETRY);
}

TEST_F(GreenhouseAttach, SaysWhichRightOrFileIsMissing) {
    std::string const record = mapped({{"bytes", host.file("the scores")}});
    post("/attachments").clear().reply(sample_answer("errors/v3_403_scope.json"));
    CallResult const forbidden = push(record);
    EXPECT_EQ(forbidden.status, CW_ERR_INVALID);
    EXPECT_THAT(forbidden.message, HasSubstr("harvest:attachments:create"));
    std::string const gone = host.file("gone");
    std::string const of_gone = mapped({{"bytes", gone}});
    host.forget_file(gone);
    EXPECT_THAT(push(of_gone).message, HasSubstr("no longer keeps"));
}

TEST_F(GreenhouseAttach, FollowsTheErrorTable) {
    std::string const record = mapped({{"content_base64", "aGk="}});
    for (auto const& [status, expected] :
         {std::pair{404, CW_ERR_INVALID}, {422, CW_ERR_INVALID}, {429, CW_ERR_RATE_LIMITED}, {503, CW_ERR_TRANSIENT}}) {
        post("/attachments").clear().reply(status, "{}");
        EXPECT_EQ(push(record).status, expected) << status;
    }
    post("/attachments").clear().reply(500, "{}");
    EXPECT_EQ(push(record).outcome, CW_PUSH_UNKNOWN);
}

TEST_F(GreenhouseAttach, IsRefusedWithoutOwnerNameOrContent) {
    for (json::object const& more :
         {json::object{{"bytes", "x"}, {"owner", nullptr}}, json::object{{"bytes", "x"}, {"file_name", " "}},
          json::object{},
          json::object{{"bytes", "x"}, {"owner", {{"system", "lever"}, {"kind", "application"}, {"id", "5"}}}}}) {
        CallResult const result = greenhouse().map(CW_MAP_OUT, "crosswalk.attachment/1",
                                                   json::serialize(canonical(more)), "greenhouse.attachment/1");
        EXPECT_EQ(result.status, CW_ERR_INVALID) << json::serialize(more);
    }
}

}  // namespace
}  // namespace crosswalk::greenhouse

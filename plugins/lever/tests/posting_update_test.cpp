// Changes of postings into Lever.
#include "push.hpp"

namespace crosswalk::lever {
namespace {

class LeverPostingUpdate : public LeverPush {
protected:
    LeverPostingUpdate() : LeverPush({{"perform_as", "user-7"}}) {
        holds_sample("/postings/" + id, "posting");
        post("/postings/" + id).reply(200, sample_text("rest/posting.json"));
    }
    [[nodiscard]] CallResult pushed(json::object record) {
        record["kind"] = "posting";
        record.emplace("ref", json::object{{"system", "hris"}, {"kind", "job"}, {"id", "j-1"}});
        CallResult const made =
            lever().map(CW_MAP_OUT, "crosswalk.posting/1", json::serialize(record), "lever.posting_update/1");
        EXPECT_EQ(made.records.size(), 1U) << made.message;
        return lever().push("update_posting", "k", made.records.empty() ? "{}" : json::serialize(made.records[0].data));
    }
    std::string const id = "f2f01e16-27f8-4711-a728-7d49499795a0";
};

TEST_F(LeverPostingUpdate, WritesWhatDiffersInTheUsersName) {
    host.link({"hris", "job", "j-1"}, {"lever-main", "posting", id});
    CallResult const result = pushed(
        {{"title", "Infrastructure Engineer"}, {"status", "published"}, {"extra", {{"requisitionCodes", {"ENG-9"}}}}});
    ASSERT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "updated");
    json::object expected = sample("rest/posting_update_request.json").as_object();
    expected.erase("state");  // the posting is published already
    EXPECT_EQ(sent_body(), json::value(expected));
    EXPECT_EQ(host.requests("POST", api).at(0).url, api + "/postings/" + id + "?perform_as=user-7");
}

TEST_F(LeverPostingUpdate, WritesNothingWhenNothingDiffers) {  // C.24
    EXPECT_EQ(pushed({{"ref", {{"system", "lever-main"}, {"kind", "posting"}, {"id", id}}},
                      {"title", "Infrastructure Engineer"},
                      {"team", {{"name", "Platform"}}}})
                  .outcome,
              CW_PUSH_UNCHANGED);
    EXPECT_TRUE(host.requests("POST", api).empty());
}

TEST_F(LeverPostingUpdate, KeepsTheOtherCategories) {
    host.link({"hris", "job", "j-1"}, {"lever-main", "posting", id});
    EXPECT_EQ(pushed({{"title", "Lead"}, {"department", {{"name", "Platform"}}}}).outcome, CW_PUSH_DELIVERED);
    json::value const body = sent_body();
    EXPECT_EQ(body.at("text"), "Lead");
    EXPECT_EQ(body.at("categories").at("department"), "Platform");
    EXPECT_EQ(body.at("categories").at("commitment"), "Full-time");
}

TEST_F(LeverPostingUpdate, NeedsAPostingThatIsLinkedAndExists) {
    EXPECT_EQ(pushed({{"title", "Lead"}}).status, CW_ERR_INVALID);
    host.link({"hris", "job", "j-1"}, {"lever-main", "posting", "gone"});
    get("/postings/gone").reply(404, "{}");
    EXPECT_EQ(pushed({{"title", "Lead"}}).status, CW_ERR_INVALID);
}

TEST_F(LeverPush, ChangesNoPostingWithoutAnActingUser) {
    EXPECT_EQ(lever().push("update_posting", "k", R"({"id": "p", "fields": {}})").status, CW_ERR_CONFIG);
}

}  // namespace
}  // namespace crosswalk::lever

// Tags of a candidate.
#include "push.hpp"

namespace crosswalk::lever {
namespace {

class LeverTag : public LeverPush {
protected:
    // Says which tags the opportunity has.
    void has(json::array const& tags) { holds(path, {{"id", opportunity_id}, {"tags", tags}}); }
    void taken() {
        post(path + "/addTags").reply(200, sample_text("rest/opportunity.json"));
        post(path + "/removeTags").reply(200, sample_text("rest/opportunity.json"));
    }
    // One that replaces others.
    [[nodiscard]] std::string decision(std::string const& name, json::array const& replaces) {
        return made({{"name", name}, {"replaces", replaces}}, "tag", "lever.tag/1");
    }
    std::string const yes = "HRLogics-WOTC:Pre Qualified";
    std::string const no = "HRLogics-WOTC:Not Qualified";
};

TEST_F(LeverTag, IsAddedExactlyAsWritten) {  // D.18
    has({"Support"});
    taken();
    CallResult const result = lever().push("add_tag", "k", tag());
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "updated");
    EXPECT_EQ(sent_body(), sample("rest/add_tags_request.json"));
    EXPECT_EQ(host.requests("POST", api).size(), 1U);
}

TEST_F(LeverTag, IsNotWrittenWhenItIsThereAlready) {  // D.20
    has({"Support", json::string(yes)});
    CallResult const result = lever().push("add_tag", "k", decision(yes, {json::string(no)}));
    EXPECT_EQ(result.outcome, CW_PUSH_UNCHANGED) << result.message;
    EXPECT_TRUE(host.requests("POST", api).empty());
}

TEST_F(LeverTag, IsPutOnBeforeWhatItReplacesIsTakenOff) {  // D.18, D.19, D.20
    has({"Support", json::string(no)});
    taken();
    EXPECT_EQ(lever().push("add_tag", "k", decision(yes, {json::string(no), "Absent"})).outcome, CW_PUSH_DELIVERED);
    auto const sent = host.requests("POST", api);
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[0].url, api + path + "/addTags");
    EXPECT_EQ(sent[1].url, api + path + "/removeTags");
    EXPECT_EQ(sent[1].json(), json::value({{"tags", {no}}}));
}

TEST_F(LeverTag, TakesOffAFormerOneThatAnEarlierAttemptLeft) {  // D.20
    has({json::string(yes), json::string(no)});
    taken();
    EXPECT_EQ(lever().push("add_tag", "k", decision(yes, {json::string(no)}), 2).outcome, CW_PUSH_DELIVERED);
    ASSERT_EQ(host.requests("POST", api).size(), 1U);
    EXPECT_EQ(host.requests("POST", api)[0].url, api + path + "/removeTags");
}

TEST_F(LeverTag, NeverTakesItselfOff) {
    has({json::string(yes)});
    EXPECT_EQ(lever().push("add_tag", "k", decision(yes, {json::string(yes)})).outcome, CW_PUSH_UNCHANGED);
}

TEST_F(LeverTag, IsNotDoneWhileOneThatItReplacesIsThere) {
    has({json::string(yes), json::string(no)});
    EXPECT_EQ(lever().look_up("add_tag", "k", decision(yes, {json::string(no)})).outcome, CW_PUSH_RETRY);
}

TEST_F(LeverTag, IsRemoved) {
    has({"Support"});
    taken();
    EXPECT_EQ(lever().push("remove_tag", "k", tag("Support")).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(lever().push("remove_tag", "k", tag("support")).outcome, CW_PUSH_UNCHANGED);
    EXPECT_EQ(host.requests("POST", api).size(), 1U);
}

TEST_F(LeverTag, IsRefusedWhenMeantForTheOppositeAction) {
    std::string const record = made({{"name", "x"}, {"op", "remove"}}, "tag", "lever.tag/1");
    EXPECT_EQ(lever().push("add_tag", "k", record).status, CW_ERR_INVALID);
}

TEST_F(LeverTag, IsFoundByItsExactText) {
    get(path).reply(200, sample_text("rest/opportunity.json"));
    auto at = lever();
    EXPECT_EQ(at.look_up("add_tag", "k", tag("Support")).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(at.look_up("add_tag", "k", tag("support")).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(at.look_up("remove_tag", "k", tag("Support")).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(at.look_up("remove_tag", "k", tag("support")).outcome, CW_PUSH_DELIVERED);
}

TEST_F(LeverTag, IsRepeatedAfterAServerFault) {
    has({});
    post(path + "/addTags").reply(500, "{}");
    EXPECT_EQ(lever().push("add_tag", "k", tag()).status, CW_ERR_TRANSIENT);
}

TEST_F(LeverTag, IsRejectedWhenTheOpportunityIsGone) {
    get(path).reply(404, sample_text("errors/404_not_found.json"));
    EXPECT_EQ(lever().push("add_tag", "k", tag()).status, CW_ERR_INVALID);
}

TEST_F(LeverTag, PausesTheConnectionWhenTheTagsMayNotBeRead) {
    get(path).reply(403, sample_text("errors/403_forbidden.json"));
    EXPECT_EQ(lever().push("add_tag", "k", tag()).status, CW_ERR_AUTH);
}

}  // namespace
}  // namespace crosswalk::lever

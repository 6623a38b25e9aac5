// Applications become candidates of the position that their job is connected with.
#include "fixture.hpp"

namespace crosswalk::hireguide_test {
namespace {

using testing::HasSubstr;

std::string answer(std::string_view result) {
    json::value body = sample_json("candidates_upsert_response");
    body.at("data").at(0).as_object()["result"] = json::string(result);
    return json::serialize(body);
}

class HireguideCandidates : public testing::Test {
protected:
    HireguideCandidates() { world.linked_position(); }
    World world;
};

// E.24
TEST_F(HireguideCandidates, AreSentAsTheSampleSaysWithTheirAddress) {
    world.upsert().reply(200, sample("candidates_upsert_response"));
    CallResult const result = world.push("upsert_candidate", application());
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    auto const sent = world.sent("POST", "/v1/positions/pos_21/candidates:upsert");
    ASSERT_EQ(sent.size(), 1U);
    json::value expected = sample_json("candidates_upsert_request");
    expected.at("candidates").at(0).as_object()["archived"] = false;
    EXPECT_EQ(sent[0], expected);
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "created");
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "cand_88");
}

TEST_F(HireguideCandidates, AreSentWithTheTokenAndAsARepeatableCall) {
    world.upsert().reply(200, sample("candidates_upsert_response"));
    (void)world.push("upsert_candidate", application());
    SentRequest const request = world.host.requests("POST", address("/v1/positions/pos_21/candidates:upsert")).front();
    EXPECT_EQ(request.auth, CW_AUTH_BEARER);
    EXPECT_EQ(request.auth_secret, "/api_token");
    EXPECT_TRUE(request.idempotent);
    EXPECT_EQ(request.header("content-type"), "application/json");
}

TEST_F(HireguideCandidates, AreLinkedWithTheirApplication) {
    world.upsert().reply(200, sample("candidates_upsert_response"));
    (void)world.push("upsert_candidate", application());
    auto const refs = world.host.linked_with({"lever", "application", opportunity_id});
    ASSERT_EQ(refs.size(), 1U);
    EXPECT_EQ(refs[0], (support::Linked{"hireguide", "candidate", "cand_88"}));
}

TEST_F(HireguideCandidates, GetTheOutcomeThatHireguideGivesTheItem) {
    world.upsert().reply(200, answer("updated")).reply(200, answer("unchanged")).reply(200, answer("error"));
    CallResult const updated = world.push("upsert_candidate", application());
    EXPECT_EQ(updated.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(updated.note(CW_NOTE_EFFECT), "updated");
    CallResult const unchanged = world.push("upsert_candidate", application());
    EXPECT_EQ(unchanged.outcome, CW_PUSH_UNCHANGED) << unchanged.message;
    EXPECT_EQ(unchanged.note(CW_NOTE_EFFECT), "");
    CallResult const error = world.push("upsert_candidate", application());
    EXPECT_EQ(error.status, CW_ERR_INVALID);
    EXPECT_THAT(error.message, HasSubstr("did not take the candidate"));
}

TEST_F(HireguideCandidates, NameOnlyTheCodeOfAnItemThatIsRefused) {
    world.upsert().reply(200, R"({"data": [{"external_id": "lever:opp:250d8f03-738a-4bba-a671-8a3d73477145",
        "result": "error", "error": {"code": "invalid_email", "message": "nora.okafor@example.net is no address"}}]})");
    CallResult const result = world.push("upsert_candidate", application());
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("invalid_email"));
    EXPECT_THAT(result.message, testing::Not(HasSubstr("nora")));
}

TEST_F(HireguideCandidates, ThatAreLeftOutOfTheAnswerAreTriedAgain) {
    world.upsert().reply(200, R"({"data": []})");
    EXPECT_EQ(world.push("upsert_candidate", application()).status, CW_ERR_TRANSIENT);
}

TEST_F(HireguideCandidates, AreFlaggedWhenTheirApplicationEnded) {
    for (char const* status : {"archived", "rejected", "withdrawn"}) {
        world.upsert().clear().reply(200, answer("updated"));
        EXPECT_EQ(world.push("upsert_candidate", application({{"status", status}})).outcome, CW_PUSH_DELIVERED);
        EXPECT_EQ(
            world.sent("POST", "/v1/positions/pos_21/candidates:upsert").back().at("candidates").at(0).at("archived"),
            true)
            << status;
    }
}

TEST_F(HireguideCandidates, LoseTheirNameInHireguideWhenTheAtsForgotIt) {
    world.linked_candidate();
    world.upsert().reply(200, answer("updated"));
    CallResult const result = world.push("upsert_candidate", application({{"deleted", true}, {"person", nullptr}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    json::value const sent = world.sent("POST", "/v1/positions/pos_21/candidates:upsert").at(0).at("candidates").at(0);
    EXPECT_EQ(sent.at("first_name"), "Removed candidate");
    EXPECT_EQ(sent.at("archived"), true);
    EXPECT_FALSE(sent.as_object().contains("email"));
}

TEST_F(HireguideCandidates, ThatWereDeletedBeforeTheyCameAreNotMade) {
    CallResult const result = world.push("upsert_candidate", application({{"deleted", true}, {"person", nullptr}}));
    EXPECT_EQ(result.outcome, CW_PUSH_SKIPPED);
    EXPECT_TRUE(world.host.requests().empty());
}

TEST_F(HireguideCandidates, WithoutANameAreRefusedBeforeAnythingIsSent) {
    CallResult const result = world.push("upsert_candidate", application({{"person", json::object()}}));
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("person"));
}

TEST_F(HireguideCandidates, WithOnlyAWholeNameAreSentUnderIt) {
    world.upsert().reply(200, sample("candidates_upsert_response"));
    (void)world.push("upsert_candidate", application({{"person", {{"full_name", "Nora Ọkafọr"}}}}));
    EXPECT_EQ(
        world.sent("POST", "/v1/positions/pos_21/candidates:upsert").at(0).at("candidates").at(0).at("first_name"),
        "Nora Ọkafọr");
}

TEST_F(HireguideCandidates, WithoutAChangeTimeGetTheTimeOfTheSync) {
    world.upsert().reply(200, sample("candidates_upsert_response"));
    (void)world.push("upsert_candidate", application({{"updated_at", nullptr}}));
    EXPECT_EQ(
        world.sent("POST", "/v1/positions/pos_21/candidates:upsert").at(0).at("candidates").at(0).at("updated_at"),
        "2026-11-21T21:20:00Z");
}

TEST_F(HireguideCandidates, OfAJobWithoutPositionAreSkippedInWords) {
    CallResult const result = world.push(
        "upsert_candidate", application({{"posting", {{"system", "lever"}, {"kind", "posting"}, {"id", "other"}}}}));
    EXPECT_EQ(result.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr("/positions"));
    EXPECT_TRUE(world.host.requests().empty());
}

TEST_F(HireguideCandidates, OfAnotherAtsFindTheirPositionByTheirJob) {
    World other(
        {{"ats", "greenhouse"}, {"positions", {{"nurse", position_settings({{"job", "greenhouse:job:323753"}})}}}});
    other.link().reply(200, sample("position_after_sync"));
    other.upsert().reply_with([](SentRequest const& request) {
        json::value const id = request.json().at("candidates").at(0).at("external_id");
        return support::Answer{.body = json::serialize(json::object{
                                   {"data", {{{"external_id", id}, {"id", "cand_1"}, {"result", "created"}}}}})};
    });
    CallResult const result =
        other.push("upsert_candidate",
                   application({{"ref", {{"system", "greenhouse"}, {"kind", "application"}, {"id", "46194999"}}},
                                {"job", {{"system", "greenhouse"}, {"kind", "job"}, {"id", "323753"}}},
                                {"posting", nullptr}}));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(other.sent("PUT", "/v1/positions/pos_21/ats").at(0).at("ats"), "greenhouse");
}

// E.16
TEST_F(HireguideCandidates, AreNotSentWhileImportApplicantDetailsIsOff) {
    World off({{"positions", {{"support", position_settings({{"import_applicant_details", false}})}}}});
    CallResult const result = off.push("upsert_candidate", application());
    EXPECT_EQ(result.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr("import_applicant_details"));
    EXPECT_TRUE(off.host.requests().empty());
}

TEST_F(HireguideCandidates, AreSkippedAndTheLinkIsForgottenWhenThePositionIsGone) {
    world.upsert().reply(404, sample("error_404_job"));
    CallResult const result = world.push("upsert_candidate", application());
    EXPECT_EQ(result.outcome, CW_PUSH_SKIPPED) << result.message;
    EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr("no longer has the position"));
    EXPECT_TRUE(world.host.linked_with({"lever", "posting", posting_id}).empty());
}

// E.2
TEST_F(HireguideCandidates, PauseTheConnectionWhenTheAddOnIsOff) {
    world.upsert().reply(403, sample("error_403_addon"));
    CallResult const result = world.push("upsert_candidate", application());
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_THAT(result.message, HasSubstr("ask Hireguide support to switch the ATS integration on"));
}

TEST_F(HireguideCandidates, GetTheStatusThatEachRefusalMeans) {
    struct Case {
        int status;
        cw_status expected;
    };
    for (Case const& at : {Case{400, CW_ERR_INVALID}, Case{401, CW_ERR_AUTH}, Case{403, CW_ERR_INVALID},
                           Case{409, CW_ERR_INVALID}, Case{422, CW_ERR_INVALID}, Case{500, CW_ERR_TRANSIENT},
                           Case{503, CW_ERR_TRANSIENT}, Case{302, CW_ERR_CONFIG}}) {
        world.upsert().clear().reply(at.status, "<html>");
        EXPECT_EQ(world.push("upsert_candidate", application()).status, at.expected) << at.status;
    }
    world.upsert().clear().reply(429, "", {{"retry-after", "7"}});
    CallResult const limited = world.push("upsert_candidate", application());
    EXPECT_EQ(limited.status, CW_ERR_RATE_LIMITED);
    EXPECT_EQ(limited.retry_after_ms, 7000);
}

TEST_F(HireguideCandidates, NameTheFieldsThatHireguideRefused) {
    world.upsert().reply(422, R"({"error": {"code": "invalid", "message": "Nora", "details":
        [{"field": "email", "reason": "nora@ is no address"}, {"field": 7}]}})");
    CallResult const result = world.push("upsert_candidate", application());
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, testing::EndsWith("(422): email."));
    EXPECT_EQ(result.detail.at("fields").as_array().size(), 1U);
    EXPECT_THAT(json::serialize(result.detail), testing::Not(HasSubstr("nora@")));
}

TEST_F(HireguideCandidates, AreTriedAgainWhenTheAnswerIsLostBecauseAnUpsertMayBeRepeated) {
    world.upsert().fail(CW_ERR_DEADLINE).reply(200, sample("candidates_upsert_response"));
    EXPECT_EQ(world.push("upsert_candidate", application()).status, CW_ERR_TRANSIENT);
    EXPECT_EQ(world.hireguide.look_up("upsert_candidate", "delivery-1", "{}").outcome, CW_PUSH_RETRY);
    EXPECT_EQ(world.push("upsert_candidate", application(), "delivery-1", 2).outcome, CW_PUSH_DELIVERED);
}

TEST_F(HireguideCandidates, CarryTheNamesThatTheSettingsGiveTheirFields) {
    World renamed(
        {{"fields", {{"first_name", "given_name"}, {"external_id", "ats_id"}}}, {"kinds", {{"application", "app"}}}});
    renamed.linked_position();
    renamed.upsert().reply(
        200,
        R"({"data": [{"ats_id": "lever:app:250d8f03-738a-4bba-a671-8a3d73477145", "id": "c1", "result": "created"}]})");
    EXPECT_EQ(renamed.push("upsert_candidate", application()).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(
        renamed.sent("POST", "/v1/positions/pos_21/candidates:upsert").at(0).at("candidates").at(0).at("given_name"),
        "Nora");
}

// E.14, E.17
TEST_F(HireguideCandidates, LetHireguideShowWhenTheyWereSyncedAtMostOnceAMinute) {
    world.upsert().reply(200, sample("candidates_upsert_response"));
    (void)world.push("upsert_candidate", application());
    (void)world.push("upsert_candidate", application());
    auto told = world.sent("PUT", "/v1/positions/pos_21/sync-status");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told[0].at("last_sync_finished"), "2026-11-21T21:20:00Z");
    json::value const statuses = sample_json("sync_status");
    for (auto const& member : told[0].as_object()) {
        EXPECT_TRUE(statuses.at("data").at(0).as_object().contains(member.key())) << member.key();
    }
    world.host.advance(60'000);
    (void)world.push("upsert_candidate", application());
    EXPECT_EQ(world.sent("PUT", "/v1/positions/pos_21/sync-status").size(), 2U);
}

TEST_F(HireguideCandidates, AreSyncedEvenWhenHireguideDoesNotTakeTheStatus) {
    world.upsert().reply(200, sample("candidates_upsert_response"));
    world.host.on("PUT", address("/v1/positions/pos_21/sync-status")).clear().reply(500);
    EXPECT_EQ(world.push("upsert_candidate", application()).outcome, CW_PUSH_DELIVERED);
}

}  // namespace
}  // namespace crosswalk::hireguide_test

// Jobs of the ATS and the positions that stand for them.
#include "fixture.hpp"

namespace crosswalk::hireguide_test {
namespace {

using testing::HasSubstr;

// What Hireguide shows of the position after a sync.
json::object row(json::object const& more = {}) {
    return with(sample_json("position_after_sync").at("data").as_object(), more);
}
json::object unconnected() {
    return sample_json("positions_list").at("data").at(0).as_object();
}

class HireguidePositions : public testing::Test {
protected:
    static json::object unmade() { return {{"positions", {{"support", position_settings({{"position", ""}})}}}}; }
};

TEST_F(HireguidePositions, AreConnectedWithTheirJobOnFirstUse) {
    World world;
    world.positions({row()});
    world.link().reply(200, sample("position_after_sync"));
    world.details().reply(200, sample("position_after_sync"));
    CallResult const result = world.push("update_position", posting());
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "updated");
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "pos_21");
    auto const links = world.sent("PUT", "/v1/positions/pos_21/ats");
    ASSERT_EQ(links.size(), 1U);
    EXPECT_EQ(links[0], sample_json("position_link_request"));
    ASSERT_EQ(world.host.linked_with({"lever", "posting", posting_id}).size(), 1U);
}

TEST_F(HireguidePositions, GetTheDetailsOfTheJob) {
    World world;
    world.linked_position();
    world.positions({row()});
    world.details().reply(200, sample("position_after_sync"));
    EXPECT_EQ(world.push("update_position", posting()).outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(world.sent("PUT", "/v1/positions/pos_21/ats").empty());
    EXPECT_EQ(world.sent("PATCH", "/v1/positions/pos_21").at(0), json::parse(R"json({
        "name": "Support Engineer (Remote)", "description": "Helps customers.", "location": "Remote",
        "department": "Support", "status": "published"
})json"));
}

TEST_F(HireguidePositions, ThatHoldTheDetailsAreUnchangedWithoutAWrite) {
    World world;
    world.linked_position();
    world.positions({row()});
    world.details().reply(200, sample("position_after_sync"));
    (void)world.push("update_position", posting());
    CallResult const again = world.push("update_position", posting(), "delivery-2");
    EXPECT_EQ(again.outcome, CW_PUSH_UNCHANGED) << again.message;
    EXPECT_EQ(world.sent("PATCH", "/v1/positions/pos_21").size(), 1U);
}

// E.12
TEST_F(HireguidePositions, TakeTheNameOfTheJobAgainWhenSomebodyChangedIt) {
    World world;
    world.linked_position();
    world.positions({row()});
    world.details().reply(200, sample("position_after_sync"));
    (void)world.push("update_position", posting());
    world.positions({row({{"name", "My own name"}})});
    EXPECT_EQ(world.push("update_position", posting(), "delivery-2").outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.sent("PATCH", "/v1/positions/pos_21").at(1).at("name"), "Support Engineer (Remote)");
}

TEST_F(HireguidePositions, GetChangedDetailsThatHireguideDoesNotShow) {
    World world;
    world.linked_position();
    world.positions({row()});
    world.details().reply(200, sample("position_after_sync"));
    (void)world.push("update_position", posting());
    EXPECT_EQ(world.push("update_position", posting({{"description", "New."}}), "delivery-2").outcome,
              CW_PUSH_DELIVERED);
    EXPECT_EQ(world.sent("PATCH", "/v1/positions/pos_21").at(1).at("description"), "New.");
}

// E.10
TEST_F(HireguidePositions, AreMadeWithTheirRoleWhenTheSettingsNameNone) {
    World world(unmade());
    world.positions({unconnected()});
    world.host.on("POST", address("/v1/positions")).reply(201, R"({"data": {"id": "pos_21", "name": "x"}})");
    world.link().reply(200, sample("position_after_sync"));
    world.details().reply(200, sample("position_after_sync"));
    CallResult const result = world.push("update_position", posting());
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "created");
    auto const made = world.host.requests("POST", address("/v1/positions"));
    ASSERT_EQ(made.size(), 1U);
    EXPECT_FALSE(made[0].idempotent);
    EXPECT_EQ(made[0].json(), json::parse(R"({"role": "Support Engineer", "ats": "lever",
        "external_job_id": "lever:posting:730e37db-93d3-4acf-b9de-7cfc397cef1d",
        "sync": {"import_job_details": true, "import_applicant_details": true}})"));
}

TEST_F(HireguidePositions, AreNotMadeASecondTimeWhenTheAnswerToTheFirstWasLost) {
    World world(unmade());
    world.positions({});
    world.host.on("POST", address("/v1/positions")).fail(CW_ERR_DEADLINE);
    EXPECT_EQ(world.push("update_position", posting()).status, CW_ERR_TRANSIENT);
    world.positions({unconnected(), row()});
    world.link().reply(200, sample("position_after_sync"));
    world.details().reply(200, sample("position_after_sync"));
    EXPECT_EQ(world.push("update_position", posting(), "delivery-1", 2).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.host.requests("POST", address("/v1/positions")).size(), 1U);
}

TEST_F(HireguidePositions, AreMadeByTheFirstCandidateAsWell) {
    World world(unmade());
    world.positions({});
    world.host.on("POST", address("/v1/positions")).reply(201, R"({"data": {"id": "pos_21"}})");
    world.link().reply(200, sample("position_after_sync"));
    world.upsert().reply(200, sample("candidates_upsert_response"));
    EXPECT_EQ(world.push("upsert_candidate", application()).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.sent("PUT", "/v1/positions/pos_21/ats").at(0).at("external_job_name"), "Support Engineer (Remote)");
}

TEST_F(HireguidePositions, AreReadPageByPageToTheEnd) {
    World world(unmade());
    world.host.on("GET", address("/v1/positions?page_size=100&cursor="))
        .reply(200, json::serialize(json::object{{"data", {unconnected()}}, {"meta", {{"next_cursor", "p 2"}}}}));
    world.host.on("GET", address("/v1/positions?page_size=100&cursor=p%202"))
        .reply(200, json::serialize(json::object{{"data", {row()}}, {"meta", {{"next_cursor", nullptr}}}}));
    world.link().reply(200, sample("position_after_sync"));
    world.details().reply(200, sample("position_after_sync"));
    EXPECT_EQ(world.push("update_position", posting()).outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(world.host.requests("POST", address("/v1/positions")).empty());
}

TEST_F(HireguidePositions, ThatAreListedInCirclesAreAFaultOfTheContract) {
    World world(unmade());
    world.host.on("GET", address("/v1/positions?")).reply(200, R"({"data": [], "meta": {"next_cursor": "a"}})");
    EXPECT_EQ(world.push("update_position", posting()).status, CW_ERR_CONFIG);
}

TEST_F(HireguidePositions, ThatWereRemovedThereAreUnlinkedAndNotMadeAgain) {
    World world(unmade());
    world.linked_position();
    world.positions({});
    world.details().reply(404, sample("error_404_job"));
    CallResult const removed = world.push("update_position", posting());
    EXPECT_EQ(removed.outcome, CW_PUSH_SKIPPED) << removed.message;
    EXPECT_THAT(removed.note(CW_NOTE_REASON), HasSubstr("no longer has the position"));
    EXPECT_TRUE(world.host.linked_with({"lever", "posting", posting_id}).empty());
    CallResult const later = world.push("update_position", posting(), "delivery-2");
    EXPECT_EQ(later.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(later.note(CW_NOTE_REASON), HasSubstr("was removed in Hireguide"));
    EXPECT_TRUE(world.host.requests("POST", address("/v1/positions")).empty());
}

TEST_F(HireguidePositions, ThatTheSettingsNameButHireguideLacksAreSkipped) {
    World world;
    world.link().reply(404, sample("error_404_job"));
    EXPECT_EQ(world.push("update_position", posting()).outcome, CW_PUSH_SKIPPED);
}

TEST_F(HireguidePositions, AreConnectedAnewWhenTheSettingsNameAnother) {
    World world;
    world.host.link({"hireguide", "position", "pos_7"}, {"lever", "posting", posting_id});
    world.positions({row()});
    world.link().reply(200, sample("position_after_sync"));
    world.details().reply(200, sample("position_after_sync"));
    EXPECT_EQ(world.push("update_position", posting()).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(world.host.linked_with({"lever", "posting", posting_id}).at(0).id, "pos_21");
}

// E.15
TEST_F(HireguidePositions, AreNotReadWhileImportJobDetailsIsOff) {
    World world({{"positions", {{"support", position_settings({{"import_job_details", false}})}}}});
    CallResult const result = world.push("update_position", posting());
    EXPECT_EQ(result.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr("import_job_details"));
    EXPECT_TRUE(world.host.requests().empty());
}

TEST_F(HireguidePositions, AreFoundByTheRequisitionOfAPosting) {
    World world({{"positions", {{"support", position_settings({{"job", "lever:requisition:r1"}})}}}});
    world.host.link({"hireguide", "position", "pos_21"}, {"lever", "requisition", "r1"});
    world.positions({row()});
    world.details().reply(200, sample("position_after_sync"));
    EXPECT_EQ(world
                  .push("update_position",
                        posting({{"requisition", {{"system", "lever"}, {"kind", "requisition"}, {"id", "r1"}}}}))
                  .outcome,
              CW_PUSH_DELIVERED);
}

TEST_F(HireguidePositions, WithoutTitleOrRefAreRefused) {
    World world;
    EXPECT_EQ(world.push("update_position", posting({{"title", nullptr}})).status, CW_ERR_INVALID);
    EXPECT_EQ(world.push("update_position", posting({{"ref", nullptr}})).status, CW_ERR_INVALID);
}

// E.9
TEST_F(HireguidePositions, AreFoundByPartOfTheirNameInAnyCaseOrById) {
    World world;
    world.positions({row(), row({{"id", "pos_22"}, {"name", "Nurse"}})});
    CallResult const by_text = world.hireguide.find("crosswalk.posting/1", R"({"text": "support"})");
    ASSERT_EQ(by_text.records.size(), 1U) << by_text.message;
    EXPECT_EQ(by_text.records[0].data.at("title"), "Support Engineer (Remote)");
    EXPECT_EQ(by_text.records[0].data.at("ref").at("id"), "pos_21");
    CallResult const by_id = world.hireguide.find("crosswalk.posting/1", R"({"id": "pos_22"})");
    ASSERT_EQ(by_id.records.size(), 1U);
    EXPECT_EQ(by_id.records[0].data.at("title"), "Nurse");
    EXPECT_EQ(world.hireguide.find("crosswalk.hire/1", R"({"text": "x"})").status, CW_ERR_UNSUPPORTED);
}

TEST_F(HireguidePositions, AreFoundFiftyAtOnceAtMost) {
    World world;
    json::array rows;
    for (int i = 0; i < 60; ++i) {
        rows.push_back(row({{"id", "pos_" + std::to_string(i)}}));
    }
    world.positions(std::move(rows));
    EXPECT_EQ(world.hireguide.find("crosswalk.posting/1", R"({"text": ""})").records.size(), 50U);
}

}  // namespace
}  // namespace crosswalk::hireguide_test

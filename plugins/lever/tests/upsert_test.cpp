// Requisitions into Lever.
#include "push.hpp"

namespace crosswalk::lever {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class LeverUpsert : public LeverPush {
protected:
    explicit LeverUpsert(json::object const& extra = {}) : LeverPush(extra) {
        wanted = json::parse(R"({
            "kind": "requisition", "ref": {"system": "charthop", "kind": "job", "id": "job-1"},
            "code": "CH-2041", "name": "Payroll Analyst", "status": "open"})")
                     .as_object();
        get("/requisition_fields").reply(200, sample_text("rest/requisition_fields_list.json"));
        get("/requisitions?requisition_code=").reply(200, R"({"data": [], "hasNext": false})");
        get("/users?email=").reply(200, R"({"data": []})");
        get("/users?email=alex%40example.com").reply(200, sample_text("rest/users_list.json"));
        post("/requisitions").reply(201, sample_text("rest/requisition_create_response_201.json"));
        // What was just made is gone again, so that the next push makes it anew.
        get("/requisitions/0f3c2c2e-5d2a-4f0f-8f7b-6a4b6f6b2041").reply(404, sample_text("errors/404_not_found.json"));
        put(id).reply(201, sample_text("rest/requisition_update_response_201.json"));
    }
    Route& put(std::string const& of) { return host.on("PUT", api + "/requisitions/" + of); }
    [[nodiscard]] std::string record() {
        CallResult const result =
            lever().map(CW_MAP_OUT, "crosswalk.requisition/1", json::serialize(wanted), "lever.requisition_update/1");
        EXPECT_EQ(result.records.size(), 1U) << result.message;
        return result.records.empty() ? "{}" : json::serialize(result.records[0].data);
    }
    [[nodiscard]] CallResult pushed() { return lever().push("upsert_requisition", "k", record()); }
    // Lever has the sample's requisition, under the wanted code.
    json::object exists(json::object const& changes = {}) {
        json::object requisition = sample("rest/requisition.json").at("data").as_object();
        requisition["requisitionCode"] = "CH-2041";
        for (auto const& change : changes) {
            requisition[change.key()] = change.value();
        }
        get("/requisitions?requisition_code=CH-2041")
            .clear()
            .reply(200, json::serialize(json::object{{"data", {requisition}}}));
        holds("/requisitions/" + id, requisition);
        return requisition;
    }
    [[nodiscard]] json::value put_body() { return host.requests("PUT", api).at(0).json(); }
    std::string const id = "52881d44-4f95-4fcb-bf28-2b344ea58889";
    support::Linked const theirs{"charthop", "job", "job-1"};
    json::object wanted;
};

TEST_F(LeverUpsert, CreatesWhatLeverDoesNotHaveAndLinksIt) {  // C.8, C.18
    wanted["headcount"] = 1;
    wanted["extra"] = {{"backfill", true}, {"internalNotes", "Pushed by the HR system"}};
    wanted["pay"] = json::parse(R"({"min": {"amount": "70000.00", "currency": "USD"},
                                    "max": {"amount": "90000", "currency": "USD"}, "interval": "year"})");
    wanted["employment_type"] = "full_time";
    wanted["locations"] = json::parse(R"([{"name": "New York"}, {"name": "Boston"}])");
    wanted["team"] = {{"name", "Finance"}};
    wanted["custom"] = {{"cost_center.city", "New York"}, {"cost_center.campus_code", "9"}};
    CallResult const result = pushed();
    ASSERT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "created");
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "0f3c2c2e-5d2a-4f0f-8f7b-6a4b6f6b2041");
    json::object expected = sample("rest/requisition_create_request.json").as_object();
    expected["customFields"].as_object().erase("target_hire_date");  // the sample's fields do not define it
    EXPECT_EQ(sent_body(), json::value(expected));
    EXPECT_THAT(host.linked_with(theirs),
                ElementsAre(support::Linked{"lever-main", "requisition", "0f3c2c2e-5d2a-4f0f-8f7b-6a4b6f6b2041"}));
}

TEST_F(LeverUpsert, WritesTheWholeObjectBackWithWhatChanged) {  // C.18
    json::object const before = exists();
    wanted["hiring_managers"] = json::parse(R"([{"email": "Alex@example.com"}])");
    get("/users?email=Alex%40example.com").reply(200, sample_text("rest/users_list.json"));
    CallResult const result = pushed();
    ASSERT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "updated");
    json::object expected;
    for (std::string const field :
         {"requisitionCode", "headcountTotal", "backfill", "compensationBand", "createdAt", "customFields", "status",
          "owner", "employmentStatus", "internalNotes", "location", "team"}) {
        expected[field] = before.at(field);
    }
    expected["postingIds"] = before.at("postings");
    expected["name"] = "Payroll Analyst";
    expected["hiringManager"] = "8d49b010-cc6a-4f40-ace5-e86061c677ed";
    EXPECT_EQ(put_body(), json::value(expected));
    EXPECT_TRUE(host.requests("POST", api).empty());
}

TEST_F(LeverUpsert, WritesNothingWhenNothingDiffers) {  // C.24
    exists({{"name", "Payroll Analyst"}});
    EXPECT_EQ(pushed().outcome, CW_PUSH_UNCHANGED);
    EXPECT_TRUE(host.requests("PUT", api).empty());
    EXPECT_EQ(host.linked_with(theirs).size(), 1U);
}

TEST_F(LeverUpsert, WritesNothingWhenLeverPrintsItsCustomFieldsEmpty) {  // C.24
    exists({{"name", "Payroll Analyst"}, {"customFields", json::object()}});
    EXPECT_EQ(pushed().outcome, CW_PUSH_UNCHANGED);
    EXPECT_TRUE(host.requests("PUT", api).empty());
}

TEST_F(LeverUpsert, FollowsTheLinkBeforeTheCode) {
    exists({{"requisitionCode", "ENG-1"}, {"name", "Payroll Analyst"}});
    get("/requisitions?requisition_code=CH-2041").clear().reply(200, R"({"data": []})");
    host.link(theirs, {"lever-main", "requisition", id});
    EXPECT_EQ(pushed().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(put_body().at("requisitionCode"), "CH-2041");
}

TEST_F(LeverUpsert, FindsByCodeWhatALinkNoLongerLeadsTo) {
    exists({{"name", "Payroll Analyst"}});
    host.link(theirs, {"lever-main", "requisition", "gone"});
    get("/requisitions/gone").reply(404, sample_text("errors/404_not_found.json"));
    EXPECT_EQ(pushed().outcome, CW_PUSH_UNCHANGED);
    EXPECT_THAT(host.linked_with(theirs), ElementsAre(support::Linked{"lever-main", "requisition", id}));
}

TEST_F(LeverUpsert, MakesACodeThatIsTheSameInEveryAttempt) {
    wanted.erase("code");
    (void)pushed();
    (void)pushed();
    auto const sent = host.requests("POST", api);
    ASSERT_EQ(sent.size(), 2U);
    std::string const code(sent[0].json().at("requisitionCode").as_string());
    EXPECT_THAT(code, testing::MatchesRegex("CW-[0-9A-F]+"));
    EXPECT_EQ(sent[1].json().at("requisitionCode"), json::value(code));
    EXPECT_EQ(host.requests("GET", api + "/requisitions?requisition_code=" + code).size(), 2U);
}

TEST_F(LeverUpsert, KeepsTheCodeOfARequisitionWhoseSourceHasNone) {
    wanted.erase("code");
    exists({{"requisitionCode", "ENG-1"}});
    host.link(theirs, {"lever-main", "requisition", id});
    EXPECT_EQ(pushed().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(put_body().at("requisitionCode"), "ENG-1");
}

TEST_F(LeverUpsert, RefusesACodeThatTwoRequisitionsHave) {
    get("/requisitions?requisition_code=CH-2041")
        .clear()
        .reply(200,
               R"({"data": [{"id": "a", "requisitionCode": "CH-2041"}, {"id": "b", "requisitionCode": "CH-2041"}]})");
    EXPECT_EQ(pushed().status, CW_ERR_INVALID);
}

TEST_F(LeverUpsert, LeavesOutCustomFieldsThatLeverDoesNotDefineOrCannotHold) {
    wanted["custom"] = {{"shoe_size", 43}, {"cost_center.colour", "red"}, {"cost_center", "flat"}};
    CallResult const result = pushed();
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(result.warned("custom.shoe_size", "defines no such"));
    EXPECT_TRUE(result.warned("custom.cost_center.colour", "defines no such"));
    EXPECT_TRUE(result.warned("custom.cost_center", "does not fit"));
    EXPECT_EQ(sent_body().as_object().if_contains("customFields"), nullptr);
}

TEST_F(LeverUpsert, ConvertsValuesToTheTypesThatLeverDefines) {
    json::value fields = sample("rest/requisition_fields_list.json");
    fields.at("data").as_array().push_back(sample("rest/requisition_field_dropdown_201.json").at("data"));
    fields.at("data").as_array().push_back(json::object{{"id", "starts"}, {"type", "date"}});
    fields.at("data").as_array().push_back(json::object{{"id", "grade"}, {"type", "number"}});
    get("/requisition_fields").clear().reply(200, json::serialize(fields));
    wanted["custom"] = {{"work_type", "remote"}, {"starts", "2026-12-31"}, {"grade", "high"}};
    CallResult const result = pushed();
    EXPECT_EQ(sent_body().at("customFields"), json::value({{"work_type", "remote"}, {"starts", 1798675200000}}));
    EXPECT_TRUE(result.warned("custom.grade"));
}

TEST_F(LeverUpsert, ReadsTheDefinitionsOfFieldsOnceForManyPushes) {
    wanted["custom"] = {{"cost_center.city", "Bern"}};
    auto at = lever();
    std::string const made = record();
    for (int i = 0; i < 5; ++i) {
        (void)at.push("upsert_requisition", "k", made);
    }
    EXPECT_EQ(host.requests("GET", api + "/requisition_fields").size(), 1U);
    host.advance(11 * 60'000);
    (void)at.push("upsert_requisition", "k", made);
    EXPECT_EQ(host.requests("GET", api + "/requisition_fields").size(), 2U);
}

TEST_F(LeverUpsert, LeavesAPersonWhomLeverDoesNotKnowAsItIs) {
    exists();
    wanted["hiring_managers"] = json::parse(R"([{"email": "nobody@example.com"}])");
    CallResult const result = pushed();
    EXPECT_TRUE(result.warned("hiring_manager", "no active user"));
    EXPECT_EQ(put_body().at("hiringManager"), "74297e17-dfef-4cd9-8545-f59a0672ac3a");
}

TEST_F(LeverUpsert, NeverTakesARequisitionBackToDraft) {
    exists({{"name", "Payroll Analyst"}});
    wanted["status"] = "draft";
    CallResult const result = pushed();
    EXPECT_EQ(result.outcome, CW_PUSH_UNCHANGED);
    EXPECT_TRUE(result.warned("status", "draft"));
}

TEST_F(LeverUpsert, TranslatesTheStatus) {
    for (auto const& [word, levers] :
         {std::pair{"on_hold", "onHold"}, {"closed", "closed"}, {"filled", "closed"}, {"cancelled", "closed"}}) {
        exists();
        wanted["status"] = word;
        EXPECT_EQ(pushed().outcome, CW_PUSH_DELIVERED);
        EXPECT_EQ(host.requests("PUT", api).back().json().at("status"), levers) << word;
    }
}

TEST_F(LeverUpsert, CreatesNeitherClosedOnesNorDraftsOutsideHybridMode) {
    wanted["status"] = "closed";
    EXPECT_EQ(pushed().outcome, CW_PUSH_SKIPPED);
    wanted["status"] = "draft";
    CallResult const draft = pushed();
    EXPECT_EQ(draft.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(draft.note(CW_NOTE_REASON), HasSubstr("hybrid"));
    EXPECT_TRUE(host.requests("POST", api).empty());
}

class LeverHybrid : public LeverUpsert {
protected:
    LeverHybrid() : LeverUpsert({{"hybrid_requisitions", true}}) {}
};
TEST_F(LeverHybrid, CreatesDrafts) {
    wanted["status"] = "draft";
    EXPECT_EQ(pushed().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(sent_body().at("status"), "draft");
}

TEST_F(LeverUpsert, ToleratesAHeadcountWithoutEnd) {
    exists({{"headcountTotal", "unlimited"}});
    EXPECT_EQ(pushed().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(put_body().at("headcountTotal"), "unlimited");
}

TEST_F(LeverUpsert, SaysThatADepartmentCannotBeWritten) {
    exists({{"name", "Payroll Analyst"}});
    wanted["department"] = {{"name", "Finance"}};
    EXPECT_TRUE(pushed().warned("department"));
    wanted["department"] = {{"name", "Engineering"}};
    EXPECT_FALSE(pushed().warned("department"));
}

TEST_F(LeverUpsert, PutsPayOverWhatLeverHolds) {
    exists();
    wanted["pay"] = json::parse(R"({"max": {"amount": "85000", "currency": "USD"}, "interval": "year"})");
    (void)pushed();
    EXPECT_EQ(put_body().at("compensationBand"),
              json::parse(R"({"currency": "USD", "interval": "per-year-salary", "min": 50000, "max": 85000})"));
    wanted["pay"] = json::parse(R"({"max": {"amount": "40", "currency": "USD"}, "interval": "hour"})");
    CallResult const hourly = pushed();
    EXPECT_TRUE(hourly.warned("pay"));
    EXPECT_EQ(host.requests("PUT", api).back().json().at("compensationBand").at("max"), 80000);
}

TEST_F(LeverUpsert, IsUnknownAfterALostAnswerAndThenFoundByItsCode) {
    post("/requisitions").clear().fail(CW_ERR_DEADLINE);
    EXPECT_EQ(pushed().outcome, CW_PUSH_UNKNOWN);
    EXPECT_EQ(lever().look_up("upsert_requisition", "k", record()).outcome, CW_PUSH_RETRY);
    exists({{"name", "Payroll Analyst"}});
    CallResult const found = lever().look_up("upsert_requisition", "k", record());
    EXPECT_EQ(found.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(found.note(CW_NOTE_TARGET_KEY), id);
    EXPECT_EQ(host.linked_with(theirs).size(), 1U);
    exists({{"name", "Half written"}});
    EXPECT_EQ(lever().look_up("upsert_requisition", "k", record()).outcome, CW_PUSH_RETRY);
}

TEST_F(LeverUpsert, NamesTheRightThatIsMissing) {  // C.4
    post("/requisitions").clear().reply(403, sample_text("errors/403_forbidden.json"));
    CallResult const result = pushed();
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("'Create a requisition'"));
    get("/requisitions?requisition_code=CH-2041").clear().reply(403, "{}");
    EXPECT_EQ(pushed().status, CW_ERR_AUTH);
}

TEST_F(LeverUpsert, IsRejectedInWordsWhenLeverRefusesTheData) {
    post("/requisitions").clear().reply(400, sample_text("errors/400_invalid_request.json"));
    CallResult const result = pushed();
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, Not(HasSubstr("Payroll")));
}

}  // namespace
}  // namespace crosswalk::lever

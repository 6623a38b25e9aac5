#include "fixture.hpp"

namespace crosswalk::charthop {
namespace {

const std::string jobs = v2 + "/job";
const std::string by_code = jobs + "?q=req";
const std::string by_title = jobs + "?q=title";
const std::string job = jobs + "/" + engineer;
const std::string people = v2 + "/person";

// A canonical requisition that job_row() holds already.
json::object requisition(json::object const& more = {}) {
    json::object out = json::parse(R"({
        "kind": "requisition", "ref": {"system": "lever", "kind": "requisition", "id": "req-1"},
        "name": "Senior Engineer", "code": "ENG-104", "status": "open", "employment_type": "full_time",
        "department": {"name": "Engineering"}, "team": {"name": "Platform"},
        "locations": [{"name": "New York"}, {"name": "Berlin"}], "confidential": false,
        "hiring_managers": [{"email": "manager@example.com"}], "recruiters": [{"email": "recruiter@example.com"}],
        "pay": {"min": {"amount": "150000", "currency": "USD"}, "max": {"amount": "165000", "currency": "USD"},
                "interval": "year"}})")
                           .as_object();
    for (auto const& [name, value] : more) {
        if (value.is_null()) {
            out.erase(name);
        } else {
            out[name] = value;
        }
    }
    return out;
}
json::object job_row(json::object const& more = {}) {
    json::object row = sample("job_find_page1.json").at("data").at(0).as_object();
    for (auto const& [name, value] : more) {
        row[name] = value;
    }
    return row;
}
std::string rows(json::array const& all) {
    return json::serialize(json::object{{"data", all}});
}

class UpsertTest : public ChartHopTest {
protected:
    explicit UpsertTest(json::object requisitions = inbound, json::object const& more = {})
        : ChartHopTest(requisitions, more) {
        get(by_code).reply(200, nobody);
        get(by_title).reply(200, nobody);
        get(people).reply_with([](SentRequest const& request) {
            bool const manager = request.url.find("manager%40") != std::string::npos;
            bool const recruiter = request.url.find("recruiter%40") != std::string::npos;
            json::array found;
            if (request.url.find("workEmail%3A") != std::string::npos && (manager || recruiter)) {
                found.push_back(
                    json::object{{"id", manager ? "6553c1f0a1b2c3d4e5f6a001" : "6553c1f0a1b2c3d4e5f6a002"},
                                 {"contact.workEmail", manager ? "manager@example.com" : "recruiter@example.com"}});
            }
            return support::Answer{.body = rows(found)};
        });
        get(v2 + "/group/").reply_with([](SentRequest const& request) {
            bool const location = request.url.find("/LOCATION") != std::string::npos;
            return support::Answer{.body = location ? sample_text("group_location_list.json")
                                                    : R"({"data": [{"id": "g-eng", "name": "Engineering"},
                                                                   {"id": "g-plat", "name": "Platform"}]})"};
        });
        patch(job).reply(200);
        post(jobs).reply(200, R"({"jobId": "6553c1f0a1b2c3d4e5f60009"})");
    }
    void charthop_has(json::object const& row) {
        get(by_code).reply(200, rows({row}));
        get(job).reply(200, json::serialize(row));
    }
    CallResult push(json::object const& canonical = requisition(), std::string const& key = "push-1") {
        Instance at = charthop();
        CallResult const mapped =
            at.map(CW_MAP_OUT, "crosswalk.requisition/1", json::serialize(canonical), "charthop.job_update/1");
        EXPECT_EQ(mapped.status, CW_OK) << mapped.message;
        record = json::serialize(mapped.records.at(0).data);
        return at.push("upsert_job", key, record);
    }
    // The only PATCH.
    [[nodiscard]] json::value changed() const {
        auto const sent = host.requests("PATCH", job);
        EXPECT_EQ(sent.size(), 1U);
        return sent.empty() ? json::value() : sent[0].json();
    }
    std::string record;
};

TEST_F(UpsertTest, WritesNothingWhenTheJobHoldsTheValues) {  // C.24
    charthop_has(job_row());
    CallResult const said = push();
    EXPECT_EQ(said.outcome, CW_PUSH_UNCHANGED) << said.message << said.note(CW_NOTE_REASON);
    EXPECT_THAT(writes(), testing::IsEmpty());
    EXPECT_THAT(said.warnings, testing::IsEmpty());
}

TEST_F(UpsertTest, SendsOnlyWhatDiffers) {  // C.16
    charthop_has(job_row({{"title", "Engineer"}}));
    CallResult const said = push(requisition({{"status", "filled"}}));
    EXPECT_EQ(said.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(said.note(CW_NOTE_EFFECT), "updated");
    EXPECT_EQ(changed(), json::parse(R"({"title": "Senior Engineer", "recruit": "PENDING"})"));
}

TEST_F(UpsertTest, ChangesAsTheSampleOfAChangeDoes) {
    charthop_has(job_row({{"title", "Support Engineer"}, {"req", "ENG-104"}}));
    EXPECT_EQ(push(requisition({{"name", "Support Engineer II"}, {"status", "filled"}})).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(changed(), sample("job_patch_request.json"));
}

TEST_F(UpsertTest, IsSkippedInWordsWhileReverseSyncIsOff) {
    FakeHost other(settings({{"source_of_truth", "remote"}, {"sync_on_change", false}}), "charthop-main");
    other.secret("/api_token", "token");
    CallResult const said =
        other.create(cw_connector_entry_v0, "charthop").push("upsert_job", "k", R"({"title": "x", "open": true})");
    EXPECT_EQ(said.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(said.note(CW_NOTE_REASON), testing::HasSubstr("Reverse Sync is off"));
}

TEST_F(UpsertTest, CreatesAnActiveJobWhenThereIsNone) {  // C.16
    CallResult const said = push();
    EXPECT_EQ(said.outcome, CW_PUSH_DELIVERED) << said.message << said.note(CW_NOTE_REASON);
    EXPECT_EQ(said.note(CW_NOTE_EFFECT), "created");
    EXPECT_EQ(said.note(CW_NOTE_TARGET_KEY), "6553c1f0a1b2c3d4e5f60009");
    SentRequest const sent = writes().at(0);
    EXPECT_EQ(sent.url, jobs + "?date=2026-11-21");
    EXPECT_FALSE(sent.idempotent);
    EXPECT_EQ(sent.json().at("recruit"), "ACTIVE");
    EXPECT_EQ(sent.json().at("location"), "6553c1f0a1b2c3d4e5f6e001");
    EXPECT_THAT(host.linked_with({"lever", "requisition", "req-1"}),
                testing::ElementsAre(Linked{"charthop-main", "job", "6553c1f0a1b2c3d4e5f60009"}));
}

TEST_F(UpsertTest, CreatesWhatTheSampleOfACreateHasWhenGroupsGoByName) {
    FakeHost named(settings(inbound, {{"group_values", "name"}}), "charthop-main");
    named.secret("/api_token", "token");
    named.set_now(now_ms);
    json::object const wanted = sample("job_create_request.json").as_object();
    named.on("GET", by_code).reply(200, nobody);
    named.on("GET", by_title).reply(200, nobody);
    named.on("GET", people).reply(200, R"({"data": [{"id": "a", "contact.workEmail": "jane.public@example.com"},
                                                    {"id": "b", "contact.workEmail": "rae.cruz@example.com"}]})");
    named.on("GET", v2 + "/group/DEPARTMENT").reply(200, R"({"data": [{"id": "g", "name": "Engineering"}]})");
    named.on("GET", v2 + "/group/LOCATION").reply(200, R"({"data": [{"id": "l", "name": "Remote"}]})");
    named.on("POST", jobs).reply(201, R"({"data": {"jobId": "new"}})");
    Instance at = named.create(cw_connector_entry_v0, "charthop");
    json::object const canonical = requisition({{"name", "Support Engineer"},
                                                {"code", "SUP-220"},
                                                {"team", nullptr},
                                                {"locations", json::array{json::object{{"name", "Remote"}}}},
                                                {"confidential", true},
                                                {"hiring_managers", {{{"email", "jane.public@example.com"}}}},
                                                {"recruiters", {{{"email", "rae.cruz@example.com"}}}},
                                                {"pay", {{"max", {{"amount", "98000"}, {"currency", "USD"}}}}}});
    CallResult const mapped =
        at.map(CW_MAP_OUT, "crosswalk.requisition/1", json::serialize(canonical), "charthop.job_update/1");
    EXPECT_EQ(at.push("upsert_job", "k", json::serialize(mapped.records.at(0).data)).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(named.requests("POST", jobs).at(0).json(), json::value(wanted));
}

TEST_F(UpsertTest, MakesNoJobForARequisitionThatIsNotOpen) {  // C.16
    for (char const* status : {"draft", "on_hold", "closed", "filled"}) {
        CallResult const said = push(requisition({{"status", status}}));
        EXPECT_EQ(said.outcome, CW_PUSH_SKIPPED) << status;
        EXPECT_THAT(said.note(CW_NOTE_REASON), testing::HasSubstr("not open"));
    }
    EXPECT_THAT(writes(), testing::IsEmpty());
}

struct Inbound {
    char const* canonical;
    char const* charthop;
};
class InboundStatus : public UpsertTest, public testing::WithParamInterface<Inbound> {};
TEST_P(InboundStatus, FollowsTheTable) {
    charthop_has(job_row({{"recruit", "OFFER"}}));
    EXPECT_EQ(push(requisition({{"status", GetParam().canonical}})).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(changed().at("recruit"), GetParam().charthop);
}
INSTANTIATE_TEST_SUITE_P(Upsert, InboundStatus,
                         testing::Values(Inbound{"open", "ACTIVE"}, Inbound{"on_hold", "INACTIVE"},
                                         Inbound{"draft", "INACTIVE"}, Inbound{"filled", "PENDING"},
                                         Inbound{"closed", "INACTIVE"}));

TEST_F(UpsertTest, LeavesAPendingJobWithANewHirePendingWhileTheRequisitionIsOpen) {
    charthop_has(job_row({{"recruit", "PENDING"}}));
    get(v1 + "/change").reply(200, json::serialize(json::object{{"data", {sample("change_hire_response.json")}}}));
    EXPECT_EQ(push().outcome, CW_PUSH_UNCHANGED);
    get(v1 + "/change").reply(200, nobody);
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
}

TEST_F(UpsertTest, MatchesAnOpenJobByTitleAndManagerBeforeItMakesOne) {
    get(by_title).reply(200, rows({job_row({{"req", nullptr}})}));
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(changed(), json::parse(R"({"req": "ENG-104"})"));
    EXPECT_THAT(host.linked_with({"lever", "requisition", "req-1"}), testing::SizeIs(1));
}

TEST_F(UpsertTest, DoesNotMatchAJobOfAnotherManagerCodeLinkOrHolder) {
    for (json::object const& other :
         {json::object{{"hiremgr", "6553c1f0a1b2c3d4e5f6a009"}}, json::object{{"req", "ENG-200"}},
          json::object{{"req", nullptr}, {"personId", "somebody"}}, json::object{{"title", "Engineer"}}}) {
        get(people + "/").reply(200, R"({"id": "6553c1f0a1b2c3d4e5f6a009", "contact.workEmail": "x@example.com"})");
        get(by_title).reply(200, rows({job_row(other)}));
        json::object const ref{{"system", "lever"}, {"kind", "requisition"}, {"id", json::serialize(other)}};
        EXPECT_EQ(push(requisition({{"ref", ref}})).note(CW_NOTE_EFFECT), "created") << json::serialize(other);
    }
    host.link({"charthop-main", "job", engineer}, {"lever", "requisition", "req-7"});
    get(by_title).reply(200, rows({job_row({{"req", nullptr}})}));
    EXPECT_EQ(push(requisition({{"ref", {{"system", "lever"}, {"kind", "requisition"}, {"id", "req-8"}}}}))
                  .note(CW_NOTE_EFFECT),
              "created");
}

TEST_F(UpsertTest, RefusesToChooseBetweenTwoJobsOfOneCode) {
    get(by_code).reply(200, rows({job_row(), job_row({{"jobId", "other"}})}));
    CallResult const said = push();
    EXPECT_EQ(said.status, CW_ERR_INVALID);
    EXPECT_THAT(said.message, testing::HasSubstr("more than one job"));
}

TEST_F(UpsertTest, ReadsALinkedJobAndFollowsItWhenItsCodeChanged) {
    host.link({"charthop-main", "job", engineer}, {"lever", "requisition", "req-1"});
    get(job).reply(200, json::serialize(job_row()));
    EXPECT_EQ(push(requisition({{"code", "ENG-105"}})).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(changed(), json::parse(R"({"req": "ENG-105"})"));
    EXPECT_THAT(host.requests("GET", by_code), testing::IsEmpty());
}

TEST_F(UpsertTest, DoesNotTouchAFilledJob) {
    charthop_has(job_row({{"personId", "somebody"}, {"title", "Engineer"}}));
    CallResult const said = push();
    EXPECT_EQ(said.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(said.note(CW_NOTE_REASON), testing::HasSubstr("filled"));
    EXPECT_THAT(writes(), testing::IsEmpty());
}

TEST_F(UpsertTest, KnowsAManagerByTheIdOfThePersonsJobToo) {  // C.24
    charthop_has(job_row({{"hiremgr", "managers-job"}}));
    get(people + "/managers-job").reply(404, sample_text("error_404.json"));
    get(jobs + "/managers-job").reply(200, R"({"jobId": "managers-job", "personId": "6553c1f0a1b2c3d4e5f6a001"})");
    get(people + "/6553c1f0a1b2c3d4e5f6a001").reply(200, R"({"id": "6553c1f0a1b2c3d4e5f6a001"})");
    EXPECT_EQ(push().outcome, CW_PUSH_UNCHANGED);
}

TEST_F(UpsertTest, LeavesOutWithAWarningWhomAndWhatChartHopDoesNotKnow) {
    charthop_has(job_row());
    CallResult const said = push(
        requisition({{"hiring_managers", {{{"email", "unknown@example.com"}}}}, {"department", {{"name", "Care"}}}}));
    EXPECT_EQ(said.outcome, CW_PUSH_UNCHANGED);
    EXPECT_TRUE(said.warned("manager", "same e-mail address"));
    EXPECT_TRUE(said.warned("department", "of this name"));
}

TEST_F(UpsertTest, TakesHighConfidentialityBackButLeavesOtherLevelsAlone) {
    charthop_has(job_row({{"sensitive", "HIGH"}}));
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(changed(), json::parse(R"({"sensitive": "ORG"})"));
    charthop_has(job_row({{"sensitive", "MANAGER"}}));
    EXPECT_EQ(push().outcome, CW_PUSH_UNCHANGED);
}

TEST_F(UpsertTest, ComparesPayByValueAndWritesOtherIntervals) {  // C.24
    charthop_has(job_row({{"base", json::parse(R"({"amount": 165000.0, "currency": "USD"})")}}));
    EXPECT_EQ(push().outcome, CW_PUSH_UNCHANGED);
    json::object const hourly{{"max", {{"amount", "42.5"}, {"currency", "USD"}}}, {"interval", "hour"}};
    EXPECT_EQ(push(requisition({{"pay", hourly}})).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(changed(),
              json::parse(R"({"base": {"interval": "HOURLY", "pay": {"amount": 42.5, "currency": "USD"}}})"));
}

TEST_F(UpsertTest, WhoseAnswerWasLostFindsItsJobBeforeItMakesAnother) {
    post(jobs).fail(CW_ERR_DEADLINE);
    EXPECT_EQ(push().outcome, CW_PUSH_UNKNOWN);
    EXPECT_EQ(charthop().look_up("upsert_job", "push-1", record).outcome, CW_PUSH_UNKNOWN);
    EXPECT_EQ(push().outcome, CW_PUSH_RETRY);
    host.advance(61'000);
    EXPECT_EQ(charthop().look_up("upsert_job", "push-1", record).outcome, CW_PUSH_RETRY);
    charthop_has(job_row());
    EXPECT_EQ(push().outcome, CW_PUSH_UNCHANGED);
    EXPECT_EQ(host.requests("POST", jobs).size(), 1U);
}

TEST_F(UpsertTest, IsNotSentTwiceWhenItCouldNotBeFoundAgain) {
    post(jobs).fail(CW_ERR_DEADLINE);
    json::object const bare = requisition({{"code", nullptr}, {"hiring_managers", nullptr}});
    EXPECT_EQ(push(bare).outcome, CW_PUSH_UNKNOWN);
    host.advance(61'000);
    EXPECT_EQ(push(bare).status, CW_ERR_INVALID);
    EXPECT_EQ(host.requests("POST", jobs).size(), 1U);
}

TEST_F(UpsertTest, ReadsAgainAfterASnapshotAnswerToAChange) {
    charthop_has(job_row({{"title", "Engineer"}}));
    patch(job).reply(202);
    EXPECT_EQ(push().status, CW_ERR_TRANSIENT);
    charthop_has(job_row());
    EXPECT_EQ(push().outcome, CW_PUSH_UNCHANGED);
    EXPECT_EQ(host.requests("PATCH", job).size(), 1U);
}

TEST_F(UpsertTest, IsRejectedWhenTheJobGoesWhileItIsChanged) {
    charthop_has(job_row({{"title", "Engineer"}}));
    patch(job).reply(404, sample_text("error_404.json"));
    EXPECT_EQ(push().status, CW_ERR_INVALID);
}

TEST_F(UpsertTest, MakesAJobAnewThatWasDeletedInChartHop) {
    json::object const bare = requisition({{"code", nullptr}, {"hiring_managers", nullptr}});
    EXPECT_EQ(push(bare).note(CW_NOTE_EFFECT), "created");
    get(jobs + "/6553c1f0a1b2c3d4e5f60009").reply(404, sample_text("error_404.json"));
    EXPECT_EQ(push(bare).note(CW_NOTE_EFFECT), "created");
}

class RemoteLocationTest : public UpsertTest {
protected:
    RemoteLocationTest()
        : UpsertTest({{"source_of_truth", "remote"},
                      {"sync_on_change", false},
                      {"reverse_sync", true},
                      {"remote_location_as_default", true}},
                     {{"create_groups", true}}) {}
};

TEST_F(RemoteLocationTest, IsGivenToANewJobWithoutLocation) {  // C.21
    EXPECT_EQ(push(requisition({{"locations", nullptr}})).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(writes().at(0).json().at("location"), "6553c1f0a1b2c3d4e5f6e002");
}

TEST_F(RemoteLocationTest, LeavesANewJobsOwnLocationAndOldJobsUntouched) {  // C.21
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(writes().at(0).json().at("location"), "6553c1f0a1b2c3d4e5f6e001");
    json::object old = job_row();
    old.erase("location.name");
    charthop_has(old);
    json::object const ref{{"system", "lever"}, {"kind", "requisition"}, {"id", "req-2"}};
    EXPECT_EQ(push(requisition({{"locations", nullptr}, {"ref", ref}})).outcome, CW_PUSH_UNCHANGED);
}

TEST_F(RemoteLocationTest, AGroupThatChartHopLacksIsMadeWhereThatIsAllowed) {
    post(v2 + "/group/DEPARTMENT").reply(201, R"({"id": "g-care"})");
    EXPECT_EQ(push(requisition({{"department", {{"name", "Care"}}}})).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(writes().at(0).json(), json::parse(R"({"name": "Care"})"));
    EXPECT_EQ(writes().at(1).json().at("department"), "g-care");
}

class MetricsTest : public ChartHopTest {
protected:
    MetricsTest() : ChartHopTest({}, {{"metrics", {{"candidates", "candidateCount"}, {"hired", "hiredCount"}}}}) {
        get(by_code).reply(200, R"({"data": [{"jobId": "6553c1f0a1b2c3d4e5f60001", "req": "ENG-104",
                                              "candidateCount": 12, "hiredCount": "1"}]})");
        patch(job).reply(204);
    }
    CallResult push(int candidates) {
        Instance at = charthop();
        json::object const canonical{{"kind", "requisition_metrics"},
                                     {"requisition", {{"system", "lever"}, {"kind", "requisition"}, {"id", "req-1"}}},
                                     {"code", "ENG-104"},
                                     {"as_of", "2026-11-21T06:00:00Z"},
                                     {"candidates", candidates},
                                     {"active", 3},
                                     {"hired", 1}};
        CallResult const mapped =
            at.map(CW_MAP_OUT, "crosswalk.requisition_metrics/1", json::serialize(canonical), "charthop.job_metrics/1");
        return at.push("update_job_metrics", "k", json::serialize(mapped.records.at(0).data));
    }
};

TEST_F(MetricsTest, AreWrittenIntoTheFieldsThatAreSet) {  // C.12
    EXPECT_EQ(push(14).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(writes().at(0).json(), json::parse(R"({"candidateCount": 14})"));
}

TEST_F(MetricsTest, AreNotWrittenWhenTheyAreThere) {  // C.24
    EXPECT_EQ(push(12).outcome, CW_PUSH_UNCHANGED);
    EXPECT_THAT(writes(), testing::IsEmpty());
}

TEST_F(MetricsTest, AreSkippedForARequisitionWithoutJob) {
    get(by_code).reply(200, nobody);
    EXPECT_EQ(push(12).outcome, CW_PUSH_SKIPPED);
}

TEST_F(MetricsTest, AreSkippedInWordsWhenNoFieldIsSet) {
    FakeHost other(settings(), "charthop-main");
    CallResult const said =
        other.create(cw_connector_entry_v0, "charthop").push("update_job_metrics", "k", R"({"counts": {"hired": 1}})");
    EXPECT_EQ(said.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(said.note(CW_NOTE_REASON), testing::HasSubstr("/metrics"));
}

}  // namespace
}  // namespace crosswalk::charthop

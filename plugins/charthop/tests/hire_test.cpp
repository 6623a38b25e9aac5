#include "fixture.hpp"

namespace crosswalk::charthop {
namespace {

constexpr char nora[] = "6553c1f0a1b2c3d4e5f6b001";
const std::string people = v2 + "/person";
const std::string jobs = v2 + "/job?q=req";
const std::string job = v2 + "/job/" + engineer;
const std::string changes = v1 + "/change";

// A crosswalk.hire/1 of the person of person_create_request.json; null members are left out.
json::object canonical(json::object const& more = {}) {
    json::object hire = json::parse(R"({
        "kind": "hire", "ref": {"system": "lever", "kind": "application", "id": "app-1"},
        "candidate": {"system": "lever", "kind": "candidate", "id": "opp-1"},
        "application": {"system": "lever", "kind": "application", "id": "app-1"},
        "requisition": {"system": "lever", "kind": "requisition", "id": "req-1"}, "requisition_code": "ENG-104",
        "first_name": "Nora", "last_name": "Okafor", "personal_email": "nora.okafor@example.net",
        "personal_phone": "+15550100199", "start_date": "2027-01-11", "hired_at": "2026-11-21T10:00:00Z",
        "address": {"street1": "123 Anywhere Street", "city": "New York", "state": "NY", "postal_code": "10001",
                    "country": "US"},
        "import_source": "Lever"})")
                            .as_object();
    for (auto const& [name, value] : more) {
        if (value.is_null()) {
            hire.erase(name);
        } else {
            hire[name] = value;
        }
    }
    return hire;
}

class NewHireTest : public ChartHopTest {
protected:
    explicit NewHireTest(json::object const& requisitions = {}) : ChartHopTest(requisitions) {
        get(jobs).reply(200, R"({"data": [{"jobId": "6553c1f0a1b2c3d4e5f60001", "title": "Senior Engineer",
                                           "req": "ENG-104", "recruit": "ACTIVE"}]})");
        get(people).reply(200, sample_text("person_find_none.json"));
        get(changes).reply(200, nobody);
        post(people).reply(200, R"({"id": "6553c1f0a1b2c3d4e5f6b001"})");
        post(changes + "/sync/HIRE").reply(200, sample_text("change_hire_response.json"));
        patch(job).reply(200);
    }
    CallResult push(json::object const& more = {}, std::string const& key = "push-1") {
        Instance at = charthop();
        CallResult const mapped =
            at.map(CW_MAP_OUT, "crosswalk.hire/1", json::serialize(canonical(more)), "charthop.hire/1");
        EXPECT_EQ(mapped.status, CW_OK) << mapped.message;
        record = json::serialize(mapped.records.at(0).data);
        record_key = mapped.records.at(0).key;
        return at.push("create_new_hire", key, record);
    }
    CallResult look_up(std::string const& key = "push-1") { return charthop().look_up("create_new_hire", key, record); }
    // ChartHop shows the person from now on.
    void person_is_there(char const* id = nora) {
        get(people).reply(
            200, R"({"data": [{"id": ")" + std::string(id) + R"(", "contact.homeEmail": "Nora.Okafor@example.net"}]})");
    }
    void hire_is_there(std::string const& person = nora, std::string const& status = "ACTIVE") {
        json::value change = sample("change_hire_response.json");
        change.as_object()["personId"] = person;
        change.as_object()["status"] = status;
        get(changes).reply(200, json::serialize(json::object{{"data", json::array{change}}}));
    }
    void skipped(CallResult const& said, std::string const& words) {
        EXPECT_EQ(said.outcome, CW_PUSH_SKIPPED) << said.message;
        EXPECT_THAT(said.note(CW_NOTE_REASON), testing::HasSubstr(words));
        EXPECT_THAT(writes(), testing::IsEmpty());
    }
    [[nodiscard]] std::vector<SentRequest> persons() const { return host.requests("POST", people); }
    [[nodiscard]] std::vector<SentRequest> hires() const { return host.requests("POST", changes); }

    std::string record;
    std::string record_key;
};

TEST_F(NewHireTest, CreatesThePersonWithContactDataAndStartDate) {  // C.25
    CallResult const said = push();
    EXPECT_EQ(said.outcome, CW_PUSH_DELIVERED) << said.message;
    EXPECT_EQ(said.note(CW_NOTE_TARGET_KEY), nora);
    EXPECT_EQ(said.note(CW_NOTE_EFFECT), "created");
    ASSERT_EQ(persons().size(), 1U);
    json::value expected = sample("person_create_request.json");
    expected.as_object()["startDate"] = "2027-01-11";
    EXPECT_EQ(persons()[0].json(), expected);
    EXPECT_FALSE(persons()[0].idempotent);
}

TEST_F(NewHireTest, HiresThePersonIntoTheJobAndThenSetsItPending) {  // C.25
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    std::vector<SentRequest> const sent = writes();
    ASSERT_EQ(sent.size(), 3U);
    EXPECT_EQ(sent[1].json(), sample("change_hire_request.json"));
    EXPECT_EQ(sent[2].url, job + "?date=2026-11-21");
    EXPECT_EQ(sent[2].json(), json::parse(R"({"recruit": "PENDING"})"));
}

const json::object paid{{"salary", {{"amount", {{"amount", "98000.50"}, {"currency", "USD"}}}, {"interval", "year"}}}};

TEST_F(NewHireTest, WritesTheSalaryIntoTheJob) {
    EXPECT_EQ(push(paid).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(writes().at(3).json().at("base"), json::parse(R"({"amount": 98000.5, "currency": "USD"})"));
}

TEST_F(NewHireTest, SetsTheStatusThoughTheSalaryIsRefused) {
    patch(job).reply(200).reply(400, sample_text("error_400.json"));
    CallResult const said = push(paid);
    EXPECT_EQ(said.outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(said.warned("job", "pay was not changed"));
    EXPECT_EQ(writes().at(2).json(), json::parse(R"({"recruit": "PENDING"})"));
}

TEST_F(NewHireTest, IsSkippedWhenTheJobDoesNotExist) {  // C.29, C.35
    get(jobs).reply(200, nobody);
    skipped(push(), "The job of this hire does not exist in ChartHop");
}

TEST_F(NewHireTest, IsSkippedWhenOnlyASimilarCodeExists) {  // C.29
    get(jobs).reply(200, R"({"data": [{"jobId": "6553c1f0a1b2c3d4e5f60001", "req": "ENG-1040"}]})");
    skipped(push(), "The job of this hire does not exist");
}

TEST_F(NewHireTest, IsSkippedWhenItNamesNoRequisition) {
    skipped(push({{"requisition", nullptr}, {"requisition_code", nullptr}}), "names no requisition");
}

TEST_F(NewHireTest, IsSkippedWithTheWordsOnTransfersWhenThePersonExistsEvenInNoRole) {  // C.26, C.27
    get(people).reply(200, sample_text("person_find_match.json"));
    skipped(push(), "internal transfers and re-hires are not supported");
    for (SentRequest const& asked : host.requests("GET", people)) {
        EXPECT_THAT(asked.url, testing::HasSubstr("includeAll=true"));
    }
}

TEST_F(NewHireTest, ComparesAddressesItselfBecauseTheFilterIsNotExact) {  // C.26
    get(people).reply(200, R"({"data": [{"id": "x", "contact.homeEmail": "another.okafor@example.net"}]})");
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
}

TEST_F(NewHireTest, FindsThePersonUnderAWorkAddressToo) {  // C.26
    host.on("GET", people + "?includeAll=true&q=contact.workEmail")
        .reply(200, R"({"data": [{"id": "x", "contact": {"workEmail": "nora.okafor@example.net"}}]})");
    skipped(push(), "already exists");
}

TEST_F(NewHireTest, IsSkippedWithoutAnAddressToAskFor) {
    skipped(push({{"personal_email", nullptr}}), "no e-mail address");
}

TEST_F(NewHireTest, IsSkippedWhileTheJobHasANewHire) {  // C.28
    hire_is_there("6553c1f0a1b2c3d4e5f6b777");
    skipped(push(), "only the first one counts");
    EXPECT_THAT(host.requests("GET", changes).at(0).url,
                testing::AllOf(testing::HasSubstr("jobId=" + std::string(engineer)), testing::HasSubstr("type=HIRE")));
}

TEST_F(NewHireTest, IsSkippedWhileAnUpcomingHireStandsInTheJob) {  // C.28
    get(jobs).reply(200, R"({"data": [{"jobId": "6553c1f0a1b2c3d4e5f60001", "req": "ENG-104",
                                       "upcoming": {"type": "HIRE", "personId": "other"}}]})");
    skipped(push(), "only the first one counts");
}

TEST_F(NewHireTest, IsProcessedWhenTheEarlierHireWasStruck) {  // C.28
    hire_is_there("6553c1f0a1b2c3d4e5f6b777", "STRUCK");
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
}

TEST_F(NewHireTest, IsSkippedASecondTimeUntilTheFirstOneIsRemoved) {  // C.28
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    person_is_there();
    hire_is_there();
    CallResult const updated_offer = push({{"start_date", "2027-02-01"}}, "push-2");
    EXPECT_EQ(updated_offer.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(updated_offer.note(CW_NOTE_REASON), testing::HasSubstr("Remove the earlier new hire"));
    EXPECT_EQ(hires().size(), 1U);

    get(changes).reply(200, nobody);
    EXPECT_EQ(push({{"start_date", "2027-02-01"}}, "push-3").outcome, CW_PUSH_DELIVERED);
    ASSERT_EQ(hires().size(), 2U);
    EXPECT_EQ(hires()[1].json().at("date"), "2027-02-01");
    EXPECT_EQ(persons().size(), 1U);
}

TEST_F(NewHireTest, IsSkippedWithoutAStartDateBecauseTheOfferIsMissing) {  // C.34
    skipped(push({{"start_date", nullptr}}), "the offer was not created or not signed");
}

TEST_F(NewHireTest, NamesAMissingJobBeforeAMissingStartDate) {  // C.29
    get(jobs).reply(200, nobody);
    skipped(push({{"start_date", nullptr}}), "job of this hire does not exist");
}

class InboundNewHireTest : public NewHireTest {
protected:
    InboundNewHireTest() : NewHireTest(inbound) {}
};

TEST_F(InboundNewHireTest, IsProcessedWithTheRemoteSystemAsSourceOfTruthToo) {  // C.30
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
}

TEST_F(NewHireTest, FindsTheJobByItsLinkBeforeItsCode) {
    host.link({"charthop-main", "job", engineer}, {"lever", "requisition", "req-1"});
    get(job).reply(200, sample_text("job_get.json"));
    get(jobs).reply(200, nobody);
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
}

TEST_F(NewHireTest, FindsAJobWithoutACodeByTheGeneratedOne) {
    get(job).reply(200, sample_text("job_get.json"));
    get(jobs).reply(200, nobody);
    EXPECT_EQ(push({{"requisition_code", std::string("CH-") + engineer}}).outcome, CW_PUSH_DELIVERED);
}

TEST_F(NewHireTest, OfOneJobHaveOneKey) {
    (void)push();
    std::string const first = record_key;
    (void)push({{"application", {{"system", "lever"}, {"kind", "application"}, {"id", "app-2"}}},
                {"requisition_code", "eng-104 "}},
               "push-2");
    EXPECT_EQ(record_key, first);
    EXPECT_FALSE(first.empty());
}

TEST_F(NewHireTest, GoesOnWhereTheHireFailedAfterThePersonWasMade) {
    post(changes + "/sync/HIRE")
        .reply(400, sample_text("error_400.json"))
        .reply(200, sample_text("change_hire_response.json"));
    CallResult const first = push();
    EXPECT_EQ(first.status, CW_ERR_INVALID);
    person_is_there();
    EXPECT_EQ(push({}, "a replay").outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(persons().size(), 1U);
}

TEST_F(NewHireTest, WhosePersonsAnswerWasLostIsUnknownAndThenFoundAgain) {
    post(people).fail(CW_ERR_DEADLINE);
    EXPECT_EQ(push().outcome, CW_PUSH_UNKNOWN);
    EXPECT_EQ(look_up().outcome, CW_PUSH_UNKNOWN);  // too early to tell
    EXPECT_EQ(push().outcome, CW_PUSH_RETRY);
    host.advance(61'000);
    EXPECT_EQ(look_up().outcome, CW_PUSH_RETRY);
    person_is_there();
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(persons().size(), 1U);
}

TEST_F(NewHireTest, IsSentAgainWhenThePersonNeverAppeared) {
    post(people).fail(CW_ERR_DEADLINE).reply(201, R"({"data": {"id": "6553c1f0a1b2c3d4e5f6b001"}})");
    EXPECT_EQ(push().outcome, CW_PUSH_UNKNOWN);
    host.advance(61'000);
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
}

TEST_F(NewHireTest, WhosePersonWasRefusedDoesNotTakeSomebodyElsesPersonForItsOwn) {  // C.26
    post(people).reply(400, sample_text("error_400.json"));
    EXPECT_EQ(push().status, CW_ERR_INVALID);
    person_is_there();
    CallResult const again = push({}, "a replay");
    EXPECT_EQ(again.outcome, CW_PUSH_SKIPPED);
    EXPECT_THAT(hires(), testing::IsEmpty());
}

TEST_F(NewHireTest, WhoseHiresAnswerWasLostIsNotHiredTwice) {
    post(changes + "/sync/HIRE").fail(CW_ERR_DEADLINE);
    EXPECT_EQ(push().outcome, CW_PUSH_UNKNOWN);
    EXPECT_EQ(look_up().outcome, CW_PUSH_RETRY);
    person_is_there();
    hire_is_there();
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(hires().size(), 1U);
    EXPECT_EQ(host.requests("PATCH", job).size(), 1U);
    EXPECT_EQ(look_up().outcome, CW_PUSH_DELIVERED);
}

TEST_F(NewHireTest, WaitsAfterASnapshotAnswerAndReadsBeforeItSendsAgain) {
    post(people).reply(202).reply(200, R"({"id": "6553c1f0a1b2c3d4e5f6b001"})");
    CallResult const first = push();
    EXPECT_EQ(first.status, CW_ERR_TRANSIENT);
    EXPECT_GT(first.retry_after_ms, 0);
    host.advance(61'000);
    person_is_there();
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(persons().size(), 1U);
}

TEST_F(NewHireTest, WaitsWhileReadsAnswerThatASnapshotIsBuilt) {
    get(people).reply(202);
    EXPECT_EQ(push().status, CW_ERR_TRANSIENT);
    EXPECT_THAT(writes(), testing::IsEmpty());
}

TEST_F(NewHireTest, WarnsWhenTheHireIsNotActive) {
    json::value change = sample("change_hire_response.json");
    change.as_object()["status"] = "CONFLICT";
    post(changes + "/sync/HIRE").reply(201, json::serialize(change));
    CallResult const said = push();
    EXPECT_EQ(said.outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(said.warned("hire", "not ACTIVE"));
}

TEST_F(NewHireTest, SetsTheJobPendingLaterWhenThatFailedForAWhile) {
    patch(job).reply(503).reply(200);
    EXPECT_EQ(push().status, CW_ERR_TRANSIENT);
    person_is_there();
    hire_is_there();
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(hires().size(), 1U);
    EXPECT_EQ(host.requests("PATCH", job).size(), 2U);
}

TEST_F(NewHireTest, IsDeliveredWithAWarningWhenTheStatusMayNotBeSet) {
    patch(job).reply(400, sample_text("error_400.json"));
    CallResult const said = push();
    EXPECT_EQ(said.outcome, CW_PUSH_DELIVERED);
    EXPECT_TRUE(said.warned("job", "was not changed"));
}

TEST_F(NewHireTest, WarnsOfAPhoneWithoutCountryCodeAndLeavesOutAnAddressWithoutCountry) {
    Instance at = charthop();
    json::object const hire = canonical({{"personal_phone", "5550100199"}, {"address", {{"city", "New York"}}}});
    CallResult const mapped = at.map(CW_MAP_OUT, "crosswalk.hire/1", json::serialize(hire), "charthop.hire/1");
    EXPECT_TRUE(mapped.warned("personal_phone", "country code"));
    CallResult const said = at.push("create_new_hire", "push-1", json::serialize(mapped.records.at(0).data));
    EXPECT_TRUE(said.warned("address", "country"));
    EXPECT_FALSE(persons().at(0).json().as_object().contains("address"));
}

TEST_F(NewHireTest, PassesOnTheFieldsThatARouteAdds) {
    EXPECT_EQ(push({{"extra", {{"costCenter", "CC-7"}}}}).outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(persons().at(0).json().at("costCenter"), "CC-7");
}

TEST_F(NewHireTest, LinksThePersonWithTheCandidate) {
    EXPECT_EQ(push().outcome, CW_PUSH_DELIVERED);
    EXPECT_THAT(host.linked_with({"lever", "candidate", "opp-1"}),
                testing::ElementsAre(Linked{"charthop-main", "person", nora}));
}

TEST_F(NewHireTest, TellsNobodyNamesOrAddresses) {
    post(people).reply(400, R"({"code": 400, "message": "nora.okafor@example.net is invalid"})");
    CallResult const said = push();
    EXPECT_THAT(said.message + json::serialize(said.detail), testing::Not(testing::HasSubstr("kafor")));
    for (support::LogLine const& line : host.logs()) {
        EXPECT_THAT(line.message + line.fields, testing::Not(testing::HasSubstr("kafor")));
    }
    for (auto const& [key, value] : host.kept()) {
        EXPECT_THAT(key + value, testing::Not(testing::HasSubstr("kafor")));
    }
}

}  // namespace
}  // namespace crosswalk::charthop

#include "fixture.hpp"

namespace crosswalk::charthop {
namespace {

const std::string jobs = v2 + "/job?";
const std::string job = v2 + "/job/" + engineer;
const std::string people = v2 + "/person/";

class RequisitionsTest : public ChartHopTest {
protected:
    explicit RequisitionsTest(json::object const& requisitions = {}, json::object const& more = {})
        : ChartHopTest(requisitions, more) {
        get(job).reply(200, sample_text("job_get.json"));
        get(people + "6553c1f0a1b2c3d4e5f6a001").reply(200, R"({"id": "6553c1f0a1b2c3d4e5f6a001", "name": "Jane Public",
                            "contact.workEmail": "jane.public@example.com"})");
        get(people + "6553c1f0a1b2c3d4e5f6a002")
            .reply(200, R"({"data": {"id": "6553c1f0a1b2c3d4e5f6a002", "contact": {"homeEmail": "rae@example.com"}}})");
        get(jobs).reply(200, sample_text("job_find_page1.json")).reply(200, sample_text("job_find_page2.json"));
        patch(v2 + "/job/").reply(200);
    }
    [[nodiscard]] static Inbound webhook(json::object const& more = {}) {
        json::object body = sample("webhook_change_create_update.json").as_object();
        for (auto const& [name, value] : more) {
            value.is_null() ? (void)body.erase(name) : (void)(body[name] = value);
        }
        return {.body = json::serialize(body)};
    }
    CallResult parsed(Inbound const& request = webhook()) { return charthop().parse(request); }
    // The canonical requisition of the only event.
    json::object canonical(CallResult const& said) {
        EXPECT_EQ(said.events.size(), 1U) << said.message << said.note(CW_NOTE_REASON);
        return said.events.empty() ? json::object{} : mapped(said.events[0].record.data);
    }
    json::object mapped(json::value const& record) {
        CallResult const out =
            charthop().map(CW_MAP_IN, "charthop.job/1", json::serialize(record), "crosswalk.requisition/1");
        EXPECT_EQ(out.records.size(), 1U) << out.message;
        return out.records.empty() ? json::object{} : out.records[0].data.as_object();
    }
    void job_is(json::object const& row) {
        json::object all{{"jobId", engineer}, {"title", "Senior Engineer"}, {"recruit", "ACTIVE"}};
        for (auto const& [name, value] : row) {
            all[name] = value;
        }
        get(job).reply(200, json::serialize(all));
    }
    void link() { host.link({"charthop-main", "job", engineer}, {"lever", "requisition", "req-1"}); }
};

TEST_F(RequisitionsTest, AcceptTheSampleWebhookUnderItsEventsId) {  // C.14
    CallResult const said = charthop().verify({.body = sample_text("webhook_change_create_update.json")});
    EXPECT_EQ(said.disposition, CW_WEBHOOK_ACCEPT) << said.message;
    EXPECT_EQ(said.note(CW_NOTE_EVENT_TYPE), "requisition.changed");
    EXPECT_EQ(said.note(CW_NOTE_DEDUPE_KEY), "change:6553c1f0a1b2c3d4e5f6d001");
}

struct Spelling {
    char const* body;
    bool accepted;
};
class Spellings : public RequisitionsTest, public testing::WithParamInterface<Spelling> {};
TEST_P(Spellings, AreReadInAnyCaseAndWithEitherSeparator) {
    EXPECT_EQ(charthop().verify({.body = GetParam().body}).disposition,
              GetParam().accepted ? CW_WEBHOOK_ACCEPT : CW_WEBHOOK_IGNORE);
}
INSTANTIATE_TEST_SUITE_P(
    Requisitions, Spellings,
    testing::Values(Spelling{R"({"ID": "e", "ENTITYTYPE": "Change", "Type": "create", "JOBID": "j"})", true},
                    Spelling{R"({"id": "e", "code": "change-create-update", "jobid": "j"})", true},
                    Spelling{R"({"id": "e", "entitytype": "job", "type": "create", "entityid": "j"})", true},
                    Spelling{R"({"jobId": 0})", true}, Spelling{R"({"id": "e"})", true},
                    Spelling{R"({"id": "e", "code": "person.update"})", false},
                    Spelling{R"({"id": "e", "code": "group.create"})", false},
                    Spelling{R"({"id": "e", "entityType": "PERSON", "type": "CREATE"})", false}));

TEST_F(RequisitionsTest, KnowACustomPayloadByTheHashOfItsBytes) {
    Instance at = charthop();
    CallResult const one = at.verify({.body = R"({"jobId": "a"})"});
    EXPECT_EQ(one.note(CW_NOTE_DEDUPE_KEY).size(), 7U + 64U);
    EXPECT_EQ(one.note(CW_NOTE_DEDUPE_KEY), at.verify({.body = R"({"jobId": "a"})"}).note(CW_NOTE_DEDUPE_KEY));
    EXPECT_NE(one.note(CW_NOTE_DEDUPE_KEY), at.verify({.body = R"({"jobId": "b"})"}).note(CW_NOTE_DEDUPE_KEY));
}

TEST_F(RequisitionsTest, RefuseWhatIsNoObjectOrNamesNothing) {
    for (char const* body : {"", "[]", "{", R"({"code": "change.create.update"})", R"({})"}) {
        EXPECT_EQ(charthop().verify({.body = body}).status, CW_ERR_INVALID) << body;
    }
}

TEST_F(RequisitionsTest, IgnoreWhatTheAppItselfChanged) {
    EXPECT_EQ(charthop().verify(webhook({{"userId", "588f7ee98f138b19220041ff"}})).disposition, CW_WEBHOOK_IGNORE);
}

class NoSyncOnChange : public RequisitionsTest {
protected:
    NoSyncOnChange() : RequisitionsTest({{"sync_on_change", false}}) {}
};
TEST_F(NoSyncOnChange, IgnoresWebhooks) {  // C.14
    EXPECT_EQ(charthop().verify(webhook()).disposition, CW_WEBHOOK_IGNORE);
}

TEST_F(RequisitionsTest, SayWhatChartHopSaysNowAndNotWhatTheWebhookSaid) {  // C.14
    CallResult const said = parsed();
    json::object const out = canonical(said);
    EXPECT_EQ(out.at("name"), "Senior Engineer");  // the webhook says Senior Engineer II
    EXPECT_EQ(out.at("code"), "ENG-104");
    EXPECT_EQ(out.at("status"), "open");
    EXPECT_EQ(out.at("target_start_date"), "2027-01-11");
    EXPECT_EQ(said.events.at(0).subject, std::string("job:") + engineer);
    EXPECT_EQ(said.events.at(0).type, "requisition.changed");
}

TEST_F(RequisitionsTest, KeepTheEventsIdOnARedelivery) {
    EXPECT_EQ(parsed().events.at(0).id, parsed().events.at(0).id);
    EXPECT_NE(parsed().events.at(0).id, parsed(webhook({{"id", "another"}})).events.at(0).id);
}

TEST_F(RequisitionsTest, ReadNestedAndWrappedRowsLikeFlatOnes) {
    get(job).reply(200, sample_text("job_get_nested.json"));
    json::object const out = canonical(parsed());
    EXPECT_EQ(out.at("code"), "ENG-104");
    EXPECT_EQ(out.at("department").at("name"), "Engineering");
    EXPECT_EQ(out.at("status_raw"), "ACTIVE");
}

TEST_F(RequisitionsTest, FindTheJobInTheEventWhenTheWebhookDoesNotNameIt) {
    get(v1 + "/event/6553c1f0a1b2c3d4e5f6d001").reply(200, sample_text("event_get.json"));
    EXPECT_EQ(parsed({.body = R"({"id": "6553c1f0a1b2c3d4e5f6d001"})"}).events.size(), 1U);
}

TEST_F(RequisitionsTest, SayNothingOfAFilledJob) {  // C.14
    for (json::object const& row : {json::object{{"personId", "somebody"}}, json::object{{"state", "FILLED"}},
                                    json::object{{"open", "filled"}}}) {
        job_is(row);
        CallResult const said = parsed();
        EXPECT_THAT(said.events, testing::IsEmpty());
        EXPECT_THAT(said.note(CW_NOTE_REASON), testing::HasSubstr("open jobs"));
    }
}

TEST_F(RequisitionsTest, SayOfAClosedJobOnlyThatItCloses) {  // C.14
    job_is({{"recruit", "Closed"}});
    EXPECT_THAT(parsed().events, testing::IsEmpty());  // nothing there to close
    link();
    EXPECT_EQ(canonical(parsed()).at("status"), "closed");
    EXPECT_THAT(parsed(webhook({{"fields", json::array{"title"}}})).events, testing::IsEmpty());
}

TEST_F(RequisitionsTest, SayNothingOfAJobThatIsGone) {
    get(job).reply(404, sample_text("error_404.json"));
    CallResult const said = parsed();
    EXPECT_THAT(said.events, testing::IsEmpty());
    EXPECT_THAT(said.note(CW_NOTE_REASON), testing::HasSubstr("no longer in ChartHop"));
}

struct Outbound {
    char const* charthop;
    char const* canonical;
};
class OutboundStatus : public RequisitionsTest, public testing::WithParamInterface<Outbound> {};
TEST_P(OutboundStatus, FollowsTheTableAndKeepsChartHopsWord) {
    json::object const out = mapped({{"id", engineer}, {"title", "x"}, {"status", GetParam().charthop}});
    EXPECT_EQ(out.at("status"), GetParam().canonical);
    EXPECT_EQ(out.at("status_raw"), GetParam().charthop);
}
INSTANTIATE_TEST_SUITE_P(Requisitions, OutboundStatus,
                         testing::Values(Outbound{"ACTIVE", "open"}, Outbound{"Offer", "open"},
                                         Outbound{"PASSIVE", "on_hold"}, Outbound{"Inactive", "on_hold"},
                                         Outbound{"CLOSED", "closed"}, Outbound{"PENDING", "filled"},
                                         Outbound{"FROZEN", "other"}));

TEST_F(RequisitionsTest, CarryEveryMappedField) {  // C.18
    CallResult const said = charthop().poll({.event = "requisition.listed"});
    ASSERT_EQ(said.events.size(), 2U) << said.message;
    json::object const out = mapped(said.events[0].record.data);
    EXPECT_EQ(out.at("kind"), "requisition");
    EXPECT_EQ(out.at("ref"), json::parse(R"({"system": "charthop-main", "kind": "job",
                                             "id": "6553c1f0a1b2c3d4e5f60001"})"));
    EXPECT_EQ(out.at("employment_type"), "full_time");
    EXPECT_EQ(out.at("department").at("name"), "Engineering");
    EXPECT_EQ(out.at("team").at("name"), "Platform");
    EXPECT_EQ(out.at("locations"), json::parse(R"([{"name": "New York"}])"));
    EXPECT_EQ(out.at("confidential"), false);
    EXPECT_EQ(out.at("pay"), json::parse(R"({"max": {"amount": "165000", "currency": "USD"}, "interval": "year"})"));
    EXPECT_EQ(out.at("hiring_managers").at(0).at("email"), "jane.public@example.com");
    EXPECT_EQ(out.at("recruiters").at(0).at("email"), "rae@example.com");
    EXPECT_EQ(out.at("target_start_date"), "2027-01-11");
}

TEST_F(RequisitionsTest, SendOnlyTheFirstOfSeveralLocations) {
    job_is({{"location", json::parse(R"([{"name": "Berlin"}, {"name": "Paris"}])")}});
    EXPECT_EQ(canonical(parsed()).at("locations"), json::parse(R"([{"name": "Berlin"}])"));
}

TEST_F(RequisitionsTest, AreListedPageByPageToTheEnd) {  // C.18
    Instance at = charthop();
    CallResult const first = at.poll({.event = "requisition.listed"});
    EXPECT_TRUE(first.more);
    CallResult const second = at.poll({.event = "requisition.listed", .cursor = first.cursor.value()});
    EXPECT_FALSE(second.more);
    EXPECT_EQ(second.events.size(), 1U);
    EXPECT_EQ(second.cursor, "");
    auto const asked = host.requests("GET", jobs);
    ASSERT_EQ(asked.size(), 2U);
    EXPECT_THAT(asked[0].url, testing::AllOf(testing::HasSubstr("q=open%3Aopen"), testing::HasSubstr("limit=200"),
                                             testing::Not(testing::HasSubstr("from="))));
    EXPECT_THAT(asked[1].url, testing::HasSubstr("from=6553c1f0a1b2c3d4e5f60003"));
}

TEST_F(RequisitionsTest, GoOnAtThePageWhereAnotherInstanceStopped) {
    std::string const cursor = charthop().poll({.event = "requisition.listed"}).cursor.value();
    CallResult const second = charthop().poll({.event = "requisition.listed", .cursor = cursor});
    EXPECT_EQ(second.events.at(0).subject, "job:6553c1f0a1b2c3d4e5f60003");
}

TEST_F(RequisitionsTest, EndAListThatComesBackToAnEarlierPage) {
    auto const page = [](std::string const& next) {
        return R"({"data": [{"jobId": "j", "title": "x", "recruit": "ACTIVE"}], "next": ")" + next + R"("})";
    };
    get(jobs).reply(200, page("b")).reply(200, page("c")).reply(200, page("b"));
    Instance at = charthop();
    std::string cursor;
    int turns = 0;
    for (bool more = true; more && turns < 10; ++turns) {
        CallResult const said = at.poll({.event = "requisition.listed", .cursor = cursor});
        more = said.more;
        cursor = said.cursor.value();
    }
    EXPECT_EQ(turns, 3);
}

TEST_F(RequisitionsTest, EndAListAtAnEmptyPageWhateverItNamesAsNext) {
    get(jobs).reply(200, R"({"data": [], "next": "x"})");
    EXPECT_FALSE(charthop().poll({.event = "requisition.listed"}).more);
}

TEST_F(RequisitionsTest, RefuseACursorThatIsNotTheirs) {
    EXPECT_EQ(charthop().poll({.event = "requisition.listed", .cursor = "{"}).status, CW_ERR_CURSOR);
}

TEST_F(RequisitionsTest, HaveOneIdForOneStateAndAnotherInEachFullRun) {
    auto const first_id = [&](bool full, char const* run) {
        get(jobs).reply(200, sample_text("job_find_page1.json"));
        return charthop().poll({.event = "requisition.listed", .run = run, .full = full}).events.at(0).id;
    };
    EXPECT_EQ(first_id(false, "1"), first_id(false, "2"));
    EXPECT_NE(first_id(true, "1"), first_id(true, "2"));
    EXPECT_NE(first_id(true, "1"), first_id(false, "1"));
}

TEST_F(RequisitionsTest, GoByAGeneratedCodeThatIsWrittenBackOnceThereIsARequisition) {
    get(v2 + "/job/" + executive)
        .reply(200, R"({"jobId": "6553c1f0a1b2c3d4e5f60002", "title": "Account Executive", "recruit": "ACTIVE"})");
    Inbound const about = webhook({{"jobId", executive}});
    json::value const generated(std::string("CH-") + executive);
    EXPECT_EQ(canonical(parsed(about)).at("code"), generated);
    EXPECT_THAT(writes(), testing::IsEmpty());
    host.link({"charthop-main", "job", executive}, {"lever", "requisition", "req-2"});
    EXPECT_EQ(canonical(parsed(about)).at("code"), generated);
    ASSERT_EQ(writes().size(), 1U);
    EXPECT_EQ(writes()[0].json(), (json::object{{"req", generated}}));
}

TEST_F(RequisitionsTest, ComeThoughTheCodeCannotBeWrittenBack) {
    job_is({});
    link();
    patch(v2 + "/job/").reply(400, sample_text("error_400.json"));
    EXPECT_EQ(parsed().events.size(), 1U);
    EXPECT_THAT(host.logs(), testing::SizeIs(1));
}

class RemoteLocation : public RequisitionsTest {
protected:
    RemoteLocation() : RequisitionsTest({{"remote_location_as_default", true}}) {}
};
TEST_F(RemoteLocation, IsGivenOnlyToANewRequisitionWithoutLocation) {  // C.21
    EXPECT_EQ(canonical(parsed()).at("locations").at(0).at("name"), "Remote Location");
    job_is({{"location.name", "Berlin"}});
    EXPECT_EQ(canonical(parsed()).at("locations").at(0).at("name"), "Berlin");
    job_is({});
    link();
    EXPECT_FALSE(canonical(parsed()).contains("locations"));
}

class OtherCodes : public RequisitionsTest {
protected:
    OtherCodes()
        : RequisitionsTest({}, {{"fields", {{"job", {{"code", "requisitionNumber"}, {"team", ""}}}}},
                                {"status_out", {{"FROZEN", "on_hold"}}},
                                {"custom_fields", json::array{"targetBonus"}}}) {}
};
TEST_F(OtherCodes, AreAskedForAndRead) {
    job_is({{"requisitionnumber", "R-1"}, {"recruit", "FROZEN"}, {"targetBonus", 5}, {"team.name", "Platform"}});
    json::object const out = canonical(parsed());
    EXPECT_EQ(out.at("code"), "R-1");
    EXPECT_EQ(out.at("status"), "on_hold");
    EXPECT_EQ(out.at("custom").at("targetBonus"), 5);
    EXPECT_FALSE(out.contains("team"));
    EXPECT_THAT(host.requests("GET", job).at(0).url, testing::HasSubstr("requisitionNumber"));
}

TEST_F(RequisitionsTest, AreFoundByIdAndByAPartOfTitleOrCode) {
    EXPECT_EQ(
        charthop().find("crosswalk.requisition/1", json::serialize(json::object{{"id", engineer}})).records.size(), 1U);
    CallResult const found = charthop().find("crosswalk.requisition/1", R"({"text": "eng-1"})");
    ASSERT_EQ(found.records.size(), 1U) << found.message;
    EXPECT_EQ(found.records[0].data.at("code"), "ENG-104");
}

struct Refusal {
    int status;
    char const* body;
    cw_status expected;
    char const* words;
};
class Refusals : public RequisitionsTest, public testing::WithParamInterface<Refusal> {};
TEST_P(Refusals, SayWhatToDo) {
    std::string const body =
        std::string(GetParam().body).ends_with(".json") ? sample_text(GetParam().body) : std::string(GetParam().body);
    get(jobs).reply(GetParam().status, body);
    CallResult const said = charthop().poll({.event = "requisition.listed"});
    EXPECT_EQ(said.status, GetParam().expected);
    EXPECT_THAT(said.message, testing::HasSubstr(GetParam().words));
    EXPECT_FALSE(said.cursor.has_value());
}
INSTANTIATE_TEST_SUITE_P(Requisitions, Refusals,
                         testing::Values(Refusal{401, "error_401.json", CW_ERR_AUTH, "/api_token"},
                                         Refusal{403, "<html>", CW_ERR_AUTH, "Org Editor"},
                                         Refusal{404, "error_404.json", CW_ERR_CONFIG, "/org"},
                                         Refusal{400, "error_400.json", CW_ERR_INVALID, "400"},
                                         Refusal{202, "", CW_ERR_TRANSIENT, "snapshot"},
                                         Refusal{429, "", CW_ERR_RATE_LIMITED, "slow down"},
                                         Refusal{503, "<html>", CW_ERR_TRANSIENT, "503"},
                                         Refusal{200, "<html>", CW_ERR_TRANSIENT, "not JSON"},
                                         Refusal{200, "{}", CW_ERR_TRANSIENT, "not a list"},
                                         Refusal{302, "", CW_ERR_CONFIG, "/base_url"}));

TEST_F(RequisitionsTest, WaitAsLongAsChartHopAsksAndOtherwiseAsTheHostChooses) {
    get(jobs).reply(429, "", {{"retry-after", "7"}}).reply(429);
    EXPECT_EQ(charthop().poll({.event = "requisition.listed"}).retry_after_ms, 7000);
    EXPECT_EQ(charthop().poll({.event = "requisition.listed"}).retry_after_ms, -1);
}

class ProbeTest : public ChartHopTest {
protected:
    explicit ProbeTest(json::object const& requisitions = {}, json::object const& more = {})
        : ChartHopTest(requisitions, more) {
        get(v1).reply(200, R"({"id": "588f7ee98f138b19220041a7", "name": "Acme", "slug": "acme"})");
        get(v2 + "/").reply(200, nobody);
        get(v1 + "/change").reply(200, nobody);
        get(v1 + "/field").reply(200, sample_text("field_built_in.json"));
    }
};

TEST_F(ProbeTest, FindsNothingToSayOfAConnectionThatWorks) {  // C.4
    CallResult const said = charthop().probe();
    EXPECT_EQ(said.status, CW_OK) << said.message;
    EXPECT_THAT(said.warnings, testing::IsEmpty());
    EXPECT_THAT(writes(), testing::IsEmpty());
}

TEST_F(ProbeTest, FailsWithTheWordsForATokenAndAnOrganizationThatAreWrong) {  // C.6
    get(v1).reply(401, sample_text("error_401.json")).reply(404, sample_text("error_404.json"));
    EXPECT_EQ(charthop().probe().status, CW_ERR_AUTH);
    CallResult const missing = charthop().probe();
    EXPECT_EQ(missing.status, CW_ERR_CONFIG);
    EXPECT_THAT(missing.message, testing::HasSubstr("/org"));
}

TEST_F(ProbeTest, WarnsOfEachRightThatIsMissing) {  // C.4
    get(v2 + "/job").reply(200, R"({"data": [], "access": [{"allowed": [{"action": "create"}]}]})");
    get(v2 + "/person").reply(403);
    CallResult const said = charthop().probe();
    EXPECT_EQ(said.status, CW_OK);
    EXPECT_TRUE(said.warned("jobs", "may not update"));
    EXPECT_FALSE(said.warned("jobs", "may not create"));
    EXPECT_TRUE(said.warned("people", "may not read"));
}

TEST_F(ProbeTest, WarnsOfACodeThatChartHopDoesNotHave) {
    get(v1 + "/field").reply(200, R"({"data": [{"name": "title", "aliases": ["RECRUIT"]}]})");
    CallResult const said = charthop().probe();
    EXPECT_TRUE(said.warned("/fields/job/code"));
    EXPECT_FALSE(said.warned("/fields/job/status"));
}

class IdleOutboundProbeTest : public ProbeTest {
protected:
    IdleOutboundProbeTest() : ProbeTest({{"sync_on_change", false}, {"reconciliation", true}}) {}
};
class DailyOutboundProbeTest : public ProbeTest {
protected:
    DailyOutboundProbeTest() : ProbeTest({{"sync_on_change", false}, {"run_daily", true}, {"reconciliation", true}}) {}
};
class IdleInboundProbeTest : public ProbeTest {
protected:
    IdleInboundProbeTest()
        : ProbeTest({{"source_of_truth", "remote"}, {"sync_on_change", false}, {"run_daily", true}}) {}
};
class InboundProbeTest : public ProbeTest {
protected:
    InboundProbeTest() : ProbeTest(inbound) {}
};
class RemoteLocationProbeTest : public ProbeTest {
protected:
    RemoteLocationProbeTest()
        : ProbeTest({{"remote_location_as_default", true}},
                    {{"remote_location", "Anywhere"}, {"create_groups", true}}) {}
};

TEST_F(IdleOutboundProbeTest, SaysWhatIsRequiredBeforeJobsGoOut) {  // C.10
    CallResult const said = charthop().probe();
    EXPECT_EQ(said.status, CW_OK) << said.message;
    EXPECT_TRUE(
        said.warned("/requisitions", "Jobs go out only with sync_on_change, or run_daily with reconciliation."));
    EXPECT_FALSE(said.warned("/requisitions", "come in"));
}

TEST_F(DailyOutboundProbeTest, IsContentWithRunDailyAndReconciliation) {  // C.10
    CallResult const said = charthop().probe();
    EXPECT_EQ(said.status, CW_OK) << said.message;
    EXPECT_THAT(said.warnings, testing::IsEmpty());
}

TEST_F(IdleInboundProbeTest, SaysWhatIsRequiredBeforeRequisitionsComeIn) {  // C.10
    CallResult const said = charthop().probe();
    EXPECT_EQ(said.status, CW_OK) << said.message;
    EXPECT_TRUE(said.warned("/requisitions", "Requisitions come in only with reverse_sync."));
    EXPECT_FALSE(said.warned("/requisitions", "go out"));
}

TEST_F(InboundProbeTest, IsContentWithReverseSync) {  // C.10
    CallResult const said = charthop().probe();
    EXPECT_EQ(said.status, CW_OK) << said.message;
    EXPECT_THAT(said.warnings, testing::IsEmpty());
}

TEST_F(RemoteLocationProbeTest, WarnsWhenTheRemoteLocationIsNotThereAndMakesNone) {  // C.10
    CallResult const said = charthop().probe();
    EXPECT_EQ(said.status, CW_OK) << said.message;
    EXPECT_TRUE(said.warned("/remote_location", "no location of that name"));
    EXPECT_THAT(writes(), testing::IsEmpty());
    get(v2 + "/group/LOCATION").reply(200, R"({"data": [{"groupId": "g-1", "name": "anywhere"}]})");
    EXPECT_THAT(charthop().probe().warnings, testing::IsEmpty());
}

}  // namespace
}  // namespace crosswalk::charthop

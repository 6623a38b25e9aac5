// From a stored webhook to the event: what is fetched from Lever, and when there is no hire to carry.
#include "fixture.hpp"

#include <thread>

namespace crosswalk::lever {
namespace {

using testing::HasSubstr;

class LeverHire : public LeverTest {
protected:
    explicit LeverHire(json::object const& extra = {}) : LeverTest(extra) { play_hire(); }

    [[nodiscard]] CallResult parse() { return lever().parse(webhook("candidateHired")); }
    // The record of the one event that parse() must give.
    [[nodiscard]] json::value record() {
        CallResult const result = parse();
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_EQ(result.events.size(), 1U) << result.note(CW_NOTE_REASON);
        return result.events.empty() ? json::value() : result.events[0].record.data;
    }
    // No event, and words that say why.
    void expect_no_hire(std::string const& words) {
        CallResult const result = parse();
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_TRUE(result.events.empty());
        EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr(words));
    }
    void expect_failure(cw_status status, std::string const& words) {
        CallResult const result = parse();
        EXPECT_EQ(result.status, status);
        EXPECT_TRUE(result.events.empty());
        EXPECT_THAT(result.message, HasSubstr(words));
    }
    static constexpr auto reason_path = "/archive_reasons/16308515-dc77-4aa7-b3af-96161b2b4e9b";
    static constexpr auto posting_path = "/postings/f2f01e16-27f8-4711-a728-7d49499795a0";
    static constexpr auto manager_path = "/users/ac92b6db-6e40-4b08-ae7b-236ba24f0a82";
    static constexpr auto requisition_path = "/requisitions/33b3cdf8-baef-4b17-b9d5-04c3b7e5eeb2";
    static constexpr auto contact_path = "/contacts/7f23e772-f2cb-4ebb-b33f-54b872999992";
    std::string const offers_path = "/opportunities/" + opportunity_id + "/offers";
};

TEST_F(LeverHire, BecomesOneEventWithEverythingAboutIt) {  // A.25
    CallResult const result = parse();
    ASSERT_EQ(result.status, CW_OK) << result.message;
    ASSERT_EQ(result.events.size(), 1U);
    support::CapturedEvent const& event = result.events[0];
    EXPECT_EQ(event.id, "hire:" + opportunity_id + ":1795297264900");
    EXPECT_EQ(event.type, "candidate.hired");
    EXPECT_EQ(event.subject, "opportunity:" + opportunity_id);
    EXPECT_EQ(event.title, "Zoë O'Brien-Núñez");
    EXPECT_EQ(event.occurred_unix_ms, hired_at_ms);
    EXPECT_EQ(event.record.schema, "lever.hire/1");
    EXPECT_EQ(event.record.key, opportunity_id);
    for (std::string const key :
         {"opportunity", "contact", "application", "posting", "offer", "requisition", "manager"}) {
        EXPECT_TRUE(event.record.data.at(key).is_object()) << key;
    }
    EXPECT_EQ(event.record.data.at("offerFields").at("job_title"), "Back End Software Engineer");
}

TEST_F(LeverHire, IsOneEventWhicheverWebhookTellsOfIt) {  // A.21
    auto at = lever();
    CallResult const first = at.parse(webhook("candidateHired"));
    CallResult const again = at.parse(webhook("candidateHired_no_event_id"));
    ASSERT_EQ(first.events.size(), 1U);
    ASSERT_EQ(again.events.size(), 1U);
    EXPECT_EQ(first.events[0].id, again.events[0].id);
}

TEST_F(LeverHire, IsAnotherEventWhenTheSamePersonIsHiredAgain) {
    auto at = lever();
    CallResult const first = at.parse(webhook("candidateHired"));
    opportunity["archived"].as_object()["archivedAt"] = hired_at_ms + 1000;
    changed();
    CallResult const again = at.parse(webhook("candidateHired"));
    ASSERT_EQ(again.events.size(), 1U);
    EXPECT_NE(first.events.at(0).id, again.events[0].id);
}

TEST_F(LeverHire, HasTheDedupeKeyOfItsWebhookAsIdWhereLeverPrintsNoTimeOfArchiving) {  // A.21
    opportunity.erase("archivedAt");
    opportunity["archived"].as_object().erase("archivedAt");
    changed();
    auto at = lever();
    CallResult const verdict = at.verify(webhook("candidateHired_no_event_id"));
    CallResult const result = at.parse(webhook("candidateHired_no_event_id"));
    ASSERT_EQ(result.events.size(), 1U);
    EXPECT_EQ(result.events[0].id, verdict.note(CW_NOTE_DEDUPE_KEY));
}

TEST_F(LeverHire, SendsTheKeyByReferenceAsBasicUser) {
    (void)parse();
    for (SentRequest const& request : host.requests()) {
        EXPECT_EQ(request.auth, CW_AUTH_BASIC);
        EXPECT_EQ(request.auth_secret, "/auth/api_key");
        EXPECT_TRUE(request.idempotent);
    }
    EXPECT_EQ(host.requests("GET", opportunity_url + "?expand=applications&expand=contact").size(), 1U);
}

TEST_F(LeverHire, TakesExpandedObjectsAsTheyAre) {
    opportunity["contact"] = json::object{{"id", "c-1"}, {"name", "Zoë"}};
    opportunity["archived"] = json::object{{"archivedAt", 1}, {"reason", {{"id", "r"}, {"type", "hired"}}}};
    changed();
    EXPECT_EQ(record().at("contact").at("id"), "c-1");
    EXPECT_TRUE(host.requests("GET", api + contact_path).empty());
    EXPECT_TRUE(host.requests("GET", api + reason_path).empty());
}

TEST_F(LeverHire, FetchesAnApplicationOfWhichOnlyTheIdIsPrinted) {
    json::value const application = opportunity.at("applications").at(0);
    opportunity["applications"] = json::array{application.at("id")};
    changed();
    holds("/opportunities/" + opportunity_id + "/applications/6ffe4153-60bb-4e30-bfbe-bd9b9775879c", application);
    EXPECT_EQ(record().at("application").at("postingOwner"), "ec1cb1bb-8b58-4834-bc6e-b2af06296e4a");
}

TEST_F(LeverHire, ReadsAnArchiveStateThatIsOnlyFlat) {
    opportunity.erase("archived");
    opportunity.at("applications").at(0).as_object().erase("archived");
    changed();
    EXPECT_EQ(record().at("archiveReason").at("type"), "hired");
}

TEST_F(LeverHire, ReadsAnArchiveStateThatIsOnlyNested) {
    opportunity.erase("archivedAt");
    opportunity.erase("archiveReason");
    changed();
    EXPECT_EQ(record().at("archiveReason").at("type"), "hired");
}

TEST_F(LeverHire, GoesByTheTypeOfTheReasonNotByItsText) {
    holds(reason_path, {{"text", "Joined us"}, {"type", "hired"}});
    EXPECT_EQ(record().at("archiveReason").at("text"), "Joined us");
}

TEST_F(LeverHire, IsAskedForAgainWhileLeverMayNotShowItYet) {
    opportunity["archived"] = nullptr;
    opportunity["archivedAt"] = nullptr;
    opportunity["archiveReason"] = nullptr;
    opportunity["applications"].as_array()[0].as_object()["archived"] = nullptr;
    changed();
    CallResult const result = parse();
    EXPECT_EQ(result.status, CW_ERR_TRANSIENT);
    EXPECT_EQ(result.retry_after_ms, 1000);
    host.set_now(hired_at_ms + 599'999);
    EXPECT_EQ(parse().retry_after_ms, 20'000);
    host.set_now(hired_at_ms + 600'000);
    expect_no_hire("taken back");
}

TEST_F(LeverHire, IsNoneWhenTheCandidateWasArchivedForAnotherReason) {
    holds(reason_path, {{"text", "Underqualified"}, {"type", "non-hired"}});
    host.advance(3'600'000);
    expect_no_hire("not show the candidate as hired");
}

TEST_F(LeverHire, IsNoneWhenTheOpportunityWasDeleted) {
    get("/opportunities/" + opportunity_id).clear().reply(404, sample_text("errors/404_not_found.json"));
    expect_no_hire("deleted");
}

TEST_F(LeverHire, IsNoneWhenThePersonWasAnonymised) {
    opportunity["isAnonymized"] = true;
    opportunity["name"] = nullptr;
    changed();
    expect_no_hire("anonymised");
    opportunity["isAnonymized"] = false;
    changed();
    json::object contact = sample("rest/contact.json").at("data").as_object();
    contact["isAnonymized"] = true;
    holds(contact_path, contact);
    expect_no_hire("anonymised");
}

TEST_F(LeverHire, OnAConfidentialJobIsCarriedWhenTheKeyMayReadIt) {  // A.13
    opportunity["confidentiality"] = "confidential";
    changed();
    EXPECT_EQ(record().at("opportunity").at("confidentiality"), "confidential");
}

class LeverPublicHires : public LeverHire {
protected:
    LeverPublicHires() : LeverHire({{"include_confidential", false}}) {}
};
TEST_F(LeverPublicHires, LeaveConfidentialOnesOutWhenToldTo) {
    opportunity["confidentiality"] = "confidential";
    changed();
    expect_no_hire("confidential");
}

TEST_F(LeverHire, ThatTheKeyMayNotReadFailsInWords) {  // A.13
    get("/opportunities/" + opportunity_id).clear().reply(403, sample_text("errors/403_forbidden.json"));
    expect_failure(CW_ERR_INVALID, "confidential");
    changed();
    get(manager_path).clear().reply(403, sample_text("errors/403_forbidden.json"));
    expect_failure(CW_ERR_INVALID, "'Retrieve users'");
}

TEST_F(LeverHire, WithARefusedKeyAsksForAuthorization) {  // A.45
    get("/opportunities/" + opportunity_id).clear().reply(401, sample_text("errors/401_unauthorized.json"));
    expect_failure(CW_ERR_AUTH, "Authorize again");
}

TEST_F(LeverHire, WithAKeyOfTheOtherEnvironmentSaysSo) {
    get("/opportunities/" + opportunity_id)
        .clear()
        .reply(403, R"({"message": "Unable to find a signing key that matches"})");
    expect_failure(CW_ERR_AUTH, "environment");
}

TEST_F(LeverHire, PrefersTheSignedOfferThenTheNewest) {
    auto const offer = [](std::string const& id, std::string const& status, json::value const& created) {
        return json::object{{"id", id}, {"status", status}, {"createdAt", created}, {"fields", json::array{}}};
    };
    holds(offers_path, json::array{offer("old", "sent", 100), offer("signed-1", "signed", 150),
                                   offer("signed-2", "signed", "200"), offer("new", "draft", 300)});
    EXPECT_EQ(record().at("offer").at("id"), "signed-2");
    holds(offers_path, json::array{offer("old", "sent", 100), offer("new", "approved", 300)});
    EXPECT_EQ(record().at("offer").at("id"), "new");
}

TEST_F(LeverHire, FindsASignedOfferOnALaterPage) {
    get(offers_path)
        .clear()
        .reply(200,
               R"({"data": [{"id": "draft", "status": "draft", "createdAt": 9}], "hasNext": true, "next": "a/b=="})");
    host.on("GET", api + offers_path + "?limit=100&offset=a%2Fb%3D%3D")
        .reply(200, R"({"data": [{"id": "signed", "status": "signed", "createdAt": 1}], "hasNext": false})");
    EXPECT_EQ(record().at("offer").at("id"), "signed");
}

TEST_F(LeverHire, NeedsNoOfferPostingManagerOrContact) {
    holds_sample(offers_path, "offers_list_empty");
    opportunity["applications"] = json::array{};
    opportunity["contact"] = nullptr;
    changed();
    json::value const hire = record();
    for (std::string const key : {"offer", "posting", "manager", "contact", "application", "requisition"}) {
        EXPECT_EQ(hire.as_object().if_contains(key), nullptr) << key;
    }
}

TEST_F(LeverHire, FallsBackToTheHiringManager) {  // A.36
    get(manager_path).clear().reply(404, sample_text("errors/404_not_found.json"));
    holds("/users/aa290857-ef5a-4696-8b85-62e8d495dc4b", {{"id", "u"}, {"name", "Noor Haddad"}});
    EXPECT_EQ(record().at("manager").at("name"), "Noor Haddad");
}

TEST_F(LeverHire, GoesOnWithoutARequisitionThatItMayNotRead) {
    get(requisition_path).clear().reply(403, sample_text("errors/403_forbidden.json"));
    json::value const hire = record();
    EXPECT_EQ(hire.as_object().if_contains("requisition"), nullptr);
    EXPECT_EQ(hire.at("unread").at(0).at("object"), "requisition");
}

TEST_F(LeverHire, LeavesThePostingsAdvertisingTextBehind) {
    json::value const posting = record().at("posting");
    EXPECT_EQ(posting.as_object().if_contains("content"), nullptr);
    EXPECT_EQ(posting.at("categories").at("department"), "Engineering");
}

TEST_F(LeverHire, IsRetriedWhileLeverIsDown) {  // A.43
    for (int const status : {500, 502, 503}) {
        get(posting_path).clear().reply(status, sample_text("errors/503_maintenance.json"));
        expect_failure(CW_ERR_TRANSIENT, std::to_string(status));
    }
    get(posting_path).clear().fail(CW_ERR_INTERNAL);
    expect_failure(CW_ERR_TRANSIENT, "No answer");
    get(posting_path).clear().reply(200, "<html>Proxy</html>");
    expect_failure(CW_ERR_TRANSIENT, "not JSON");
}

TEST_F(LeverHire, FailsForGoodWhenLeverRefusesTheRequest) {
    get(posting_path).clear().reply(400, R"({"code": "BadRequestError", "message": "about Zoë"})");
    CallResult const result = parse();
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("BadRequestError"));
    EXPECT_THAT(result.message, testing::Not(HasSubstr("Zoë")));
}

TEST_F(LeverHire, WaitsOutA429ThatStatesNoTime) {
    get(posting_path)
        .clear()
        .reply(429, sample_text("errors/429_too_many_requests.json"))
        .reply(429)
        .reply(200, sample_text("rest/posting.json"));
    std::int64_t const before = host.now_ms();
    EXPECT_TRUE(record().at("posting").is_object());
    EXPECT_GE(host.now_ms() - before, 250 + 500);
    EXPECT_LE(host.now_ms() - before, 500 + 1000);
}

TEST_F(LeverHire, ObeysARetryAfterThatLeverStates) {
    get(posting_path).clear().reply(429, {}, {{"retry-after", "7"}}).reply(200, sample_text("rest/posting.json"));
    std::int64_t const before = host.now_ms();
    EXPECT_TRUE(record().at("posting").is_object());
    EXPECT_EQ(host.now_ms() - before, 7000);
}

TEST_F(LeverHire, HandsA429BackWhenTheWaitDoesNotFit) {
    get(posting_path).clear().reply(429, {}, {{"retry-after", "60"}});
    CallResult const result = parse();
    EXPECT_EQ(result.status, CW_ERR_RATE_LIMITED);
    EXPECT_EQ(result.retry_after_ms, 60'000);
    host.set_time_max(-1);
    get(posting_path).clear().reply(429);
    EXPECT_EQ(parse().status, CW_ERR_RATE_LIMITED);
    EXPECT_LE(host.requests("GET", api + posting_path).size(), 8U);
}

TEST_F(LeverHire, FollowsLeverToAnotherDataCentreAndStaysThere) {
    std::string const moved = "https://api.eu.lever.co/v1";
    std::string const path = "/opportunities/" + opportunity_id + "?expand=applications&expand=contact";
    get("/opportunities/" + opportunity_id).clear().reply(301, {}, {{"location", moved + path}});
    json::value const data = sample("rest/opportunity_hired_expanded.json");
    host.on("GET", moved + "/opportunities/" + opportunity_id).reply(200, json::serialize(data));
    host.on("GET", moved + offers_path).reply(200, sample_text("rest/offers_list_empty.json"));
    host.on("GET", moved + posting_path).reply(200, sample_text("rest/posting.json"));
    host.on("GET", moved + requisition_path).reply(404);
    host.on("GET", moved + contact_path).reply(200, sample_text("rest/contact.json"));
    host.on("GET", moved + reason_path).reply(200, R"({"data": {"type": "hired"}})");
    EXPECT_TRUE(record().is_object());
    EXPECT_EQ(host.requests("GET", api).size(), 1U);
    EXPECT_EQ(host.requests("GET", moved).size(), 6U);
}

TEST_F(LeverHire, RemembersTheDataCentreWhileOthersFetch) {
    std::string const moved = "https://api.eu.lever.co/v1";
    std::string const path = "/opportunities/" + opportunity_id + "?expand=applications&expand=contact";
    get("/opportunities/" + opportunity_id).clear().reply(301, {}, {{"location", moved + path}});
    host.on("GET", moved).reply(404);
    auto at = lever();
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                EXPECT_EQ(at.parse(webhook("candidateHired")).status, CW_OK);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_LE(host.requests("GET", api).size(), 4U);
}

TEST_F(LeverHire, FollowsATemporaryRedirectOnce) {
    get(posting_path).clear().reply(307, {}, {{"location", "/v1/elsewhere"}});
    get("/elsewhere").reply(200, sample_text("rest/posting.json"));
    EXPECT_TRUE(record().at("posting").is_object());
    EXPECT_FALSE(host.requests("GET", api + requisition_path).empty());
}

TEST_F(LeverHire, SendsItsKeyToNobodyButLever) {
    for (std::string const to : {"https://evil.example.com/v1/x", "http://api.eu.lever.co/v1/x", "//evil.example.com/x",
                                 "https://evillever.co/v1/x", "https://api.lever.co@evil.example.com/x", ""}) {
        get(posting_path).clear().reply(302, {}, {{"location", to}});
        expect_failure(CW_ERR_INVALID, "not Lever's");
    }
    EXPECT_EQ(host.denied(), 0);
}

TEST_F(LeverHire, EndsARedirectThatRunsInCircles) {
    get(posting_path).clear().reply(302, {}, {{"location", api + posting_path}});
    expect_failure(CW_ERR_TRANSIENT, "circles");
}

TEST_F(LeverHire, RefusesAStoredBodyThatIsNoHire) {
    EXPECT_EQ(lever().parse(webhook("candidateStageChange")).status, CW_ERR_INVALID);
    EXPECT_EQ(lever().parse({.body = "{"}).status, CW_ERR_INVALID);
}

TEST_F(LeverHire, LeavesNoPersonalValueInTheLog) {
    (void)parse();
    for (support::LogLine const& line : host.logs()) {
        EXPECT_THAT(line.message + line.fields, testing::Not(HasSubstr("zoe")));
    }
}

class LeverBearer : public LeverHire {
protected:
    LeverBearer() : LeverHire({{"auth", {{"type", "bearer"}, {"access_token", "secret:env/T"}}}}) {}
};
TEST_F(LeverBearer, SendsAnOAuthTokenAsBearer) {
    (void)parse();
    EXPECT_EQ(host.requests().front().auth, CW_AUTH_BEARER);
    EXPECT_EQ(host.requests().front().auth_secret, "/auth/access_token");
}

TEST(LeverSandbox, IsAnotherAddress) {
    FakeHost host(settings({{"environment", "sandbox"}}));
    host.on("GET", "https://api.sandbox.lever.co/v1/opportunities/").reply(404);
    auto at = host.create(cw_connector_entry_v0, "lever");
    EXPECT_EQ(at.parse({.body = sample_text("webhooks/candidateHired.json")}).status, CW_OK);
    EXPECT_EQ(host.requests().size(), 1U);
}

}  // namespace
}  // namespace crosswalk::lever

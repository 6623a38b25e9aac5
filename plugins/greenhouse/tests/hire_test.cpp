// From a stored webhook to the event: what is fetched from Harvest, and when there is no hire to carry.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::HasSubstr;
using testing::Not;

class GreenhouseHire : public GreenhouseTest {
protected:
    explicit GreenhouseHire(json::object const& extra = {}) : GreenhouseTest(extra) { play_hire(); }

    [[nodiscard]] CallResult parse() { return greenhouse().parse(webhook("hire_candidate_goco_fields")); }
    // The record of the one event that parse() must give.
    [[nodiscard]] json::value record() {
        CallResult const result = parse();
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_EQ(result.events.size(), 1U) << result.note(CW_NOTE_REASON);
        return result.events.empty() ? json::value() : result.events[0].record.data;
    }
    void application_is(std::string const& status) {
        json::value all = sample("rest_v3/applications_list.json");
        all.at(2).at("status") = status;
        get("/applications").clear().reply(200, json::serialize(all));
    }
    // The hire's webhook without its offer.
    [[nodiscard]] static Inbound without_offer() {
        json::value body = sample("webhooks/hire_candidate_goco_fields.json");
        body.at("payload").at("application").as_object().erase("offer");
        return {.body = json::serialize(body)};
    }
    void expect_problem(std::string const& words) {
        json::value const hire = record();
        EXPECT_THAT(std::string(hire.at("documents").at(0).at("problem").as_string()), HasSubstr(words));
    }
};

TEST_F(GreenhouseHire, BecomesOneEventWithEverythingAboutIt) {  // B.14
    CallResult const result = parse();
    ASSERT_EQ(result.status, CW_OK) << result.message;
    ASSERT_EQ(result.events.size(), 1U);
    support::CapturedEvent const& event = result.events[0];
    EXPECT_EQ(event.type, "candidate.hired");
    EXPECT_EQ(event.subject, "candidate:35897999");
    EXPECT_EQ(event.title, "Zoë O'Brien-Núñez");
    EXPECT_EQ(event.occurred_unix_ms, 1416523754'000);
    EXPECT_EQ(event.record.schema, "greenhouse.hire/1");
    EXPECT_EQ(event.record.key, "46194999");
    for (std::string const key : {"candidate", "application", "job", "offer"}) {
        EXPECT_TRUE(event.record.data.at(key).is_object()) << key;
    }
    EXPECT_EQ(host.requests("GET", api + "/applications").at(0).url, api + "/applications?ids=46194999");
}

TEST_F(GreenhouseHire, HasTheSameIdWhicheverDeliveryBringsIt) {
    auto at = greenhouse();
    Inbound const first = webhook("hire_candidate_goco_fields");
    Inbound again = first;
    again.body += '\n';  // other bytes, same hire
    std::string const id = at.parse(first).events.at(0).id;
    EXPECT_EQ(at.parse(again).events.at(0).id, id);
    json::value other = json::parse(first.body);
    other.at("payload").at("application").at("offer").at("id") = 507000;  // a new version is an offer of its own
    EXPECT_NE(at.parse({.body = json::serialize(other)}).events.at(0).id, id);
    json::value later = json::parse(first.body);
    later.at("payload").at("application").at("offer").at("resolved_at") = "2014-11-21T22:49:14Z";
    EXPECT_NE(at.parse({.body = json::serialize(later)}).events.at(0).id, id);
}

TEST_F(GreenhouseHire, KeepsNoLinkInItsRecord) {
    std::string const text = json::serialize(record());
    EXPECT_THAT(text, Not(HasSubstr("files.example.com")));
    EXPECT_THAT(text, Not(HasSubstr("X-Amz")));
}

TEST_F(GreenhouseHire, ThatWasTakenBackIsNoEvent) {
    for (std::string const status : {"in_process", "rejected"}) {
        application_is(status);
        CallResult const result = parse();
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_TRUE(result.events.empty());
        EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr("taken back"));
    }
}

TEST_F(GreenhouseHire, ThatGreenhouseDoesNotShowYetIsWaitedFor) {
    application_is("in_process");
    host.set_now(1416523754'000 + 8'000);  // eight seconds after the offer was accepted
    CallResult const result = parse();
    EXPECT_EQ(result.status, CW_ERR_TRANSIENT);
    EXPECT_EQ(result.retry_after_ms, 4'000);
    host.set_now(1416523754'000 + 3600'000);
    EXPECT_EQ(parse().status, CW_OK);
}

TEST_F(GreenhouseHire, ThatTheActingUserMayNotSeeFailsInWords) {
    get("/applications").clear().reply(200, "[]").reply(sample_answer("errors/v3_403_scope.json"));
    CallResult const hidden = parse();
    EXPECT_EQ(hidden.status, CW_ERR_INVALID);
    EXPECT_THAT(hidden.message, HasSubstr("Site Admin"));
    CallResult const forbidden = parse();
    EXPECT_EQ(forbidden.status, CW_ERR_INVALID);
    EXPECT_THAT(forbidden.message, HasSubstr("harvest:applications:list"));
}

TEST_F(GreenhouseHire, IsNotTakenFromAnAnswerAboutSomebodyElse) {
    json::value all = sample("rest_v3/applications_list.json");
    all.as_array().pop_back();
    get("/applications").clear().reply(200, json::serialize(all)).reply(sample_answer("errors/v3_404.json"));
    EXPECT_EQ(parse().status, CW_ERR_INVALID);
    EXPECT_EQ(parse().status, CW_ERR_INVALID);
}

TEST_F(GreenhouseHire, TakesTheOfferFromHarvestWhenTheWebhookHasNone) {
    get("/offers").reply(200, sample_text("rest_v3/offers_list_current.json"));
    CallResult const result = greenhouse().parse(without_offer());
    ASSERT_EQ(result.events.size(), 1U) << result.message;
    json::value const offer = result.events[0].record.data.at("offer");
    EXPECT_EQ(offer.at("starts_at"), "2026-12-07");
    EXPECT_EQ(offer.at("custom_fields").at("job_title").at("value"), "R&D Engineer <Level 2>");
    EXPECT_EQ(host.requests("GET", api + "/offers").at(0).url,
              api + "/offers?application_ids=46194999&current_only=true");
}

TEST_F(GreenhouseHire, CountsOnlyAnAcceptedOffer) {
    json::value offers = sample("rest_v3/offers_list_current.json");
    offers.at(0).at("status") = "Deprecated";
    get("/offers").reply(200, json::serialize(offers)).reply(200, "[]").reply(403);
    auto at = greenhouse();
    for (int turn = 0; turn < 3; ++turn) {
        CallResult const result = at.parse(without_offer());
        ASSERT_EQ(result.events.size(), 1U) << result.message;
        json::object const& hire = result.events[0].record.data.as_object();
        EXPECT_FALSE(hire.contains("offer"));
        EXPECT_EQ(hire.contains("unread"), turn == 2);
    }
}

class GreenhouseLegacyHire : public LegacyTest {
protected:
    GreenhouseLegacyHire() {
        json::value application = sample("rest_v1/application_hired_response.json");
        application.at("id") = 46194999;
        get("/applications/46194999").reply(200, json::serialize(application));
        host.on("GET", files).reply(200, "%PDF-1.7");
    }
};
TEST_F(GreenhouseLegacyHire, IsReadThroughV1) {
    CallResult const result = greenhouse().parse(webhook("hire_candidate_goco_fields"));
    ASSERT_EQ(result.events.size(), 1U) << result.message;
    json::array const& documents = result.events[0].record.data.at("documents").as_array();
    ASSERT_EQ(documents.size(), 3U);  // the application's offer packet, and the two that the webhook names
    EXPECT_EQ(documents[0].at("type"), "offer_packet");
}
TEST_F(GreenhouseLegacyHire, TakesTheCurrentOfferOfV1) {
    json::value body = sample("webhooks/hire_candidate_goco_fields.json");
    body.at("payload").at("application").as_object().erase("offer");
    get("/applications/46194999/offers/current_offer")
        .reply(200, sample_text("rest_v1/offer_accepted.json"))
        .reply(sample_answer("errors/v1_404_not_found.json"));
    auto at = greenhouse();
    json::value const hire = at.parse({.body = json::serialize(body)}).events.at(0).record.data;
    EXPECT_EQ(hire.at("offer").at("starts_at"), "2018-07-20");
    // The keyed form, whose keys do not change with a name.
    EXPECT_EQ(hire.at("offer").at("custom_fields").at("time_type").at("value"), "Contractor");
    json::value const none = at.parse({.body = json::serialize(body)}).events.at(0).record.data;
    EXPECT_FALSE(none.as_object().contains("offer"));
}
TEST_F(GreenhouseLegacyHire, ThatIsActiveOrRejectedAgainIsNoEvent) {
    json::value list = sample("rest_v1/applications_list.json");
    for (json::value application : {list.at(0), sample("rest_v1/application_rejected.json")}) {
        application.at("id") = 46194999;
        get("/applications/46194999").clear().reply(200, json::serialize(application));
        CallResult const result = greenhouse().parse(webhook("hire_candidate_goco_fields"));
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_TRUE(result.events.empty());
    }
}

// ---- documents

TEST_F(GreenhouseHire, BringsTheDocumentsOfCandidateAndOfferAtOnce) {  // B.21
    json::array const documents = record().at("documents").as_array();
    ASSERT_EQ(documents.size(), 2U);
    EXPECT_EQ(documents[0].at("file_name"), "resume.pdf");
    EXPECT_EQ(documents[1].at("file_name"), "signed_offer.pdf");
    EXPECT_EQ(documents[1].at("type"), "signed_offer_letter");
    EXPECT_EQ(host.files().at(std::string(documents[0].at("bytes").as_string())), "%PDF-1.7");
    EXPECT_FALSE(documents[0].as_object().contains("content_base64"));
    EXPECT_EQ(documents[0].at("content_type"), "application/pdf");
    EXPECT_EQ(documents[0].at("size"), 8);
    for (SentRequest const& request : host.requests("GET", files)) {
        EXPECT_EQ(request.auth, CW_AUTH_NONE);
        EXPECT_EQ(request.header("authorization"), "");
    }
    // Harvest's links are fresh; the webhook's may be a week old.
    EXPECT_EQ(host.requests("GET", files + "so1?X-Amz-Expires=604800").size(), 1U);
    EXPECT_EQ(host.requests("GET", files).size(), 2U);
}

TEST_F(GreenhouseHire, LeavesOutPapersOfTheCandidatesOtherApplications) {
    json::value list = sample("rest_v3/attachments_list.json");
    list.at(1).at("application_id") = 1;
    list.at(1).at("filename") = "old_offer.pdf";
    get("/attachments").clear().reply(200, json::serialize(list));
    EXPECT_THAT(json::serialize(record()), Not(HasSubstr("old_offer")));
}

TEST_F(GreenhouseHire, UsesTheWebhooksLinksWhenItMayNotListAttachments) {  // B.5
    get("/attachments").clear().reply(sample_answer("errors/v3_403_scope.json"));
    json::value const hire = record();
    EXPECT_EQ(hire.at("documents").as_array().size(), 2U);
    EXPECT_THAT(std::string(hire.at("unread").at(0).at("reason").as_string()), HasSubstr("harvest:attachments:list"));
}

TEST_F(GreenhouseHire, GoesOnWithoutADocumentThatCannotBeFetched) {  // B.21
    auto const fails = [this](Answer const& answer) -> Route& {
        return host.on("GET", files + "r1").clear().reply(answer);
    };
    fails({.status = 403});
    expect_problem("no longer works (403)");
    fails({.transport = CW_ERR_TRANSIENT});
    expect_problem("could not be fetched");
    fails({.transport = CW_ERR_TOO_LARGE});
    expect_problem("too large");
    fails({.status = 200});
    expect_problem("empty");
    host.set_file_bytes_max(100);
    fails({.body = std::string(101, 'x')});
    expect_problem("too large");
    json::value const hire = record();
    EXPECT_EQ(hire.at("documents").at(1).at("file_name"), "signed_offer.pdf");
}

TEST_F(GreenhouseHire, CarriesDocumentsThatAreLargerThanItsOwnRecordMayBe) {  // B.21 C.18
    host.on("GET", files).clear().reply(200, std::string(std::size_t{20} * 1024 * 1024, 'x'));
    json::array const documents = record().at("documents").as_array();
    EXPECT_EQ(documents[0].at("size"), 20 * 1024 * 1024);
    EXPECT_EQ(documents[0].at("bytes"), documents[1].at("bytes"));
    EXPECT_EQ(host.files().size(), 1U) << "the same content is kept once";
}

TEST_F(GreenhouseHire, IsTriedAgainWhenTheRateLimitKeepsItsDocumentsBack) {
    host.on("GET", files).clear().fail(CW_ERR_RATE_LIMITED);
    EXPECT_EQ(parse().status, CW_ERR_RATE_LIMITED);
}

TEST_F(GreenhouseHire, LeavesTimeForWhatComesAfterSlowDocuments) {
    host.on("GET", files).clear().reply({.body = "x", .takes_ms = 28'000});
    json::array const documents = record().at("documents").as_array();
    EXPECT_TRUE(documents[0].as_object().contains("bytes"));
    EXPECT_THAT(std::string(documents[1].at("problem").as_string()), HasSubstr("time"));
}

class GreenhouseForeignFiles : public GreenhouseHire {
protected:
    GreenhouseForeignFiles() : GreenhouseHire({{"documents", json::object{}}}) {}
};
TEST_F(GreenhouseForeignFiles, AreNotFetchedFromHostsThatNobodyAllowed) {
    expect_problem("documents/base_url");
    EXPECT_EQ(host.denied(), 2);
}

class GreenhouseNoFiles : public GreenhouseHire {
protected:
    GreenhouseNoFiles() : GreenhouseHire({{"documents", {{"fetch", false}}}}) {}
};
TEST_F(GreenhouseNoFiles, AreAskedForWhenDocumentsAreOff) {
    EXPECT_FALSE(record().as_object().contains("documents"));
    EXPECT_EQ(host.requests("GET", api + "/attachments").size(), 0U);
}

}  // namespace
}  // namespace crosswalk::greenhouse

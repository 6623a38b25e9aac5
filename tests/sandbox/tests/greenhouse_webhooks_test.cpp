// Greenhouse's webhooks as the sandbox sends them: signed, pinged, retried until 200, rerun.

#include "sandbox/greenhouse/hooks.hpp"
#include "sandbox/greenhouse/signature.hpp"
#include "sandbox/tests/greenhouse_caller.hpp"
#include "sandbox/tests/receiver.hpp"

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

class GreenhouseWebhooks : public GreenhouseCaller {
protected:
    void SetUp() override {
        Played::SetUp();
        control("POST", "/greenhouse/webhooks/settings", {{"retry_gaps_ms", {1}}});
    }

    json::object listen(Receiver const& receiver, json::object extra = {}) {
        extra.emplace("event", "hire_candidate");
        extra.emplace("ping", false);
        extra["url"] = receiver.url();
        extra["secret_key"] = "123";
        return control("POST", "/greenhouse/webhooks", extra);
    }

    std::string person() {
        auto const made = control(
            "POST", "/greenhouse/candidates",
            {{"first_name", "Ada"},
             {"last_name", "O'Brien-Núñez"},
             {"email", "ada@example.com"},
             {"external_id", "ex-1"},
             {"recruiter_id", 55},
             {"coordinator_id", 56},
             {"referrer_id", 158104},
             {"job",
              json::object{{"name", "Nurse"},
                           {"department_id", 7},
                           {"office_ids", {13, 14}},
                           {"opening_id", "1234-56"},
                           {"custom_fields", json::object{{"salary_range", json::object{{"unit", "USD"},
                                                                                        {"min_value", 10000},
                                                                                        {"max_value", 20000.5}}}}}}},
             {"offer", json::object{{"starts_on", "2026-12-07"},
                                    {"sent_on", "2026-11-12"},
                                    {"custom_fields", json::object{{"job_title", "R&D Engineer <Level 2>"},
                                                                   {"approved", true},
                                                                   {"seasons", {"One", "Two"}}}}}},
             {"documents", json::array{json::object{
                               {"filename", "offer.pdf"}, {"type", "signed_offer_letter"}, {"content", "signed"}}}}});
        return std::to_string(made.at("candidate_id").as_int64());
    }

    // Hires somebody new and returns the settled delivery.
    json::object hire() {
        auto const hired = control("POST", "/greenhouse/candidates/" + person() + "/hire");
        std::string const delivery = hired.at("deliveries").as_array().back().as_string().c_str();
        return control("GET", "/greenhouse/deliveries/" + delivery + "?wait_ms=20000");
    }

    static void expect_same_shape(json::object const& expected, json::object const& got, std::string const& where) {
        for (auto const& member : expected) {
            EXPECT_TRUE(got.contains(member.key())) << where << member.key();
            if (got.contains(member.key()) && member.value().is_object() && member.key() != "custom_fields") {
                expect_same_shape(member.value().as_object(), got.at(member.key()).as_object(),
                                  where + std::string(member.key()) + ".");
            }
        }
        EXPECT_EQ(got.size(), expected.size()) << where;
    }
};

TEST_F(GreenhouseWebhooks, AreSignedAsTheSamplesAre) {
    auto const signatures = json::parse(sample("greenhouse/samples/webhooks/signatures.json"));
    for (auto const& delivery : signatures.at("deliveries").as_array()) {
        std::string const file = delivery.at("file").as_string().c_str();
        EXPECT_EQ(greenhouse::sign("123", sample("greenhouse/samples/webhooks/" + file)),
                  delivery.at("Signature").as_string().c_str())
            << file;
    }
}

TEST_F(GreenhouseWebhooks, CarryTheShapeOfTheSampleAndAValidSignature) {
    Receiver receiver({200});
    listen(receiver);
    EXPECT_EQ(hire().at("state"), "received");
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 1U);
    auto const expected = json::parse(sample("greenhouse/samples/webhooks/hire_candidate_goco_fields.json"));
    auto const body = json::parse(requests[0].body).as_object();
    expect_same_shape(expected.as_object(), body, "");
    EXPECT_EQ(requests[0].header("Signature"), greenhouse::sign("123", requests[0].body));
    EXPECT_EQ(requests[0].header("Content-Type"), "application/json");
    EXPECT_FALSE(requests[0].header("Greenhouse-Event-ID").empty());
    EXPECT_TRUE(requests[0].body.starts_with(R"({"action":"hire_candidate","payload":)"));
}

TEST_F(GreenhouseWebhooks, TellOfTheHireWhatTheRecordsSay) {
    Receiver receiver({200});
    listen(receiver);
    hire();
    std::string const bytes = receiver.requests().at(0).body;
    EXPECT_NE(bytes.find(R"(R\u0026D Engineer \u003cLevel 2\u003e)"), std::string::npos);
    EXPECT_EQ(bytes.find('<'), std::string::npos);
    auto const application = json::parse(bytes).at("payload").at("application");
    EXPECT_EQ(application.at("candidate").at("last_name"), "O'Brien-Núñez");
    EXPECT_EQ(application.at("candidate").at("recruiter").at("email"), "bob_johnson@example.com");
    EXPECT_EQ(application.at("opening").at("opening_id"), "1234-56");
    EXPECT_EQ(application.at("offer").at("starts_at"), "2026-12-07");
    EXPECT_EQ(application.at("offer").at("sent_at"), "2026-11-12");
    EXPECT_EQ(application.at("jobs").at(0).at("departments").at(0).at("name"), "Technology");
    EXPECT_TRUE(application.at("jobs").at(0).at("offices").at(1).at("location").is_null());
    auto const& offer_fields = application.at("offer").at("custom_fields");
    EXPECT_EQ(offer_fields.at("approved").at("type"), "boolean");
    EXPECT_EQ(offer_fields.at("seasons").at("value").as_array().size(), 2U);
    EXPECT_TRUE(offer_fields.at("employment_type").at("value").is_null());
    auto const& range = application.at("job").at("custom_fields").at("salary_range").at("value");
    EXPECT_EQ(range.at("min_value"), "10000.0");
    EXPECT_EQ(range.at("max_value"), "20000.5");
    std::string const url = application.at("candidate").at("attachments").at(0).at("url").as_string().c_str();
    EXPECT_EQ(send("GET", path_in(url), "", {}).body, "signed");
}

TEST_F(GreenhouseWebhooks, LeaveTheOfferOutWhenThereIsNone) {
    Receiver receiver({200});
    listen(receiver);
    auto const made = control("POST", "/greenhouse/candidates", {{"first_name", "No"}, {"last_name", "Offer"}});
    auto const hired =
        control("POST", "/greenhouse/candidates/" + std::to_string(made.at("candidate_id").as_int64()) + "/hire");
    std::string const delivery = hired.at("deliveries").at(0).as_string().c_str();
    auto const body = control("GET", "/greenhouse/deliveries/" + delivery + "?wait_ms=20000").at("body");
    EXPECT_FALSE(body.at("payload").at("application").as_object().contains("offer"));
}

TEST_F(GreenhouseWebhooks, AreTriedSevenTimesUnderOneEventIdAndThenGivenUp) {
    Receiver receiver({500});
    listen(receiver);
    EXPECT_EQ(hire().at("state"), "failed");
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 7U);
    EXPECT_EQ(requests.front().body, requests.back().body);
    EXPECT_EQ(requests.front().header("Greenhouse-Event-ID"), requests.back().header("Greenhouse-Event-ID"));
}

TEST_F(GreenhouseWebhooks, MayGetAnotherEventIdAtEachTry) {
    control("POST", "/greenhouse/webhooks/settings", {{"fresh_event_ids", true}});
    Receiver receiver({500, 200});
    listen(receiver);
    hire();
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_NE(requests[0].header("Greenhouse-Event-ID"), requests[1].header("Greenhouse-Event-ID"));
    EXPECT_EQ(requests[0].header("Signature"), requests[1].header("Signature"));
}

TEST_F(GreenhouseWebhooks, TakeNothingBut200ForAnAnswer) {
    Receiver receiver({201, 202, 204, 301, 0, 200});
    listen(receiver);
    EXPECT_EQ(hire().at("state"), "received");
    EXPECT_EQ(receiver.requests().size(), 6U);
}

TEST_F(GreenhouseWebhooks, WaitFromAMinuteToEightHoursUnlessToldOtherwise) {
    using std::chrono::minutes;
    auto const policy = greenhouse::vendor_policy();
    EXPECT_EQ(policy.tries, 7);
    ASSERT_EQ(policy.gaps.size(), 6U);
    EXPECT_EQ(policy.gaps.front(), minutes(1));
    EXPECT_EQ(policy.gaps.back(), minutes(480));
    control("POST", "/greenhouse/webhooks/settings", {{"retry_gaps_ms", {5, 40}}, {"tries", 3}});
    Receiver receiver({500});
    listen(receiver);
    auto const attempts = hire().at("attempts").as_array();
    ASSERT_EQ(attempts.size(), 3U);
    EXPECT_GE(attempts[1].at("at").as_int64() - attempts[0].at("at").as_int64(), 4);
    EXPECT_GE(attempts[2].at("at").as_int64() - attempts[1].at("at").as_int64(), 39);
}

TEST_F(GreenhouseWebhooks, BeginWithASignedPingOfTheCapturedShape) {
    Receiver receiver({200});
    auto const hook = listen(receiver, {{"ping", true}, {"name", "GoCo Integration"}});
    EXPECT_EQ(hook.at("active"), true);
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 1U);
    auto const expected = json::parse(sample("greenhouse/samples/webhooks/ping.json"));
    auto const body = json::parse(requests[0].body);
    expect_same_shape(expected.as_object(), body.as_object(), "");
    EXPECT_EQ(body.at("payload").at("event"), expected.at("payload").at("event"));
    EXPECT_EQ(requests[0].header("Signature"), greenhouse::sign("123", requests[0].body));
}

TEST_F(GreenhouseWebhooks, AreSwitchedOffByAFailedPingUntilAGoodOne) {
    Receiver receiver({204, 200});
    auto const hook = listen(receiver, {{"ping", true}});
    EXPECT_EQ(hook.at("active"), false);
    EXPECT_EQ(receiver.requests().size(), 1U);
    EXPECT_TRUE(control("POST", "/greenhouse/candidates/" + person() + "/hire").at("deliveries").as_array().empty());
    std::string const id = hook.at("id").as_string().c_str();
    EXPECT_EQ(control("POST", "/greenhouse/webhooks/ping/" + id).at("active"), true);
    EXPECT_EQ(hire().at("state"), "received");
}

TEST_F(GreenhouseWebhooks, CarryTheUserAndHeadersTheyWereSetUpWith) {
    Receiver receiver({200});
    listen(receiver, {{"user", "greenhouse"}, {"password", "pass"}, {"headers", json::object{{"X-Tenant", "acme"}}}});
    hire();
    auto const request = receiver.requests().at(0);
    EXPECT_EQ(request.header("Authorization"), "Basic Z3JlZW5ob3VzZTpwYXNz");
    EXPECT_EQ(request.header("X-Tenant"), "acme");
}

TEST_F(GreenhouseWebhooks, TellOfTheOfferTooWhenItIsAccepted) {
    Receiver receiver({200});
    listen(receiver, {{"event", "offer_updated"}});
    auto const delivery = hire();
    auto const expected = json::parse(sample("greenhouse/samples/webhooks/offer_updated.json"));
    expect_same_shape(expected.as_object(), delivery.at("body").as_object(), "");
    EXPECT_EQ(delivery.at("body").at("payload").at("start_date"), "12/07/2026");
    EXPECT_EQ(delivery.at("body").at("payload").at("offer_status"), "Accepted");
}

TEST_F(GreenhouseWebhooks, TellOfANewApplicationWhatTheSampleTells) {
    Receiver receiver({200});
    listen(receiver, {{"event", "new_candidate_application"}});
    auto const made = control("POST", "/greenhouse/candidates", {{"first_name", "Ada"}, {"last_name", "Example"}});
    auto const id = std::string(made.at("deliveries").at(0).as_string());
    auto const body = control("GET", "/greenhouse/deliveries/" + id).at("body");
    EXPECT_EQ(body.at("action"), "new_candidate_application");
    auto const application = body.at("payload").at("application").as_object();
    EXPECT_EQ(application.at("id"), made.at("application_id"));
    EXPECT_EQ(application.at("status"), "active");
    EXPECT_EQ(application.at("candidate").at("first_name"), "Ada");
    EXPECT_FALSE(application.contains("offer"));
    EXPECT_FALSE(application.contains("job"));
    auto const expected = json::parse(sample("greenhouse/samples/webhooks/new_candidate_application.json"))
                              .at("payload")
                              .at("application")
                              .as_object();
    for (auto const& member : application) {
        EXPECT_TRUE(expected.contains(member.key())) << member.key();
    }
}

TEST_F(GreenhouseWebhooks, TellOfAnUnhireWithoutTheOfferAndOfADeletionWithThePerson) {
    Receiver receiver({200});
    listen(receiver, {{"event", "unhire_candidate"}});
    listen(receiver, {{"event", "delete_candidate"}});
    std::string const id = person();
    EXPECT_EQ(sandbox_.control("POST", "/greenhouse/candidates/" + id + "/unhire").status, 409);
    control("POST", "/greenhouse/candidates/" + id + "/hire");
    control("POST", "/greenhouse/candidates/" + id + "/unhire");
    control("POST", "/greenhouse/candidates/" + id + "/delete");
    auto const listed = control("GET", "/greenhouse/deliveries?candidate=" + id).at("deliveries").as_array();
    ASSERT_EQ(listed.size(), 2U);
    auto const application = listed[0].at("body").at("payload").at("application").as_object();
    EXPECT_FALSE(application.contains("offer"));
    EXPECT_EQ(application.at("status"), "active");
    auto const expected = json::parse(sample("greenhouse/samples/webhooks/delete_candidate.json"));
    expect_same_shape(expected.as_object(), listed[1].at("body").as_object(), "");
    EXPECT_EQ(v1("GET", "/candidates/" + id).status, 404);
}

TEST_F(GreenhouseWebhooks, RerunSendsTheSameBodyUnderTheSameIdUnlessAskedForAnother) {
    Receiver receiver({200});
    listen(receiver);
    std::string const delivery = hire().at("id").as_string().c_str();
    for (bool const fresh : {false, true}) {
        auto const again = control("POST", "/greenhouse/webhooks/rerun/" + delivery, {{"fresh_event_id", fresh}});
        control("GET",
                std::string("/greenhouse/deliveries/") + again.at("delivery").as_string().c_str() + "?wait_ms=20000");
    }
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(requests[0].body, requests[2].body);
    EXPECT_EQ(requests[0].header("Greenhouse-Event-ID"), requests[1].header("Greenhouse-Event-ID"));
    EXPECT_NE(requests[0].header("Greenhouse-Event-ID"), requests[2].header("Greenhouse-Event-ID"));
}

TEST_F(GreenhouseWebhooks, AreForgottenByAReset) {
    Receiver receiver({200});
    listen(receiver);
    control("POST", "/reset");
    EXPECT_TRUE(control("GET", "/greenhouse/webhooks").at("webhooks").as_array().empty());
    EXPECT_EQ(control("GET", "/metrics").at("greenhouse").at("candidates"), 3);
}

}  // namespace
}  // namespace crosswalk::sandbox

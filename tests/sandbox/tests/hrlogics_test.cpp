// HRLogics after our contract v1: what is right is answered as the samples say, what is wrong is refused, and callbacks
// are signed.

#include "sandbox/hrlogics/state.hpp"
#include "sandbox/tests/played.hpp"
#include "sandbox/tests/receiver.hpp"

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

std::string payload(std::string const& name) {
    return sample("../../plugins/hrlogics/samples/" + name + ".json");
}

class Hrlogics : public Played {
protected:
    // A call by a correct client, unless `headers` say otherwise.
    Got hrlogics(std::string const& method, std::string const& path, std::string const& body = {},
                 std::map<std::string, std::string> headers = {}) {
        headers.try_emplace("Authorization", "Bearer hrlogics-sandbox-token");
        headers.try_emplace("Accept", "application/json");
        if (!body.empty()) {
            headers.try_emplace("Content-Type", "application/json");
        }
        return send(method, "/hrlogics/v1" + path, body, headers);
    }
    Got create(json::object const& more = {}) {
        json::object body = json::parse(payload("applicant_create_request")).as_object();
        for (auto const& [name, value] : more) {
            body[name] = value;
        }
        auto const* key = body.if_contains("external_application_id");
        return hrlogics("POST", "/applicants", json::serialize(body),
                        {{"Idempotency-Key", std::string(key->as_string())}});
    }
    // The fields that an answer blames.
    static std::vector<std::string> blamed(Got const& got) {
        std::vector<std::string> fields;
        json::value const body = got.json();
        for (json::value const& detail : body.at("error").at("details").as_array()) {
            fields.emplace_back(detail.at("field").as_string().c_str());
        }
        return fields;
    }
    // The one delivery of a decision, when it is settled.
    json::object decide(std::string const& applicant, json::object const& order) {
        json::object const done = control("POST", "/hrlogics/applicants/" + applicant + "/complete", order);
        std::string const delivery(done.at("deliveries").at(0).as_string());
        return control("GET", "/hrlogics/deliveries/" + delivery + "?wait_ms=10000");
    }
};

TEST_F(Hrlogics, AnswersTheSampleRequestAsTheSampleAnswer) {
    Got const got = create();
    ASSERT_EQ(got.status, 201) << got.body;
    json::object printed = got.json().at("data").as_object();
    json::object expected = json::parse(payload("applicant_create_response_201")).at("data").as_object();
    for (char const* const changing : {"created_at", "survey_url"}) {
        EXPECT_TRUE(printed.at(changing).is_string());
        printed.erase(changing);
        expected.erase(changing);
    }
    EXPECT_EQ(printed, expected);
    EXPECT_EQ(hrlogics("GET", "/applicants/hrl_5501").json().at("data").at("survey_status"), "sent");
    EXPECT_EQ(hrlogics("GET", "/account").status, 200);
}

TEST_F(Hrlogics, ErrorBodiesEqualTheSamples) {
    EXPECT_EQ(hrlogics("GET", "/account", "", {{"Authorization", "Bearer wrong"}}).json(),
              json::parse(payload("error_401")));
    EXPECT_EQ(create({{"email", ""}}).json(), json::parse(payload("error_422_missing_email")));
    (void)create();
    EXPECT_EQ(create({{"external_application_id", "lever:app:other"}}).json(),
              json::parse(payload("error_409_exists")));
}

TEST_F(Hrlogics, RefusesEachWrongFieldByName) {
    for (auto const& [field, value] : std::map<std::string, json::value>{{"email", "nora"},
                                                                         {"external_id", "250d8f03"},
                                                                         {"applied_at", "11/21/2026"},
                                                                         {"source", nullptr},
                                                                         {"first_name", ""}}) {
        Got const got = create({{field, value}});
        EXPECT_EQ(got.status, 422) << field;
        EXPECT_EQ(blamed(got).front(), field);
    }
    for (auto const& [field, value] : std::map<std::string, json::value>{
             {"ssn", "000-00-0000"}, {"job", {{"salary", "1"}}}, {"address", {{"street", "1"}}}, {"phone", 5}}) {
        EXPECT_EQ(create({{field, value}}).status, 422) << field;
    }
    EXPECT_EQ(control("GET", "/hrlogics/applicants").at("count"), 0);
}

TEST_F(Hrlogics, RefusesUnknownPathsParametersAndHeaders) {
    EXPECT_EQ(hrlogics("GET", "/people").status, 404);
    EXPECT_EQ(hrlogics("DELETE", "/account").status, 404);
    EXPECT_EQ(hrlogics("GET", "/applicants/hrl_1").status, 404);
    EXPECT_EQ(blamed(hrlogics("GET", "/account?x=1")), std::vector<std::string>{"x"});
    EXPECT_EQ(blamed(hrlogics("GET", "/applicants")), std::vector<std::string>{"external_id"});
    EXPECT_EQ(blamed(hrlogics("GET", "/account", "", {{"Accept", "text/html"}})), std::vector<std::string>{"Accept"});
    EXPECT_EQ(blamed(hrlogics("POST", "/applicants", "{}", {{"Content-Type", "text/plain"}})),
              std::vector<std::string>{"Content-Type"});
    EXPECT_EQ(blamed(hrlogics("POST", "/applicants", payload("applicant_create_request"))),
              std::vector<std::string>{"Idempotency-Key"});
    for (char const* const query :
         {"", "?since=yesterday", "?since=2026-11-21T21:00:00Z&page=0", "?since=2026-11-21T21:00:00Z&per_page=101"}) {
        EXPECT_EQ(hrlogics("GET", std::string("/screenings/changes") + query).status, 400) << query;
    }
}

TEST_F(Hrlogics, HonoursTheIdempotencyKey) {
    Got const first = create();
    EXPECT_EQ(create().body, first.body);
    EXPECT_EQ(control("GET", "/hrlogics/applicants").at("count"), 1);
    EXPECT_EQ(blamed(create({{"phone", "+1 555 0100"}})), std::vector<std::string>{"Idempotency-Key"});
}

TEST_F(Hrlogics, FindsAnApplicantByItsExternalId) {
    (void)create();
    std::string const id(json::parse(payload("applicant_create_request")).at("external_id").as_string());
    EXPECT_EQ(hrlogics("GET", "/applicants?external_id=" + id).json().at("data").at(0).at("id"), "hrl_5501");
    EXPECT_EQ(hrlogics("GET", "/applicants?external_id=" + id + "x").json().at("data").as_array().size(), 0U);
}

TEST_F(Hrlogics, ListsChangesPageByPageFromAMoment) {
    for (int i = 0; i < 3; ++i) {
        std::string const n = std::to_string(i);
        (void)create({{"external_id", "lever:opp:" + n}, {"external_application_id", "lever:app:" + n}});
        (void)control("POST", "/hrlogics/applicants/hrl_550" + std::to_string(i + 1) + "/complete",
                      {{"status", "Pre Qualified"}});
    }
    std::string const list = "/screenings/changes?since=2026-01-01T00:00:00Z&per_page=2&page=";
    json::value const first = hrlogics("GET", list + "1").json();
    EXPECT_EQ(first.at("data").as_array().size(), 2U);
    EXPECT_EQ(first.at("meta").at("next_page"), 2);
    json::value const second = hrlogics("GET", list + "2").json();
    EXPECT_EQ(second.at("data").as_array().size(), 1U);
    EXPECT_TRUE(second.at("meta").at("next_page").is_null());
    EXPECT_EQ(hrlogics("GET", "/screenings/changes?since=2999-01-01T00:00:00Z").json().at("data").as_array().size(),
              0U);
    json::value const expected = json::parse(payload("screenings_changes_page"));
    for (auto const& member : expected.at("data").at(0).as_object()) {
        EXPECT_TRUE(first.at("data").at(0).as_object().contains(member.key())) << member.key();
    }
}

TEST_F(Hrlogics, SendsASignedCallbackUntilItIsReceived) {
    Receiver receiver({500, 200});
    (void)create();
    (void)control("POST", "/hrlogics/settings", {{"retry_gap_ms", 10}});
    (void)control("POST", "/hrlogics/callbacks", {{"url", receiver.url()}, {"secret", "whsec_demo_0123456789abcdef"}});
    json::object const delivery = decide("hrl_5501", {{"status", "Pre Qualified"}});
    EXPECT_EQ(delivery.at("state"), "received");
    ASSERT_EQ(receiver.requests().size(), 2U);
    Request const sent = receiver.requests().at(1);
    EXPECT_EQ(sent.header("X-Integration-Event-Id"), "evt_7001");
    EXPECT_EQ(
        sent.header("X-Integration-Signature"),
        hrlogics::sign({.secret = "whsec_demo_0123456789abcdef"}, sent.header("X-Integration-Timestamp"), sent.body));
    json::object const body = sent.json_object().value();
    json::object const expected = json::parse(payload("callback_pre_qualified")).as_object();
    for (auto const& member : expected.at("data").as_object()) {
        EXPECT_TRUE(body.at("data").as_object().contains(member.key())) << member.key();
    }
}

TEST(HrlogicsSignature, IsThatOfTheVectors) {
    json::value const all = json::parse(payload("signature_vectors"));
    for (json::value const& one : all.at("vectors").as_array()) {
        json::value const& headers = one.at("headers");
        hrlogics::Callback const callback{.secret = std::string(one.at("secret").as_string())};
        EXPECT_EQ(json::string(hrlogics::sign(callback, headers.at("X-Integration-Timestamp").as_string(),
                                              one.at("raw_body").as_string())),
                  headers.at("X-Integration-Signature"));
    }
}

TEST_F(Hrlogics, SignsWithBothSecretsWhileOneIsReplaced) {
    Receiver receiver({200});
    (void)create();
    (void)control("POST", "/hrlogics/callbacks", {{"url", receiver.url()}, {"secret", "first-secret-0123"}});
    (void)control("POST", "/hrlogics/callbacks/rotate", {{"secret", "second-secret-0123"}, {"grace_s", 60}});
    (void)decide("hrl_5501", {{"status", "Not Qualified"}});
    std::string const both(receiver.requests().at(0).header("X-Integration-Signature"));
    EXPECT_NE(both.find(",v1="), std::string::npos);
    (void)control("POST", "/hrlogics/callbacks/rotate", {{"secret", "third-secret-0123"}});
    (void)decide("hrl_5501", {{"status", "Not Qualified"}});
    EXPECT_EQ(receiver.requests().at(1).header("X-Integration-Signature").find(','), std::string::npos);
}

TEST_F(Hrlogics, RegistersAndRemovesACallback) {
    std::string const body =
        R"({"url":"http://127.0.0.1:1/hooks/hrlogics","events":["screening.completed"],"secret":"0123456789abcdef"})";
    Got const made = hrlogics("PUT", "/callbacks", body);
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(hrlogics("PUT", "/callbacks", body).body, made.body) << "the same address, the same callback";
    EXPECT_EQ(blamed(hrlogics("PUT", "/callbacks", R"({"url":"https://example.com","events":[],"secret":"short"})")),
              (std::vector<std::string>{"url", "secret", "events"}));
    EXPECT_EQ(hrlogics("DELETE", "/callbacks/cb_1").status, 204);
    EXPECT_EQ(hrlogics("DELETE", "/callbacks/cb_1").status, 404);
    (void)control("POST", "/hrlogics/settings", {{"may_register", false}});
    EXPECT_EQ(hrlogics("PUT", "/callbacks", body).status, 403);
}

TEST_F(Hrlogics, GivesTokensToItsClientAndRevokesThem) {
    auto const ask = [&](std::string const& secret) {
        return send("POST", "/hrlogics/token",
                    "grant_type=client_credentials&client_id=hrlogics-sandbox-client&client_secret=" + secret,
                    {{"Content-Type", "application/x-www-form-urlencoded"}});
    };
    EXPECT_EQ(ask("wrong").status, 401);
    std::string const token(ask("hrlogics-sandbox-secret").json().at("access_token").as_string());
    EXPECT_EQ(hrlogics("GET", "/account", "", {{"Authorization", "Bearer " + token}}).status, 200);
    (void)control("POST", "/hrlogics/tokens/revoke");
    EXPECT_EQ(hrlogics("GET", "/account", "", {{"Authorization", "Bearer " + token}}).status, 401);
}

TEST_F(Hrlogics, TellsWhenToComeBackOnceItsLimitIsReached) {
    (void)control("POST", "/hrlogics/settings", {{"rate_per_s", 0.001}, {"burst", 1}});
    EXPECT_EQ(hrlogics("GET", "/account").status, 200);
    Got const limited = hrlogics("GET", "/account");
    EXPECT_EQ(limited.status, 429);
    EXPECT_EQ(limited.headers.at("retry-after"), "1");
}

TEST_F(Hrlogics, ResendsASurveyAndShowsItsState) {
    (void)create();
    (void)control("POST", "/hrlogics/applicants/hrl_5501/survey", {{"state", "opened"}});
    EXPECT_EQ(hrlogics("GET", "/applicants/hrl_5501").json().at("data").at("survey_status"), "opened");
    EXPECT_EQ(hrlogics("POST", "/applicants/hrl_5501/survey/resend").json().at("data").at("survey_status"), "sent");
}

}  // namespace
}  // namespace crosswalk::sandbox

// Lever's webhooks as the sandbox sends them: signed, retried, verified, rerun, streamed.

#include "sandbox/lever/signature.hpp"
#include "sandbox/tests/played.hpp"
#include "sandbox/tests/receiver.hpp"

#include <set>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

class LeverWebhooks : public Played {
protected:
    void SetUp() override {
        Played::SetUp();
        control("POST", "/lever/webhooks/settings", {{"retry_gap_ms", 1}});
    }

    void listen(Receiver const& receiver, json::object extra = {}) {
        extra.emplace("event", "candidateHired");
        extra["url"] = receiver.url();
        extra["signature_token"] = "the-token";
        control("POST", "/lever/webhooks", extra);
    }

    // Hires somebody new and returns the settled delivery.
    json::object hire() {
        auto const id = candidate({{"name", "New Hire"}});
        auto const hired = control("POST", "/lever/candidates/" + id + "/hire");
        std::string const delivery = hired.at("deliveries").as_array().at(0).as_string().c_str();
        return control("GET", "/lever/deliveries/" + delivery + "?wait_ms=20000");
    }
};

TEST_F(LeverWebhooks, CarryTheEnvelopeOfTheSampleAndAValidSignature) {
    Receiver receiver({200});
    listen(receiver);
    EXPECT_EQ(hire().at("state"), "received");
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 1U);
    auto const expected = json::parse(sample("lever/samples/webhooks/candidateHired.json")).as_object();
    auto const body = json::parse(requests[0].body).as_object();
    EXPECT_EQ(body.size(), expected.size());
    for (auto const& member : expected) {
        EXPECT_TRUE(body.contains(member.key())) << member.key();
    }
    EXPECT_EQ(body.at("data").as_object().size(), 3U);
    EXPECT_EQ(body.at("signature").as_string().c_str(),
              lever::sign("the-token", body.at("token").as_string().c_str(), body.at("triggeredAt").as_int64()));
    EXPECT_EQ(requests[0].header("User-Agent"), "Lever-Webhooks");
    EXPECT_EQ(requests[0].header("Content-Type"), "application/json");
}

TEST_F(LeverWebhooks, AreTriedFiveTimesWithTheSameBodyAndThenGivenUp) {
    Receiver receiver({500});
    listen(receiver);
    auto const delivery = hire();
    EXPECT_EQ(delivery.at("state"), "failed");
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 5U);
    EXPECT_EQ(requests.front().body, requests.back().body);
}

TEST_F(LeverWebhooks, EndTheirTriesWithTheFirst2xx) {
    Receiver receiver({503, 0, 301, 204, 200});
    listen(receiver);
    auto const delivery = hire();
    EXPECT_EQ(delivery.at("state"), "received");
    EXPECT_EQ(receiver.requests().size(), 4U);
    auto const& attempts = delivery.at("attempts").as_array();
    EXPECT_EQ(attempts.at(1).at("status"), 0);
    EXPECT_EQ(attempts.at(2).at("status"), 301);
}

TEST_F(LeverWebhooks, WaitLongerAfterEachTry) {
    control("POST", "/lever/webhooks/settings", {{"retry_gap_ms", 10}, {"tries", 4}});
    Receiver receiver({500});
    listen(receiver);
    auto const attempts = hire().at("attempts").as_array();
    ASSERT_EQ(attempts.size(), 4U);
    for (std::size_t i = 1; i < attempts.size(); ++i) {
        auto const gap = attempts[i].at("at").as_int64() - attempts[i - 1].at("at").as_int64();
        EXPECT_GE(gap, (10 << (i - 1)) - 1) << i;
    }
}

TEST_F(LeverWebhooks, VerifyWithEmptyDataSignedAndOnce) {
    Receiver receiver({500});
    listen(receiver);
    auto const result = control("POST", "/lever/webhooks/verify").at("results").as_array().at(0);
    EXPECT_EQ(result.at("verified"), false);
    EXPECT_EQ(result.at("status"), 500);
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 1U);
    auto const body = json::parse(requests[0].body).as_object();
    EXPECT_TRUE(body.at("data").as_object().empty());
    EXPECT_FALSE(body.contains("id"));
    EXPECT_TRUE(body.contains("signature"));
}

TEST_F(LeverWebhooks, RerunSendsTheSameBodyUnlessAskedForAFreshToken) {
    Receiver receiver({200});
    listen(receiver);
    std::string const delivery = hire().at("id").as_string().c_str();
    for (bool const fresh : {false, true}) {
        auto const again = control("POST", "/lever/webhooks/rerun/" + delivery, {{"fresh_token", fresh}});
        control("GET", std::string("/lever/deliveries/") + again.at("delivery").as_string().c_str() + "?wait_ms=20000");
    }
    auto const requests = receiver.requests();
    ASSERT_EQ(requests.size(), 3U);
    EXPECT_EQ(requests[0].body, requests[1].body);
    auto const first = json::parse(requests[0].body);
    auto const fresh = json::parse(requests[2].body);
    EXPECT_NE(first.at("token"), fresh.at("token"));
    EXPECT_EQ(first.at("data"), fresh.at("data"));
}

TEST_F(LeverWebhooks, GoOnlyToTheOriginsAndEventsThatAreSwitchedOn) {
    Receiver receiver({200});
    listen(receiver, {{"origins", {"referred"}}});
    auto const id = candidate({{"name", "Applied Person"}, {"origin", "applied"}});
    EXPECT_TRUE(control("POST", "/lever/candidates/" + id + "/hire").at("deliveries").as_array().empty());
    auto const referred = candidate({{"name", "Referred Person"}, {"origin", "referred"}});
    EXPECT_EQ(control("POST", "/lever/candidates/" + referred + "/hire").at("deliveries").as_array().size(), 1U);
    control("POST", "/lever/webhooks/settings", {{"switch_off", {"candidateHired"}}});
    EXPECT_TRUE(control("POST", "/lever/candidates/" + referred + "/hire").at("deliveries").as_array().empty());
}

TEST_F(LeverWebhooks, TellAnUnhireByTheArchiveChangeOnly) {
    Receiver receiver({200});
    listen(receiver, {{"event", "candidateArchiveChange"}});
    auto const id = candidate({{"name", "Undone Hire"}});
    control("POST", "/lever/candidates/" + id + "/hire");
    control("POST", "/lever/candidates/" + id + "/unarchive");
    auto const listed = control("GET", "/lever/deliveries?opportunity=" + id).at("deliveries").as_array();
    ASSERT_EQ(listed.size(), 2U);
    EXPECT_TRUE(listed[1].at("body").at("data").at("toArchived").is_null());
    EXPECT_TRUE(listed[1].at("body").at("data").at("fromArchived").is_object());
}

TEST_F(LeverWebhooks, MadeThroughTheApiTellTheirTokenOnce) {
    auto const request = sample("lever/samples/rest/webhook_create_request.json");
    auto const created = lever("POST", "/webhooks", request);
    ASSERT_EQ(created.status, 201) << created.body;
    auto const hook = created.json().at("data").as_object();
    EXPECT_TRUE(hook.at("configuration").as_object().contains("signatureToken"));
    auto const listed = lever("GET", "/webhooks").json().at("data").as_array();
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_FALSE(listed[0].at("configuration").as_object().contains("signatureToken"));
    std::string const path = std::string("/webhooks/") + hook.at("id").as_string().c_str();
    EXPECT_EQ(lever("DELETE", path).status, 204);
    EXPECT_EQ(lever("DELETE", path).status, 404);
}

TEST_F(LeverWebhooks, MadeThroughTheApiMayAnswerWithDataInData) {
    control("POST", "/lever/webhooks/settings", {{"double_data", true}});
    auto const created =
        lever("POST", "/webhooks", R"({"url":"https://hooks.example.com/x","event":"candidateHired"})");
    EXPECT_TRUE(created.json().at("data").at("data").as_object().contains("id"));
}

TEST_F(LeverWebhooks, MadeByHandCannotBeChangedThroughTheApi) {
    Receiver receiver({200});
    listen(receiver);
    std::string const id = lever("GET", "/webhooks").json().at("data").at(0).at("id").as_string().c_str();
    EXPECT_EQ(lever("DELETE", "/webhooks/" + id).status, 403);
    EXPECT_EQ(
        lever("PUT", "/webhooks", R"({"data":[{"id":")" + id + R"(","url":"https://hooks.example.com"}]})").status,
        403);
}

TEST_F(LeverWebhooks, RefuseAUrlOrEventThatLeverWouldNotTake) {
    for (char const* const body : {R"({"url":"http://hooks.example.com/x","event":"candidateHired"})",
                                   R"({"url":"https://hooks.example.com/x","event":"hired"})",
                                   R"({"url":"https://hooks.example.com/x","event":"candidateHired","secret":"x"})"}) {
        EXPECT_EQ(lever("POST", "/webhooks", body).status, 400) << body;
    }
}

TEST_F(LeverWebhooks, OfAStreamAreAllReceivedByAReceiverThatFailsOften) {
    Receiver receiver({500, 0, 503, 500, 0, 500, 500, 200});
    listen(receiver);
    auto const started =
        control("POST", "/lever/stream", {{"count", 40}, {"concurrency", 4}, {"name_prefix", "Flow"}, {"tries", 100}});
    auto const stream = control("GET", std::string("/lever/streams/") + started.at("id").as_string().c_str() +
                                           "?wait_ms=60000&opportunities=true");
    EXPECT_EQ(stream.at("received"), 40);
    EXPECT_EQ(stream.at("done"), true);
    std::set<std::string> names;
    for (auto const& id : stream.at("opportunities").as_array()) {
        auto const person = control("GET", std::string("/lever/candidates/") + id.as_string().c_str());
        names.insert(person.at("opportunity").at("name").as_string().c_str());
    }
    EXPECT_EQ(names.size(), 40U);
    EXPECT_TRUE(names.begin()->starts_with("Flow N"));
}

TEST_F(LeverWebhooks, OfAStreamOfApplicationsNameTheApplicationAndHireNobody) {
    Receiver receiver({200});
    listen(receiver, {{"event", "applicationCreated"}});
    auto const started = control("POST", "/lever/stream", {{"count", 3}, {"event", "applicationCreated"}});
    auto const stream = control("GET", std::string("/lever/streams/") + started.at("id").as_string().c_str() +
                                           "?wait_ms=60000&opportunities=true");
    EXPECT_EQ(stream.at("received"), 3);
    auto const sent = json::parse(receiver.requests().at(0).body).at("data").as_object();
    EXPECT_TRUE(sent.contains("applicationId"));
    auto const id = std::string(stream.at("opportunities").at(0).as_string());
    EXPECT_TRUE(control("GET", "/lever/candidates/" + id).at("archived").is_null());
}

TEST_F(LeverWebhooks, OfAStreamEndWithAReset) {
    Receiver receiver({500});
    listen(receiver);
    control("POST", "/lever/stream", {{"count", 1000}, {"tries", 1000000}, {"retry_gap_ms", 100000}});
    control("POST", "/reset");
    EXPECT_EQ(control("GET", "/metrics").at("lever").at("candidates"), 1);
}

}  // namespace
}  // namespace crosswalk::sandbox

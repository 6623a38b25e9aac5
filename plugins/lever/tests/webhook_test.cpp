// What is accepted at the webhook address, and what is not.
#include "fixture.hpp"

#include <set>
#include <thread>

namespace crosswalk::lever {
namespace {

using testing::HasSubstr;

class LeverWebhook : public LeverTest {
protected:
    using LeverTest::LeverTest;

    // candidateHired.json with one member put over it.
    [[nodiscard]] static Inbound changed_hire(std::string const& key, json::value const& value) {
        json::object body = sample("webhooks/candidateHired.json").as_object();
        body[key] = value;
        return {.body = json::serialize(body)};
    }
    [[nodiscard]] static Inbound hire_without(std::string const& key) {
        json::object body = sample("webhooks/candidateHired.json").as_object();
        body.erase(key);
        return {.body = json::serialize(body)};
    }
};

TEST_F(LeverWebhook, AcceptsASignedHire) {  // A.19, A.20
    CallResult const result = lever().verify(webhook("candidateHired"));
    ASSERT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(result.disposition, CW_WEBHOOK_ACCEPT);
    EXPECT_EQ(result.note(CW_NOTE_EVENT_TYPE), "candidate.hired");
    EXPECT_EQ(result.note(CW_NOTE_DEDUPE_KEY), "b2c7b8f0-6a5e-4c0f-9b61-2a0a7c1d0001");
}

TEST_F(LeverWebhook, MakesADedupeKeyOfItsOwnForADeliveryWithoutId) {  // A.21
    auto at = lever();
    CallResult const first = at.verify(webhook("candidateHired_no_event_id"));
    CallResult const again = at.verify(webhook("candidateHired_no_event_id"));
    ASSERT_EQ(first.disposition, CW_WEBHOOK_ACCEPT) << first.message;
    EXPECT_EQ(first.note(CW_NOTE_DEDUPE_KEY).size(), 64U);
    EXPECT_EQ(first.note(CW_NOTE_DEDUPE_KEY), again.note(CW_NOTE_DEDUPE_KEY));
    EXPECT_NE(first.note(CW_NOTE_DEDUPE_KEY), at.verify(webhook("candidateHired")).note(CW_NOTE_DEDUPE_KEY));
}

TEST_F(LeverWebhook, KnowsVerifyConnectionHoweverOldItIs) {  // A.18
    CallResult const result = lever().verify(webhook("verify_connection_candidateHired"));
    ASSERT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(result.disposition, CW_WEBHOOK_TEST);
    EXPECT_EQ(result.note(CW_NOTE_EVENT_TYPE), "candidate.hired");
}

TEST_F(LeverWebhook, RefusesAVerifyConnectionWithAWrongSignature) {
    json::object body = sample("webhooks/verify_connection_candidateHired.json").as_object();
    body["triggeredAt"] = 1431458021952;
    EXPECT_EQ(lever().verify({.body = json::serialize(body)}).status, CW_ERR_AUTH);
}

TEST_F(LeverWebhook, IgnoresOtherEventsOfLever) {  // A.19
    auto at = lever();
    for (std::string const name : {"candidateStageChange", "candidateArchiveChange_archived"}) {
        CallResult const result = at.verify(webhook(name));
        EXPECT_EQ(result.status, CW_OK) << name << result.message;
        EXPECT_EQ(result.disposition, CW_WEBHOOK_IGNORE) << name;
    }
}

TEST_F(LeverWebhook, AcceptsASignedNewApplication) {  // D.6
    CallResult const result = lever().verify(webhook("applicationCreated"));
    ASSERT_EQ(result.disposition, CW_WEBHOOK_ACCEPT) << result.message;
    EXPECT_EQ(result.note(CW_NOTE_EVENT_TYPE), "application.created");
    EXPECT_EQ(result.note(CW_NOTE_DEDUPE_KEY), "b2c7b8f0-6a5e-4c0f-9b61-2a0a7c1d0002");
    EXPECT_EQ(lever().verify(webhook("verify_connection_applicationCreated")).disposition, CW_WEBHOOK_TEST);
}

TEST_F(LeverWebhook, NeedsNoHeaderBeyondThoseThatLeverSends) {
    Inbound hire = webhook("candidateHired");
    hire.headers.clear();
    json::value const envelope = sample("webhooks/request_envelope.json");
    for (auto const& header : envelope.at("headers").as_object()) {
        hire.headers.emplace_back(header.key() == "User-Agent" ? "user-agent" : "content-type",
                                  header.value().as_string());
    }
    EXPECT_EQ(lever().verify(hire).disposition, CW_WEBHOOK_ACCEPT);
}

TEST_F(LeverWebhook, ChecksANewApplicationAgainstItsOwnTokenOnly) {  // D.9
    host.secret("/webhooks/applicationCreated/signature_token", "another");
    EXPECT_EQ(lever().verify(webhook("applicationCreated")).status, CW_ERR_AUTH);
}

TEST_F(LeverWebhook, ChecksTheSignatureOfAnIgnoredEventWhoseTokenItKnows) {
    json::object body = sample("webhooks/candidateStageChange.json").as_object();
    body["token"] = "another";
    EXPECT_EQ(lever().verify({.body = json::serialize(body)}).status, CW_ERR_AUTH);
}

TEST_F(LeverWebhook, RefusesATamperedDelivery) {  // A.20
    CallResult const result = lever().verify(webhook("tampered_candidateHired"));
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("signature"));
}

TEST_F(LeverWebhook, RefusesADeliveryWithoutSignature) {  // A.20
    CallResult const result = lever().verify(webhook("unsigned_candidateHired"));
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("no signature"));
}

TEST_F(LeverWebhook, RefusesAnyChangeOfTokenTimeOrSignature) {  // A.20
    auto at = lever();
    json::value const body = sample("webhooks/candidateHired.json");
    for (std::string const key : {"token", "signature"}) {
        std::string const good(body.at(key).as_string());
        for (std::size_t i = 0; i < good.size(); ++i) {
            std::string bad = good;
            bad[i] = bad[i] == '0' ? '1' : '0';
            EXPECT_EQ(at.verify(changed_hire(key, json::value(bad))).status, CW_ERR_AUTH) << key << i;
        }
    }
    EXPECT_EQ(at.verify(changed_hire("triggeredAt", hired_at_ms + 1)).status, CW_ERR_AUTH);
}

TEST_F(LeverWebhook, RefusesAnUpperCaseSignature) {
    std::string upper(sample("webhooks/candidateHired.json").at("signature").as_string());
    for (char& c : upper) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    EXPECT_EQ(lever().verify(changed_hire("signature", json::value(upper))).status, CW_ERR_AUTH);
}

TEST_F(LeverWebhook, RefusesMissingOrOddSignedFields) {
    auto at = lever();
    for (std::string const key : {"token", "signature", "triggeredAt"}) {
        EXPECT_EQ(at.verify(hire_without(key)).status, CW_ERR_AUTH) << key;
        EXPECT_EQ(at.verify(changed_hire(key, nullptr)).status, CW_ERR_AUTH) << key;
        EXPECT_EQ(at.verify(changed_hire(key, json::array{})).status, CW_ERR_AUTH) << key;
    }
    EXPECT_EQ(at.verify(changed_hire("triggeredAt", "1795297265012")).status, CW_ERR_AUTH);
}

TEST_F(LeverWebhook, TakesTheTimeAsAnIntegerOnly) {
    auto at = lever();
    std::string const good = sample_text("webhooks/candidateHired.json");
    for (std::string const number : {"1795297265012.0", "1.795297265012e12", "17952972650120e-1"}) {
        std::string body = good;
        body.replace(body.find("1795297265012"), 13, number);
        EXPECT_EQ(at.verify({.body = body}).status, CW_ERR_AUTH) << number;
    }
}

TEST_F(LeverWebhook, RefusesWhatIsNoDeliveryAtAll) {
    auto at = lever();
    for (std::string const body : {"", "{", "[]", "7", "{}", R"({"event": 7})", R"({"event": ""})", "\xff\xfe"}) {
        EXPECT_EQ(at.verify({.body = body}).status, CW_ERR_INVALID) << body;
    }
}

TEST_F(LeverWebhook, RefusesAHireThatNamesNoOpportunity) {
    auto at = lever();
    for (json::value const& data :
         {json::value(nullptr), json::value({{"contactId", "c"}}), json::value({{"opportunityId", "../users"}}),
          json::value({{"opportunityId", 7}})}) {
        EXPECT_EQ(at.verify(changed_hire("data", data)).status, CW_ERR_INVALID) << data;
    }
}

TEST_F(LeverWebhook, IgnoresUnknownFieldsAndLongTokens) {
    // The vendor speaks of 48 characters and prints 50; the signature alone counts.
    CallResult const result = lever().verify(changed_hire("later", json::object{{"a", json::array{1, 2}}}));
    EXPECT_EQ(result.disposition, CW_WEBHOOK_ACCEPT) << result.message;
}

TEST_F(LeverWebhook, AcceptsADeliveryOfTheLastRerunDayAndNoneAfter) {  // A.20
    auto at = lever();
    std::int64_t const window = std::int64_t{15} * 24 * 3600 * 1000;
    host.set_now(hired_at_ms + window);
    EXPECT_EQ(at.verify(webhook("candidateHired")).status, CW_OK);
    host.set_now(hired_at_ms + window + 1);
    EXPECT_EQ(at.verify(webhook("candidateHired")).status, CW_ERR_AUTH);
}

TEST_F(LeverWebhook, AllowsClocksToDifferByFiveMinutes) {
    auto at = lever();
    host.set_now(hired_at_ms - 300'000);
    EXPECT_EQ(at.verify(webhook("candidateHired")).status, CW_OK);
    host.set_now(hired_at_ms - 300'001);
    EXPECT_EQ(at.verify(webhook("candidateHired")).status, CW_ERR_AUTH);
}

TEST_F(LeverWebhook, IsVerifiedOnManyThreadsAtOnce) {
    auto at = lever();
    std::atomic<int> accepted{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                accepted += at.verify(webhook("candidateHired")).disposition == CW_WEBHOOK_ACCEPT ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(accepted, 800);
}

TEST_F(LeverWebhook, AsksForNothingButTheSecret) {
    (void)lever().verify(webhook("candidateHired"));
    EXPECT_EQ(host.denied(), 0);
    EXPECT_TRUE(host.requests().empty());
}

class LeverRotatedToken : public LeverTest {
protected:
    LeverRotatedToken()
        : LeverTest({{"webhooks",
                      {{"candidateHired",
                        {{"signature_token", "secret:env/NEW"}, {"previous_signature_token", "secret:env/OLD"}}}}}}) {
        json::value const tokens = sample("webhooks/signature_tokens.json");
        host.secret("/webhooks/candidateHired/signature_token", "the-new-token");
        host.secret("/webhooks/candidateHired/previous_signature_token",
                    std::string(tokens.at("tokens").at("candidateHired").as_string()));
    }
};

TEST_F(LeverRotatedToken, StillAcceptsThePreviousToken) {
    EXPECT_EQ(lever().verify(webhook("candidateHired")).disposition, CW_WEBHOOK_ACCEPT);
}
TEST_F(LeverRotatedToken, RefusesWhatNeitherTokenSigned) {
    EXPECT_EQ(lever().verify(webhook("tampered_candidateHired")).status, CW_ERR_AUTH);
}

class LeverUnsigned : public LeverTest {
protected:
    LeverUnsigned() : LeverTest({{"webhooks", {{"candidateHired", {{"allow_unsigned", true}}}}}}) {}
};

TEST_F(LeverUnsigned, AcceptsAnUnsignedHireWhenToldTo) {
    EXPECT_EQ(lever().verify(webhook("unsigned_candidateHired")).disposition, CW_WEBHOOK_ACCEPT);
}
TEST_F(LeverUnsigned, HasAnotherDedupeKeyWhenAnythingOfItDiffers) {  // A.21
    auto at = lever();
    json::object const body = sample("webhooks/unsigned_candidateHired.json").as_object();
    std::set<std::string> keys{at.verify({.body = json::serialize(body)}).note(CW_NOTE_DEDUPE_KEY)};
    json::object other = body;
    other["token"] = "another";
    keys.insert(at.verify({.body = json::serialize(other)}).note(CW_NOTE_DEDUPE_KEY));
    other = body;
    other["triggeredAt"] = hired_at_ms;
    keys.insert(at.verify({.body = json::serialize(other)}).note(CW_NOTE_DEDUPE_KEY));
    other = body;
    other["data"].as_object()["opportunityId"] = "another";
    keys.insert(at.verify({.body = json::serialize(other)}).note(CW_NOTE_DEDUPE_KEY));
    EXPECT_EQ(keys.size(), 4U);
}
TEST_F(LeverUnsigned, StillRefusesAnOldOne) {
    host.advance(std::int64_t{16} * 24 * 3600 * 1000);
    EXPECT_EQ(lever().verify(webhook("unsigned_candidateHired")).status, CW_ERR_AUTH);
}

class LeverWithoutWebhooks : public LeverTest {
protected:
    LeverWithoutWebhooks() : LeverTest({{"webhooks", json::object{}}}) {}
};

TEST(LeverWithoutTokens, RefusesAnEventForWhichNoTokenIsConfigured) {  // D.10
    FakeHost host(settings({{"webhooks", json::object{}}}));
    host.set_now(hired_at_ms);
    for (std::string const event : {"candidateHired", "applicationCreated"}) {
        CallResult const result =
            host.create(cw_connector_entry_v0, "lever").verify({.body = sample_text("webhooks/" + event + ".json")});
        EXPECT_EQ(result.status, CW_ERR_AUTH);
        EXPECT_THAT(result.message, HasSubstr("No signature token is configured for " + event));
    }
}

TEST_F(LeverWithoutWebhooks, TakeTheTokenThatLeverHandedOut) {  // D.7
    CallResult const result = lever().verify(webhook("candidateHired"));
    EXPECT_EQ(result.disposition, CW_WEBHOOK_ACCEPT) << result.message;
}

}  // namespace
}  // namespace crosswalk::lever

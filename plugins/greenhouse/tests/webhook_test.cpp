// Signatures, pings, and which deliveries are of use.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::HasSubstr;

class GreenhouseWebhook : public GreenhouseTest {
protected:
    using GreenhouseTest::GreenhouseTest;
    [[nodiscard]] CallResult verify(Inbound const& request) { return greenhouse().verify(request); }
    // A hire whose only signature header is `signature`.
    [[nodiscard]] CallResult signed_with(std::string const& signature) {
        Inbound request = webhook("hire_candidate");
        request.headers = {{"signature", signature}};
        return verify(request);
    }
    [[nodiscard]] static std::string signature_of(Inbound const& request) { return request.headers.back().second; }
};

TEST_F(GreenhouseWebhook, AcceptsASignedHire) {  // B.11, B.12
    for (std::string const name : {"hire_candidate", "hire_candidate_goco_fields"}) {
        CallResult const result = verify(webhook(name));
        EXPECT_EQ(result.status, CW_OK) << result.message;
        EXPECT_EQ(result.disposition, CW_WEBHOOK_ACCEPT);
        EXPECT_EQ(result.note(CW_NOTE_EVENT_TYPE), "candidate.hired");
    }
}

TEST_F(GreenhouseWebhook, TakesAPingAsATest) {  // B.8, B.12
    CallResult const result = verify(webhook("ping"));
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_EQ(result.disposition, CW_WEBHOOK_TEST);
    EXPECT_EQ(result.note(CW_NOTE_EVENT_TYPE), "candidate.hired application.created");
}

TEST_F(GreenhouseWebhook, AcknowledgesEveryOtherActionAndIgnoresIt) {  // B.12
    int others = 0;
    json::value const signatures = sample("webhooks/signatures.json");
    for (json::value const& one : signatures.at("deliveries").as_array()) {
        std::string name(one.at("file").as_string());
        name.resize(name.size() - 5);
        if (name == "ping" || name == "new_candidate_application" || name.starts_with("hire_candidate")) {
            continue;
        }
        CallResult const result = verify(webhook(name));
        EXPECT_EQ(result.status, CW_OK) << name << ": " << result.message;
        EXPECT_EQ(result.disposition, CW_WEBHOOK_IGNORE) << name;
        ++others;
    }
    EXPECT_EQ(others, 16);
}

TEST_F(GreenhouseWebhook, RefusesASignatureOfAnotherForm) {  // B.11
    std::string const hex = signature_of(webhook("hire_candidate")).substr(7);
    EXPECT_EQ(signed_with("sha256 " + hex).status, CW_OK);
    for (std::string const& form : {"sha256=" + hex, hex, "sha256  " + hex, "SHA256 " + hex, "sha256 " + hex + " ",
                                    "sha1 " + hex, std::string("sha256 "), std::string()}) {
        CallResult const result = signed_with(form);
        EXPECT_EQ(result.status, CW_ERR_AUTH) << form;
        EXPECT_EQ(result.disposition, 0);
    }
}

TEST_F(GreenhouseWebhook, RefusesASignatureWithOneDigitChanged) {  // B.11
    std::string signature = signature_of(webhook("hire_candidate"));
    for (std::size_t at = 7; at < signature.size(); at += 9) {
        std::string wrong = signature;
        wrong[at] = wrong[at] == 'a' ? 'b' : 'a';
        EXPECT_EQ(signed_with(wrong).status, CW_ERR_AUTH) << at;
    }
}

TEST_F(GreenhouseWebhook, RefusesABodyThatChangedByOneByteOrWasWrittenAnew) {  // B.11
    Inbound request = webhook("hire_candidate_goco_fields");
    std::string const original = request.body;
    request.body.back() = '\n';
    EXPECT_EQ(verify(request).status, CW_ERR_AUTH);
    // The same JSON, but with < and & no longer escaped.
    request.body = json::serialize(json::parse(original));
    ASSERT_NE(request.body, original);
    EXPECT_EQ(verify(request).status, CW_ERR_AUTH);
}

TEST_F(GreenhouseWebhook, RefusesADeliveryWithoutSignature) {  // B.11
    Inbound request = webhook("ping");
    request.headers.clear();
    EXPECT_EQ(verify(request).status, CW_ERR_AUTH);
}

TEST_F(GreenhouseWebhook, ChecksThePingLikeEverythingElse) {
    Inbound request = webhook("ping");
    request.headers = {{"signature", "sha256 " + std::string(64, '0')}};
    EXPECT_EQ(verify(request).status, CW_ERR_AUTH);
}

class GreenhouseTwoKeys : public GreenhouseWebhook {
protected:
    GreenhouseTwoKeys()
        : GreenhouseWebhook({{"webhook", {{"secret_key", "secret:env/A"}, {"previous_secret_key", "secret:env/B"}}}}) {
        host.secret("/webhook/secret_key", "a-secret-key-of-today");
        host.secret("/webhook/previous_secret_key", "123");
    }
};
TEST_F(GreenhouseTwoKeys, AcceptsThePreviousKeyWhileItIsReplaced) {
    EXPECT_EQ(verify(webhook("hire_candidate")).disposition, CW_WEBHOOK_ACCEPT);
}

class GreenhouseNoWebhook : public GreenhouseWebhook {
protected:
    GreenhouseNoWebhook() : GreenhouseWebhook({{"webhook", nullptr}}) {}
};
TEST_F(GreenhouseNoWebhook, AcceptsNothingWithoutASecretKey) {
    CallResult const result = verify(webhook("hire_candidate"));
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("secret key"));
}

TEST_F(GreenhouseWebhook, TakesGreenhousesEventIdAsDedupeKey) {
    Inbound request = webhook("hire_candidate");
    request.headers.emplace_back("greenhouse-event-id", "event-77");
    EXPECT_EQ(verify(request).note(CW_NOTE_DEDUPE_KEY), "event-77");
}

TEST_F(GreenhouseWebhook, MakesADedupeKeyOfTheContentWithoutAUsableEventId) {
    std::string const key = verify(webhook("hire_candidate")).note(CW_NOTE_DEDUPE_KEY);
    EXPECT_EQ(key.size(), 64U);
    EXPECT_NE(key, verify(webhook("hire_candidate_goco_fields")).note(CW_NOTE_DEDUPE_KEY));
    for (std::string const& odd : {std::string("two words"), std::string(200, 'x'), std::string()}) {
        Inbound request = webhook("hire_candidate");
        request.headers.emplace_back("greenhouse-event-id", odd);
        EXPECT_EQ(verify(request).note(CW_NOTE_DEDUPE_KEY), key);
    }
}

// Signatures made with the key 123, as in the samples.
TEST_F(GreenhouseWebhook, RefusesASignedBodyThatIsNoHire) {
    std::vector<std::pair<std::string, std::string>> const bodies = {
        {R"(not json)", "ba3ef64066384cd62fb314c62335faed36d3d0e02ec49ff54c05a7ca87ece0a0"},
        {R"([])", "058ca8b496ddf0026dff44a1067b987c04d3911fac58cb78a8ce760545b47155"},
        {R"({"payload":{}})", "d44cd92d24547548e57a46891c2c620ac05141ada99dccdb3aa9feedc13c46cf"},
        {R"({"action":"hire_candidate","payload":{}})",
         "6eda344602ebef463c2e206635c6720e85a070432f4d0d297063616dc03dea35"},
        {R"({"action":"hire_candidate","payload":{"application":{"id":"46194062"}}})",
         "3e0520a4e72535d12da45a39f791ec2d99bf4d9f1e8cc8aba8d5f7dc34b5446c"},
    };
    for (auto const& [body, hex] : bodies) {
        Inbound request{.body = body};
        request.headers = {{"signature", "sha256 " + hex}};
        EXPECT_EQ(verify(request).status, CW_ERR_INVALID) << body;
    }
}

}  // namespace
}  // namespace crosswalk::greenhouse

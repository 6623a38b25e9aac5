// The callback: which ones are genuine, and which events come of them.
#include "fixture.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace crosswalk::hrlogics {
namespace {

// As HRLogics signs: v1=hex(HMAC-SHA256(secret, timestamp.body)).
std::string sign(std::string const& secret, std::string const& timestamp, std::string const& body) {
    std::string const message = timestamp + "." + body;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(message.data()), message.size(), digest, &size);
    std::string hex = "v1=";
    for (unsigned int i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4U];
        hex += "0123456789abcdef"[digest[i] & 15U];
    }
    return hex;
}

class HrlogicsCallback : public HrlogicsTest {
protected:
    explicit HrlogicsCallback(json::object const& more = {}) : HrlogicsTest(more) {}

    // A vector of signature_vectors.json as it is on the wire.
    static Inbound vector(std::size_t index) {
        json::value const all = json::parse(sample("signature_vectors"));
        json::value const& one = all.at("vectors").at(index);
        json::object const& headers = one.at("headers").as_object();
        Inbound request{.body = std::string(one.at("raw_body").as_string())};
        for (auto const& [name, value] : headers) {
            request.headers.emplace_back(lower(name), std::string(value.as_string()));
        }
        return request;
    }
    static std::string lower(std::string_view name) {
        std::string out(name);
        for (char& c : out) {
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
        return out;
    }
    static std::string& header(Inbound& request, std::string_view name) {
        for (auto& [key, value] : request.headers) {
            if (key == name) {
                return value;
            }
        }
        throw std::runtime_error("no such header");
    }
    static void remove(Inbound& request, std::string_view name) {
        std::erase_if(request.headers, [&](auto const& entry) { return entry.first == name; });
    }
    static Inbound signed_request(std::string const& body, std::string const& id, std::string const& signature = {}) {
        std::string const timestamp = std::to_string(signed_at_ms / 1000);
        return {.headers = {{"x-integration-event-id", id},
                            {"x-integration-timestamp", timestamp},
                            {"x-integration-signature",
                             signature.empty() ? sign(webhook_secret, timestamp, body) : signature}},
                .body = body};
    }
    static std::string body_with(json::object const& data, std::string const& type = "screening.completed") {
        json::object body = json::parse(sample("callback_pre_qualified")).as_object();
        body["type"] = type;
        for (auto const& [name, value] : data) {
            body["data"].as_object()[name] = value;
        }
        return json::serialize(body);
    }
};

// D.17
TEST_F(HrlogicsCallback, OfEachSignatureVectorIsTaken) {
    Instance at = hrlogics();
    for (std::size_t index : {0U, 1U}) {
        CallResult const verdict = at.verify(vector(index));
        EXPECT_EQ(verdict.status, CW_OK) << verdict.message;
        EXPECT_EQ(verdict.disposition, CW_WEBHOOK_ACCEPT);
        EXPECT_EQ(verdict.note(CW_NOTE_DEDUPE_KEY), index == 0 ? "evt_7001" : "evt_7002");
        EXPECT_EQ(verdict.note(CW_NOTE_EVENT_TYPE), "screening.completed screening.decided");
    }
}

TEST_F(HrlogicsCallback, WithOneByteChangedAnywhereIsRefused) {
    Instance at = hrlogics();
    Inbound const genuine = vector(0);
    for (std::size_t i = 0; i < genuine.body.size(); i += 7) {
        Inbound forged = genuine;
        forged.body[i] = static_cast<char>(forged.body[i] ^ 1);
        EXPECT_EQ(at.verify(forged).status, CW_ERR_AUTH) << i;
    }
    for (std::size_t i = 0; i < std::string("v1=").size() + 64; ++i) {
        Inbound forged = genuine;
        std::string& signature = header(forged, "x-integration-signature");
        signature[i] = signature[i] == '0' ? '1' : '0';
        EXPECT_EQ(at.verify(forged).status, CW_ERR_AUTH) << i;
    }
    Inbound later = genuine;
    header(later, "x-integration-timestamp") = "1795296601";
    EXPECT_EQ(at.verify(later).status, CW_ERR_AUTH);
}

TEST_F(HrlogicsCallback, WithoutASignedHeaderIsRefused) {
    Instance at = hrlogics();
    for (char const* const name : {"x-integration-signature", "x-integration-timestamp"}) {
        Inbound request = vector(0);
        remove(request, name);
        EXPECT_EQ(at.verify(request).status, CW_ERR_AUTH) << name;
    }
    for (char const* const time : {"", "now", "1795296600.5", "-1795296600", "99999999999999999999"}) {
        Inbound request = vector(0);
        header(request, "x-integration-timestamp") = time;
        EXPECT_EQ(at.verify(request).status, CW_ERR_AUTH) << time;
    }
}

TEST_F(HrlogicsCallback, IsTakenUpTo300SecondsOffAndNoFurther) {
    Instance at = hrlogics();
    for (auto const& [off_s, expected] :
         {std::pair{300, CW_OK}, {301, CW_ERR_AUTH}, {-300, CW_OK}, {-301, CW_ERR_AUTH}}) {
        host.set_now(signed_at_ms + off_s * 1000);
        EXPECT_EQ(at.verify(vector(0)).status, expected) << off_s;
    }
}

TEST_F(HrlogicsCallback, SignedWithTwoSecretsIsTakenWhenOneIsOurs) {
    Instance at = hrlogics();
    Inbound request = vector(0);
    std::string& signature = header(request, "x-integration-signature");
    signature = "v1=" + std::string(64, '0') + ", v2=abc, " + signature;
    EXPECT_EQ(at.verify(request).status, CW_OK);
    signature = "v1=" + std::string(64, '0') + ",v1=" + std::string(64, '1');
    EXPECT_EQ(at.verify(request).status, CW_ERR_AUTH);
}

TEST_F(HrlogicsCallback, SignaturesBeyondTheEighthAreNotRead) {
    Instance at = hrlogics();
    Inbound request = vector(0);
    std::string& signature = header(request, "x-integration-signature");
    for (int i = 0; i < 8; ++i) {
        signature = "v1=" + std::string(64, '0') + "," + signature;
    }
    EXPECT_EQ(at.verify(request).status, CW_ERR_AUTH);
}

TEST_F(HrlogicsCallback, WhoseUnsignedIdIsNotThatOfTheBodyIsRefused) {
    Instance at = hrlogics();
    Inbound request = vector(0);
    header(request, "x-integration-event-id") = "evt_7009";
    EXPECT_EQ(at.verify(request).status, CW_ERR_INVALID);
    remove(request, "x-integration-event-id");
    EXPECT_EQ(at.verify(request).status, CW_ERR_INVALID);
}

TEST_F(HrlogicsCallback, ThatIsNoMessageOfTheContractIsInvalid) {
    Instance at = hrlogics();
    for (char const* const body : {"", "{", "[]", "null", R"({"id":"e"})", R"({"id":"e","type":"screening.completed"})",
                                   R"({"id":"e","type":"screening.completed","data":{"applicant_id":"a"}})"}) {
        EXPECT_EQ(at.verify(signed_request(body, "e")).status, CW_ERR_INVALID) << body;
    }
}

TEST_F(HrlogicsCallback, OfAnotherTypeIsIgnored) {
    Instance at = hrlogics();
    CallResult const verdict = at.verify(signed_request(body_with({}, "survey.opened"), "evt_7001"));
    EXPECT_EQ(verdict.status, CW_OK);
    EXPECT_EQ(verdict.disposition, CW_WEBHOOK_IGNORE);
}

class HrlogicsCallbackDuringReplacement : public HrlogicsCallback {
protected:
    HrlogicsCallbackDuringReplacement() : HrlogicsCallback({{"previous_webhook_secret", "secret:env/OLD"}}) {
        host.secret("/previous_webhook_secret", "the-old-secret");
    }
};

TEST_F(HrlogicsCallbackDuringReplacement, IsTakenUnderTheOldSecretToo) {
    Instance at = hrlogics();
    std::string const body = body_with({});
    std::string const timestamp = std::to_string(signed_at_ms / 1000);
    EXPECT_EQ(at.verify(signed_request(body, "evt_7001", sign("the-old-secret", timestamp, body))).status, CW_OK);
    EXPECT_EQ(at.verify(vector(0)).status, CW_OK);
}

// D.9
TEST_F(HrlogicsCallback, UnderAReplacedSecretIsRefusedUnlessItIsKeptAsPrevious) {
    host.secret("/previous_webhook_secret", "the-old-secret");
    host.secret("/webhook_secret", "the-new-secret");
    Instance at = hrlogics();
    EXPECT_EQ(at.verify(vector(0)).status, CW_ERR_AUTH);
}

// D.17 D.18
TEST_F(HrlogicsCallback, WithADecisionGivesItsResultAndItsTag) {
    link_applicant();
    Instance at = hrlogics();
    for (auto const& [index, status] : {std::pair{0U, "pre qualified"}, {1U, "not qualified"}}) {
        CallResult const parsed = at.parse(vector(index));
        ASSERT_EQ(parsed.events.size(), 2U) << parsed.message << parsed.note(CW_NOTE_REASON);
        EXPECT_EQ(parsed.events[0].type, "screening.completed");
        EXPECT_EQ(parsed.events[1].type, "screening.decided");
        EXPECT_EQ(parsed.events[1].id, "screening.decided:hrl_5501:" + std::string(status) + ":2026-11-21T21:30:00Z");
        EXPECT_EQ(parsed.events[1].subject, "applicant:hrl_5501");
        EXPECT_EQ(parsed.events[1].occurred_unix_ms, 1795296600'000);
        EXPECT_EQ(parsed.events[1].record.data.at("application").at("id"), json::string(opportunity));
    }
    EXPECT_TRUE(host.requests().empty()) << "The callback says that the survey was submitted.";
}

TEST_F(HrlogicsCallback, RepeatedGivesTheSameIds) {
    link_applicant();
    Instance at = hrlogics();
    EXPECT_EQ(at.parse(vector(0)).events.at(1).id, at.parse(vector(0)).events.at(1).id);
    EXPECT_NE(at.parse(vector(0)).events.at(1).id, at.parse(vector(1)).events.at(1).id);
}

// D.19
TEST_F(HrlogicsCallback, WithAnUnknownStatusGivesOnlyTheResult) {
    host.link({"hrlogics", "applicant", "hrl_5502"}, {"lever", "application", "11111111-2222-4333-8444-555555555555"});
    Instance at = hrlogics();
    CallResult const parsed = at.parse(signed_request(sample("callback_unknown_status"), "evt_7003"));
    ASSERT_EQ(parsed.events.size(), 1U);
    EXPECT_EQ(parsed.events[0].type, "screening.completed");
    EXPECT_TRUE(parsed.note(CW_NOTE_REASON).starts_with("unsupported status"));
}

// D.22
TEST_F(HrlogicsCallback, WithoutASubmittedSurveyGivesNoTag) {
    link_applicant();
    get("hrl_5501").reply(200, R"({"data":{"id":"hrl_5501","survey_status":"opened"}})").reply(404);
    Instance at = hrlogics();
    for (int i = 0; i < 2; ++i) {
        CallResult const parsed = at.parse(signed_request(body_with({{"survey_submitted_at", nullptr}}), "evt_7001"));
        ASSERT_EQ(parsed.events.size(), 1U);
        EXPECT_EQ(parsed.events[0].type, "screening.completed");
        EXPECT_TRUE(parsed.note(CW_NOTE_REASON).starts_with("survey not completed"));
    }
}

TEST_F(HrlogicsCallback, ThatDoesNotSayWhenTheSurveyWasSubmittedIsCompletedFromTheApplicant) {
    link_applicant();
    get("hrl_5501").reply(200, sample("applicant_get_completed"));
    Instance at = hrlogics();
    CallResult const parsed = at.parse(signed_request(body_with({{"survey_submitted_at", nullptr}}), "evt_7001"));
    ASSERT_EQ(parsed.events.size(), 2U);
    EXPECT_EQ(parsed.events[1].record.data.at("survey_submitted_at"), "2026-11-21T21:29:51Z");
}

TEST_F(HrlogicsCallback, WaitsWhenTheSurveyCannotBeAskedFor) {
    link_applicant();
    get("hrl_5501").reply(503);
    Instance at = hrlogics();
    CallResult const parsed = at.parse(signed_request(body_with({{"survey_submitted_at", nullptr}}), "evt_7001"));
    EXPECT_EQ(parsed.status, CW_ERR_TRANSIENT);
}

TEST_F(HrlogicsCallback, OfAnApplicantThatWasNotCreatedHereGivesNothing) {
    Instance at = hrlogics();
    CallResult const parsed = at.parse(vector(0));
    EXPECT_EQ(parsed.status, CW_OK);
    EXPECT_TRUE(parsed.events.empty());
    EXPECT_TRUE(parsed.note(CW_NOTE_REASON).starts_with("unknown external_id"));
    EXPECT_EQ(parsed.note(CW_NOTE_UNLINKED), "applicant hrl_5501");
}

TEST_F(HrlogicsCallback, WhoseExternalIdNamesAnotherOpportunityGivesNothing) {
    link_applicant();
    Instance at = hrlogics();
    EXPECT_TRUE(at.parse(signed_request(body_with({{"external_id", "lever:opp:another"}}), "evt_7001")).events.empty());
    EXPECT_TRUE(
        at.parse(signed_request(body_with({{"external_id", "other:opp:" + opportunity}}), "evt_7001")).events.empty());
}

TEST(HrlogicsCallbackSecret, MissingMeansThatNothingIsTaken) {
    FakeHost host(settings({{"webhook_secret", nullptr}}), "hrlogics");
    host.set_now(signed_at_ms);
    Instance at = host.create(cw_connector_entry_v0, "hrlogics");
    std::string const timestamp = std::to_string(signed_at_ms / 1000);
    Inbound const request{.headers = {{"x-integration-event-id", "evt_7001"},
                                      {"x-integration-timestamp", timestamp},
                                      {"x-integration-signature", sign("", timestamp, "{}")}},
                          .body = "{}"};
    EXPECT_EQ(at.verify(request).status, CW_ERR_AUTH);
}

}  // namespace
}  // namespace crosswalk::hrlogics

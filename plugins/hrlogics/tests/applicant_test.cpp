// Applications into HRLogics: what is sent, what is not, and what becomes of each answer.
#include "fixture.hpp"

namespace crosswalk::hrlogics {
namespace {

using HrlogicsApplicant = HrlogicsTest;

// D.12
TEST_F(HrlogicsApplicant, IsSentAsTheSampleOfTheContractSays) {
    create().reply(201, sample("applicant_create_response_201"));
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED) << result.message;
    auto const sent = host.requests("POST", base);
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].json(), json::parse(sample("applicant_create_request")));
    EXPECT_EQ(sent[0].header("Idempotency-Key"), "lever:app:cdb4ff52-fb9d-4ca2-ab2b-f61a3ea6bd67");
    EXPECT_EQ(sent[0].header("Content-Type"), "application/json");
    EXPECT_EQ(sent[0].auth, CW_AUTH_BEARER);
    EXPECT_EQ(sent[0].auth_secret, "/auth/api_token");
    EXPECT_FALSE(sent[0].idempotent) << "The host must not repeat a create by itself.";
}

// D.15
TEST_F(HrlogicsApplicant, IsNotedWithItsIdAndTheStateOfItsSurvey) {
    create().reply(201, sample("applicant_create_response_201"));
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "hrl_5501");
    EXPECT_EQ(result.note(CW_NOTE_EFFECT), "created");
    EXPECT_EQ(result.note(CW_NOTE_REASON), "Survey: sent.");
    EXPECT_EQ(result.note(CW_NOTE_TARGET_URL), "") << "Whoever has the survey's address can answer it.";
}

TEST_F(HrlogicsApplicant, IsLinkedWithItsCandidateAndItsOpportunity) {
    create().reply(201, sample("applicant_create_response_201"));
    Instance at = hrlogics();
    (void)push(at);
    EXPECT_THAT(host.linked_with({"hrlogics", "applicant", "hrl_5501"}),
                testing::UnorderedElementsAre(Linked{"lever", "application", opportunity},
                                              Linked{"lever", "candidate", "7f23e772-f2cb-4ebb-b33f-54b872999992"}));
}

// D.13
TEST_F(HrlogicsApplicant, WithoutAnEmailAddressIsSkippedAndNothingIsSent) {
    Instance at = hrlogics();
    for (char const* const address : {"", "nora", "nora@", "@example.net", "nora okafor@example.net", "a@b@c"}) {
        CallResult const result = push(
            at, {{"person", {{"first_name", "Nora"}, {"last_name", "Okafor"}, {"emails", {{{"value", address}}}}}}});
        EXPECT_EQ(result.outcome, CW_PUSH_SKIPPED) << address;
        EXPECT_TRUE(result.note(CW_NOTE_REASON).starts_with("missing e-mail")) << result.note(CW_NOTE_REASON);
    }
    EXPECT_EQ(push(at, {{"person", {{"first_name", "Nora"}}}}).outcome, CW_PUSH_SKIPPED);
    EXPECT_TRUE(host.requests().empty());
}

TEST_F(HrlogicsApplicant, TakesTheFirstAddressThatIsOne) {
    create().reply(201, sample("applicant_create_response_201"));
    Instance at = hrlogics();
    (void)push(at, {{"person",
                     {{"first_name", "Nora"},
                      {"last_name", "Okafor"},
                      {"emails", {{{"value", "none"}}, {{"value", "second@example.com"}}}}}}});
    EXPECT_EQ(host.requests("POST", base).at(0).json().at("email"), "second@example.com");
}

TEST_F(HrlogicsApplicant, OfAClosedOrDeletedApplicationIsSkipped) {
    Instance at = hrlogics();
    for (char const* const status : {"archived", "rejected", "withdrawn"}) {
        CallResult const result = push(at, {{"status", status}});
        EXPECT_EQ(result.outcome, CW_PUSH_SKIPPED);
        EXPECT_THAT(result.note(CW_NOTE_REASON), HasSubstr(status));
    }
    EXPECT_EQ(push(at, {{"deleted", true}}).outcome, CW_PUSH_SKIPPED);
    EXPECT_TRUE(host.requests().empty());
}

TEST_F(HrlogicsApplicant, WithoutANameIsRejectedWithTheFieldsThatAreMissing) {
    Instance at = hrlogics();
    CallResult const result = push(at, {{"person", {{"emails", {{{"value", "nora.okafor@example.net"}}}}}}});
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_EQ(result.detail.at("fields").as_array().size(), 2U);
    EXPECT_TRUE(host.requests().empty());
}

TEST_F(HrlogicsApplicant, NeverCarriesASocialSecurityNumberOrABirthDate) {
    create().reply(201, sample("applicant_create_response_201"));
    Instance at = hrlogics();
    json::object const personal{{"ssn", "000-00-0000"},
                                {"Social-Security Number", "000-00-0000"},
                                {"date_of_birth", "1980-01-01"},
                                {"dob", "1980-01-01"},
                                {"Birth Date", "1980-01-01"}};
    CallResult const mapped = at.map(CW_MAP_OUT, "crosswalk.application/1",
                                     application({{"custom", personal}, {"extra", personal}}), "hrlogics.applicant/1");
    EXPECT_TRUE(mapped.warned("ssn", "never"));
    (void)at.push("create_applicant", "delivery-1", json::serialize(mapped.records.at(0).data));
    std::string const body = host.requests("POST", base).at(0).body;
    EXPECT_EQ(body.find("000-00-0000"), std::string::npos) << body;
    EXPECT_EQ(body.find("1980"), std::string::npos) << body;
}

TEST_F(HrlogicsApplicant, CarriesWhatARouteAdds) {
    create().reply(201, sample("applicant_create_response_201"));
    Instance at = hrlogics();
    (void)push(at, {{"extra", {{"cost_center", "C-1"}, {"state", "CA"}}}});
    json::value const body = host.requests("POST", base).at(0).json();
    EXPECT_EQ(body.at("cost_center"), "C-1");
    EXPECT_EQ(body.at("address").at("state"), "CA") << "A field of the contract goes where the contract has it.";
}

TEST_F(HrlogicsApplicant, ThatHrlogicsHasUnderOurIdentityIsUnchangedAndLinked) {
    create().reply(409, sample("error_409_exists"));
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.outcome, CW_PUSH_UNCHANGED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "hrl_5501");
    EXPECT_EQ(host.linked_with({"lever", "application", opportunity}).size(), 1U);
}

TEST_F(HrlogicsApplicant, ThatHrlogicsHasByItsAddressIsADuplicateAndStaysUnlinked) {
    create().reply(409, R"({"error":{"code":"duplicate","details":[{"field":"email","existing_id":"hrl_9"}]}})");
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.outcome, CW_PUSH_DUPLICATE);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "hrl_9");
    EXPECT_TRUE(host.linked_with({"lever", "application", opportunity}).empty());
}

TEST_F(HrlogicsApplicant, IsLookedForWhenAConflictDoesNotNameIt) {
    create().reply(409, "{}");
    find().reply(200, R"({"data":[{"id":"hrl_7","external_id":"lever:opp:)" + opportunity + R"("}]})");
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.outcome, CW_PUSH_UNCHANGED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "hrl_7");
}

TEST_F(HrlogicsApplicant, MayHaveBeenCreatedWhenTheAnswerIsLostOrBroken) {
    Instance at = hrlogics();
    for (Answer const& answer :
         {Answer{.transport = CW_ERR_INTERNAL}, Answer{.transport = CW_ERR_DEADLINE}, Answer{.status = 500},
          Answer{.status = 503}, Answer{.status = 408}, Answer{.status = 201, .body = "{\"da"},
          Answer{.status = 201, .body = R"({"data":{}})"}}) {
        create().clear().reply(answer);
        EXPECT_EQ(push(at).outcome, CW_PUSH_UNKNOWN) << answer.status;
    }
}

TEST_F(HrlogicsApplicant, WasNotCreatedWhenTheRequestNeverLeft) {
    create().fail(CW_ERR_TRANSIENT);
    Instance at = hrlogics();
    EXPECT_EQ(push(at).status, CW_ERR_TRANSIENT);
}

TEST_F(HrlogicsApplicant, IsFoundByItsExternalIdAfterATimeout) {
    find().reply(
        200, R"({"data":{"id":"hrl_5501","external_id":"lever:opp:)" + opportunity + R"(","survey_status":"queued"}})");
    Instance at = hrlogics();
    CallResult const result = at.look_up("create_applicant", "delivery-1", applicant(at));
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_REASON), "Survey: queued.");
    EXPECT_EQ(host.linked_with({"lever", "application", opportunity}).size(), 1U);
    EXPECT_EQ(host.requests("GET", base).at(0).url, base + "/v1/applicants?external_id=lever%3Aopp%3A" + opportunity);
}

TEST_F(HrlogicsApplicant, IsPushedAgainWhenTheLookUpFindsOnlyOthers) {
    find().reply(200, R"({"data":[{"id":"hrl_9","external_id":"lever:opp:250d"}]})").reply(404);
    Instance at = hrlogics();
    EXPECT_EQ(at.look_up("create_applicant", "delivery-1", applicant(at)).outcome, CW_PUSH_RETRY);
    EXPECT_EQ(at.look_up("create_applicant", "delivery-1", applicant(at)).outcome, CW_PUSH_RETRY);
}

TEST_F(HrlogicsApplicant, StaysUnknownWhenTheLookUpFails) {
    find().reply(503).reply(200, "<html>").fail(CW_ERR_DEADLINE).reply(429);
    Instance at = hrlogics();
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(at.look_up("create_applicant", "delivery-1", applicant(at)).outcome, CW_PUSH_UNKNOWN);
    }
}

TEST_F(HrlogicsApplicant, RefusedForItsFieldsIsRejectedWithThem) {
    create().reply(422, sample("error_422_missing_email"));
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.status, CW_ERR_INVALID);
    EXPECT_THAT(result.message, HasSubstr("(422): email."));
    EXPECT_EQ(result.detail.at("fields").at(0).at("field"), "email");
    EXPECT_EQ(result.detail.at("fields").at(0).at("reason"), "required");
}

TEST_F(HrlogicsApplicant, RefusedWithItsOwnValuesDoesNotRepeatThem) {
    create().reply(422, R"({"error":{"details":[{"field":"email","reason":"nora.okafor@example.net bounces"}]}})");
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.detail.at("fields").at(0).at("reason"), "HRLogics refused it");
    EXPECT_EQ(result.message.find("nora"), std::string::npos);
}

TEST_F(HrlogicsApplicant, MeetsEachErrorWithTheConsequenceOfTheContract) {
    Instance at = hrlogics();
    struct Case {
        int status;
        std::string body;
        cw_status expected;
        char const* words;
    };
    for (Case const& one :
         {Case{400, "{}", CW_ERR_INVALID, "(400)"}, Case{401, sample("error_401"), CW_ERR_AUTH, "/auth/api_token"},
          Case{403, "{}", CW_ERR_INVALID, "right"}, Case{404, "{}", CW_ERR_CONFIG, "/base_url"},
          Case{302, "", CW_ERR_CONFIG, "302"}}) {
        create().clear().reply(one.status, one.body);
        CallResult const result = push(at);
        EXPECT_EQ(result.status, one.expected) << one.status;
        EXPECT_THAT(result.message, HasSubstr(one.words));
        EXPECT_EQ(result.message.find("canary"), std::string::npos);
    }
}

TEST_F(HrlogicsApplicant, IsSentAgainWhenHrlogicsSaysSo) {
    create().reply(429, "{}", {{"retry-after", "7"}});
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.status, CW_ERR_RATE_LIMITED);
    EXPECT_EQ(result.retry_after_ms, 7000);
}

class HrlogicsPerApplication : public HrlogicsTest {
protected:
    HrlogicsPerApplication() : HrlogicsTest({{"per", "application"}}) {}
};

TEST_F(HrlogicsPerApplication, TwoApplicationsOnOneOpportunityAreTwoApplicants) {
    Instance at = hrlogics();
    json::value const first = json::parse(applicant(at));
    json::value const second = json::parse(applicant(at, {{"custom", {{"application_id", "another"}}}}));
    EXPECT_NE(first.at("external_id"), second.at("external_id"));
}

TEST_F(HrlogicsApplicant, OfTheSameOpportunityIsOneWhateverTheApplication) {
    Instance at = hrlogics();
    json::value const first = json::parse(applicant(at));
    json::value const second = json::parse(applicant(at, {{"custom", {{"application_id", "another"}}}}));
    EXPECT_EQ(first.at("external_id"), second.at("external_id"));
    EXPECT_NE(first.at("external_application_id"), second.at("external_application_id"));
}

class HrlogicsOauthApplicant : public HrlogicsTest {
protected:
    HrlogicsOauthApplicant() : HrlogicsTest(with_oauth) {}
};

TEST_F(HrlogicsOauthApplicant, IsSentWithTheHostsTokenAndOnceMoreAfter401) {
    host.oauth_tokens({"token-1", "token-2"});
    create().reply(401, sample("error_401")).reply(201, sample("applicant_create_response_201"));
    Instance at = hrlogics();
    EXPECT_EQ(push(at).outcome, CW_PUSH_DELIVERED);
    auto const sent = host.requests("POST", base);
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[1].auth, CW_AUTH_OAUTH);
    EXPECT_EQ(sent[1].auth_secret, "");
}

TEST_F(HrlogicsOauthApplicant, PausesTheConnectionWhenAFreshTokenIsRefusedToo) {
    host.oauth_tokens({"token-1", "token-2"});
    create().reply(401, sample("error_401"));
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.status, CW_ERR_AUTH);
    EXPECT_THAT(result.message, HasSubstr("revoked"));
}

}  // namespace
}  // namespace crosswalk::hrlogics

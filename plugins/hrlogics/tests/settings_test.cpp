// Settings: what is refused, in words that name the setting, and how the contract's data is laid over.
#include "fixture.hpp"

namespace crosswalk::hrlogics {
namespace {

CallResult said_to(json::object const& more) {
    FakeHost host(settings(more), "hrlogics");
    return host.try_init(cw_connector_entry_v0, "hrlogics");
}

TEST(HrlogicsSettings, OfTheContractAreEnough) {
    EXPECT_EQ(said_to({}).status, CW_OK);
    EXPECT_EQ(said_to(with_oauth).status, CW_OK);
    EXPECT_EQ(said_to({{"base_url", "http://127.0.0.1:8000/hrlogics"}}).status, CW_OK);
}

TEST(HrlogicsSettings, ThatCannotWorkAreRefusedByName) {
    struct Case {
        json::object more;
        char const* setting;
    };
    json::object const bearer{{"type", "bearer"}};
    for (Case const& one : {Case{{{"base_url", nullptr}}, "/base_url"},
                            Case{{{"base_url", "http://hrlogics.example"}}, "/base_url"},
                            Case{{{"base_url", "https://https://hrlogics.example"}}, "/base_url"},
                            Case{{{"base_url", "https://u@hrlogics.example"}}, "/base_url"},
                            Case{{{"auth", nullptr}}, "/auth/type"},
                            Case{{{"auth", bearer}}, "/auth/api_token"},
                            Case{{{"auth", {{"type", "basic"}}}}, "/auth/type"},
                            Case{{{"auth", {{"type", "oauth2_client_credentials"}}}}, "/auth/client_secret"},
                            Case{{{"colour", "red"}}, "/colour"},
                            Case{{{"per", "person"}}, "/per"},
                            Case{{{"page_size", 0}}, "/page_size"},
                            Case{{{"paths", {{"ping", "account"}}}}, "/paths/ping"},
                            Case{{{"paths", {{"pong", "/x"}}}}, "/paths/pong"},
                            Case{{{"paths", {{"disconnect", "/v1/callbacks"}}}}, "/paths/disconnect"},
                            Case{{{"paths", {{"changes", "/c?from={from}"}}}}, "/paths/changes"},
                            Case{{{"fields", {{"other", json::object()}}}}, "/fields/other"},
                            Case{{{"fields", {{"applicant", {{"mail", "/mail"}}}}}}, "/fields/applicant/mail"},
                            Case{{{"status_map", {{"a b", "T"}, {"A-B", "U"}}}}, "/status_map/A-B"},
                            Case{{{"status_map", {{"a", ""}}}}, "/status_map/a"},
                            Case{{{"exclusive_tags", "yes"}}, "/exclusive_tags"},
                            Case{{{"skip_statuses", "archived"}}, "/skip_statuses"},
                            Case{{{"webhook_secret", nullptr}, {"previous_webhook_secret", "secret:env/OLD"}},
                                 "/previous_webhook_secret"}}) {
        CallResult const result = said_to(one.more);
        EXPECT_EQ(result.status, CW_ERR_CONFIG) << one.setting;
        EXPECT_THAT(result.message, HasSubstr(one.setting));
    }
}

class HrlogicsOwnContract : public HrlogicsTest {
protected:
    HrlogicsOwnContract()
        : HrlogicsTest({{"paths", {{"applicant_create", "/v2/people"}}},
                        {"fields",
                         {{"applicant", {{"email", "/contact/mail"}, {"phone", "/contact/tel"}}},
                          {"answer", {{"data", "/person"}}},
                          {"stored", {{"id", "/key"}}}}}}) {}
};

TEST_F(HrlogicsOwnContract, IsDataAndNotCode) {
    host.on("POST", base + "/v2/people").reply(200, R"({"person":{"key":77,"survey_status":"queued"}})");
    Instance at = hrlogics();
    CallResult const result = push(at);
    EXPECT_EQ(result.outcome, CW_PUSH_DELIVERED);
    EXPECT_EQ(result.note(CW_NOTE_TARGET_KEY), "77");
    json::value const body = host.requests("POST", base).at(0).json();
    EXPECT_EQ(body.at("contact").at("mail"), "nora.okafor@example.net");
    EXPECT_EQ(body.at("contact").at("tel"), "+1-555-010-0199");
    EXPECT_FALSE(body.as_object().contains("email"));
}

using HrlogicsProbe = HrlogicsTest;

TEST_F(HrlogicsProbe, AsksForTheAccountAndChangesNothing) {
    host.on("GET", base + "/v1/account").reply(200, R"({"data":{"id":"acct_1"}})");
    Instance at = hrlogics();
    EXPECT_EQ(at.probe().status, CW_OK);
    ASSERT_EQ(host.requests().size(), 1U);
}

TEST_F(HrlogicsProbe, SaysWhatIsBroken) {
    Instance at = hrlogics();
    for (auto const& [status, expected] :
         {std::pair{401, CW_ERR_AUTH}, {403, CW_ERR_INVALID}, {404, CW_ERR_CONFIG}, {500, CW_ERR_TRANSIENT}}) {
        host.on("GET", base + "/v1/account").clear().reply(status, "{}");
        CallResult const result = at.probe();
        EXPECT_EQ(result.status, expected);
        EXPECT_THAT(result.message, HasSubstr("HRLogics"));
    }
}

TEST(HrlogicsSamples, OfTheSecondVectorIsTheCallbackOfNotQualified) {
    json::value const vectors = json::parse(sample("signature_vectors"));
    EXPECT_EQ(json::parse(vectors.at("vectors").at(1).at("raw_body").as_string()),
              json::parse(sample("callback_not_qualified")));
}

TEST(HrlogicsSamples, OfAComparableVendorShowWhatIsNeverSent) {
    json::value const put = json::parse(sample("comparable_wotc_com_applicant_put"));
    json::object extra;
    for (auto const& [name, value] : put.as_object()) {
        extra[name] = value;
    }
    FakeHost host(settings(), "hrlogics");
    Instance at = host.create(cw_connector_entry_v0, "hrlogics");
    CallResult const mapped =
        at.map(CW_MAP_OUT, "crosswalk.application/1", application({{"extra", extra}}), "hrlogics.applicant/1");
    EXPECT_TRUE(mapped.warned("ssn"));
    EXPECT_TRUE(mapped.warned("dob"));
    EXPECT_EQ(json::serialize(mapped.records.at(0).data).find("000-00-0000"), std::string::npos);
}

}  // namespace
}  // namespace crosswalk::hrlogics

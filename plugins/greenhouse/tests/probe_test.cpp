// The connection test.
#include "fixture.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::HasSubstr;

class GreenhouseProbe : public GreenhouseTest {
protected:
    explicit GreenhouseProbe(json::object const& extra = {}) : GreenhouseTest(extra) {
        for (std::string const list : {"/applications", "/offers", "/attachments", "/notes"}) {
            get(list + "?per_page=1").reply(200, "[]");
        }
        holds("/users", "rest_v3/users_list.json");
        holds("/custom_fields", "rest_v3/custom_fields_list_offer.json");
        host.secret("/webhook/secret_key", "a-key-that-is-long-enough");
    }
    Route& forbidden(std::string const& path) {
        return get(path).clear().reply(sample_answer("errors/v3_403_scope.json"));
    }
};

TEST_F(GreenhouseProbe, IsContentWithACredentialThatHasEveryPermission) {  // B.5
    CallResult const result = greenhouse().probe();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warnings.empty());
}

TEST_F(GreenhouseProbe, ChangesNothing) {
    (void)greenhouse().probe();
    EXPECT_TRUE(host.requests("POST", api).empty());
    EXPECT_LE(host.requests().size(), 12U);
}

TEST_F(GreenhouseProbe, NamesEachMissingPermission) {  // B.5
    forbidden("/applications?per_page=1");
    forbidden("/attachments?per_page=1");
    forbidden("/notes?per_page=1");
    forbidden("/custom_fields");
    CallResult const result = greenhouse().probe();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warned("applications", "harvest:applications:list"));
    EXPECT_TRUE(result.warned("attachments", "harvest:attachments:list"));
    EXPECT_TRUE(result.warned("notes", "harvest:notes:list"));
    EXPECT_TRUE(result.warned("custom_fields", "Select every permission"));
    EXPECT_FALSE(result.warned("offers"));
    EXPECT_EQ(result.warnings.size(), 4U);
}

TEST_F(GreenhouseProbe, FailsWhenTheClientIsRefused) {  // B.5
    host.on("POST", token_url).clear().reply(sample_answer("errors/auth_401_invalid_client.json"));
    EXPECT_EQ(greenhouse().probe().status, CW_ERR_AUTH);
}

TEST_F(GreenhouseProbe, WarnsOfAWeakSecretKeyAndAcceptsIt) {  // B.10
    host.secret("/webhook/secret_key", "123");
    CallResult const result = greenhouse().probe();
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_TRUE(result.warned("/webhook/secret_key", "guessed"));
    EXPECT_EQ(greenhouse().verify(webhook("hire_candidate")).disposition, CW_WEBHOOK_ACCEPT);
    host.secret("/webhook/secret_key", "fifteen-letters");
    EXPECT_TRUE(greenhouse().probe().warned("/webhook/secret_key"));
    host.secret("/webhook/secret_key", "sixteen--letters");
    EXPECT_FALSE(greenhouse().probe().warned("/webhook/secret_key"));
}

TEST_F(GreenhouseProbe, RefusesAnEmptySecretKey) {  // B.10
    host.secret("/webhook/secret_key", "");
    EXPECT_EQ(greenhouse().probe().status, CW_ERR_CONFIG);
}

TEST_F(GreenhouseProbe, RefusesAUserEmailThatBelongsToNobody) {  // B.15
    get("/users?primary_email=").reply(200, "[]");
    CallResult const result = greenhouse().probe();
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_THAT(result.message, HasSubstr("user_email"));
    EXPECT_EQ(result.detail.at("fields").at(0).at("field"), "/user_email");
}

TEST_F(GreenhouseProbe, WarnsOfAMissingJobTitleFieldAndTellsHowToMakeIt) {  // B.27
    json::value fields = sample("rest_v3/custom_fields_list_offer.json");
    fields.at(0).at("active") = false;
    get("/custom_fields").clear().reply(200, json::serialize(fields)).reply(200, "[]");
    for (int turn = 0; turn < 2; ++turn) {
        EXPECT_TRUE(greenhouse().probe().warned("job_title", "Custom Options > Offers > Add Field"));
    }
    EXPECT_EQ(host.requests("GET", api + "/custom_fields").at(0).url, api + "/custom_fields?field_type=offer");
}

TEST_F(GreenhouseProbe, WarnsOfAnActingUserWhoIsNoSiteAdmin) {
    json::value users = sample("rest_v3/users_list.json");
    users.at(0).at("site_admin") = false;
    get("/users?ids=92120").reply(200, json::serialize(users)).reply(200, "[]");
    EXPECT_TRUE(greenhouse().probe().warned("/auth/user_id", "Site Admin"));
    EXPECT_TRUE(greenhouse().probe().warned("/auth/user_id", "Site Admin"));
}

TEST_F(GreenhouseProbe, FailsAtAnAddressWithoutHarvest) {
    get("/applications?per_page=1").clear().reply(sample_answer("errors/v3_404.json"));
    CallResult const result = greenhouse().probe();
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_THAT(result.message, HasSubstr("base_url"));
}

class GreenhouseLegacyProbe : public LegacyTest {
protected:
    GreenhouseLegacyProbe() {
        holds("/applications", "rest_v1/applications_list.json");
        get("/offers").reply(200, "[]");
        holds("/users", "rest_v1/user.json");
        holds("/custom_fields/offer", "rest_v1/custom_fields_list.json");
        holds("/candidates/57683957/activity_feed", "rest_v1/activity_feed.json");
    }
};
TEST_F(GreenhouseLegacyProbe, SaysThatV1IsALegacy) {
    CallResult const result = greenhouse().probe();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warned("/api", "31 August 2026"));
    EXPECT_TRUE(result.warned("job_title"));
}
TEST_F(GreenhouseLegacyProbe, NamesMissingEndpoints) {  // B.5
    get("/offers").clear().reply(sample_answer("errors/v1_403_no_access.json"));
    get("/candidates/").reply(403);
    get("/candidates/57683957/activity_feed").clear().reply(403);
    CallResult const result = greenhouse().probe();
    EXPECT_TRUE(result.warned("offers", "endpoint 'offers' (GET)"));
    EXPECT_TRUE(result.warned("candidates"));
}
TEST_F(GreenhouseLegacyProbe, FailsInWordsOnceV1IsSwitchedOff) {
    get("/applications").clear().reply(sample_answer("errors/v1_401_bad_key.json")).reply(410).reply(404);
    for (int turn = 0; turn < 3; ++turn) {
        CallResult const result = greenhouse().probe();
        EXPECT_NE(result.status, CW_OK);
        EXPECT_THAT(result.message, HasSubstr("31 August 2026"));
    }
}

}  // namespace
}  // namespace crosswalk::greenhouse

// Descriptor, settings, probe, and the end of a connection.
#include "hireguide.hpp"

#include "fixture.hpp"

namespace crosswalk::hireguide_test {
namespace {

using testing::HasSubstr;

CallResult init_with(json::object const& all) {
    FakeHost host(json::serialize(all), "hireguide");
    return host.try_init(cw_connector_entry_v0, "hireguide");
}

void expect_refused(json::object const& more, std::string_view words) {
    CallResult const result = init_with(settings(more));
    EXPECT_EQ(result.status, CW_ERR_CONFIG) << json::serialize(more);
    EXPECT_THAT(result.message, HasSubstr(words));
}

json::object one_position(json::object const& more) {
    return {{"positions", {{"support", position_settings(more)}}}};
}

TEST(Hireguide, DescribesWhatItSendsAndTakes) {
    cw_descriptor const* described = cw_connector_entry_v0()->describe(0);
    EXPECT_STREQ(described->id, "hireguide");
    EXPECT_STREQ(described->triggers[0]->event, "interview.exported");
    EXPECT_STREQ(described->triggers[0]->canonical, "crosswalk.attachment/1");
    EXPECT_STREQ(described->triggers[1]->event, "sync.requested");
    EXPECT_EQ(described->triggers[1]->flags & CW_TRIGGER_SIGNAL, CW_TRIGGER_SIGNAL);
    EXPECT_STREQ(described->actions[0]->name, "upsert_candidate");
    EXPECT_STREQ(described->actions[1]->name, "update_position");
    EXPECT_STREQ(described->actions[2]->name, "report_export");
    EXPECT_EQ(described->actions[3], nullptr);
    EXPECT_STREQ(described->egress[0], "setting:/base_url");
    EXPECT_EQ(described->egress[1], nullptr);
    EXPECT_EQ(described->requests_per_second, 5U);
}

TEST(Hireguide, ListsEveryPathOfItsContractInItsSchema) {
    json::value const schema = json::parse(cw_connector_entry_v0()->describe(0)->settings_schema);
    json::object const& paths = schema.at("properties").at("paths").at("properties").as_object();
    for (auto const& path : hireguide::Settings::load(settings()).paths) {
        EXPECT_TRUE(paths.contains(path.first)) << path.first;
    }
    EXPECT_EQ(paths.size(), hireguide::Settings::load(settings()).paths.size());
    EXPECT_EQ(schema.at("additionalProperties"), json::value(false));
}

TEST(HireguideSettings, NeedAddressTokenWorkspaceAndSecret) {
    json::object bare = settings();
    bare.erase("positions");
    EXPECT_EQ(init_with(bare).status, CW_OK);
    for (char const* key : {"base_url", "api_token", "workspace_id", "webhook_secret"}) {
        json::object given = bare;
        given.erase(key);
        CallResult const result = init_with(given);
        EXPECT_EQ(result.status, CW_ERR_CONFIG);
        EXPECT_THAT(result.message, HasSubstr(std::string("/") + key));
    }
}

TEST(HireguideSettings, RefuseAddressesThatWouldLeakTheToken) {
    for (char const* url : {"http://hireguide.example.com", "https://", "ftp://x", "hireguide.example.com",
                            "https://u@hireguide.example.com", "https://a?b", "https://https://a", "https://a b",
                            "http://127.0.0.1.example.com"}) {
        expect_refused({{"base_url", url}}, "/base_url");
    }
    for (char const* url : {"http://127.0.0.1:9", "http://localhost:9/hireguide/", "http://[::1]:9"}) {
        EXPECT_EQ(init_with(settings({{"base_url", url}})).status, CW_OK) << url;
    }
}

TEST(HireguideSettings, NameTheSettingThatIsWrong) {
    expect_refused({{"colour", "red"}}, "/colour");
    expect_refused({{"paths", {{"positons", "/x"}}}}, "/paths/positons");
    expect_refused({{"paths", {{"positions", "/x"}}}}, "{cursor}");
    expect_refused({{"paths", {{"export", "/x"}}}}, "{id}");
    expect_refused({{"paths", {{"export", "/x/{id}/{nonsense}"}}}}, "placeholder");
    expect_refused({{"paths", {{"workspace", ""}}}}, "/paths/workspace");
    expect_refused({{"fields", {{"email", 7}}}}, "/fields/email");
    expect_refused({{"page_size", 0}}, "/page_size");
    expect_refused({{"max_pdf_bytes", 26'214'401}}, "/max_pdf_bytes");
    expect_refused({{"positions", 7}}, "/positions");
    expect_refused({{"positions", {{"support", 7}}}}, "/positions/support");
    expect_refused(one_position({{"colour", "red"}}), "/positions/support/colour");
    expect_refused(one_position({{"role", ""}}), "/positions/support/role");
    expect_refused(one_position({{"job", "730e37db"}}), "/positions/support/job");
    expect_refused(one_position({{"position", "../x"}}), "/positions/support/position");
    expect_refused(one_position({{"import_job_details", nullptr}}), "/positions/support/import_job_details");
    expect_refused(one_position({{"import_applicant_details", "yes"}}), "/positions/support/import_applicant_details");
}

// E.15, E.16
TEST(HireguideSettings, ImportJobAndApplicantDetailsUnlessTheySayOtherwise) {
    json::object bare = position_settings();
    bare.erase("import_job_details");
    bare.erase("import_applicant_details");
    auto const loaded = hireguide::Settings::load(settings({{"positions", {{"support", bare}}}}));
    EXPECT_TRUE(loaded.positions.at(0).import_job_details);
    EXPECT_TRUE(loaded.positions.at(0).import_applicant_details);
}

TEST(HireguideSettings, RefuseTwoPositionsForOneJob) {
    expect_refused({{"positions", {{"a", position_settings()}, {"b", position_settings({{"position", "pos_22"}})}}}},
                   "/positions/a");
}

// ---- probe

TEST(HireguideProbe, PassesWhenTheAddOnIsOnAndPositionsAreThere) {
    World world;
    world.host.on("GET", address("/v1/workspaces/ws_1"))
        .reply(200, R"({"data": {"id": "ws_1", "addons": {"ats_integration": true}}})");
    world.host.on("GET", address("/v1/positions?")).reply(200, sample("positions_list"));
    CallResult const result = world.hireguide.probe();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warnings.empty());
}

// E.2
TEST(HireguideProbe, TellsToAskSupportWhenTheAddOnIsOff) {
    World world;
    Route& workspace = world.host.on("GET", address("/v1/workspaces/ws_1"));
    for (auto const& [status, body] : {std::pair<int, std::string>{403, sample("error_403_addon")},
                                       {200, R"({"data": {"addons": {"ats_integration": false}}})"},
                                       {200, R"({"data": {"addons": {}}})"}}) {
        workspace.clear().reply(status, body);
        CallResult const result = world.hireguide.probe();
        EXPECT_EQ(result.status, CW_ERR_CONFIG) << body;
        EXPECT_THAT(result.message, HasSubstr("ask Hireguide support to switch the ATS integration on"));
    }
}

TEST(HireguideProbe, TellsWhatElseIsWrong) {
    World world;
    Route& workspace = world.host.on("GET", address("/v1/workspaces/ws_1"));
    workspace.reply(401);
    EXPECT_EQ(world.hireguide.probe().status, CW_ERR_AUTH);
    workspace.clear().reply(404);
    CallResult const unknown = world.hireguide.probe();
    EXPECT_EQ(unknown.status, CW_ERR_CONFIG);
    EXPECT_THAT(unknown.message, HasSubstr("/workspace_id"));
}

TEST(HireguideProbe, WarnsOfPositionsThatAreNotThere) {
    World world;
    world.host.on("GET", address("/v1/workspaces/ws_1"))
        .reply(200, R"({"data": {"addons": {"ats_integration": true}}})");
    world.positions({});
    EXPECT_TRUE(world.hireguide.probe().warned("/positions/support/position", "no position with this id"));
    world.host.on("GET", address("/v1/positions?")).clear().reply(403);
    EXPECT_TRUE(world.hireguide.probe().warned("/paths/positions", "cannot be read"));
}

// ---- the end

// E.37
TEST(HireguideConnection, IsTakenOutOfHireguideAtItsEnd) {
    World world;
    world.host.on("DELETE", address("/v1/integrations/lever")).reply(204).reply(404).reply(500);
    EXPECT_EQ(world.hireguide.unsubscribe().status, CW_OK);
    EXPECT_EQ(world.hireguide.unsubscribe().status, CW_OK) << "Gone already is fine.";
    EXPECT_EQ(world.hireguide.unsubscribe().status, CW_ERR_TRANSIENT);
}

TEST(HireguideConnection, GetsItsCallbacksByHandBecauseTheContractHasNoCallForIt) {
    World world;
    CallResult const result = world.hireguide.subscribe("https://hooks.example.com/hooks/hireguide", {});
    EXPECT_EQ(result.status, CW_ERR_UNSUPPORTED);
    EXPECT_THAT(result.message, HasSubstr("Settings > Workspace > ATS Integrations"));
}

}  // namespace
}  // namespace crosswalk::hireguide_test

// The descriptor, the settings and the small values.
#include "fixture.hpp"
#include "values.hpp"

namespace crosswalk::greenhouse {
namespace {

using testing::HasSubstr;

cw_descriptor const& described() {
    return *cw_connector_entry_v0()->describe(0);
}
// What init says to the usual settings with `extra` put over them.
CallResult init_with(json::object const& extra) {
    FakeHost host(settings(extra));
    return host.try_init(cw_connector_entry_v0, "greenhouse");
}

TEST(GreenhouseDescriptor, NamesItsTriggersAndActions) {
    EXPECT_STREQ(described().id, "greenhouse");
    EXPECT_STREQ(described().name, "Greenhouse Recruiting");
    EXPECT_STREQ(described().triggers[0]->event, "candidate.hired");
    EXPECT_STREQ(described().triggers[0]->canonical, "crosswalk.hire/1");
    EXPECT_STREQ(described().triggers[1]->event, "application.created");
    EXPECT_STREQ(described().triggers[2]->event, "application.changed");
    EXPECT_STREQ(described().triggers[3]->event, "posting.changed");
    EXPECT_NO_THROW((void)json::parse(described().triggers[3]->select_schema));
    EXPECT_STREQ(described().actions[0]->name, "add_note");
    EXPECT_STREQ(described().actions[1]->name, "attach_file");
    EXPECT_EQ(described().actions[2], nullptr);
}

TEST(GreenhouseDescriptor, DescribesEverySettingForTheConsole) {  // B.4
    json::value const schema = json::parse(described().settings_schema);
    for (auto const& entry : schema.at("properties").as_object()) {
        EXPECT_NE(entry.value().as_object().if_contains("title"), nullptr) << entry.key();
    }
    json::object const& all = schema.at("properties").as_object();
    EXPECT_TRUE(all.contains("environment"));
    EXPECT_TRUE(all.contains("user_email"));
    EXPECT_TRUE(all.at("auth").at("properties").as_object().contains("api_key"));
}

TEST(GreenhouseDescriptor, KeepsEveryKeyAmongItsSecrets) {  // B.6
    std::vector<std::string> secrets;
    for (auto at = described().secrets; *at != nullptr; ++at) {
        secrets.emplace_back(*at);
    }
    EXPECT_THAT(secrets, testing::ElementsAre("/auth/client_secret", "/auth/api_key", "/webhook/secret_key",
                                              "/webhook/previous_secret_key"));
}

TEST(GreenhouseSettings, TakeV3UnlessV1IsChosenExplicitly) {
    EXPECT_EQ(init_with({}).status, CW_OK);
    EXPECT_EQ(init_with(legacy).status, CW_OK);
    CallResult const result = init_with({{"auth", {{"api_key", "secret:env/KEY"}}}});
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_THAT(result.message, HasSubstr("api: v1 explicitly"));
}

TEST(GreenhouseSettings, NeedNoUserForNotes) {  // B.15
    EXPECT_EQ(init_with({{"user_email", nullptr}}).status, CW_OK);
}

TEST(GreenhouseSettings, NameWhatIsWrong) {
    json::object const client{{"client_id", "c"}, {"client_secret", "secret:env/C"}};
    std::vector<std::pair<json::object, std::string>> const wrong = {
        {{{"auth", nullptr}}, "/auth"},
        {{{"auth", client}}, "/auth/user_id"},
        {{{"auth", {{"client_secret", "secret:env/C"}, {"user_id", 1}}}}, "/auth/client_id"},
        {{{"auth", {{"client_id", "c"}, {"user_id", 1}}}}, "/auth/client_secret"},
        {{{"auth", {{"client_id", "c:d"}, {"client_secret", "secret:env/C"}, {"user_id", 1}}}}, "/auth/client_id"},
        {{{"auth", {{"client_id", "c"}, {"client_secret", "secret:env/C"}, {"user_id", "92120"}}}}, "/auth/user_id"},
        {{{"api", "v1"}, {"auth", client}}, "/auth/client_id"},
        {{{"api", "v2"}}, "/api"},
        {{{"environment", "sandbox"}}, "/environment"},
        {{{"base_url", "http://harvest.greenhouse.io"}}, "/base_url"},
        {{{"base_url", "https://https://harvest.greenhouse.io"}}, "/base_url"},
        {{{"token_url", "auth.greenhouse.io/token"}}, "/token_url"},
        {{{"webhook", json::object{}}}, "/webhook/secret_key"},
        {{{"webhook", {{"secret_key", ""}}}}, "/webhook/secret_key"},  // B.10: any key but an empty one
        {{{"webhook", {{"key", "x"}}}}, "/webhook/key"},
        {{{"user_email", "somebody"}}, "/user_email"},
        {{{"job_title_field", "a/b"}}, "/job_title_field"},
        {{{"documents", {{"fetch", "yes"}}}}, "/documents/fetch"},
        {{{"useremail", "a@example.com"}}, "/useremail"},
    };
    for (auto const& [extra, setting] : wrong) {
        CallResult const result = init_with(extra);
        EXPECT_EQ(result.status, CW_ERR_CONFIG) << extra;
        EXPECT_EQ(json::serialize(result.detail.at("fields").at(0).at("field")), "\"" + setting + "\"");
    }
}

TEST(GreenhouseSettings, AllowPlainHttpToThisMachineOnly) {
    EXPECT_EQ(init_with({{"base_url", "http://127.0.0.1:8999/greenhouse/"}}).status, CW_OK);
    EXPECT_EQ(init_with({{"base_url", "http://127.0.0.1.example.com"}}).status, CW_ERR_CONFIG);
}

TEST(GreenhouseValues, ReadTimesWithAndWithoutFractions) {
    EXPECT_EQ(unix_ms_of("1970-01-01T00:00:00Z"), 0);
    EXPECT_EQ(unix_ms_of("2014-11-20T22:49:14Z"), 1416523754'000);
    EXPECT_EQ(unix_ms_of("2014-11-20T22:49:14.9Z"), 1416523754'900);
    EXPECT_EQ(unix_ms_of("2014-11-20T22:49:14.987654Z"), 1416523754'987);
    for (std::string_view const odd :
         {"", "2014-11-20", "2014-11-20T22:49:14", "2014-11-20T25:00:00Z", "2014-02-30T00:00:00Z",
          "2014-11-20T22:49:14,5Z", "2014-11-20T22:49:14.Z", "2014-11-20T22:49:14+00:00", "2014-11-20T-1:49:14Z"}) {
        EXPECT_EQ(unix_ms_of(odd), std::nullopt) << odd;
    }
    EXPECT_EQ(utc_time(1416523754'987), "2014-11-20T22:49:14Z");
}

TEST(GreenhouseValues, KnowDaysThatExist) {
    EXPECT_TRUE(is_date("2028-02-29"));
    for (std::string_view const odd : {"2026-02-29", "2026-13-01", "04/15/2013", "2026-1-01", "2026-02-2x", ""}) {
        EXPECT_FALSE(is_date(odd)) << odd;
    }
}

TEST(GreenhouseValues, TakeNothingButPositiveNumbersForIds) {
    json::value const root = json::parse(R"({"a": 46194062, "b": "46194062", "c": -1, "d": 0, "e": null, "f": 1.5})");
    EXPECT_EQ(id_at(root, "/a"), "46194062");
    for (std::string_view const odd : {"/b", "/c", "/d", "/e", "/f", "/g"}) {
        EXPECT_EQ(id_at(root, odd), "") << odd;
    }
    EXPECT_TRUE(is_id("1"));
    EXPECT_FALSE(is_id("../1"));
    EXPECT_FALSE(is_id("01"));
    EXPECT_FALSE(is_id(""));
}

}  // namespace
}  // namespace crosswalk::greenhouse

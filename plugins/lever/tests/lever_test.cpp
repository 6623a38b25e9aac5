// The descriptor and the settings.
#include "fixture.hpp"
#include "values.hpp"

namespace crosswalk::lever {
namespace {

using testing::HasSubstr;

cw_descriptor const& described() {
    return *cw_connector_entry_v0()->describe(0);
}

// What init says to the usual settings with `extra` put over them.
CallResult init_with(json::object const& extra) {
    FakeHost host(settings(extra));
    return host.try_init(cw_connector_entry_v0, "lever");
}

TEST(LeverDescriptor, NamesItsTriggersAndActions) {
    EXPECT_STREQ(described().id, "lever");
    std::vector<std::string> events;
    for (auto at = described().triggers; *at != nullptr; ++at) {
        events.push_back(std::string((*at)->event) + " " + (*at)->canonical);
    }
    EXPECT_THAT(events, testing::ElementsAre(
                            "candidate.hired crosswalk.hire/1", "application.created crosswalk.application/1",
                            "application.changed crosswalk.application/1", "posting.changed crosswalk.posting/1",
                            "requisition.listed crosswalk.requisition/1",
                            "requisition.metrics crosswalk.requisition_metrics/1"));
    std::vector<std::string> names;
    for (auto at = described().actions; *at != nullptr; ++at) {
        names.emplace_back((*at)->name);
    }
    EXPECT_THAT(names, testing::ElementsAre("add_note", "add_tag", "remove_tag", "attach_file", "upsert_requisition",
                                            "update_posting"));
    EXPECT_EQ(described().caps, CW_CAP_WEBHOOK | CW_CAP_POLL | CW_CAP_MAP_IN | CW_CAP_MAP_OUT | CW_CAP_PUSH |
                                    CW_CAP_PARALLEL | CW_CAP_OAUTH | CW_CAP_SUBSCRIBE | CW_CAP_FIND | CW_CAP_SWEEP);
}

TEST(LeverDescriptor, DescribesEverySettingForTheConsole) {  // A.11
    json::value const schema = json::parse(described().settings_schema);
    for (auto const& entry : schema.at("properties").as_object()) {
        EXPECT_NE(entry.value().as_object().if_contains("title"), nullptr) << entry.key();
    }
    json::value const& auth = schema.at("properties").at("auth").at("properties");
    EXPECT_NE(auth.as_object().if_contains("api_key"), nullptr);
    EXPECT_EQ(schema.at("properties").at("environment").at("enum"), json::value({"production", "sandbox"}));
}

TEST(LeverSettings, StartWithAKeyAlone) {
    FakeHost host(R"({"auth": {"type": "api_key", "api_key": "secret:env/K"}})");
    EXPECT_EQ(host.try_init(cw_connector_entry_v0, "lever").status, CW_OK);
}

TEST(LeverSettings, NameWhatIsWrong) {
    std::vector<std::pair<json::object, std::string>> const wrong = {
        {{{"auth", nullptr}}, "/auth"},
        {{{"auth", {{"type", "password"}}}}, "/auth/type"},
        {{{"auth", {{"type", "api_key"}}}}, "/auth/api_key"},
        {{{"auth", {{"type", "bearer"}, {"api_key", "secret:env/K"}}}}, "/auth/access_token"},
        {{{"environment", "staging"}}, "/environment"},
        {{{"base_url", "api.lever.co"}}, "/base_url"},
        {{{"base_url", "http://api.lever.co/v1"}}, "/base_url"},
        {{{"base_url", "https://key@api.lever.co/v1"}}, "/base_url"},
        {{{"name_split", "middle"}}, "/name_split"},
        {{{"perform_as", "not a user"}}, "/perform_as"},
        {{{"hired_settle_seconds", -1}}, "/hired_settle_seconds"},
        {{{"webhook_max_age_hours", 0}}, "/webhook_max_age_hours"},
        {{{"webhook_max_age_hours", "360"}}, "/webhook_max_age_hours"},
        {{{"send_start_date", "yes"}}, "/send_start_date"},
        {{{"webhooks", {{"candidateHired", json::object{}}}}}, "/webhooks/candidateHired/signature_token"},
        {{{"webhooks", {{"candidateHired", {{"token", "x"}}}}}}, "/webhooks/candidateHired/token"},
        {{{"webhooks", {{"candidateHired", {{"signature_token", "secret:env/T"}, {"allow_unsigned", true}}}}}},
         "/webhooks/candidateHired/allow_unsigned"},
        {{{"enviroment", "sandbox"}}, "/enviroment"},
    };
    for (auto const& [extra, setting] : wrong) {
        CallResult const result = init_with(extra);
        EXPECT_EQ(result.status, CW_ERR_CONFIG) << extra;
        EXPECT_EQ(json::serialize(result.detail.at("fields").at(0).at("field")), "\"" + setting + "\"");
    }
}

TEST(LeverSettings, RecogniseADoubledScheme) {  // A.16
    CallResult const result = init_with({{"base_url", "https://https://api.lever.co/v1"}});
    EXPECT_EQ(result.status, CW_ERR_CONFIG);
    EXPECT_THAT(result.message, HasSubstr("twice"));
}

TEST(LeverSettings, AllowPlainHttpToThisMachineOnly) {
    EXPECT_EQ(init_with({{"base_url", "http://127.0.0.1:8999/v1/"}}).status, CW_OK);
    EXPECT_EQ(init_with({{"base_url", "http://127.0.0.1.example.com/v1"}}).status, CW_ERR_CONFIG);
}

TEST(LeverValues, ReadTimesAsNumbersAndAsDigits) {
    json::value const number(1468953420000);
    json::value const digits("1468953420000");
    EXPECT_EQ(integer_of(&number), 1468953420000);
    EXPECT_EQ(integer_of(&digits), 1468953420000);
    for (json::value const& odd : {json::value("12x"), json::value(""), json::value(1.5), json::value(nullptr)}) {
        EXPECT_EQ(integer_of(&odd), std::nullopt) << odd;
    }
}

TEST(LeverValues, TurnTimesIntoDaysInUtc) {
    EXPECT_EQ(utc_date(1709251199999), "2024-02-29");
    EXPECT_EQ(utc_date(1709251200000), "2024-03-01");
    EXPECT_EQ(utc_date(0), "1970-01-01");
    EXPECT_EQ(utc_date(-1), "1969-12-31");
    EXPECT_EQ(utc_date(253'402'300'799'999), "9999-12-31");
    EXPECT_EQ(utc_date(253'402'300'800'000), std::nullopt);
    EXPECT_EQ(utc_date(std::numeric_limits<std::int64_t>::min()), std::nullopt);
    EXPECT_EQ(utc_time(1795297264900), "2026-11-21T21:41:04.900Z");
}

TEST(LeverValues, KnowDaysThatExist) {
    EXPECT_TRUE(is_date("2024-02-29"));
    for (std::string_view const odd : {"2023-02-29", "2024-13-01", "2024-1-01", "2024-02-2x", "20240229", ""}) {
        EXPECT_FALSE(is_date(odd)) << odd;
    }
}

TEST(LeverValues, FoldWhiteSpaceOfEveryKind) {
    EXPECT_EQ(folded("  Ada\u00A0 \t King\u3000\n"), "Ada King");
    EXPECT_EQ(folded(" \u2009 "), "");
}

}  // namespace
}  // namespace crosswalk::lever

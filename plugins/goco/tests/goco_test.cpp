// Descriptor, settings, probe and names.
#include "goco.hpp"

#include "fixture.hpp"
#include "names.hpp"

#include <gtest/gtest.h>

namespace crosswalk::goco_test {
namespace {

using support::FakeHost;

support::CallResult init_with(std::string const& settings_json) {
    FakeHost host(settings_json, "goco");
    return host.try_init(cw_connector_entry_v0, "goco");
}
support::CallResult init_with(json::object const& more) {
    return init_with(settings(more));
}

void expect_refused(json::object const& more, std::string_view words) {
    auto const result = init_with(more);
    EXPECT_EQ(result.status, CW_ERR_CONFIG) << json::serialize(more);
    EXPECT_NE(result.message.find(words), std::string::npos) << result.message;
}

// ---- descriptor

TEST(Goco, DescribesItsActionsSecretsAndTheOnlyAddressesItReaches) {
    cw_descriptor const* described = cw_connector_entry_v0()->describe(0);
    EXPECT_STREQ(described->id, "goco");
    EXPECT_EQ(described->caps, CW_CAP_MAP_OUT | CW_CAP_PUSH | CW_CAP_PARALLEL);
    EXPECT_STREQ(described->actions[0]->name, "create_employee");
    EXPECT_STREQ(described->actions[0]->schema, "goco.employee/1");
    EXPECT_STREQ(described->actions[1]->canonical, "crosswalk.attachment/1");
    EXPECT_STREQ(described->secrets[0], "/api_key");
    EXPECT_STREQ(described->egress[0], "setting:/base_url");
    EXPECT_STREQ(described->egress[1], "setting:/documents_url");
    EXPECT_EQ(described->egress[2], nullptr);
}

TEST(Goco, ListsEverySettingThatItReadsInItsSchema) {
    json::value const schema = json::parse(cw_connector_entry_v0()->describe(0)->settings_schema);
    json::object const& known = schema.at("properties").as_object();
    for (char const* key : {"base_url", "company", "api_key", "allow_insecure", "paths", "fields", "envelope", "enums",
                            "import_sources", "page_size", "duplicate_match", "match_case", "otherwise"}) {
        EXPECT_TRUE(known.contains(key)) << key;
    }
    EXPECT_EQ(schema.at("additionalProperties"), json::value(false));
}

// ---- settings (F.7)

TEST(GocoSettings, NeedNothingButAddressCompanyAndKey) {
    EXPECT_EQ(init_with(settings()).status, CW_OK);
}

TEST(GocoSettings, AreRefusedWhenARequiredOneIsMissing) {
    for (char const* key : {"base_url", "company", "api_key"}) {
        json::object given = json::parse(settings()).as_object();
        given.erase(key);
        auto const result = init_with(json::serialize(given));
        EXPECT_EQ(result.status, CW_ERR_CONFIG);
        EXPECT_NE(result.message.find(std::string("/") + key), std::string::npos) << result.message;
    }
}

TEST(GocoSettings, RefuseAPlainAddressUnlessItIsLoopbackAndAllowed) {
    expect_refused({{"base_url", "http://goco.example.com"}, {"allow_insecure", true}}, "loopback");
    expect_refused({{"base_url", "http://127.0.0.1:9"}}, "allow_insecure");
    expect_refused({{"base_url", "http://127.0.0.1.example.com"}, {"allow_insecure", true}}, "loopback");
    for (char const* url : {"http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9/api"}) {
        EXPECT_EQ(init_with({{"base_url", url}, {"allow_insecure", true}}).status, CW_OK) << url;
    }
}

// A.16
TEST(GocoSettings, RefuseAnAddressWithItsSchemeTwice) {
    expect_refused({{"base_url", "https://https://goco.example.com"}}, "twice");
}

TEST(GocoSettings, RefuseAddressesWithUserQueryOrSpaces) {
    for (char const* url : {"https://u@goco.example.com", "https://goco.example.com?x=1", "https://goco.example.com#a",
                            "https://goco example.com", "https://", "goco.example.com"}) {
        expect_refused({{"base_url", url}}, "/base_url");
    }
}

TEST(GocoSettings, NameTheSettingThatIsWrong) {
    expect_refused({{"colour", "red"}}, "/colour");
    expect_refused({{"paths", {{"employes", "/x"}}}}, "/paths/employes");
    expect_refused({{"paths", {{"employee_search", ""}}}}, "/paths/employee_search");
    expect_refused({{"paths", {{"employee_get", "/people"}}}}, "{id}");
    expect_refused({{"paths", {{"company", "/x/{nonsense}"}}}}, "placeholder");
    expect_refused({{"paths", {{"company", "no-slash"}}}}, "/paths/company");
    expect_refused({{"paths", "x"}}, "/paths");
    expect_refused({{"fields", {{"first_name", 7}}}}, "/fields/first_name");
    expect_refused({{"page_size", 0}}, "/page_size");
    expect_refused({{"page_size", "many"}}, "/page_size");
    expect_refused({{"match_case", "yes"}}, "/match_case");
    expect_refused({{"duplicate_match", "maybe"}}, "/duplicate_match");
    expect_refused({{"otherwise", {{"manager", "ignore"}}}}, "/otherwise/manager");
}

// ---- probe (A.5)

TEST(GocoProbe, PassesWhenCompanyAndListsCanBeRead) {
    World world;
    world.host.on("GET", base).reply(200, sample("company"));
    auto const result = world.goco.probe();
    EXPECT_EQ(result.status, CW_OK) << result.message;
    EXPECT_TRUE(result.warnings.empty());
    EXPECT_TRUE(world.host.requests("POST", "").empty());
}

TEST(GocoProbe, TellsWhatIsWrongInWords) {
    struct Case {
        int status;
        char const* body;
        cw_status expected;
        char const* words;
    };
    for (Case const& at :
         {Case{401, "error_401", CW_ERR_AUTH, "Marketplace > API Credentials"},
          Case{403, "error_403", CW_ERR_AUTH, "Full Access Admin"}, Case{404, "error_404", CW_ERR_CONFIG, "/company"},
          Case{429, "error_429", CW_ERR_RATE_LIMITED, "slow down"}}) {
        World world;
        world.host.on("GET", base).reply(at.status, sample(at.body));
        auto const result = world.goco.probe();
        EXPECT_EQ(result.status, at.expected) << at.status;
        EXPECT_NE(result.message.find(at.words), std::string::npos) << result.message;
    }
}

TEST(GocoProbe, WarnsOfEachListThatCannotBeRead) {
    World world;
    world.host.on("GET", base).reply(200, sample("company"));
    world.host.on("GET", address("/locations?")).reply(403, sample("error_403"));
    world.host.on("GET", address("/job_titles?")).reply(500);
    auto const result = world.goco.probe();
    EXPECT_EQ(result.status, CW_OK);
    EXPECT_EQ(result.warnings.size(), 2U);
    EXPECT_TRUE(result.warned("/paths/locations", "Full Access Admin"));
    EXPECT_TRUE(result.warned("/paths/job_titles"));
}

// ---- names

TEST(GocoNames, AreEqualInComposedAndDecomposedForm) {
    EXPECT_TRUE(goco::same_name("Zoë", "Zoe\u0308"));
    EXPECT_TRUE(goco::same_name("ÅSA", "a\u030Asa"));
    EXPECT_FALSE(goco::same_name("Zoë", "Zoe"));
}

TEST(GocoNames, AreEqualInAnyCase) {
    EXPECT_TRUE(goco::same_name("Weiß", "WEISS"));
    EXPECT_TRUE(goco::same_name("ΣΊΣΥΦΟΣ", "σίσυφος"));
    EXPECT_TRUE(goco::same_name("O’NEIL", "o’neil"));
    EXPECT_FALSE(goco::same_name("Lee", "Leeds"));
}

TEST(GocoNames, CountTheFourLettersIAsOneBecauseTheLanguageIsUnknown) {
    EXPECT_TRUE(goco::same_name("İlker", "ilker"));
    EXPECT_TRUE(goco::same_name("I\u0307lker", "İLKER"));
    EXPECT_TRUE(goco::same_name("IŞIL", "ışıl"));
    EXPECT_FALSE(goco::same_name("Işıl", "Isil"));
}

TEST(GocoNames, IgnoreOuterAndRepeatedSpacesAndInvisibleCharacters) {
    EXPECT_TRUE(goco::same_name("  Mary \t Ann\u00A0", "mary ann"));
    EXPECT_TRUE(goco::same_name("Sam\u200B", "Sam"));
    EXPECT_FALSE(goco::same_name("Mary Ann", "Maryann"));
    EXPECT_EQ(goco::tidy("  Mary   Ann "), "Mary Ann");
    EXPECT_EQ(goco::tidy(" \u00A0 "), "");
}

TEST(GocoNames, ThatAreNotUtf8AreRefused) {
    EXPECT_THROW((void)goco::fold("\xC3("), connector::Failure);
}

}  // namespace
}  // namespace crosswalk::goco_test

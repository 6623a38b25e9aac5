// What can be said only with the connectors' descriptions at hand.
#include "folder.hpp"

#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>

namespace crosswalk::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<ConnectorFacts> facts() {
    ConnectorFacts lever;
    lever.id = "lever";
    lever.settings_schema = R"({"type":"object","additionalProperties":false,"required":["auth"],"properties":{
        "environment":{"enum":["production","sandbox"]},
        "auth":{"type":"object","additionalProperties":false,"required":["type"],"properties":{
            "type":{"enum":["api_key","bearer"]},"api_key":{"type":"string","minLength":1}}},
        "webhooks":{"type":"object","additionalProperties":{"type":"object","additionalProperties":false,
            "properties":{"signature_token":{"type":"string"},"allow_unsigned":{"type":"boolean"}}}},
        "user":{"type":"string","minLength":2,"maxLength":4},"rate":{"type":"number","exclusiveMinimum":0,"maximum":10},
        "pages":{"type":["integer","null"],"minimum":1},"tags":{"type":"array","items":{"type":"string"}},
        "mode":{"const":"simple"}}})";
    lever.triggers = {{"candidate.hired", "lever.opportunity/1", "crosswalk.hire/1"},
                      {"application.created", "lever.application/1", "crosswalk.application/1"}};
    lever.actions = {{"add_note", "crosswalk.note/1", "lever.note/1"}, {"add_tag", "crosswalk.tag/1", "lever.tag/1"}};
    lever.secrets = {"/auth/api_key", "/webhooks/*/signature_token"};
    ConnectorFacts goco;
    goco.id = "goco";
    goco.settings_schema = R"({"type":"object","properties":{"company":{"type":"string"}}})";
    goco.actions = {{"create_employee", "crosswalk.hire/1", "goco.employee/1"}};
    goco.secrets = {"/api_key"};
    return {lever, goco};
}

std::vector<std::string> problems_of(Folder const& folder) {
    Loaded const loaded = load(folder.path());
    EXPECT_THAT(Folder::in_words(loaded.problems), IsEmpty());
    return loaded.config ? Folder::in_words(check(*loaded.config, facts())) : std::vector<std::string>{};
}

// connections/lever.yaml with these lines under `settings:`; the first of them is line 4.
std::vector<std::string> settings_problems(std::string_view settings) {
    Folder const folder;
    folder.write("connections/lever.yaml", "connection: lever\nconnector: lever\nsettings:\n" + std::string(settings));
    return problems_of(folder);
}

constexpr std::string_view auth = "  auth: { type: api_key, api_key: \"secret:env/K\" }\n";

std::vector<std::string> setting_problems(std::string_view line) {
    return settings_problems(std::string(auth) + std::string(line));
}

// routes/hires.yaml with these ends.
std::vector<std::string> route_problems(std::string_view from, std::string_view to, std::string_view rest = "") {
    Folder const folder;
    folder.write("routes/hires.yaml", "route: hires\nfrom: { " + std::string(from) + " }\nto: { " + std::string(to) +
                                          " }\n" + std::string(rest));
    return problems_of(folder);
}

TEST(Check, HasNothingToSayOfARightFolder) {
    EXPECT_THAT(problems_of(Folder()), IsEmpty());
}

TEST(Check, NamesTheNearestSetting) {
    EXPECT_THAT(setting_problems("  enviroment: sandbox\n"),
                ElementsAre("connections/lever.yaml:5:3: unknown setting 'enviroment'; did you mean 'environment'?"));
}

TEST(Check, NamesTheMissingSettingAndWhereItBelongs) {
    EXPECT_THAT(settings_problems("  environment: sandbox\n"),
                ElementsAre("connections/lever.yaml:3:1: 'settings' needs the key 'auth'"));
    EXPECT_THAT(settings_problems("  auth: { api_key: \"secret:env/K\" }\n"),
                ElementsAre("connections/lever.yaml:4:3: 'auth' needs the key 'type'"));
}

TEST(Check, SpeaksOfTheFileWhenThereAreNoSettingsAtAll) {
    Folder const folder;
    folder.write("connections/lever.yaml", "connection: lever\nconnector: lever\n");
    EXPECT_THAT(problems_of(folder), ElementsAre("connections/lever.yaml:1:1: 'settings' needs the key 'auth'"));
}

TEST(Check, NamesTheNearestChoice) {
    EXPECT_THAT(setting_problems("  environment: prod\n"),
                ElementsAre("connections/lever.yaml:5:3: unknown value for 'environment'; did you mean 'production'?"));
    EXPECT_THAT(setting_problems("  mode: other\n"), ElementsAre("connections/lever.yaml:5:3: 'mode' must be simple"));
}

TEST(Check, SaysWhichTypeASettingHas) {
    EXPECT_THAT(setting_problems("  rate: fast\n"),
                ElementsAre("connections/lever.yaml:5:3: 'rate' must be a number (without quotes)"));
    EXPECT_THAT(setting_problems("  pages: \"5\"\n"),
                ElementsAre("connections/lever.yaml:5:3: 'pages' must be a whole number (without quotes) or empty"));
    EXPECT_THAT(setting_problems("  tags: one\n"), ElementsAre("connections/lever.yaml:5:3: 'tags' must be a list"));
    EXPECT_THAT(setting_problems("  tags: [a, [b]]\n"), ElementsAre("connections/lever.yaml:5:13: '1' must be text"));
    EXPECT_THAT(setting_problems("  webhooks: { x: { allow_unsigned: yes } }\n"),
                ElementsAre("connections/lever.yaml:5:20: 'allow_unsigned' must be true or false (without quotes)"));
}

TEST(Check, KeepsTheBounds) {
    EXPECT_THAT(setting_problems("  pages: 0\n"),
                ElementsAre("connections/lever.yaml:5:3: 'pages' must be at least 1"));
    EXPECT_THAT(setting_problems("  rate: 11\n"), ElementsAre("connections/lever.yaml:5:3: 'rate' must be at most 10"));
    EXPECT_THAT(setting_problems("  rate: 0\n"), ElementsAre("connections/lever.yaml:5:3: 'rate' must be above 0"));
    EXPECT_THAT(setting_problems("  user: a\n"), ElementsAre("connections/lever.yaml:5:3: 'user' is shorter than 2"));
    EXPECT_THAT(setting_problems("  user: abcde\n"),
                ElementsAre("connections/lever.yaml:5:3: 'user' is longer than 4"));
    EXPECT_THAT(setting_problems("  user: äöüß\n"), IsEmpty());
}

TEST(Check, TypesPlainValuesAsTheSchemaWants) {
    Folder const folder;
    folder.write("connections/lever.yaml", "connection: lever\nconnector: lever\nsettings:\n" + std::string(auth) +
                                               "  user: 1234\n  rate: 1.10\n  tags: [true, 0012, 7]\n  pages: 3\n");
    Config config = *load(folder.path()).config;
    EXPECT_THAT(Folder::in_words(check(config, facts())), IsEmpty());
    apply_schema_types(config, facts());
    boost::json::object const& settings = config.connections.at("lever").settings.as_object();
    EXPECT_EQ(boost::json::serialize(settings.at("user")), "\"1234\"");
    EXPECT_EQ(settings.at("rate").as_double(), 1.1);
    EXPECT_EQ(boost::json::serialize(settings.at("tags")), R"(["true","0012","7"])");
    EXPECT_EQ(boost::json::serialize(settings.at("pages")), "3");
    EXPECT_THAT(Folder::in_words(check(config, facts())), IsEmpty());
}

TEST(Check, RefusesAPlainSecretWithoutShowingIt) {
    auto const problems = settings_problems("  auth: { type: api_key, api_key: hunter2-hunter2 }\n");
    EXPECT_THAT(problems,
                ElementsAre("connections/lever.yaml:4:26: 'api_key' must be a secret reference, such as "
                            "\"secret:credential/<name>\" or \"secret:file/<name>\"; the value that stands there "
                            "is not shown"));
    EXPECT_THAT(problems.front(), Not(HasSubstr("hunter2")));
}

TEST(Check, RefusesASecretInAnyShape) {
    for (std::string_view const value : {"[hunter2]", "{ a: hunter2 }", "12", "true", "\"\""}) {
        auto const problems = settings_problems("  auth: { type: api_key, api_key: " + std::string(value) + " }\n");
        ASSERT_EQ(problems.size(), 1U) << value;
        EXPECT_THAT(problems.front(), HasSubstr("must be a secret reference"));
        EXPECT_THAT(problems.front(), Not(HasSubstr("hunter2")));
    }
}

TEST(Check, KnowsSecretsUnderAnyName) {
    EXPECT_THAT(setting_problems("  webhooks: { candidateHired: { signature_token: plain } }\n"),
                ElementsAre(HasSubstr("connections/lever.yaml:5:33: 'signature_token' must be a secret reference")));
    EXPECT_THAT(setting_problems("  webhooks: { candidateHired: { signature_token: \"secret:env/T\" } }\n"), IsEmpty());
}

TEST(Check, RefusesAReferenceWhereNoSecretStandsAndSaysWhereTheyDo) {
    EXPECT_THAT(
        setting_problems("  user: secret:env/T\n"),
        testing::Contains("connections/lever.yaml:5:3: a secret reference is not allowed here; in settings of 'lever' "
                          "secrets stand at /auth/api_key, /webhooks/*/signature_token"));
}

TEST(Check, NamesTheNearestEvent) {
    EXPECT_THAT(route_problems("connection: lever, event: candidate.hire", "connection: goco, action: create_employee"),
                ElementsAre("routes/hires.yaml:2:28: unknown event 'candidate.hire' of connector 'lever'; did you mean "
                            "'candidate.hired'?"));
}

TEST(Check, NamesTheNearestAction) {
    EXPECT_THAT(route_problems("connection: lever, event: candidate.hired", "connection: goco, action: create_employe"),
                ElementsAre("routes/hires.yaml:3:25: unknown action 'create_employe' of connector 'goco'; did you mean "
                            "'create_employee'?"));
}

TEST(Check, SaysThatAConnectorHasNoEvents) {
    EXPECT_THAT(route_problems("connection: goco, event: any", "connection: goco, action: create_employee"),
                ElementsAre("routes/hires.yaml:2:27: unknown event 'any' of connector 'goco'; none is known here"));
}

TEST(Check, RefusesAnActionThatTakesSomethingElse) {
    EXPECT_THAT(
        route_problems("connection: lever, event: application.created", "connection: goco, action: create_employee"),
        ElementsAre("routes/hires.yaml:3:25: the event 'application.created' gives crosswalk.application/1 and the "
                    "action 'create_employee' takes crosswalk.hire/1; choose an action that takes "
                    "crosswalk.application/1"));
}

TEST(Check, ChecksTheActionOfFeedback) {
    std::string const from = "connection: lever, event: candidate.hired";
    std::string const to = "connection: goco, action: create_employee";
    EXPECT_THAT(route_problems(from, to, "feedback:\n  - { on: failed, to: { connection: lever, action: ad_note } }\n"),
                ElementsAre("routes/hires.yaml:5:44: unknown action 'ad_note' of connector 'lever'; did you mean "
                            "'add_note'?"));
    EXPECT_THAT(route_problems(from, to, "feedback:\n  - { on: failed, to: { connection: lever, action: add_tag } }\n"),
                ElementsAre("routes/hires.yaml:5:44: feedback is a crosswalk.note/1 and the action 'add_tag' takes "
                            "crosswalk.tag/1; choose an action that takes notes"));
}

TEST(Check, LeavesConnectorsThatCouldNotBeLoadedToTheCaller) {
    Folder const folder;
    folder.write("connections/lever.yaml", "connection: lever\nconnector: lever\nsettings: { whatever: true }\n");
    EXPECT_THAT(Folder::in_words(check(*load(folder.path()).config, {})), IsEmpty());
}

TEST(Check, SaysThatAConnectorsSchemaIsBroken) {
    auto broken = facts();
    broken[0].settings_schema = "{";
    EXPECT_THAT(
        Folder::in_words(check(*load(Folder().path()).config, broken)),
        ElementsAre("connections/lever.yaml:2:12: the connector 'lever' describes its settings with a schema that is "
                    "not valid"));
}

// Schemas come from connectors: whatever they hold, checking ends and throws nothing.
TEST(Check, SurvivesSchemasWithOddKeywords) {
    auto odd = facts();
    odd[0].settings_schema =
        R"({"type":[1,"object"],"required":"auth","properties":[],"additionalProperties":{"minLength":-1,"maxLength":"x",
            "minimum":"a","enum":{},"items":7,"type":7,"properties":{"type":false}}})";
    EXPECT_THAT(Folder::in_words(check(*load(Folder().path()).config, odd)),
                ElementsAre("connections/lever.yaml:5:11: unknown setting 'type'; none is known here"));
}

// Knows only what it is given.
class KnownSecrets final : public model::SecretSource {
public:
    explicit KnownSecrets(std::vector<std::string> known) : known_(std::move(known)) {}
    [[nodiscard]] model::Result<model::Secret> resolve(std::string_view reference) const override {
        if (std::find(known_.begin(), known_.end(), reference) == known_.end()) {
            return model::Error{model::ErrorCode::not_found, std::string(reference) + ": there is no such file"};
        }
        return model::Secret("bytes");
    }

private:
    std::vector<std::string> known_;
};

TEST(MissingSecrets, AreListedWithTheirPositions) {
    Folder const folder;
    folder.append("crosswalk.yaml", "listen: { admin: { token: \"secret:env/TOKEN\" } }\n");
    folder.append("connections/goco.yaml", "path_key: secret:env/PATH_KEY\n");
    Config const config = *load(folder.path()).config;
    EXPECT_THAT(Folder::in_words(missing_secrets(config, KnownSecrets({"secret:env/LEVER_KEY"}))),
                ElementsAre("connections/goco.yaml:5:12: secret:env/GOCO_KEY: there is no such file",
                            "connections/goco.yaml:6:11: secret:env/PATH_KEY: there is no such file",
                            "crosswalk.yaml:5:27: secret:env/TOKEN: there is no such file"));
}

TEST(MissingSecrets, LeaveOutConnectionsOfDisabledConnectors) {
    Folder const folder;
    folder.write("crosswalk.yaml", "version: 1\nconnectors: { lever: { enabled: false }, goco: {} }\n");
    Config const config = *load(folder.path()).config;
    EXPECT_THAT(Folder::in_words(missing_secrets(config, KnownSecrets({"secret:env/GOCO_KEY"}))), IsEmpty());
}

}  // namespace
}  // namespace crosswalk::config

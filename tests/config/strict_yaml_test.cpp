// What a file may not hold, whatever its kind: every case says where and what.
#include "folder.hpp"

#include <gmock/gmock.h>

namespace crosswalk::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

// crosswalk.yaml holds `text`; nothing else is in the folder.
std::vector<std::string> problems_of(std::string_view text) {
    Folder const folder;
    std::filesystem::remove_all(folder.path() / "connections");
    std::filesystem::remove_all(folder.path() / "routes");
    folder.write("crosswalk.yaml", text);
    return folder.problems();
}

TEST(StrictYaml, TakesTheSmallestFile) {
    EXPECT_THAT(problems_of("version: 1\n"), IsEmpty());
}

TEST(StrictYaml, RefusesAKeyThatIsWrittenTwiceAndNamesTheFirstLine) {
    EXPECT_THAT(problems_of("version: 1\nlog:\n  level: info\n  level: debug\n"),
                ElementsAre("crosswalk.yaml:4:3: duplicate key 'level'; it is already on line 3"));
}

TEST(StrictYaml, RefusesADuplicateKeyInFlowStyleToo) {
    EXPECT_THAT(problems_of("version: 1\nlog: { level: info, \"level\": debug }\n"),
                ElementsAre("crosswalk.yaml:2:21: duplicate key 'level'; it is already on line 2"));
}

TEST(StrictYaml, RefusesAnchorsAndAliases) {
    EXPECT_THAT(problems_of("version: 1\nlog: &shared\n  level: info\nstore: *shared\n"),
                ElementsAre("crosswalk.yaml:2:6: anchors (&name) are not supported; write the value where it is used",
                            "crosswalk.yaml:4:8: aliases (*name) are not supported; write the value out"));
}

TEST(StrictYaml, RefusesMergeKeys) {
    EXPECT_THAT(problems_of("version: 1\nlog:\n  <<: { level: info }\n"),
                ElementsAre("crosswalk.yaml:3:3: merge keys (<<) are not supported; write the keys out"));
}

TEST(StrictYaml, RefusesTags) {
    EXPECT_THAT(problems_of("version: 1\npublic_url: !!str https://a.example\n"),
                ElementsAre("crosswalk.yaml:2:13: tags (!name) are not supported; quote the value to make it text"));
}

TEST(StrictYaml, RefusesTextSubstitution) {
    EXPECT_THAT(problems_of("version: 1\nca_file: ${HOME}/ca.pem\n"),
                ElementsAre("crosswalk.yaml:2:10: '${' is not replaced by anything; write the value, or a secret "
                            "reference"));
}

TEST(StrictYaml, RefusesASecondDocument) {
    EXPECT_THAT(problems_of("version: 1\n---\nversion: 1\n"),
                ElementsAre("crosswalk.yaml:2:1: a second document begins here; write one per file"));
}

TEST(StrictYaml, SaysWhereTheSyntaxIsBroken) {
    EXPECT_THAT(problems_of("version: 1\nlog: { level: info\nstore: {}\n"),
                ElementsAre(AllOf(StartsWith("crosswalk.yaml:3:"), HasSubstr("not valid YAML: "))));
}

TEST(StrictYaml, SaysThatAFileIsEmpty) {
    EXPECT_THAT(problems_of("# nothing yet\n"), ElementsAre("crosswalk.yaml: the file is empty"));
}

TEST(StrictYaml, RefusesAKeyWithoutValue) {
    EXPECT_THAT(problems_of("version: 1\nlog:\nstore: {}\n"),
                ElementsAre("crosswalk.yaml:2:1: 'log' has no value; write one or remove the key"));
}

TEST(StrictYaml, RefusesSeventeenLevels) {
    std::string const deep = "version: 1\nlog: " + std::string(16, '[') + std::string(16, ']') + "\n";
    EXPECT_THAT(problems_of(deep), ElementsAre("crosswalk.yaml:2:21: nested more than 16 levels deep"));
}

TEST(StrictYaml, RefusesAFloodOfValues) {
    std::string flood = "version: 1\nlog: [";
    for (int i = 0; i < 100'000; ++i) {
        flood += "a,";
    }
    EXPECT_THAT(problems_of(flood + "]\n"),
                ElementsAre(AllOf(StartsWith("crosswalk.yaml:2:"), HasSubstr("more than 100,000 values; split it"))));
}

TEST(StrictYaml, RefusesAFileAboveOneMebibyte) {
    EXPECT_THAT(problems_of("version: 1\n#" + std::string(1024 * 1024, ' ')),
                ElementsAre("crosswalk.yaml: the file is larger than 1 MiB"));
}

TEST(StrictYaml, RefusesTextThatIsNotUtf8) {
    EXPECT_THAT(problems_of("version: 1\nca_file: M\xFCller.pem\n"),
                ElementsAre("crosswalk.yaml: the file is not UTF-8 text"));
}

// The YAML library takes \x04 for the end of the file, so that all that follows would be ignored.
TEST(StrictYaml, RefusesControlCharactersThatWouldHideTheRest) {
    EXPECT_THAT(problems_of("version: 1\n\x04unknown: true\n"),
                ElementsAre("crosswalk.yaml:2:1: the line holds a control character; remove it"));
}

TEST(StrictYaml, RefusesControlCharactersMadeByEscapes) {
    EXPECT_THAT(problems_of("version: 1\nca_file: \"a\\u0000b\"\n"),
                ElementsAre("crosswalk.yaml:2:10: the text holds a control character; remove it"));
}

TEST(StrictYaml, RefusesAMapAsAKey) {
    EXPECT_THAT(problems_of("version: 1\n? { a: b }\n: c\n"), testing::Contains(HasSubstr("a key must be text")));
}

TEST(StrictYaml, ReportsAllProblemsOfAllFilesInOrder) {
    Folder const folder;
    folder.write("crosswalk.yaml", "version: 1\nstoer: {}\nconnectors: { lever: {}, goco: {} }\nlgo: {}\n");
    folder.append("routes/hires.yaml", "requird: [a]\n");
    EXPECT_THAT(folder.problems(),
                ElementsAre("crosswalk.yaml:2:1: unknown key 'stoer'; did you mean 'store'?",
                            "crosswalk.yaml:4:1: unknown key 'lgo'; did you mean 'log'?",
                            "routes/hires.yaml:4:1: unknown key 'requird'; did you mean 'require'?"));
}

TEST(StrictYaml, ListsTheKnownKeysWhenNoneIsNear) {
    EXPECT_THAT(problems_of("version: 1\nlog: { colour: red }\n"),
                ElementsAre("crosswalk.yaml:2:8: unknown key 'colour'; known here: level"));
}

TEST(StrictYaml, NeedsTheVersion) {
    EXPECT_THAT(problems_of("log: { level: info }\n"), ElementsAre("crosswalk.yaml:1:1: the key 'version' is missing"));
}

TEST(StrictYaml, RefusesAFormatFromTheFuture) {
    EXPECT_THAT(problems_of("version: 2\n"), ElementsAre("crosswalk.yaml:1:10: 'version' must be a whole number from 1 "
                                                         "to 1, without quotes"));
}

TEST(StrictYaml, SaysThatThereIsNoConfiguration) {
    Folder const folder;
    folder.remove("crosswalk.yaml");
    EXPECT_THAT(folder.problems(), ElementsAre("crosswalk.yaml: there is no such file in " + folder.path().string()));
}

TEST(StrictYaml, SaysThatThereIsNoFolder) {
    EXPECT_THAT(Folder::in_words(load("/nowhere/at/all").problems),
                ElementsAre("crosswalk.yaml: there is no folder /nowhere/at/all"));
}

TEST(StrictYaml, RefusesTwoMainFiles) {
    Folder const folder;
    folder.write("crosswalk.json", R"({"version": 1})");
    EXPECT_THAT(folder.problems(), ElementsAre("crosswalk.json: there is a crosswalk.yaml too; keep one of them"));
}

TEST(StrictYaml, DoesNotPassOverAFileForItsEnding) {
    Folder const folder;
    folder.write("routes/more.yml", "route: more\n");
    EXPECT_THAT(folder.problems(), ElementsAre("routes/more.yml: files end in .yaml; rename it to more.yaml"));
}

TEST(StrictYaml, ReportsJsonFilesWithPositionsToo) {
    Folder const folder;
    folder.remove("routes/hires.yaml");
    folder.write("routes/hires.json",
                 "{\n\t\"route\": \"hires\",\n\t\"form\":{\"connection\":\"lever\",\"event\":\"e\"},\n"
                 "\t\"to\":{\"connection\":\"goco\",\"action\":\"a\"}\n}\n");
    EXPECT_THAT(folder.problems(), ElementsAre("routes/hires.json:1:1: the key 'from' is missing",
                                               "routes/hires.json:3:2: unknown key 'form'; did you mean 'from'?"));
}

TEST(StrictYaml, ReturnsNothingWhenThereIsAProblem) {
    Folder const folder;
    folder.append("crosswalk.yaml", "stoer: {}\n");
    EXPECT_FALSE(load(folder.path()).config.has_value());
}

}  // namespace
}  // namespace crosswalk::config

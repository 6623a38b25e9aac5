// Values of the wrong shape: each is named with its place and what stands there instead, and nothing is read from it.
#include "folder.hpp"

#include <gmock/gmock.h>

#include <ostream>

namespace crosswalk::config {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

constexpr char const* workspace = "crosswalk.yaml";
constexpr char const* connection = "connections/goco.yaml";
constexpr char const* route = "routes/hires.yaml";
constexpr char const* ends =
    "route: hires\nfrom: { connection: lever, event: candidate.hired }\n"
    "to: { connection: goco, action: create_employee }\n";

struct Wrong {
    char const* name;
    char const* file;
    std::string text;
    char const* said;
};
std::ostream& operator<<(std::ostream& out, Wrong const& wrong) {
    return out << wrong.name;
}

Wrong const wrongs[] = {
    {"Connectors", workspace, "version: 1\nconnectors: [lever, goco]\n",
     "crosswalk.yaml:2:1: 'connectors' must be a map such as lever: { enabled: true }"},
    {"Sender", workspace,
     "version: 1\nconnectors: { lever: {}, goco: {} }\nnotify: { email: { to: [a@example.com], smtp: { host: "
     "mail.example.com, from: \"Crosswalk <a@example.com>\" } } }\n",
     "'from' must be an e-mail address, without a name"},
    {"SecretAsAMap", workspace,
     "version: 1\nconnectors: { lever: {}, goco: {} }\nlisten: { admin: { token: { secret: x } } }\n",
     "must be a secret reference of the form \"secret:<provider>/<name>\""},
    {"TextAsAList", workspace, "version: 1\nconnectors: { lever: {}, goco: {} }\nlog: { level: [info] }\n", "must be"},
    {"Settings", connection, "connection: goco\nconnector: goco\nsettings: [company, acme]\n",
     "connections/goco.yaml:3:1: 'settings' must be a map of keys and values"},
    {"NameThatIsNone", connection, "connection: \"Go Co\"\nconnector: goco\n", "'connection' must be a name"},
    {"EmptyName", connection, "connection: \"\"\nconnector: goco\n", "'connection' is empty"},
    {"Map", route, std::string(ends) + "map: [first_name]\n",
     "routes/hires.yaml:4:1: 'map' must be a map from fields to rules"},
    {"Select", route,
     "route: hires\nfrom: { connection: lever, event: candidate.hired, select: all }\n"
     "to: { connection: goco, action: create_employee }\n",
     "'select' must be a map of keys and values"},
    {"SignalNamedTwice", route,
     "route: hires\nfrom:\n  connection: lever\n  event: candidate.hired\n  run_on:\n"
     "    - { connection: lever, event: a.b }\n    - { connection: lever, event: a.b }\n"
     "to: { connection: goco, action: create_employee }\n",
     "routes/hires.yaml:7:7: this signal is named twice; remove one"},
    {"SwitchThatIsNoPointer", route, std::string(ends) + "when: [ { connection: goco, setting: company } ]\n",
     "routes/hires.yaml:4:"},
    {"FeedbackAsText", route, std::string(ends) + "feedback: always\n", "'feedback' must be a list"},
    {"EmptyList", route, std::string(ends) + "feedback: []\n",
     "'feedback' is an empty list; fill it or remove the key"},
};

struct WrongShape : testing::TestWithParam<Wrong> {
    Folder const folder;
};

TEST_P(WrongShape, IsNamedWithItsPlaceAndStopsTheHost) {
    folder.write(GetParam().file, GetParam().text);
    Loaded const loaded = load(folder.path());
    EXPECT_THAT(Folder::in_words(loaded.problems), Contains(HasSubstr(GetParam().said)));
    EXPECT_FALSE(loaded.config) << "a host would run with a part of what was meant";
}
INSTANTIATE_TEST_SUITE_P(Config, WrongShape, testing::ValuesIn(wrongs),
                         [](testing::TestParamInfo<Wrong> const& of) { return of.param.name; });

TEST(RouteFile, HasAtMost500Rules) {
    Folder const folder;
    std::string rules = "map:\n";
    for (int i = 0; i < 501; ++i) {
        rules += "  field_" + std::to_string(i) + ": { value: x }\n";
    }
    folder.append(route, rules);
    EXPECT_THAT(folder.problems(), Contains(HasSubstr("more than 500 rules in one route")));
}

TEST(Folder, ThatIsAFileInPlaceOfADocumentIsNamed) {
    Folder const folder;
    std::filesystem::create_directories(folder.path() / "connections/charthop.yaml");
    EXPECT_THAT(folder.problems(), Contains(HasSubstr("connections/charthop.yaml: not a file that can be read")));
}

TEST(Folder, MayHoldFilesThatAnEditorHides) {
    Folder const folder;
    folder.write("connections/.goco.yaml", "this: is no connection\n");
    EXPECT_THAT(folder.problems(), SizeIs(0));
}

TEST(Folder, HasAtMost2000FilesOfAKind) {
    Folder const folder;
    for (int i = 0; i < 2001; ++i) {
        folder.write("tables/t" + std::to_string(i) + ".csv", "from,to\n");
    }
    EXPECT_THAT(folder.problems(), Contains(HasSubstr("tables: more than 2,000 files in this folder")));
}

TEST(Problems, AreShownUpToALimitAndThenSaidToBeMore) {
    Folder const folder;
    std::string keys;
    for (int i = 0; i < 2000; ++i) {
        keys += "key_" + std::to_string(i) + ": 1\n";
    }
    folder.append(workspace, keys);
    auto const problems = folder.problems();
    EXPECT_THAT(problems, SizeIs(1001));
    EXPECT_THAT(problems, Contains(HasSubstr("there are more problems than are shown; correct these first")));
}

}  // namespace
}  // namespace crosswalk::config

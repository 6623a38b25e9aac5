// docs/requirements.md as it stands, and proof that a wrong table would be seen.
#include "requirements/checklist.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>

namespace crosswalk::requirements {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

std::filesystem::path const root = CROSSWALK_ROOT;

std::string text_of(std::filesystem::path const& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A table in which every line is open, but for the given rows.
std::string table_with(std::map<std::string, std::string> const& rows) {
    std::string table = "| line | asks | shown by |\n|---|---|---|\n";
    for (std::string const& id : wanted_ids()) {
        auto const found = rows.find(id);
        table += found == rows.end() ? "| " + id + " | it works | open |\n" : found->second;
    }
    return table;
}

std::vector<std::string> problems_with(std::string const& id, std::string const& shown_by) {
    return problems(table_with({{id, "| " + id + " | it works | " + shown_by + " |\n"}}), {"Inbox.KeepsAll"});
}

TEST(Requirements, AreEachAnsweredByATestThatExistsACommandOrOpenly) {
    EXPECT_THAT(problems(text_of(root / "docs" / "requirements.md"), tests_in_tree(root)), IsEmpty());
}
TEST(Requirements, SeeTheTestsOfRoomsAndConnectors) {
    auto const tests = tests_in_tree(root);
    EXPECT_THAT(tests, Contains("Requirements.SeeTheTestsOfRoomsAndConnectors"));
    EXPECT_THAT(tests, Contains("LeverWebhook.AcceptsASignedHire"));
}

TEST(WrongTable, LacksALine) {
    EXPECT_THAT(problems(table_with({{"A.21", ""}}), {}), ElementsAre("A.21 is missing."));
}
TEST(WrongTable, LacksEveryLineWhenItIsEmpty) {
    EXPECT_EQ(problems("", {}).size(), wanted_ids().size());
}
TEST(WrongTable, NamesATestThatDoesNotExist) {
    EXPECT_THAT(problems_with("A.21", "`Inbox.KeepsAl`"),
                ElementsAre("A.21 names the test Inbox.KeepsAl, which does not exist."));
}
TEST(WrongTable, NamesATestThatDoesNotExistBesideOneThatDoes) {
    EXPECT_THAT(problems_with("F.4", "`Inbox.KeepsAll`, `Inbox.LosesNone`"),
                ElementsAre("F.4 names the test Inbox.LosesNone, which does not exist."));
}
TEST(WrongTable, NamesATestThatDoesNotExistOnALineThatIsOpen) {
    EXPECT_THAT(problems_with("F.4", "open: only a part, `Inbox.LosesNone`"),
                ElementsAre("F.4 names the test Inbox.LosesNone, which does not exist."));
}
TEST(WrongTable, HasALineWithoutAnswer) {
    for (std::string const answer : {"", "of course", "`crosswalk.yaml`", "Inbox.KeepsAll without quotes"}) {
        EXPECT_THAT(problems_with("A.21", answer),
                    ElementsAre("A.21 has no answer: name a test or a command, or say open."))
            << answer;
    }
}
TEST(WrongTable, HasALineWithTwoCellsOnly) {
    EXPECT_THAT(problems(table_with({{"A.21", "| A.21 | open |\n"}}), {}),
                ElementsAre("A.21 has no answer: name a test or a command, or say open."));
}
TEST(WrongTable, AnswersALineTwice) {
    EXPECT_THAT(problems(table_with({}) + "| A.1 | again | open |\n", {}), ElementsAre("A.1 is answered 2 times."));
}
TEST(WrongTable, HasALineThatNobodyAskedFor) {
    EXPECT_THAT(problems(table_with({}) + "| A.47 | more | open |\n", {}),
                ElementsAre("A.47 is no line of the checklist."));
}

TEST(RightTable, AnswersWithATestACommandAVendorsScreenOrOpen) {
    for (std::string const answer : {"`Inbox.KeepsAll`", "`./dev demo --once`", "`crosswalk connections list`",
                                     "vendor's own screen: the list shows it", "open", "open: later"}) {
        EXPECT_THAT(problems_with("A.21", answer), IsEmpty()) << answer;
    }
}

TEST(TestNames, AreFoundWhereverTheLineBreaks) {
    EXPECT_THAT(
        tests_in_text("TEST(Inbox, KeepsAll) {\n}\nTEST_F(InboxTest,\n       KeepsSome) {\nTEST_P(Names, Fit) {"),
        UnorderedElementsAre("Inbox.KeepsAll", "InboxTest.KeepsSome", "Names.Fit"));
}
TEST(TestNames, AreNotFoundInCommentsOrOtherWords) {
    EXPECT_THAT(tests_in_text("// TEST(Inbox, KeepsAll)\nMYTEST(Inbox, KeepsAll)\n"), Not(Contains("Inbox.KeepsAll")));
}

}  // namespace
}  // namespace crosswalk::requirements

// docs/limits.md as it stands, and proof that a wrong table would be seen.
#include "requirements/checklist.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace crosswalk::requirements {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::filesystem::path const root = CROSSWALK_ROOT;

std::vector<std::string> problems_with(std::string const& row) {
    return limit_problems("| limit | default | where | above it | shown by |\n|---|---|---|---|---|\n" + row + "\n",
                          {"store/outbox.cpp lease_max"}, {"Outbox.LeasesSome"});
}

TEST(Limits, OfTheHostAreEachInTheTableWithATestThatExists) {
    std::ifstream file(root / "docs" / "limits.md", std::ios::binary);
    std::string const table(std::istreambuf_iterator<char>(file), {});
    EXPECT_THAT(limit_problems(table, limits_in_tree(root), tests_in_tree(root)), IsEmpty());
}
TEST(Limits, AreSeenInTheTree) {
    auto const limits = limits_in_tree(root);
    EXPECT_THAT(limits, Contains("store/outbox.cpp lease_max"));
    EXPECT_THAT(limits, Contains("plugin_host/call.hpp lent_max"));
}

TEST(WrongLimits, NameATestThatDoesNotExist) {
    EXPECT_THAT(problems_with("| a lease | 1000 | `store/outbox.cpp lease_max` | waits | `Outbox.LeasesAll` |"),
                ElementsAre("The row \"a lease\" names the test Outbox.LeasesAll, which does not exist."));
}
TEST(WrongLimits, NameNoTest) {
    EXPECT_THAT(problems_with("| a lease | 1000 | `store/outbox.cpp lease_max` | waits | of course |"),
                ElementsAre("The row \"a lease\" names no test."));
}
TEST(WrongLimits, SayNoneWithoutAReason) {
    EXPECT_THAT(problems_with("| a lease | 1000 | `store/outbox.cpp lease_max` | waits | none: |"),
                ElementsAre("The row \"a lease\" names no test."));
}
TEST(WrongLimits, LackOneOfTheCode) {
    EXPECT_THAT(problems_with(""), ElementsAre("No row has the limit store/outbox.cpp lease_max."));
    EXPECT_THAT(problems_with("| a lease | 1000 | `store/inbox.cpp lease_max` | waits | `Outbox.LeasesSome` |"),
                ElementsAre("No row has the limit store/outbox.cpp lease_max."))
        << "one of the same name elsewhere";
}
TEST(WrongLimits, LackACell) {
    EXPECT_THAT(problems_with("| a lease | 1000 | `store/outbox.cpp lease_max` | `Outbox.LeasesSome` |"),
                Contains("The row \"a lease\" has not five cells."));
}
TEST(RightLimits, HaveOneOrMoreNamesInAFile) {
    EXPECT_THAT(problems_with("| a lease | 1000 | `store/outbox.cpp other_max lease_max` | waits | `Outbox.LeasesSome` |"),
                IsEmpty());
}

TEST(RightLimits, MaySayWhyNothingShowsThem) {
    EXPECT_THAT(problems_with("| a lease | 1000 | `store/outbox.cpp lease_max` | waits | none: nobody asks |"), IsEmpty());
}

TEST(LimitNames, AreConstantsThatEndInMax) {
    EXPECT_THAT(limits_in_text("a/b.cpp", "constexpr std::size_t lease_max = 1000;\n"
                                          "static constexpr std::chrono::minutes hold_max{15};\n"
                                          "std::size_t size_max = 3;\n"
                                          "constexpr int half = lease_max / 2;\n"),
                UnorderedElementsAre("a/b.cpp lease_max", "a/b.cpp hold_max"));
}

}  // namespace
}  // namespace crosswalk::requirements

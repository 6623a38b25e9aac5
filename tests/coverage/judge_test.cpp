// What the judge says of small trees with known counts, and that the list of excuses that ships can be read.
#include "coverage/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>

namespace crosswalk::coverage {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class JudgeTest : public testing::Test {
protected:
    JudgeTest()
        : root_(std::filesystem::temp_directory_path() /
                ("crosswalk-judge-" + std::to_string(std::random_device{}()))) {
        std::filesystem::create_directories(root_ / "host/store");
        std::filesystem::create_directories(root_ / "host/cli");
        std::ofstream(root_ / "host/store/a.cpp")
            << "int f() {\n    return 1;\n    return 2;\n    return 2;\n    return a ? b : c;\n    return a\n"
               "        ? b : c;\n    if (a) {\n    }\n}\n"
               "    return write([&](Batch& b) -> Result<void> {\n";
        for (char const* const file : {"host/cli/a.cpp", "host/main.cpp"}) {
            std::ofstream(root_ / file) << "one;\ntwo;\nthree;\n";
        }
    }
    ~JudgeTest() override {
        std::error_code ignored;
        std::filesystem::remove_all(root_, ignored);
    }
    [[nodiscard]] Judgement judged(std::vector<LineCount> const& counts, std::string_view excuses = {}) const {
        return judge(counts, read_excuses(excuses), Limits{}, root_);
    }
    static LineCount run(std::string const& file, std::size_t number) { return {file, number, 1}; }
    static LineCount never(std::string const& file, std::size_t number) { return {file, number, 0}; }

    std::filesystem::path root_;
};

TEST_F(JudgeTest, IsContentWhenEveryLineRanAndEveryChoiceWentBothWays) {
    auto const judgement = judged({run("host/store/a.cpp", 2), {"host/store/a.cpp", 5, 7, true, true, true}});
    EXPECT_THAT(judgement.complaints, IsEmpty());
    EXPECT_THAT(judgement.gaps, IsEmpty());
}

TEST_F(JudgeTest, ComplainsOfALineOfAStrictRoomThatNoTestRan) {
    std::vector<LineCount> counts(20, run("host/store/a.cpp", 2));
    counts.push_back(never("host/store/a.cpp", 3));
    auto const judgement = judged(counts);
    ASSERT_EQ(judgement.gaps.size(), 1U);
    EXPECT_EQ(judgement.gaps[0].code, "return 2;");
    EXPECT_EQ(judgement.gaps[0].words, "never run");
    EXPECT_THAT(judgement.complaints, ElementsAre(HasSubstr("1 error branches of the strict rooms")));
}

TEST_F(JudgeTest, ComplainsOfAChoiceOfWhichNoTestTookOneSide) {
    for (std::size_t const line : {5U, 6U}) {
        auto const judgement = judged({{"host/store/a.cpp", line, 7, true, true, false}});
        ASSERT_EQ(judgement.gaps.size(), 1U) << line;
        EXPECT_EQ(judgement.gaps[0].words, "one side never taken");
        EXPECT_EQ(judgement.complaints.size(), 1U);
    }
    EXPECT_THAT(judged({{"host/store/a.cpp", 8, 7, true, true, false}}).gaps, IsEmpty())
        << "what an if does stands on lines of its own";
}

TEST_F(JudgeTest, CountsNoBracketAndNoHeadOfALambda) {
    auto const judgement = judged({run("host/store/a.cpp", 2), never("host/store/a.cpp", 9),
                                   never("host/store/a.cpp", 10), never("host/store/a.cpp", 11)});
    EXPECT_EQ(judgement.whole.lines, 1U);
    EXPECT_THAT(judgement.gaps, IsEmpty());
}

TEST_F(JudgeTest, CountsOnlyLinesInARoomThatIsNotStrict) {
    std::vector<LineCount> counts(9, run("host/cli/a.cpp", 1));
    counts.push_back(never("host/cli/a.cpp", 2));
    EXPECT_THAT(judged(counts).complaints, IsEmpty()) << "nine of ten is enough";
    counts.push_back(never("host/cli/a.cpp", 3));
    EXPECT_THAT(judged(counts).complaints, ElementsAre("Tests run 81.8 % of the lines of host/; 90 % are wanted."));
}

TEST_F(JudgeTest, AddsUpEachRoomAndWhatIsBesideThem) {
    auto const judgement = judged({run("host/store/a.cpp", 2), run("host/main.cpp", 1), never("host/main.cpp", 2)});
    EXPECT_EQ(judgement.rooms.at("store").run, 1U);
    EXPECT_EQ(judgement.rooms.at("(top)").lines, 2U);
    EXPECT_EQ(judgement.rooms.at("(top)").run, 1U);
    EXPECT_EQ(judgement.whole.lines, 3U);
    EXPECT_THAT(to_text(judgement), HasSubstr("(top)             1 of      2 lines   50.0 %"));
}

TEST_F(JudgeTest, ExcusesOneLineForEachExcuse) {
    std::vector<LineCount> counts(20, run("host/store/a.cpp", 2));
    counts.push_back(never("host/store/a.cpp", 3));
    counts.push_back(never("host/store/a.cpp", 4));
    auto const one = judged(counts, "# Nobody comes here.\nhost/store/a.cpp: return 2;\n");
    EXPECT_EQ(one.excused, 1U);
    EXPECT_EQ(one.gaps.size(), 1U) << "the second line with the same code needs an excuse of its own";
    auto const both =
        judged(counts, "# Nobody comes here.\nhost/store/a.cpp: return 2;\nhost/store/a.cpp: return 2;\n");
    EXPECT_THAT(both.complaints, IsEmpty());
}

TEST_F(JudgeTest, ComplainsOfAnExcuseForALineThatATestRan) {
    EXPECT_THAT(judged({run("host/store/a.cpp", 2)}, "# Nobody comes here.\nhost/store/a.cpp: return 1;\n").complaints,
                ElementsAre("Line 2 of the excuses is not needed: host/store/a.cpp: return 1;"));
}

TEST_F(JudgeTest, ComplainsOfAnExcuseForALineThatIsGone) {
    EXPECT_THAT(judged({run("host/store/a.cpp", 2)}, "# Nobody comes here.\nhost/store/b.cpp: return 3;\n").complaints,
                ElementsAre(HasSubstr("is not needed")));
}

TEST(Excuses, NeedAReasonAboveThem) {
    EXPECT_THROW((void)read_excuses("host/store/a.cpp: return 1;\n"), std::runtime_error);
    EXPECT_THROW((void)read_excuses("# Why.\n\nhost/store/a.cpp: return 1;\n"), std::runtime_error);
    EXPECT_THROW((void)read_excuses("# Why.\nreturn 1;\n"), std::runtime_error);
    EXPECT_EQ(read_excuses("# Why.\nhost/store/a.cpp: a ? b : c;\n").at(0).code, "a ? b : c;");
}

TEST(Excuses, OfTheTreeCanBeReadAndNameFilesOfIt) {
    std::filesystem::path const root = CROSSWALK_ROOT;
    std::ifstream file(root / "tests/coverage/unreachable.txt", std::ios::binary);
    ASSERT_TRUE(file);
    for (Excuse const& excuse : read_excuses(std::string{std::istreambuf_iterator<char>(file), {}})) {
        EXPECT_TRUE(std::filesystem::exists(root / excuse.file)) << excuse.file;
    }
}

// As gcov writes it: a line of two functions, of which a test ran one; a file of somebody else.
constexpr char const* documents = R"({"current_working_directory": "/src/build", "files": [
  {"file": "/src/host/store/a.cpp", "lines": [
    {"line_number": 2, "count": 0, "branches": []},
    {"line_number": 2, "count": 3, "branches": [{"count": 0, "throw": true}, {"count": 3, "throw": false},
      {"count": 0, "throw": false}, {"count": 9, "throw": false}]}]},
  {"file": "../host/store/b.hpp", "lines": [{"line_number": 7, "count": 0, "branches": []}]},
  {"file": "/usr/include/stdio.h", "lines": [{"line_number": 1, "count": 1, "branches": []}]}]})";

std::string one_line(std::string text) {
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text + "\n";
}

TEST(Counts, PutALineOfSeveralFunctionsTogetherAndLeaveOutExceptions) {
    auto const counts = read_counts(one_line(documents), "/src");
    ASSERT_EQ(counts.size(), 2U);
    EXPECT_EQ(counts[0].file, "host/store/a.cpp");
    EXPECT_EQ(counts[0].runs, 3);
    EXPECT_TRUE(counts[0].has_ways);
    EXPECT_TRUE(counts[0].first_taken);
    EXPECT_FALSE(counts[0].second_taken) << "the third way is a destructor's";
    EXPECT_EQ(counts[1].file, "host/store/b.hpp");
}

TEST(Counts, AddUpWhatSeveralProgramsRan) {
    auto const counts = read_counts(one_line(documents) + one_line(documents), "/src");
    EXPECT_EQ(counts.at(0).runs, 6);
}

TEST(Counts, AreRefusedWhenTheyAreNoneAtAll) {
    EXPECT_THROW((void)read_counts("no counts", "/src"), std::runtime_error);
    EXPECT_THROW((void)read_counts("", "/src"), std::runtime_error);
}

}  // namespace
}  // namespace crosswalk::coverage

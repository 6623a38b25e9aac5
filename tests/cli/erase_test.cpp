#include "cli/terminal.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace crosswalk::cli {
namespace {

using testing::HasSubstr;

struct EraseCommand : Terminal {
    static constexpr char const* erased =
        R"({"persons":1,"events":2,"deliveries":3,"discarded":1,"payloads":2,"unread_discarded":0,"links":1,"files":4,)"
        R"("bytes_searched":8192,"proven":true})";
    // What is typed while it runs.
    int typing(std::string const& words, std::vector<std::string> const& arguments) {
        std::istringstream typed(words);
        std::streambuf* const before = std::cin.rdbuf(typed.rdbuf());
        std::cin.clear();
        int const exit = with(erased, arguments);
        std::cin.rdbuf(before);
        std::cin.clear();
        return exit;
    }
};

TEST_F(EraseCommand, SaysWhatIsGoneAndThatItIsProven) {
    EXPECT_EQ(with(erased, {"erase", "--person", "ada@example.com", "--yes"}), 0);
    EXPECT_EQ(last_request(), "POST /api/v1/persons/erase");
    EXPECT_EQ(boost::json::parse(last_body()).at("person"), "ada@example.com");
    EXPECT_THAT(out.str(), testing::ContainsRegex("attachments +4"));
    EXPECT_THAT(out.str(), HasSubstr("Proven: 8192 bytes"));
}

TEST_F(EraseCommand, AsksFirst) {
    EXPECT_EQ(typing("yes\n", {"erase", "--person", "ada@example.com"}), 0);
    EXPECT_EQ(last_request(), "POST /api/v1/persons/erase");
}

TEST_F(EraseCommand, ErasesNobodyWithoutAYes) {
    for (char const* const words : {"no\n", "y\n", ""}) {
        EXPECT_EQ(typing(words, {"erase", "--person", "ada@example.com"}), 64) << words;
        EXPECT_EQ(last_request(), "none") << words;
    }
}

TEST_F(EraseCommand, SaysThatNothingIsKeptAboutSomebodyWhoIsNotKnown) {
    EXPECT_EQ(with(R"({"events":0,"unread_discarded":0,"bytes_searched":4096,"proven":true})",
                   {"erase", "--person", "ada@example.com", "--yes"}),
              0);
    EXPECT_THAT(out.str(), HasSubstr("Nothing is kept about such a person."));
}

TEST_F(EraseCommand, EndsWithOneWhenItIsNotProven) {
    std::string unproven = erased;
    unproven.replace(unproven.find("true"), 4, "false");
    EXPECT_EQ(with(unproven, {"erase", "--person", "ada@example.com", "--yes"}), 1);
    EXPECT_THAT(out.str(), HasSubstr("NOT PROVEN"));
    EXPECT_EQ(with(unproven, {"erase", "--person", "ada@example.com", "--yes", "--output", "json"}), 1);
    EXPECT_FALSE(boost::json::parse(out.str()).at("proven").as_bool());
}

}  // namespace
}  // namespace crosswalk::cli

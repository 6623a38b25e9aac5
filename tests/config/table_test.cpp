#include "config/table.hpp"

#include "folder.hpp"

#include <gmock/gmock.h>

namespace crosswalk::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::optional<model::ValueTable> table_of(std::string_view text) {
    Problems problems;
    return parse_table("tables/t.csv", text, problems);
}

std::vector<std::string> problems_of(std::string_view text) {
    Problems problems;
    static_cast<void>(parse_table("tables/t.csv", text, problems));
    return Folder::in_words(problems.take());
}

TEST(Table, KeepsValuesExactly) {
    EXPECT_THAT(*table_of("from,to\npart time, partner_time \nyes,0012\n"),
                ElementsAre(Pair("part time", " partner_time "), Pair("yes", "0012")));
}

TEST(Table, ReadsQuotedCommasQuotesAndLineBreaks) {
    EXPECT_THAT(*table_of("from,to\r\n\"Berlin, Mitte\",\"the \"\"old\"\" house\"\r\n\"two\r\nlines\",b\r\n"),
                ElementsAre(Pair("Berlin, Mitte", "the \"old\" house"), Pair("two\r\nlines", "b")));
}

TEST(Table, TakesAByteOrderMarkAQuotedHeaderAndNoLastLineBreak) {
    EXPECT_THAT(*table_of("\xEF\xBB\xBF\"from\",\"to\"\na,b"), ElementsAre(Pair("a", "b")));
}

TEST(Table, TakesAnEmptyTargetAndPassesOverEmptyLines) {
    EXPECT_THAT(*table_of("from,to\n\na,\n\n"), ElementsAre(Pair("a", "")));
}

TEST(Table, RefusesADuplicateAndNamesBothLines) {
    EXPECT_THAT(problems_of("from,to\n\"a\nb\",1\nx,2\n\"a\nb\",3\n"),
                ElementsAre("tables/t.csv:5:1: this 'from' value is already on line 2"));
}

TEST(Table, NeedsItsHeader) {
    EXPECT_THAT(problems_of("to,from\na,b\n"), ElementsAre("tables/t.csv:1:1: the first line must be 'from,to'"));
    EXPECT_THAT(problems_of(""), ElementsAre("tables/t.csv:1:1: the first line must be 'from,to'"));
}

TEST(Table, RefusesRowsThatAreNotTwoFields) {
    EXPECT_THAT(
        problems_of("from,to\na,b,c\nd\n"),
        ElementsAre("tables/t.csv:2:1: the row needs two fields and has 3; put a value with a comma in quotes",
                    "tables/t.csv:3:1: the row needs two fields and has 1; put a value with a comma in quotes"));
}

TEST(Table, RefusesAnEmptySource) {
    EXPECT_THAT(problems_of("from,to\n,b\n"), ElementsAre("tables/t.csv:2:1: the column 'from' is empty"));
}

TEST(Table, SaysWhichQuoteIsNeverClosed) {
    EXPECT_THAT(problems_of("from,to\na,\"b\nc,d\n"), ElementsAre("tables/t.csv:2:3: this quote is never closed"));
}

TEST(Table, RefusesTextAfterAClosingQuote) {
    EXPECT_THAT(problems_of("from,to\n\"a\"b,c\n"),
                ElementsAre("tables/t.csv:2:4: text after a closing quote; a quote inside a field is written twice"));
}

TEST(Table, RefusesAQuoteInsideABareField) {
    EXPECT_THAT(problems_of("from,to\na\"b,c\n"),
                ElementsAre("tables/t.csv:2:2: a quote inside a field without quotes; put "
                            "the field in quotes and double it"));
}

TEST(Table, RefusesTheRowAboveItsLimit) {
    std::string text = "from,to\n";
    for (int i = 0; i < 100'000; ++i) {
        text += std::to_string(i) + ",x\n";
    }
    EXPECT_EQ(table_of(text)->size(), 100'000U);
    EXPECT_THAT(problems_of(text + "z,x\n"),
                ElementsAre("tables/t.csv:100002:1: the table has more than 100,000 rows"));
}

TEST(Table, RefusesTextThatIsNotUtf8) {
    EXPECT_THAT(problems_of("from,to\nM\xFCller,b\n"), ElementsAre("tables/t.csv: the table is not UTF-8 text"));
}

TEST(Table, IsKnownByTheNameOfItsFile) {
    Folder const folder;
    folder.write("tables/kinds.csv", "from,to\na,b\n");
    EXPECT_THAT(load(folder.path()).config->tables.at("kinds"), ElementsAre(Pair("a", "b")));
}

// A broken table is one problem, not one more for each route that uses it.
TEST(Table, IsNotCalledUnknownWhenItIsBroken) {
    Folder const folder;
    folder.write("tables/kinds.csv", "from\n");
    folder.append("routes/hires.yaml", "map: { a: { from: /a, table: kinds } }\n");
    EXPECT_THAT(folder.problems(), ElementsAre("tables/kinds.csv:1:1: the first line must be 'from,to'"));
}

}  // namespace
}  // namespace crosswalk::config

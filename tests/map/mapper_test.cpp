#include "rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::map {
namespace {

using model::Otherwise;
using model::Transform;
using testing::HasSubstr;
using testing::Not;

Tables const tables{{"employment-types", {{"part_time", "partner_time"}, {"1", "one"}, {"true", "yes"}}}};

// ---- where values come from ---------------------------------------------------------------------------------

TEST(Mapper, WithoutRulesPassesTheRecordOn) {
    auto const mapped = map_with({}, R"({"first_name":"Ada","custom":{"a":[1,null]}})");
    EXPECT_EQ(text(mapped), R"({"first_name":"Ada","custom":{"a":[1,null]}})");
    EXPECT_TRUE(mapped.lineage.empty() && mapped.warnings.empty() && mapped.problems.empty());
}

// A.38: a further field, also a custom one, is a line of the route.
TEST(Mapper, CopiesACustomFieldIntoAFieldOfTheSchema) {
    auto const mapped = map_with({rule("job_title", {"/custom/title"})}, R"({"custom":{"title":"Engineer"}})");
    EXPECT_EQ(mapped.record.at("job_title"), "Engineer");
    EXPECT_EQ(only_lineage(mapped), "job_title: /custom/title");
}

TEST(Mapper, PutsAFieldThatTheSchemaDoesNotKnowUnderExtra) {
    auto const mapped = map_with({rule("cost_center", {"/custom/cc"})}, R"({"custom":{"cc":7}})");
    EXPECT_EQ(text(mapped), R"({"custom":{"cc":7},"extra":{"cost_center":7}})");
    EXPECT_EQ(only_lineage(mapped), "cost_center: /custom/cc");
}

TEST(Mapper, PutsEveryFieldOfAnUnknownSchemaUnderExtra) {
    auto const mapped = map_with({rule("first_name", {"/a"})}, R"({"a":"x"})", {}, {}, "acme.person/1");
    EXPECT_EQ(text(mapped), R"({"a":"x","extra":{"first_name":"x"}})");
}

TEST(Mapper, WritesThroughAPointerIntoTheSchemasFields) {
    auto const mapped = map_with({rule("/address/city", {"/custom/city"})}, R"({"custom":{"city":"Oslo"}})");
    EXPECT_EQ(mapped.record.at("address").at("city"), "Oslo");
}

TEST(Mapper, WritesAPointerToAnUnknownFieldUnderExtra) {
    auto const mapped = map_with({rule("/badge/colour", {"/custom/c"})}, R"({"custom":{"c":"red"}})");
    EXPECT_EQ(mapped.record.at("extra").at("badge").at("colour"), "red");
}

TEST(Mapper, TakesTheFirstSourceThatHasAValue) {
    auto const mapped = map_with({rule("personal_email", {"/a", "/b", "/c", "/d"})},
                                 R"({"a":null,"b":"  ","c":"c@example.com","d":"d@example.com"})");
    EXPECT_EQ(mapped.record.at("personal_email"), "c@example.com");
    EXPECT_EQ(only_lineage(mapped), "personal_email: /a else /b else /c else /d");
}

TEST(Mapper, CountsEmptyListsAndObjectsAsNoValue) {
    auto const mapped = map_with({rule("documents", {"/a", "/b", "/c"})}, R"({"a":[],"b":{},"c":[1]})");
    EXPECT_EQ(mapped.record.at("documents"), boost::json::parse("[1]"));
}

TEST(Mapper, KeepsFalseAndZeroAsValues) {
    auto const mapped = map_with({rule("x", {"/a", "/c"}), rule("y", {"/b", "/c"})}, R"({"a":0,"b":false,"c":1})");
    EXPECT_EQ(boost::json::serialize(mapped.record.at("extra")), R"({"x":0,"y":false})");
}

TEST(Mapper, ReadsTheRecordAsItCameWhateverOtherRulesWrote) {
    auto const mapped = map_with({rule("first_name", {"/last_name"}), rule("last_name", {"/first_name"})},
                                 R"({"first_name":"Ada","last_name":"Example"})");
    EXPECT_EQ(text(mapped), R"({"first_name":"Example","last_name":"Ada"})");
}

TEST(Mapper, LeavesTheFieldOutWhenItsRuleFindsNothing) {
    auto const mapped = map_with({rule("job_title", {"/custom/title"})}, R"({"job_title":"Old","last_name":"E"})");
    EXPECT_EQ(text(mapped), R"({"last_name":"E"})");
    EXPECT_TRUE(mapped.lineage.empty());
    EXPECT_TRUE(mapped.warnings.empty());
}

TEST(Mapper, LeavesAPartOfAFieldOutWhenItsRuleFindsNothing) {
    auto const mapped = map_with({rule("/address/city", {"/nope"})}, R"({"address":{"city":"Oslo","state":"NO"}})");
    EXPECT_EQ(text(mapped), R"({"address":{"state":"NO"}})");
}

TEST(Mapper, LetsTheLastRuleForAFieldDecide) {
    auto const mapped = map_with({rule("job_title", {"/a"}), rule("job_title", {"/b"})}, R"({"a":"A","b":"B"})");
    EXPECT_EQ(mapped.record.at("job_title"), "B");
    EXPECT_EQ(only_lineage(mapped), "job_title: /b");
}

TEST(Mapper, WarnsWhenTheWayToAFieldIsBlockedByText) {
    auto const mapped = map_with({rule("/address/city", {"/c"})}, R"({"address":"Main St","c":"Oslo"})");
    EXPECT_EQ(mapped.record.at("address"), "Main St");
    EXPECT_TRUE(mapped.lineage.empty());
    EXPECT_THAT(only(mapped.warnings), HasSubstr("/address/city: The record has text or a list"));
}

TEST(Mapper, WarnsOfANameThatIsNoField) {
    for (char const* field : {"", "/", "/a~2"}) {
        auto const mapped = map_with({rule(field, {"/c"})}, R"({"c":1})");
        if (std::string_view(field) == "/") {
            EXPECT_EQ(text(mapped), R"({"c":1,"extra":{"":1}})");
        } else {
            EXPECT_EQ(text(mapped), R"({"c":1})");
            EXPECT_THAT(only(mapped.warnings), HasSubstr("neither a field nor a JSON Pointer"));
        }
    }
}

TEST(Mapper, PassesOverASourceThatIsNoPointer) {
    auto const mapped = map_with({rule("job_title", {"a", "", "/a"})}, R"({"a":"x"})");
    EXPECT_EQ(mapped.record.at("job_title"), "x");
}

// ---- constants, defaults, join ------------------------------------------------------------------------------

TEST(Mapper, WritesAConstant) {
    auto fixed = rule("location", {});
    fixed.constant = R"({"name":"Remote"})";
    auto const mapped = map_with({fixed}, "{}");
    EXPECT_EQ(text(mapped), R"({"location":{"name":"Remote"}})");
    EXPECT_EQ(only_lineage(mapped), "location: constant");
}

TEST(Mapper, TakesANullConstantAsAWishToLeaveTheFieldOut) {
    auto fixed = rule("salary", {});
    fixed.constant = "null";
    auto const mapped = map_with({fixed}, R"({"salary":1})");
    EXPECT_EQ(text(mapped), "{}");
    EXPECT_TRUE(mapped.warnings.empty());
}

TEST(Mapper, WarnsOfAConstantThatIsNotJson) {
    auto fixed = rule("salary", {});
    fixed.constant = "{";
    EXPECT_EQ(only(map_with({fixed}, "{}").warnings), "salary: The constant is not JSON, so the field was left out.");
}

TEST(Mapper, UsesTheDefaultWhenNothingCameOut) {
    auto with_default = rule("employment_type", {"/a"});
    with_default.fallback = "\"full_time\"";
    auto const mapped = map_with({with_default}, "{}");
    EXPECT_EQ(mapped.record.at("employment_type"), "full_time");
    EXPECT_EQ(only_lineage(mapped), "employment_type: default");
    EXPECT_TRUE(mapped.warnings.empty());
}

TEST(Mapper, DoesNotUseTheDefaultWhenThereIsAValue) {
    auto with_default = rule("employment_type", {"/a"});
    with_default.fallback = "\"full_time\"";
    EXPECT_EQ(map_with({with_default}, R"({"a":"intern"})").record.at("employment_type"), "intern");
}

TEST(Mapper, JoinsAllValuesAsText) {
    auto joined = rule("full", {"/a", "/b", "/c", "/d", "/e"});
    joined.join = " - ";
    auto const mapped = map_with({joined}, R"({"a":"x","b":null,"c":7,"d":" ","e":true})");
    EXPECT_EQ(mapped.record.at("extra").at("full"), "x - 7 - true");
    EXPECT_EQ(only_lineage(mapped), "full: /a, /b, /c, /d, /e joined by \" - \"");
}

TEST(Mapper, JoinsNothingToNothing) {
    auto joined = rule("job_title", {"/a", "/b"});
    joined.join = "-";
    EXPECT_EQ(text(map_with({joined}, R"({"a":null})")), R"({"a":null})");
}

TEST(Mapper, LeavesListsAndObjectsOutOfAJoinAndSaysSo) {
    auto joined = rule("job_title", {"/a", "/b"});
    joined.join = " ";
    auto const mapped = map_with({joined}, R"({"a":["secret"],"b":"x"})");
    EXPECT_EQ(mapped.record.at("job_title"), "x");
    EXPECT_EQ(only(mapped.warnings),
              "job_title: A list or an object cannot be joined as text, so that part was left out.");
}

// ---- transforms and tables ----------------------------------------------------------------------------------

TEST(Mapper, AppliesTransformsInOrder) {
    auto changed = rule("job_title", {"/a"});
    changed.transforms = {Transform::trim, Transform::upper};
    auto const mapped = map_with({changed}, R"({"a":" abc "})");
    EXPECT_EQ(mapped.record.at("job_title"), "ABC");
    EXPECT_EQ(only_lineage(mapped), "job_title: /a as trim, upper");
}

// A.33: a start date as the target wants it.
TEST(Mapper, TurnsMillisecondsIntoADate) {
    auto dated = rule("start_date", {"/custom/start"});
    dated.transforms = {Transform::date};
    auto const mapped = map_with({dated}, R"({"custom":{"start":1795334400000}})");
    EXPECT_EQ(mapped.record.at("start_date"), "2026-11-22");
    EXPECT_EQ(only_lineage(mapped), "start_date: /custom/start as date");
}

TEST(Mapper, NamesTheTransformThatGaveNothingButNeverTheValue) {
    auto dated = rule("start_date", {"/a"});
    dated.transforms = {Transform::trim, Transform::date};
    auto const mapped = map_with({dated}, R"({"a":"next Monday","start_date":"2020-01-01"})");
    EXPECT_FALSE(mapped.record.contains("start_date"));
    EXPECT_EQ(only(mapped.warnings),
              "start_date: The transform 'date' makes nothing of this value, so the field was left out.");
}

TEST(Mapper, FallsToTheDefaultWhenATransformGivesNothing) {
    auto dated = rule("start_date", {"/a"});
    dated.transforms = {Transform::date};
    dated.fallback = "\"2026-12-01\"";
    auto const mapped = map_with({dated}, R"({"a":"soon"})");
    EXPECT_EQ(mapped.record.at("start_date"), "2026-12-01");
    EXPECT_EQ(only(mapped.warnings),
              "start_date: The transform 'date' makes nothing of this value, so the default was used.");
}

model::FieldRule through_table(Otherwise otherwise, std::string table = "employment-types") {
    auto out = rule("employment_type", {"/employment_type"});
    out.table = std::move(table);
    out.otherwise = otherwise;
    return out;
}

// A.34: the alias table, partner_time included.
TEST(Mapper, LooksAValueUpInATable) {
    auto const mapped = map_with({through_table(Otherwise::omit)}, R"({"employment_type":"part_time"})", tables);
    EXPECT_EQ(mapped.record.at("employment_type"), "partner_time");
    EXPECT_EQ(only_lineage(mapped), "employment_type: /employment_type through table employment-types");
}

TEST(Mapper, LooksNumbersAndBooleansUpAsText) {
    EXPECT_EQ(
        map_with({through_table(Otherwise::omit)}, R"({"employment_type":1})", tables).record.at("employment_type"),
        "one");
    EXPECT_EQ(
        map_with({through_table(Otherwise::omit)}, R"({"employment_type":true})", tables).record.at("employment_type"),
        "yes");
}

TEST(Mapper, ComparesTableValuesExactly) {
    EXPECT_EQ(text(map_with({through_table(Otherwise::omit)}, R"({"employment_type":"Part_time"})", tables)), "{}");
    EXPECT_EQ(text(map_with({through_table(Otherwise::omit)}, R"({"employment_type":"part_time "})", tables)), "{}");
}

TEST(Mapper, TransformsBeforeItLooksUp) {
    auto looked_up = through_table(Otherwise::omit);
    looked_up.transforms = {Transform::trim, Transform::lower};
    auto const mapped = map_with({looked_up}, R"({"employment_type":" PART_TIME "})", tables);
    EXPECT_EQ(mapped.record.at("employment_type"), "partner_time");
    EXPECT_EQ(only_lineage(mapped), "employment_type: /employment_type as trim, lower through table employment-types");
}

// A.34: other values are left out with a warning.
TEST(Mapper, OmitsAValueWithoutARowAndWarns) {
    auto const mapped = map_with({through_table(Otherwise::omit)}, R"({"employment_type":"seasonal"})", tables);
    EXPECT_EQ(text(mapped), "{}");
    EXPECT_EQ(only(mapped.warnings),
              "employment_type: The value table 'employment-types' has no row for this value, "
              "so the field was left out.");
    EXPECT_TRUE(mapped.problems.empty());
}

TEST(Mapper, KeepsAValueWithoutARowWhenToldTo) {
    auto const mapped = map_with({through_table(Otherwise::keep)}, R"({"employment_type":"seasonal"})", tables);
    EXPECT_EQ(mapped.record.at("employment_type"), "seasonal");
    EXPECT_TRUE(mapped.warnings.empty());
}

TEST(Mapper, RefusesAValueWithoutARowWhenToldToEvenIfThereIsADefault) {
    auto strict = through_table(Otherwise::fail);
    strict.fallback = "\"full_time\"";
    auto const mapped = map_with({strict}, R"({"employment_type":"seasonal"})", tables);
    EXPECT_FALSE(mapped.record.contains("employment_type"));
    EXPECT_EQ(only(mapped.problems),
              "employment_type: The value table 'employment-types' has no row for this value. "
              "Add the row, or correct the value at the source.");
}

TEST(Mapper, DoesNotRefuseAnAbsentValueForLackOfARow) {
    auto const mapped = map_with({through_table(Otherwise::fail)}, "{}", tables);
    EXPECT_TRUE(mapped.problems.empty());
}

TEST(Mapper, FindsNoRowForListsAndObjects) {
    auto const mapped = map_with({through_table(Otherwise::omit)}, R"({"employment_type":{"name":"1"}})", tables);
    EXPECT_EQ(text(mapped), "{}");
    EXPECT_EQ(mapped.warnings.size(), 1U);
}

TEST(Mapper, TreatsATableThatIsNotThereAsEmpty) {
    auto const mapped = map_with({through_table(Otherwise::omit, "gone")}, R"({"employment_type":"x"})", tables);
    EXPECT_THAT(only(mapped.warnings), HasSubstr("'gone' has no row"));
}

TEST(Mapper, KeepsItsOwnCopyOfTheTables) {
    Tables passing = tables;
    Mapper const mapper({{through_table(Otherwise::omit)}, {}}, passing);
    passing.clear();
    EXPECT_EQ(mapper.apply(hire, object(R"({"employment_type":"part_time"})")).record.at("employment_type"),
              "partner_time");
}

// ---- limits -------------------------------------------------------------------------------------------------

TEST(Mapper, RefusesARecordThatIsNestedTooDeeply) {
    boost::json::value deep = 1;
    for (std::size_t i = 0; i < record_depth_max; ++i) {
        deep = boost::json::array{std::move(deep)};
    }
    auto const mapped = Mapper({}, {}).apply(hire, {{"custom", std::move(deep)}});
    EXPECT_THAT(only(mapped.problems), HasSubstr("more than 64 levels"));
    EXPECT_TRUE(mapped.record.empty());
}

TEST(Mapper, TakesARecordAtTheDepthLimit) {
    boost::json::value deep = 1;
    for (std::size_t i = 0; i + 1 < record_depth_max; ++i) {
        deep = boost::json::array{std::move(deep)};
    }
    EXPECT_TRUE(Mapper({}, {}).apply(hire, {{"custom", std::move(deep)}}).problems.empty());
}

TEST(Mapper, DoesNotCopyAHugeValue) {
    boost::json::object record{{"a", std::string(value_bytes_max + 1, 'x')}};
    auto const mapped = Mapper({{rule("job_title", {"/a"})}, {}}, {}).apply(hire, record);
    EXPECT_FALSE(mapped.record.contains("job_title"));
    EXPECT_THAT(only(mapped.warnings), HasSubstr("larger than the 1 MiB"));
}

TEST(Mapper, DoesNotJoinPastTheLimit) {
    boost::json::object record{{"a", std::string(value_bytes_max / 2, 'x')}};
    auto joined = rule("job_title", {"/a", "/a", "/a"});
    joined.join = ",";
    auto const mapped = Mapper({{joined}, {}}, {}).apply(hire, record);
    EXPECT_FALSE(mapped.record.contains("job_title"));
    EXPECT_THAT(only(mapped.warnings), HasSubstr("joined text is larger"));
}

TEST(Mapper, SaysNothingOfTheValuesInAnyText) {
    std::vector<model::FieldRule> rules;
    for (Transform const each : {Transform::digits, Transform::date, Transform::lower}) {
        rules.push_back(rule("f" + std::to_string(rules.size()), {"/s"}));
        rules.back().transforms = {each};
        rules.back().table = "employment-types";
        rules.back().otherwise = rules.size() == 2 ? Otherwise::fail : Otherwise::omit;
    }
    auto const mapped = map_with(rules, R"({"s":"hush-hush"})", tables, {"f0", "f1"});
    EXPECT_FALSE(mapped.warnings.empty());
    EXPECT_FALSE(mapped.problems.empty());
    for (auto const& list : {mapped.warnings, mapped.problems}) {
        for (auto const& problem : list) {
            EXPECT_THAT(problem.reason, Not(HasSubstr("hush")));
        }
    }
}

}  // namespace
}  // namespace crosswalk::map

#include "map/overrides.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::map {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char const* hire = "crosswalk.hire/1";

Mapped apply(model::Mapping mapping, std::vector<Override> const& overrides,
             char const* record = R"({"first_name":"Ada","department":"Sales"})", char const* schema = hire) {
    return Mapper(std::move(mapping), {}).apply(schema, json::parse(record).as_object(), overrides);
}

std::string source_of(Mapped const& mapped, std::string const& field) {
    for (Lineage const& line : mapped.lineage) {
        if (line.field == field) {
            return line.source;
        }
    }
    return "nothing";
}

TEST(Overrides, SetAFieldAndSayThatAPersonDid) {
    Mapped const mapped = apply({}, {{"/personal_email", "ada@example.com"}});
    EXPECT_THAT(mapped.problems, IsEmpty());
    EXPECT_EQ(mapped.record.at("personal_email"), "ada@example.com");
    EXPECT_EQ(mapped.record.at("first_name"), "Ada");
    EXPECT_EQ(source_of(mapped, "/personal_email"), "set by a person");
}

TEST(Overrides, TakeAFieldAway) {
    Mapped const mapped = apply({}, {{"/department", std::nullopt}});
    EXPECT_FALSE(mapped.record.contains("department"));
    EXPECT_EQ(source_of(mapped, "/department"), "removed by a person");
}

TEST(Overrides, HaveTheLastWordOverARule) {
    model::Mapping mapping;
    mapping.rules = {{"department", {"/first_name"}}};
    Mapped const mapped = apply(std::move(mapping), {{"/department", "Research"}});
    EXPECT_EQ(mapped.record.at("department"), "Research");
    EXPECT_EQ(source_of(mapped, "department"), "nothing") << "the rule's source is no longer true";
    EXPECT_EQ(source_of(mapped, "/department"), "set by a person");
}

TEST(Overrides, FillARequiredField) {
    model::Mapping mapping;
    mapping.required = {"personal_email"};
    EXPECT_EQ(apply(mapping, {}).problems.size(), 1U);
    EXPECT_THAT(apply(mapping, {{"/personal_email", "ada@example.com"}}).problems, IsEmpty());
}

TEST(Overrides, CannotTakeARequiredFieldAway) {
    model::Mapping mapping;
    mapping.required = {"first_name"};
    auto const problems = apply(mapping, {{"/first_name", std::nullopt}}).problems;
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].field, "first_name");
}

TEST(Overrides, AnswerARuleThatRefusedTheValue) {
    model::Mapping mapping;
    model::FieldRule rule{"department", {"/department"}};
    rule.table = "departments";
    rule.otherwise = model::Otherwise::fail;
    mapping.rules = {rule};
    EXPECT_EQ(apply(mapping, {}).problems.size(), 1U);
    EXPECT_THAT(apply(mapping, {{"/department", "Research"}}).problems, IsEmpty());
}

TEST(Overrides, NameTheNearestFieldForOneThatTheSchemaDoesNotHave) {
    Mapped const mapped = apply({}, {{"/personal_emial", "ada@example.com"}});
    ASSERT_EQ(mapped.problems.size(), 1U);
    EXPECT_THAT(mapped.problems[0].reason, HasSubstr("/personal_email"));
    EXPECT_THAT(mapped.problems[0].reason, testing::Not(HasSubstr("ada@example.com")));
    EXPECT_FALSE(mapped.record.contains("personal_emial"));
    EXPECT_THAT(apply({}, {{"/extra/badge", 7}}).problems, IsEmpty());
    EXPECT_THAT(apply({}, {{"/anything", 7}}, "{}", "acme.thing/1").problems, IsEmpty()) << "a schema nobody knows";
}

TEST(Overrides, RefuseAPlaceThatCannotBeWritten) {
    for (char const* field : {"", "first_name", "/first_name/deeper", "/~2"}) {
        EXPECT_EQ(apply({}, {{field, "x"}}).problems.size(), 1U) << field;
    }
}

}  // namespace
}  // namespace crosswalk::map

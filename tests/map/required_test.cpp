// A.42: what is missing is listed, field by field, and nothing is sent.
#include "rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::map {
namespace {

using testing::HasSubstr;

std::vector<std::string> missing(std::vector<std::string> required, std::string_view record,
                                 std::vector<model::FieldRule> rules = {}) {
    std::vector<std::string> fields;
    for (auto const& problem : map_with(std::move(rules), record, {}, std::move(required)).problems) {
        fields.push_back(problem.field);
    }
    return fields;
}

using Fields = std::vector<std::string>;

// A.28, A.29, A.30
TEST(Required, ListsEveryMissingField) {
    EXPECT_EQ(missing({"first_name", "last_name", "personal_email"}, R"({"first_name":"Ada"})"),
              (Fields{"last_name", "personal_email"}));
}

TEST(Required, IsContentWhenAllIsThere) {
    EXPECT_EQ(missing({"first_name", "deleted"}, R"({"first_name":"Ada","deleted":false})"), Fields{});
}

TEST(Required, TakesNullBlankAndEmptyForMissing) {
    EXPECT_EQ(missing({"first_name", "last_name", "documents", "address"},
                      "{\"first_name\":null,\"last_name\":\" \u00a0\",\"documents\":[],\"address\":{}}"),
              (Fields{"first_name", "last_name", "documents", "address"}));
}

TEST(Required, LooksAfterTheRulesHaveRun) {
    EXPECT_EQ(missing({"personal_email"}, R"({"custom":{"mail":"a@example.com"}})",
                      {rule("personal_email", {"/custom/mail"})}),
              Fields{});
    EXPECT_EQ(missing({"personal_email"}, R"({"personal_email":"a@example.com"})",
                      {rule("personal_email", {"/custom/mail"})}),
              Fields{"personal_email"});
}

TEST(Required, FollowsPointers) {
    EXPECT_EQ(missing({"/address/city", "/address/country", "/emails/0"}, R"({"address":{"city":"Oslo"}})"),
              (Fields{"/address/country", "/emails/0"}));
}

TEST(Required, LooksForExtraFieldsWhereTheRulesPutThem) {
    EXPECT_EQ(missing({"cost_center"}, R"({"custom":{"cc":7}})", {rule("cost_center", {"/custom/cc"})}), Fields{});
    EXPECT_EQ(missing({"cost_center"}, R"({"cost_center":7})"), Fields{"cost_center"});
}

TEST(Required, SaysWhatToDo) {
    EXPECT_EQ(only(map_with({}, "{}", {}, {"last_name"}).problems),
              "last_name: It is required but empty. Fill it in in the source system, or give it another source or a "
              "default in the route.");
}

TEST(Required, DoesNotRepeatAFieldThatWasRefusedAlready) {
    auto strict = rule("employment_type", {"/a"});
    strict.table = "t";
    strict.otherwise = model::Otherwise::fail;
    auto const mapped = map_with({strict}, R"({"a":"x"})", {{"t", {}}}, {"employment_type", "employment_type"});
    EXPECT_THAT(only(mapped.problems), HasSubstr("has no row"));
}

TEST(Required, IsNeverMetByANameThatIsNoField) {
    EXPECT_EQ(missing({"", "/~"}, "{}"), (Fields{"", "/~"}));
}

}  // namespace
}  // namespace crosswalk::map

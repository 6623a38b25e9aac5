#include "map/pointer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace crosswalk::map {
namespace {

boost::json::object object(std::string_view text) {
    return boost::json::parse(text).get_object();
}

// The record after a write, or "refused".
std::string after_put(std::string_view record, std::string_view pointer, boost::json::value value = 1) {
    boost::json::object root = object(record);
    std::string const before = boost::json::serialize(root);
    if (!put(root, parse_pointer(pointer).value(), std::move(value))) {
        EXPECT_EQ(boost::json::serialize(root), before);
        return "refused";
    }
    return boost::json::serialize(root);
}

std::string after_taking(std::string_view record, std::string_view pointer) {
    boost::json::object root = object(record);
    take_away(root, parse_pointer(pointer).value());
    return boost::json::serialize(root);
}

TEST(Pointer, UnescapesTildeAndSlash) {
    EXPECT_EQ(parse_pointer("/a~1b/~0c/~01"), (Pointer{"a/b", "~c", "~1"}));
}
TEST(Pointer, KeepsEmptyNames) {
    EXPECT_EQ(parse_pointer("//a/"), (Pointer{"", "a", ""}));
}
TEST(Pointer, RefusesTheWholeRecord) {
    EXPECT_EQ(parse_pointer(""), std::nullopt);
}
TEST(Pointer, RefusesTextThatDoesNotStartWithASlash) {
    EXPECT_EQ(parse_pointer("a/b"), std::nullopt);
}
TEST(Pointer, RefusesAStrayTilde) {
    EXPECT_EQ(parse_pointer("/a~"), std::nullopt);
    EXPECT_EQ(parse_pointer("/a~2"), std::nullopt);
}
TEST(Pointer, RefusesMoreStepsThanItsLimit) {
    std::string text;
    for (std::size_t i = 0; i < pointer_tokens_max; ++i) {
        text += "/a";
    }
    EXPECT_TRUE(parse_pointer(text).has_value());
    EXPECT_FALSE(parse_pointer(text + "/a").has_value());
}

TEST(Pointer, FindsInsideObjectsAndLists) {
    auto const root = object(R"({"a":{"b":[1,{"c":"x"}]}})");
    ASSERT_NE(find(root, {"a", "b", "1", "c"}), nullptr);
    EXPECT_EQ(*find(root, {"a", "b", "1", "c"}), "x");
}
TEST(Pointer, FindsNothingBeyondAListOrAScalar) {
    auto const root = object(R"({"a":[1],"b":2})");
    EXPECT_EQ(find(root, {"a", "1"}), nullptr);
    EXPECT_EQ(find(root, {"a", "00"}), nullptr);
    EXPECT_EQ(find(root, {"a", "-"}), nullptr);
    EXPECT_EQ(find(root, {"a", "99999999999999999999999"}), nullptr);
    EXPECT_EQ(find(root, {"b", "c"}), nullptr);
    EXPECT_EQ(find(root, {"z", "c"}), nullptr);
}

TEST(Pointer, MakesTheObjectsOnTheWay) {
    EXPECT_EQ(after_put("{}", "/a/b"), R"({"a":{"b":1}})");
}
TEST(Pointer, MakesAnObjectWhereNullStood) {
    EXPECT_EQ(after_put(R"({"a":null})", "/a/b"), R"({"a":{"b":1}})");
}
TEST(Pointer, ReplacesAListElement) {
    EXPECT_EQ(after_put(R"({"a":[7,8]})", "/a/1"), R"({"a":[7,1]})");
}
TEST(Pointer, AddsNoListElement) {
    EXPECT_EQ(after_put(R"({"a":[7]})", "/a/1"), "refused");
}
TEST(Pointer, DoesNotWriteThroughText) {
    EXPECT_EQ(after_put(R"({"a":{"b":"x"}})", "/a/b/c"), "refused");
}

TEST(Pointer, TakesAwayAMember) {
    EXPECT_EQ(after_taking(R"({"a":{"b":1,"c":2}})", "/a/b"), R"({"a":{"c":2}})");
}
TEST(Pointer, TakesAwayATopLevelMember) {
    EXPECT_EQ(after_taking(R"({"a":1})", "/a"), "{}");
}
TEST(Pointer, TakesAwayAListElementWithoutMovingItsNeighbours) {
    EXPECT_EQ(after_taking(R"({"a":[7,8,9]})", "/a/1"), R"({"a":[7,null,9]})");
}
TEST(Pointer, TakingAwayWhatIsNotThereChangesNothing) {
    EXPECT_EQ(after_taking(R"({"a":1})", "/a/b"), R"({"a":1})");
    EXPECT_EQ(after_taking(R"({"a":[1]})", "/a/5"), R"({"a":[1]})");
    EXPECT_EQ(after_taking(R"({"a":1})", "/x/y"), R"({"a":1})");
}

}  // namespace
}  // namespace crosswalk::map

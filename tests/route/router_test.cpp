#include "route/router.hpp"

#include <gtest/gtest.h>

namespace crosswalk::route {
namespace {

model::Route route(std::string name, std::string connection = "lever", std::string event = "candidate.hired") {
    model::Route out;
    out.name = std::move(name);
    out.from_connection = std::move(connection);
    out.from_event = std::move(event);
    return out;
}

std::vector<std::string> names(std::vector<model::Route const*> const& routes) {
    std::vector<std::string> out;
    for (model::Route const* one : routes) {
        out.push_back(one->name);
    }
    return out;
}

using Names = std::vector<std::string>;

TEST(Router, MatchesConnectionAndEventTogether) {
    Router const router({route("a"), route("b", "greenhouse"), route("c", "lever", "candidate.created")});
    EXPECT_EQ(names(router.match("lever", "candidate.hired")), Names{"a"});
}

TEST(Router, GivesTheRoutesOfAnEventInOrderOfTheirNames) {
    Router const router({route("c"), route("a"), route("b")});
    EXPECT_EQ(names(router.match("lever", "candidate.hired")), (Names{"a", "b", "c"}));
}

TEST(Router, GivesNothingForAnEventThatNobodyWants) {
    Router const router({route("a")});
    EXPECT_TRUE(router.match("lever", "candidate.deleted").empty());
}

TEST(Router, GivesNothingForAnUnknownConnection) {
    Router const router({route("a")});
    EXPECT_TRUE(router.match("leve", "candidate.hired").empty());
}

TEST(Router, WithoutRoutesMatchesNothing) {
    Router const router({});
    EXPECT_TRUE(router.match("lever", "candidate.hired").empty());
    EXPECT_EQ(router.find("a"), nullptr);
}

TEST(Router, DoesNotTakeTheEndOfAConnectionForTheBeginningOfAnEvent) {
    Router const router({route("a", "lever", "x.candidate.hired")});
    EXPECT_TRUE(router.match("leverx", ".candidate.hired").empty());
}

TEST(Router, ComparesNamesExactly) {
    Router const router({route("a")});
    EXPECT_TRUE(router.match("Lever", "candidate.hired").empty());
    EXPECT_TRUE(router.match("lever", "candidate.hired ").empty());
}

// A.22: a stopped route gets no events.
TEST(Router, LeavesOutRoutesThatAreNotEnabled) {
    model::Route off = route("off");
    off.enabled = false;
    Router const router({off, route("on")});
    EXPECT_EQ(names(router.match("lever", "candidate.hired")), Names{"on"});
    EXPECT_EQ(router.find("off"), nullptr);
}

TEST(Router, FindsARouteByItsWholeName) {
    Router const router({route("lever-hires"), route("lever-hires-to-goco"), route("a")});
    ASSERT_NE(router.find("lever-hires"), nullptr);
    EXPECT_EQ(router.find("lever-hires")->name, "lever-hires");
    EXPECT_EQ(router.find("lever-hire"), nullptr);
    EXPECT_EQ(router.find("z"), nullptr);
    EXPECT_EQ(router.find(""), nullptr);
}

TEST(Router, GivesTheSameRouteByNameAndByEvent) {
    Router const router({route("b"), route("a")});
    EXPECT_EQ(router.match("lever", "candidate.hired").at(1), router.find("b"));
}

TEST(Router, KeepsItsOwnCopyOfTheRoutes) {
    std::vector<model::Route> routes{route("a")};
    Router const router(routes);
    routes.clear();
    EXPECT_EQ(names(router.match("lever", "candidate.hired")), Names{"a"});
}

}  // namespace
}  // namespace crosswalk::route

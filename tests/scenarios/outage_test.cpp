// A target that is down for a while: what it gets meanwhile, who else notices, and what becomes of it all.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;
using testing::Not;

// The member "destination" of a connection.
json::value destination(World const& world, std::string_view connection) {
    for (json::value const& entry : list(world.admin("GET", "/api/v1/connections").value(), "/connections")) {
        if (text(entry, "/connection") == connection) {
            return entry.at("destination");
        }
    }
    return nullptr;
}

// When GoCo answered 503, in milliseconds, the earliest first.
std::vector<std::int64_t> refusals(World const& world) {
    std::vector<std::int64_t> at;
    for (json::value const& request :
         list(world.control("GET", "/requests?vendor=goco&status=503").value(), "/requests")) {
        at.push_back(number(request, "/at"));
    }
    std::sort(at.begin(), at.end());
    return at;
}

TEST(Outage, OfATargetIsProbedAndEverythingIsDeliveredOnceWhenItIsOver) {
    World world;
    world.hurry();
    world.edit("crosswalk.yaml", "breaker: { first: 100ms, longest: 500ms }", "breaker: { first: 1s, longest: 2s }");
    world.start_host();
    world.register_webhook();
    world.fault({{"kind", "status"}, {"vendor", "goco"}, {"status", 503}, {"count", -1}});
    std::vector<std::string> opportunities;
    for (char last = 'a'; last < 'm'; ++last) {
        opportunities.push_back(world.hire_new(std::string("Outage Example") + last));
    }
    ASSERT_TRUE(eventually([&] { return text(destination(world, "goco"), "/state") == "open"; }));
    EXPECT_THAT(text(destination(world, "goco"), "/since"), Not(testing::IsEmpty()));
    EXPECT_EQ(text(destination(world, "lever"), "/state"), "closed");
    EXPECT_TRUE(world.host_ready());

    // What goes to another destination goes at once: this hire needs nothing of GoCo to be refused.
    std::string const incomplete = world.candidate({{"name", "Ben Example"}});
    world.hire(incomplete);
    EXPECT_TRUE(eventually([&] { return !world.notes(incomplete).empty(); }));

    // One at a time: half a second at the least lies between two probes, and none brings others with it.
    std::size_t const before = refusals(world).size();
    ASSERT_TRUE(eventually([&] { return refusals(world).size() >= before + 3; }));
    std::vector<std::int64_t> const at = refusals(world);
    for (std::size_t i = before + 1; i < at.size(); ++i) {
        EXPECT_GE(at[i] - at[i - 1], 400);
    }

    world.clear_faults();
    for (std::string const& opportunity : opportunities) {
        EXPECT_TRUE(eventually([&] { return world.has_note(opportunity, "Exported to GoCo"); }));
        EXPECT_EQ(world.notes(opportunity).size(), 1U);
    }
    for (char last = 'a'; last < 'm'; ++last) {
        EXPECT_EQ(world.employees("Outage", std::string("Example") + last), 1U);
    }
    EXPECT_EQ(text(destination(world, "goco"), "/state"), "closed");
    EXPECT_THAT(world.log(), HasSubstr("A destination is taken for down; its deliveries wait."));
    EXPECT_THAT(world.log(), HasSubstr("A destination answers again."));
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
    EXPECT_EQ(number(world.conservation(), "/dead"), 1) << "the hire without an address";
}

}  // namespace
}  // namespace crosswalk::scenarios

// What a vendor's limit on calls sees of a burst of deliveries.
#include "scenarios/world.hpp"

#include <gtest/gtest.h>

#include <iostream>

namespace crosswalk::scenarios {
namespace {

constexpr int hires = 200;

std::size_t refused(World const& world) {
    return list(world.control("GET", "/requests?vendor=goco&status=429").value(), "/requests").size();
}

// Two hundred hires at once, against a GoCo that takes `vendor` calls a second where the connection is set to `ours`.
// How many calls GoCo refused until all were employees.
std::size_t refusals_of_a_burst(World& world, int ours, int vendor, int burst) {
    world.hurry();
    world.edit("connections/goco.yaml", "requests_per_second: 10000", "requests_per_second: " + std::to_string(ours));
    (void)world.control("POST", "/goco/settings", {{"rate_per_s", vendor}, {"burst", burst}});
    world.start_host();
    world.register_webhook();
    for (int i = 0; i < hires; ++i) {
        std::string const letters{static_cast<char>('a' + i / 26), static_cast<char>('a' + i % 26)};
        world.hire_new("Burst Example" + letters);
    }
    EXPECT_TRUE(eventually([&] { return number(world.conservation(), "/delivered") == hires; }, seconds(120)))
        << json::serialize(world.conservation());
    std::cout << "refused of a burst: " << refused(world) << std::endl;
    return refused(world);
}

TEST(RateLimit, IsNeverMetWhenTheConnectionKnowsIt) {
    World world;
    EXPECT_EQ(refusals_of_a_burst(world, 50, 50, 60), 0U);
}

// Each time it is met, at most what is out at that moment is refused: eight deliveries at once and a route's own.
TEST(RateLimit, ThatIsLowerThanTheConnectionKnowsIsMetAFewTimesOnly) {
    World world;
    EXPECT_LE(refusals_of_a_burst(world, 100, 50, 10), 3U * 9);
}

}  // namespace
}  // namespace crosswalk::scenarios

// The promise itself: whatever moment the host dies in, no hire is lost and none becomes two employees.
#include "scenarios/hire_stream.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

namespace crosswalk::scenarios {
namespace {

// 200, or what this build sets; the environment may say another number.
int wanted_kills() {
    char const* const said = std::getenv("CROSSWALK_KILLS");
    return said == nullptr ? SCENARIO_KILLS : std::atoi(said);
}

std::uint32_t wanted_seed() {
    char const* const said = std::getenv("CROSSWALK_SEED");
    return said == nullptr ? std::random_device{}() : static_cast<std::uint32_t>(std::strtoul(said, nullptr, 10));
}

bool all_done(World const& world, std::size_t hires) {
    json::value const counted = world.conservation();
    return number(counted, "/held") == 0 && number(counted, "/delivered") == static_cast<std::int64_t>(hires);
}

// A.21 A.39 A.43 F.4 F.5
TEST(Kills, OfTheHostLoseNoHireAndCreateNoneTwice) {
    int const kills = wanted_kills();
    std::uint32_t const seed = wanted_seed();
    std::cout << "seed " << seed << " (CROSSWALK_SEED repeats the moments), " << kills << " kills"
              << (kills < 200 ? ", fewer than 200: this build is slower" : "") << std::endl;
    std::mt19937 generator(seed);
    std::uniform_int_distribution<int> moment_ms(5, SCENARIO_LIFE_MS);

    World world;
    world.hurry();
    world.register_webhook();
    // What is written takes effect at once and is answered slowly: many kills fall in between.
    for (char const* vendor : {"goco", "lever"}) {
        world.fault({{"kind", "drip"},
                     {"vendor", vendor},
                     {"method", "POST"},
                     {"count", -1},
                     {"drip_bytes", 128},
                     {"drip_gap_ms", 10}});
    }
    world.start_host();
    auto const began = std::chrono::steady_clock::now();
    HireStream::Pace const pace{200, 4, SCENARIO_LIFE_MS / 4};
    HireStream stream(world);
    for (int kill = 0; kill < kills; ++kill) {
        // The moment is the point: in its start, in a commit, between an effect and its confirmation.
        std::this_thread::sleep_for(milliseconds(moment_ms(generator)));
        world.launch_host();
        stream.keep_going(pace);
    }
    double const killing_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    ASSERT_TRUE(eventually([&] { return world.host_ready(); }, seconds(60)));
    ASSERT_TRUE(stream.finish());

    HireStream::Sent const sent = stream.sent();
    std::vector<std::string> const& hired = sent.opportunities;
    EXPECT_EQ(sent.given_up, 0);
    EXPECT_EQ(sent.acknowledged, static_cast<std::int64_t>(hired.size()));
    EXPECT_TRUE(eventually([&] { return all_done(world, hired.size()); }, seconds(120)))
        << json::serialize(world.conservation());
    EXPECT_TRUE(eventually([&] { return notes_by_opportunity(world, "Exported to GoCo").size() == hired.size(); },
                           seconds(60)));

    auto const employees = employees_by_opportunity(world);
    auto const notes = notes_by_opportunity(world, "");
    for (std::string const& opportunity : hired) {
        EXPECT_EQ(employees.contains(opportunity) ? employees.at(opportunity) : 0, 1) << "employees of " << opportunity;
        EXPECT_EQ(notes.contains(opportunity) ? notes.at(opportunity) : 0, 1) << "notes of " << opportunity;
    }
    json::value const counted = world.conservation();
    EXPECT_EQ(number(counted, "/difference"), 0);
    EXPECT_EQ(number(counted, "/received"), static_cast<std::int64_t>(hired.size()));
    CutOff const pushes = cut_off(world, hired.size());
    EXPECT_GT(pushes.looked_up, 0U);
    EXPECT_EQ(pushes.repeated, 0U) << "pushes went out again although the one before may have worked";
    double const all_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    std::cout << kills << " kills in " << killing_s << " s; " << hired.size() << " hires, " << employees.size()
              << " employees, " << notes.size() << " opportunities with a note, " << pushes.looked_up
              << " pushes cut off and looked up; everything done after " << all_s
              << " s\nconservation: " << json::serialize(counted) << std::endl;
}

}  // namespace
}  // namespace crosswalk::scenarios

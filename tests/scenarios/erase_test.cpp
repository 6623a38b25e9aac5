// A hire goes through, then the person is erased: at no time does a file of the store hold a value of theirs in the
// clear, and afterwards nobody can read what was kept.
#include "scenarios/world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace crosswalk::scenarios {
namespace {

using testing::HasSubstr;

// All bytes of all files of the store, attachments left out.
std::string store_bytes(World const& world) {
    std::string all;
    std::size_t files = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(world.config())) {
        std::string const name = entry.path().filename().string();
        if (entry.is_regular_file() && name.find(".db") != std::string::npos) {
            std::ifstream file(entry.path(), std::ios::binary);
            all.append(std::istreambuf_iterator<char>(file), {});
            ++files;
        }
    }
    EXPECT_GE(files, 2U) << "the store and its log";
    return all;
}

void expect_no_canary(World const& world) {
    std::string const all = store_bytes(world);
    for (char const* const canary : {"Canaryfirst", "Canarylast", "canary.mail", "555 0177"}) {
        EXPECT_EQ(all.find(canary), std::string::npos) << canary;
    }
}

TEST(Erase, LeavesNobodyReadableAndNeverHadThemInTheClear) {
    World world;
    world.hurry();
    world.start_host();
    world.register_webhook();
    std::string const hired = world.candidate(
        {{"name", "Canaryfirst Canarylast"}, {"email", "canary.mail@example.com"}, {"phone", "+1 555 0177"}});
    world.hire(hired);
    ASSERT_TRUE(eventually([&] { return world.has_note(hired, "Exported to GoCo"); }));
    std::string const other = world.hire_new("Somebody Else");
    ASSERT_TRUE(eventually([&] { return world.has_note(other, "Exported to GoCo"); }));
    ASSERT_THAT(json::serialize(world.events()), HasSubstr("Canarylast")) << "people see it while it is kept";
    expect_no_canary(world);

    auto const said = world.crosswalk({"erase", "--person", "Canary.Mail@example.com", "--yes"});
    EXPECT_EQ(said.exit, 0) << said.errors;
    EXPECT_THAT(said.output, HasSubstr("Proven"));
    std::string const events = json::serialize(world.events());
    EXPECT_EQ(events.find("Canarylast"), std::string::npos);
    EXPECT_THAT(events, HasSubstr("Somebody Else"));
    EXPECT_EQ(number(world.conservation(), "/difference"), 0);
    expect_no_canary(world);
    EXPECT_EQ(world.stop_host(), 0);
    expect_no_canary(world);
    EXPECT_EQ(world.log().find("canary.mail"), std::string::npos);
}

}  // namespace
}  // namespace crosswalk::scenarios

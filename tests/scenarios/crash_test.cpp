// What a crash leaves behind: nothing that holds a key or a person.
#include "scenarios/world.hpp"

#include <gtest/gtest.h>

namespace crosswalk::scenarios {
namespace {

namespace fs = std::filesystem;

// A program that may dump as much as it likes into the folder it runs in.
std::vector<std::string> with_cores_allowed(fs::path const& folder, std::string const& command) {
    return {"-c", "cd '" + folder.string() + "' && ulimit -c unlimited && " + command};
}

bool holds_nothing(fs::path const& folder) {
    return fs::directory_iterator(folder) == fs::directory_iterator();
}

TEST(Crash, LeavesNoCoreOfTheDaemonWhereOtherProgramsLeaveOne) {
    World world;
    fs::path const folder = world.config().parent_path() / "cores";
    fs::create_directory(folder);
    Process other("/bin/sh", with_cores_allowed(folder, "kill -ABRT $$"));
    other.wait();
    if (holds_nothing(folder)) {
        GTEST_SKIP() << "This system writes no core files into the folder of a process that crashes.";
    }
    fs::remove_all(folder);
    fs::create_directory(folder);

    Process daemon("/bin/sh", with_cores_allowed(folder, std::string("exec '") + CROSSWALK + "' --config '" +
                                                             world.config().string() + "' run"));
    ASSERT_TRUE(eventually([&] { return world.host_ready(); }, seconds(60))) << daemon.errors();
    Process("kill", {"-ABRT", std::to_string(daemon.id())}).wait();
    EXPECT_NE(daemon.wait(), 0);
    EXPECT_TRUE(holds_nothing(folder));
}

}  // namespace
}  // namespace crosswalk::scenarios

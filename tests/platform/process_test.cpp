#include "platform/process.hpp"

#include "platform/child_process.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace crosswalk::platform {
namespace {

TEST(Process, KnowsItsNumber) {
    EXPECT_EQ(process_id(), ::getpid());
}

TEST(Process, GrowsWithTheMemoryItTouches) {
    constexpr std::size_t bytes = 64 * 1024 * 1024;
    std::uint64_t const before = resident_bytes();
    ASSERT_GT(before, 0U);
    std::vector<char> const touched(bytes, 'x');
    EXPECT_GT(resident_bytes(), before + bytes / 2);
    EXPECT_EQ(touched[bytes / 2], 'x');
}

TEST(OpenFilesLimit, IsRaisedAsFarAsAllowedAndNeverLowered) {
    rlimit original{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &original), 0);
    rlimit lowered = original;
    lowered.rlim_cur = 64;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
    EXPECT_EQ(raise_open_files_limit(128), 128U);
    EXPECT_EQ(raise_open_files_limit(32), 128U);
    EXPECT_EQ(raise_open_files_limit(static_cast<std::uint64_t>(original.rlim_max) + 1), original.rlim_max);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &original), 0);
}

bool is_without_core_dumps() {
    rlimit limit{};
    bool const none = ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
    return none && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

// In a process of its own: what was forbidden stays so.
TEST(CoreDumpsDeathTest, AreForbiddenByLimitAndByTheProcessItself) {
    EXPECT_EXIT(
        {
            forbid_core_dumps();
            std::_Exit(is_without_core_dumps() ? 7 : 1);
        },
        testing::ExitedWithCode(7), "");
}

// A child inherits the limit of its parent, but is dumpable again.
TEST(ConfinedChildDeathTest, LeavesNoCoreFileAndGetsNoNewPrivileges) {
    EXPECT_EXIT(
        {
            confine_child();
            std::_Exit(is_without_core_dumps() && ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 7 : 1);
        },
        testing::ExitedWithCode(7), "");
}

}  // namespace
}  // namespace crosswalk::platform

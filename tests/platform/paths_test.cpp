#include "platform/paths.hpp"

#include "temporary_folder.hpp"

#include <gtest/gtest.h>

namespace crosswalk::platform {
namespace {

TEST(ExecutableDirectory, HoldsThisTest) {
    auto const directory = executable_directory();
    ASSERT_TRUE(directory);
    EXPECT_TRUE(directory->is_absolute());
    EXPECT_TRUE(std::filesystem::is_regular_file(*directory / "platform_test"));
}

TEST(OwnedAndPrivate, IsOnlyAFileClosedToOthers) {
    TemporaryFolder const folder;
    folder.write("private", "x", 0600);
    folder.write("read-only", "x", 0400);
    folder.write("group", "x", 0640);
    folder.write("world", "x", 0602);
    EXPECT_TRUE(is_owned_and_private(folder.path() / "private"));
    EXPECT_TRUE(is_owned_and_private(folder.path() / "read-only"));
    EXPECT_FALSE(is_owned_and_private(folder.path() / "group"));
    EXPECT_FALSE(is_owned_and_private(folder.path() / "world"));
}

TEST(OwnedAndPrivate, IsNeitherAFolderNorNothing) {
    TemporaryFolder const folder;
    EXPECT_FALSE(is_owned_and_private(folder.path()));
    EXPECT_FALSE(is_owned_and_private(folder.path() / "nothing"));
}

}  // namespace
}  // namespace crosswalk::platform

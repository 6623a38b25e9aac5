#include <crosswalk/values.hpp>

#include <gtest/gtest.h>

namespace crosswalk::connector {
namespace {

TEST(FillPath, PutsEncodedValuesInPlaceOfNames) {
    EXPECT_EQ(fill_path("/companies/{company}/people/{id}?all", {{"company", "acme"}, {"id", "a/b c"}}),
              "/companies/acme/people/a%2Fb%20c?all");
    EXPECT_EQ(fill_path("/people", {{"id", "1"}}), "/people");
}

TEST(FillPath, TakesTheFirstOfANameAndNothingForAnUnknownOne) {
    EXPECT_EQ(fill_path("/{id}/{other}/", {{"id", "first"}, {"id", "second"}}), "/first//");
}

TEST(FillPath, LeavesABraceAloneThatNothingCloses) {
    EXPECT_EQ(fill_path("/{id}/{oh", {{"id", "1"}, {"oh", "2"}}), "/1/{oh");
}

}  // namespace
}  // namespace crosswalk::connector

#include "model/outcome.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace crosswalk::model {
namespace {

constexpr Outcome all[]{Outcome::delivered, Outcome::duplicate, Outcome::unchanged, Outcome::skipped,
                        Outcome::rejected,  Outcome::retry,     Outcome::auth,      Outcome::unknown};

TEST(Outcome, HasANameThatLeadsBackToIt) {
    std::set<std::string> names;
    for (Outcome const outcome : all) {
        EXPECT_EQ(parse_outcome(name(outcome)), outcome);
        names.emplace(name(outcome));
    }
    EXPECT_EQ(names.size(), std::size(all));
}

TEST(Outcome, IsNotGuessedFromOtherText) {
    for (std::string_view const text : {"", "Delivered", "delivered ", "done"}) {
        EXPECT_FALSE(parse_outcome(text)) << text;
    }
}

// A number from the plugin boundary or the store that nobody knows may have been applied.
TEST(Outcome, IsUnknownWhenTheNumberIs) {
    EXPECT_EQ(name(static_cast<Outcome>(99)), "unknown");
}

TEST(Outcome, IsFinalWhenNothingIsLeftToDo) {
    for (Outcome const outcome : all) {
        bool const expected = outcome != Outcome::retry && outcome != Outcome::auth && outcome != Outcome::unknown;
        EXPECT_EQ(is_final(outcome), expected) << name(outcome);
    }
}

// The numbers are stored.
TEST(Outcome, KeepsItsNumbers) {
    EXPECT_EQ(static_cast<int>(Outcome::delivered), 1);
    EXPECT_EQ(static_cast<int>(Outcome::rejected), 5);
    EXPECT_EQ(static_cast<int>(Outcome::unknown), 8);
}

}  // namespace
}  // namespace crosswalk::model

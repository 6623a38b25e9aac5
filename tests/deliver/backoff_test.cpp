#include "deliver/backoff.hpp"

#include <gtest/gtest.h>

#include <random>

namespace crosswalk::deliver {
namespace {

TEST(Backoff, DoublesUpToTheLongestAndKeepsTheJitterInsideTheStep) {
    model::RetryPolicy const policy{10, std::chrono::seconds(2), std::chrono::seconds(60)};
    EXPECT_EQ(backoff(policy, 1, 0.0), std::chrono::seconds(1));
    EXPECT_EQ(backoff(policy, 3, 0.0), std::chrono::seconds(4));
    EXPECT_EQ(backoff(policy, 9, 0.0), std::chrono::seconds(30));
    EXPECT_LE(backoff(policy, 9, 0.999), std::chrono::seconds(60));
}

TEST(Backoff, SpansThreeDaysByDefault) {
    model::RetryPolicy const policy;
    std::chrono::milliseconds least{0};
    for (int attempt = 1; attempt < policy.attempts_max; ++attempt) {
        least += backoff(policy, attempt, 0.5);
    }
    EXPECT_GE(least, std::chrono::hours(48));
    EXPECT_LE(least, std::chrono::hours(96));
}

// Any policy, any attempt, any jitter: the pause stays between half and the whole of its step, and no later attempt
// has a shorter step.
TEST(Backoff, StaysInsideItsStepForAnyPolicyAndJitter) {
    std::mt19937 random(20261122);
    std::uniform_int_distribution<std::int64_t> first(2, 60'000);
    std::uniform_int_distribution<std::int64_t> factor(1, 5'000);
    std::uniform_real_distribution<double> jitter(0.0, 1.0);
    for (int round = 0; round < 2'000; ++round) {
        model::RetryPolicy policy;
        policy.first = std::chrono::milliseconds(first(random));
        policy.longest = policy.first * factor(random);
        std::chrono::milliseconds step = policy.first;
        for (int attempt = 1; attempt <= 40; ++attempt) {
            auto const pause = backoff(policy, attempt, jitter(random));
            ASSERT_GE(pause, step / 2) << "attempt " << attempt << " of " << policy.first.count() << " ms";
            ASSERT_LE(pause, step);
            step = std::min(step * 2, policy.longest);
        }
    }
}

}  // namespace
}  // namespace crosswalk::deliver

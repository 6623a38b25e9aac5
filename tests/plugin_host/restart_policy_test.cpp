#include "plugin_host/restart_policy.hpp"

#include <gtest/gtest.h>

namespace crosswalk::plugin_host {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

RestartPolicy::Time at(std::chrono::milliseconds since) {
    return RestartPolicy::Time(since);
}

TEST(RestartPolicyTest, DoublesTheDelayWithEachCrash) {
    RestartPolicy policy({});
    EXPECT_EQ(policy.crashed(at(seconds(0))), seconds(1));
    EXPECT_EQ(policy.crashed(at(seconds(10))), seconds(2));
    EXPECT_EQ(policy.crashed(at(seconds(20))), seconds(4));
}

TEST(RestartPolicyTest, NeverWaitsMoreThanFiveMinutes) {
    RestartPolicy policy({});
    milliseconds last{0};
    for (int i = 0; i < 20; ++i) {
        last = policy.failed_to_start();
    }
    EXPECT_EQ(last, minutes(5));
}

TEST(RestartPolicyTest, ForgetsTheDelayAfterTenHealthyMinutes) {
    RestartPolicy policy({});
    (void)policy.crashed(at(seconds(0)));
    (void)policy.crashed(at(seconds(1)));
    policy.started(at(seconds(3)));
    EXPECT_EQ(policy.crashed(at(seconds(3) + minutes(10))), seconds(1));
}

TEST(RestartPolicyTest, KeepsTheDelayWhenAWorkerLivedShorter) {
    RestartPolicy policy({});
    (void)policy.crashed(at(seconds(0)));
    policy.started(at(seconds(1)));
    EXPECT_EQ(policy.crashed(at(minutes(9))), seconds(2));
}

TEST(RestartPolicyTest, QuarantinesAtTheFifthCrashInTenMinutes) {
    RestartPolicy policy({});
    for (int i = 0; i < 4; ++i) {
        EXPECT_TRUE(policy.crashed(at(minutes(i))));
    }
    EXPECT_FALSE(policy.crashed(at(minutes(10))));
}

TEST(RestartPolicyTest, DoesNotQuarantineCrashesThatAreFarApart) {
    RestartPolicy policy({});
    for (int i = 0; i < 50; ++i) {
        EXPECT_TRUE(policy.crashed(at(minutes(3 * i)))) << i;
    }
}

}  // namespace
}  // namespace crosswalk::plugin_host

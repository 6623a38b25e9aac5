// Turns, deadlines and cancelling.
#include "plugin_host/call.hpp"
#include "versatile.hpp"

#include <gmock/gmock.h>

#include <future>
#include <memory>
#include <thread>

namespace crosswalk::plugin_host {
namespace {

using model::ErrorCode;
using model::Outcome;
using ::testing::HasSubstr;

class Calls : public Versatile {
protected:
    [[nodiscard]] model::Clock const& clock() const override { return system_clock_; }
    // A push that sleeps until it is cancelled; returns once it does.
    [[nodiscard]] std::future<model::AttemptReport> sleeping_push() {
        auto future = std::async(std::launch::async,
                                 [this] { return push("kv_put|started|1\nsleep|60000", std::chrono::seconds(60)); });
        while (!key_values_.get("started")) {
            std::this_thread::yield();
        }
        return future;
    }
};

TEST_F(Calls, CancelEndsARunningCallAndRefusesTheNext) {
    start();
    auto running = sleeping_push();
    connector_->cancel();
    EXPECT_EQ(running.get().reason, "0\n" + std::to_string(CW_ERR_CANCELLED));
    if (isolation() == Isolation::in_process) {
        // A worker is told beside its call, which may be over by then.
        EXPECT_THAT(log(), HasSubstr("Versatile was told to cancel."));
    }
    EXPECT_EQ(map("").error().code, ErrorCode::cancelled);
}

TEST_F(Calls, ASerialConnectorMakesTheSecondCallWaitUntilItsDeadline) {
    start();
    auto running = sleeping_push();
    auto const second = push("outcome|1", std::chrono::milliseconds(20));
    EXPECT_EQ(second.outcome, Outcome::retry);
    EXPECT_EQ(second.error_code, ErrorCode::deadline_exceeded);
    connector_->cancel();
    running.wait();
}

TEST_F(Calls, CancelFreesAWaiterToo) {
    start();
    auto running = sleeping_push();
    auto waiting = std::async(std::launch::async, [this] { return push("outcome|1", std::chrono::seconds(60)); });
    connector_->cancel();
    EXPECT_EQ(waiting.get().error_code, ErrorCode::cancelled);
    running.wait();
}

TEST_F(Calls, AParallelConnectorTakesCallsTogetherButPollsOneAtATime) {
    start({}, "versatile-parallel");
    auto running = sleeping_push();
    EXPECT_EQ(push("outcome|1").outcome, Outcome::delivered);
    EXPECT_TRUE(connector_->poll({}, patience));
    connector_->cancel();
    running.wait();
}

TEST_F(Calls, NoMoreThanSixtyFourRunAtATime) {
    start({}, "versatile-parallel");
    CallTable table;
    std::vector<std::unique_ptr<Call>> calls;
    std::vector<CallTable::Ticket> tickets;
    for (int i = 0; i < 64; ++i) {
        calls.push_back(std::make_unique<Call>(Call{Phase::push}));
        auto ticket = table.open(*calls.back(), {});
        ASSERT_TRUE(ticket);
        tickets.push_back(std::move(*ticket));
    }
    Call one_more{Phase::push};
    EXPECT_EQ(table.open(one_more, {}).error().code, ErrorCode::unavailable);
    tickets.pop_back();
    EXPECT_TRUE(table.open(one_more, {}));
}

TEST_F(Calls, TheSixtyFifthWaitsUntilOneEnds) {
    CallTable table;
    std::vector<std::unique_ptr<Call>> calls;
    std::vector<CallTable::Ticket> tickets;
    auto const soon = std::chrono::steady_clock::now() + patience;
    for (int i = 0; i < 64; ++i) {
        calls.push_back(std::make_unique<Call>(Call{Phase::push}));
        auto ticket = table.open(*calls.back(), soon);
        ASSERT_TRUE(ticket);
        tickets.push_back(std::move(*ticket));
    }
    std::atomic<int> through = 0;
    std::vector<std::thread> waiting;
    for (int i = 0; i < 8; ++i) {
        waiting.emplace_back([&] {
            Call call{Phase::push};
            through += table.open(call, soon) ? 1 : 0;
        });
    }
    EXPECT_EQ(through, 0);
    tickets.pop_back();  // each of the eight gives the place on
    for (std::thread& one : waiting) {
        one.join();
    }
    EXPECT_EQ(through, 8);
}

TEST_F(Calls, AHandleIsNeverGivenTwice) {
    CallTable table;
    Call call{Phase::push};
    cw_call* first = nullptr;
    {
        auto ticket = table.open(call, {});
        first = ticket->handle();
        EXPECT_EQ(table.owned(first), &call);
    }
    auto ticket = table.open(call, {});
    EXPECT_NE(ticket->handle(), first);
    EXPECT_EQ(table.owned(first), nullptr);
}

TEST_F(Calls, ManyThreadsShareAParallelConnector) {
    start({}, "versatile-parallel");
    std::vector<std::future<int>> threads;
    for (int t = 0; t < 8; ++t) {
        threads.push_back(std::async(std::launch::async, [this] {
            int good = 0;
            for (int i = 0; i < 50; ++i) {
                good += push("secret|/api_key\nconfig|/base_url").outcome == Outcome::delivered ? 1 : 0;
                good += map("record|crosswalk.hire/1|{}") ? 1 : 0;
            }
            return good;
        }));
    }
    for (auto& thread : threads) {
        EXPECT_EQ(thread.get(), 100);
    }
}

}  // namespace
}  // namespace crosswalk::plugin_host

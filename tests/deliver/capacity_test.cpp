// How much the dispatcher takes at once, when it looks again by itself, and deliveries whose surroundings are gone.
#include "dispatching.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

namespace crosswalk::deliver {
namespace {

using namespace std::chrono_literals;

struct Capacity : Dispatching {
    void adjust(DispatcherOptions& options) override {
        options.workers = 1;
        options.destinations.at_once = 100;
    }
    static bool soon(std::function<bool()> const& holds) {
        auto const end = std::chrono::steady_clock::now() + 30s;
        while (!holds() && std::chrono::steady_clock::now() < end) {
            std::this_thread::yield();
        }
        return holds();
    }
    [[nodiscard]] std::size_t in_state(store::DeliveryState state, std::vector<store::InboxId> const& ids) {
        return static_cast<std::size_t>(
            std::count_if(ids.begin(), ids.end(), [&](store::InboxId id) { return main_delivery(id).state == state; }));
    }
    // From now on each push waits for release().
    void hold_pushes() {
        goco.on_push = [this](support::FakeConnector::Push const&) {
            ++begun_;
            released_.wait();
            return model::AttemptReport{model::Outcome::delivered, {}};
        };
    }
    void release() { release_.set_value(); }
    // The first push is told to wait, the others deliver; all are counted in `pushes`, which outlives them.
    void ask_for_a_pause_at_first(std::atomic<int>& pushes, std::int64_t retry_after_ms) {
        goco.on_push = [&pushes, retry_after_ms](support::FakeConnector::Push const&) {
            model::AttemptReport report{model::Outcome::delivered, {}};
            if (++pushes == 1) {
                report = {model::Outcome::retry, "Too many requests."};
                report.error_code = model::ErrorCode::rate_limited;
                report.retry_after_ms = retry_after_ms;
            }
            return report;
        };
    }
    std::vector<store::InboxId> hire_many(int count, store::LeaseAtOnce const& at_once = {}) {
        std::vector<store::InboxId> ids;
        for (int i = 0; i < count; ++i) {
            ids.push_back(hire("h" + std::to_string(i), {}, at_once));
        }
        return ids;
    }

    std::atomic<int> begun_{0};

private:
    std::promise<void> release_;
    std::shared_future<void> released_ = release_.get_future().share();
};

TEST_F(Capacity, LeasesNoMoreThanEightForEachWorkerHoweverManyWait) {
    hold_pushes();
    auto const ids = hire_many(12);
    dispatcher->start();
    EXPECT_TRUE(soon([&] { return in_state(store::DeliveryState::in_flight, ids) == 8; }));
    dispatcher->wake();
    dispatcher->wake();
    EXPECT_EQ(in_state(store::DeliveryState::in_flight, ids), 8U) << "what is leased counts as on its way";
    release();
    EXPECT_TRUE(soon([&] { return in_state(store::DeliveryState::delivered, ids) == ids.size(); }));
    EXPECT_TRUE(dispatcher->stop(30s));
}

TEST_F(Capacity, WhatIsLeasedWithTheCommitThatMakesItGoesOutAtOnce) {
    dispatcher->start();
    auto const id = hire("a", {}, dispatcher->at_once());
    EXPECT_TRUE(soon([&] { return main_delivery(id).state == store::DeliveryState::delivered; }));
    EXPECT_EQ(main_delivery(id).attempts.size(), 1U);
    EXPECT_TRUE(dispatcher->stop(30s));
}

TEST_F(Capacity, NoMoreIsLeasedAtOnceThanEightForEachWorkerAndTheRestFollows) {
    hold_pushes();
    auto const ids = hire_many(12, dispatcher->at_once());  // nobody leases: the dispatcher has not started
    EXPECT_EQ(in_state(store::DeliveryState::in_flight, ids), 8U);
    dispatcher->start();
    release();
    EXPECT_TRUE(soon([&] { return in_state(store::DeliveryState::delivered, ids) == ids.size(); }));
    EXPECT_TRUE(dispatcher->stop(30s));
    auto const late = hire("late", {}, dispatcher->at_once());
    EXPECT_EQ(main_delivery(late).state, store::DeliveryState::pending) << "one that is stopped takes nothing";
}

TEST_F(Capacity, GoesOnByItselfWhenTheVendorsPauseIsOver) {
    std::atomic<int> pushes{0};
    ask_for_a_pause_at_first(pushes, 2);
    auto const id = hire("a");
    dispatcher->start();
    EXPECT_TRUE(soon([&] { return pushes == 1 && main_delivery(id).state == store::DeliveryState::pending; }));
    auto const before = clock.asked();
    EXPECT_TRUE(soon([&] { return clock.asked() > before + 20; }))
        << "it does not look by itself whether the pause is over";
    EXPECT_EQ(pushes, 1);
    clock.advance(60s);  // nobody wakes it
    EXPECT_TRUE(soon([&] { return main_delivery(id).state == store::DeliveryState::delivered; }));
    EXPECT_EQ(pushes, 2);
    EXPECT_TRUE(dispatcher->stop(30s));
}

TEST_F(Capacity, WhatIsLeasedForADestinationThatAsksForAPauseIsPutBack) {
    std::atomic<int> pushes{0};
    ask_for_a_pause_at_first(pushes, 60'000);
    auto const ids = hire_many(3, dispatcher->at_once());
    ASSERT_EQ(in_state(store::DeliveryState::in_flight, ids), 3U);
    dispatcher->start();
    EXPECT_TRUE(soon([&] { return in_state(store::DeliveryState::pending, ids) == 3; }));
    EXPECT_EQ(pushes, 1);
    EXPECT_TRUE(main_delivery(ids[1]).attempts.empty()) << "what was not sent is no attempt";
    clock.advance(2min);
    dispatcher->wake();
    EXPECT_TRUE(soon([&] { return in_state(store::DeliveryState::delivered, ids) == 3; }));
    EXPECT_TRUE(dispatcher->stop(30s));
}

TEST_F(Capacity, AStopGoesOnAsSoonAsTheLastOneEndedThoughNothingElseWaits) {
    hold_pushes();
    route.feedback.clear();  // so that nothing follows
    auto const id = hire("a");
    auto const commits = store.store().status().commits;
    dispatcher->start();
    // A lease that took it, and one that found nothing.
    ASSERT_TRUE(soon([&] { return begun_ == 1 && store.store().status().commits >= commits + 2; }));
    auto stopped = std::async(std::launch::async, [&] { return dispatcher->stop(5min); });
    EXPECT_EQ(stopped.wait_for(20ms), std::future_status::timeout) << "it waits for what is out";
    release();
    ASSERT_EQ(stopped.wait_for(30s), std::future_status::ready);
    EXPECT_TRUE(stopped.get());
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
}

TEST_F(Capacity, ADeliveryOfARouteThatIsGoneIsRetriedAsByDefault) {
    auto const id = hire("a");
    auto leased = dispatcher->lease(1).value();
    leased.at(0).route = "gone";
    leased[0].attempt = 3;  // the last one of the fixture's route
    answer(model::Outcome::retry, "503");
    dispatcher->attempt(leased[0]);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::pending);
}

TEST_F(Capacity, AMailOfWhichNobodyKnowsWhetherItWentIsSentAgain) {
    mail_answer.outcome = model::Outcome::unknown;
    (void)hire("a");
    answer(model::Outcome::rejected, "No such department.");
    ASSERT_EQ(step(), 1U);
    (void)step();
    ASSERT_EQ(mails.size(), 1U);
    mail_answer.outcome = model::Outcome::delivered;
    clock.advance(1min);
    (void)step();
    EXPECT_EQ(mails.size(), 2U) << "twice harms nobody, never would";
}

TEST_F(Capacity, AnUnknownOneStaysUnknownWhenTheLookUpIsRefusedAccess) {
    auto const id = hire("a");
    goco.on_push = [](support::FakeConnector::Push const& push) {
        return model::AttemptReport{push.look_up ? model::Outcome::auth : model::Outcome::unknown, "401"};
    };
    EXPECT_EQ(step(), 1U);
    clock.advance(1h);
    EXPECT_EQ(step(), 1U);
    EXPECT_TRUE(store.state.connection("goco")->paused);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::unknown) << "it must still be looked up, not pushed";
}

TEST(DestinationsAlone, EndNothingThatWasNeverLeasedAndKnowNothingOfIt) {
    Destinations destinations(DestinationOptions{}, [] { return 0.0; });
    store::Delivery delivery;
    delivery.connection = "goco";
    delivery.route = "hires";
    destinations.ended(delivery, true);
    EXPECT_EQ(destinations.next(delivery, Destinations::Time(1h)), Destinations::Next::run);
    EXPECT_EQ(destinations.standing("goco", Destinations::Time(1h)).state, BreakerState::closed);
    EXPECT_TRUE(destinations.allowance("goco", "hires", Destinations::Time(1h)).own);
    EXPECT_EQ(destinations.free_places("goco"), DestinationOptions{}.at_once);
    EXPECT_FALSE(destinations.next_change(Destinations::Time(1h)));
}

TEST(BreakerState, IsCalledAsTheListOfConnectionsShowsIt) {
    EXPECT_EQ(name(BreakerState::closed), "closed");
    EXPECT_EQ(name(BreakerState::open), "open");
    EXPECT_EQ(name(BreakerState::half_open), "half-open");
}

}  // namespace
}  // namespace crosswalk::deliver

// What the dispatcher does while a destination is down, slow, or has asked to wait.
#include "deliver/dispatching.hpp"

#include <gmock/gmock.h>

#include <condition_variable>
#include <future>
#include <mutex>

namespace crosswalk::deliver {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Outage : Dispatching {
    void adjust(DispatcherOptions& options) override { options.destinations.breaker = {3, 30s, 600s}; }

    void go_down() {
        goco.on_push = [](support::FakeConnector::Push const&) {
            model::AttemptReport report{model::Outcome::retry, "GoCo answered 503."};
            report.error_code = model::ErrorCode::unavailable;
            return report;
        };
    }
    void come_back() { answer(model::Outcome::delivered); }
    // Moves on in small steps, attempting all that is due.
    void pass(std::chrono::seconds time, std::chrono::seconds by) {
        for (std::chrono::seconds gone{0}; gone < time; gone += by) {
            clock.advance(by);
            while (step() > 0) {
            }
        }
    }
};

TEST_F(Outage, SendsOneProbeWhenThePauseIsOverAndTheRestWhenItIsAnswered) {
    go_down();
    std::vector<store::InboxId> ids;
    for (char const* key : {"a", "b", "c", "d", "e"}) {
        ids.push_back(hire(key));
    }
    (void)step();
    EXPECT_EQ(dispatcher->destination("goco").state, BreakerState::open);
    std::size_t const before = goco.pushes().size();
    clock.advance(14s);
    EXPECT_EQ(step(), 0U);
    clock.advance(1s);
    EXPECT_EQ(dispatcher->destination("goco").state, BreakerState::half_open);
    EXPECT_EQ(step(), 1U) << "exactly one probe";
    EXPECT_EQ(goco.pushes().size(), before + 1);
    come_back();
    clock.advance(30s);
    EXPECT_EQ(step(), 1U);
    EXPECT_EQ(dispatcher->destination("goco").state, BreakerState::closed);
    pass(120s, 10s);
    for (store::InboxId const id : ids) {
        EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
    }
    EXPECT_THAT(store.log(), HasSubstr("A destination is taken for down; its deliveries wait."));
    EXPECT_THAT(store.log(), HasSubstr("A destination answers again."));
}

// The route of this fixture gives up after three attempts.
TEST_F(Outage, OfAWeekMakesNoDeadLetters) {
    route.retry.outage_max = 24h * 8;
    go_down();
    auto const a = hire("a");
    auto const b = hire("b");
    auto const c = hire("c");
    (void)step();
    pass(std::chrono::seconds(24h * 7), std::chrono::seconds(10min));
    for (store::InboxId const id : {a, b, c}) {
        EXPECT_EQ(main_delivery(id).state, store::DeliveryState::pending);
    }
    EXPECT_LE(goco.pushes().size(), 24U * 6 * 7 + 10) << "one probe in ten minutes, not one of each";
    come_back();
    pass(3600s, 60s);
    for (store::InboxId const id : {a, b, c}) {
        EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
    }
    EXPECT_EQ(store.history.conservation().value().difference(), 0);
}

TEST_F(Outage, LongerThanTheRouteWaitsEndsInDeadLetters) {
    route.retry.outage_max = 24h;
    go_down();
    auto const a = hire("a");
    (void)hire("b");
    (void)hire("c");
    (void)step();
    pass(std::chrono::seconds(24h - 1h), std::chrono::seconds(10min));
    EXPECT_EQ(main_delivery(a).state, store::DeliveryState::pending);
    pass(std::chrono::seconds(24h), std::chrono::seconds(10min));
    EXPECT_EQ(main_delivery(a).state, store::DeliveryState::dead);
    EXPECT_THAT(main_delivery(a).reason, HasSubstr("GoCo answered 503."));
}

// The record itself makes the target fail: it must stop nobody, and it must end.
TEST_F(Outage, IsNotWhatOneRecordThatAlwaysFailsMakes) {
    goco.on_push = [](support::FakeConnector::Push const& push) {
        model::AttemptReport report{model::Outcome::delivered, {}};
        if (push.idempotency_key == "key-bad") {
            report = {model::Outcome::retry, "GoCo answered 500."};
            report.error_code = model::ErrorCode::unavailable;
        }
        return report;
    };
    auto const bad = hire("bad");
    for (int i = 0; i < 20; ++i) {
        clock.advance(60s);
        auto const good = hire("good" + std::to_string(i));
        while (step() > 0) {
        }
        EXPECT_EQ(main_delivery(good).state, store::DeliveryState::delivered);
    }
    EXPECT_EQ(main_delivery(bad).state, store::DeliveryState::dead);
}

TEST_F(Outage, DoesNotUseUpLookUps) {
    goco.on_push = [](support::FakeConnector::Push const&) {
        model::AttemptReport report{model::Outcome::unknown, "No answer in time."};
        report.error_code = model::ErrorCode::deadline_exceeded;
        return report;
    };
    auto const a = hire("a");
    auto const b = hire("b");
    (void)step();
    pass(std::chrono::seconds(24h), std::chrono::seconds(10min));
    EXPECT_EQ(main_delivery(a).state, store::DeliveryState::unknown);
    EXPECT_EQ(main_delivery(b).state, store::DeliveryState::unknown);
    come_back();
    pass(7200s, 60s);
    EXPECT_EQ(main_delivery(a).state, store::DeliveryState::delivered);
    EXPECT_EQ(main_delivery(b).state, store::DeliveryState::delivered);
}

TEST_F(Outage, OfOneDestinationLeavesTheOthersAlone) {
    go_down();
    for (char const* key : {"a", "b", "c"}) {
        (void)hire(key);
    }
    (void)step();
    ASSERT_EQ(dispatcher->destination("goco").state, BreakerState::open);
    EXPECT_EQ(dispatcher->destination("lever").state, BreakerState::closed);
    note_in_lever();
    EXPECT_EQ(step(), 1U);
    EXPECT_EQ(lever.pushes().size(), 1U);
}

TEST_F(Outage, HoldsTheWholeConnectionForTheVendorsPause) {
    answer(model::Outcome::retry, "Too many requests.", 45'000);
    auto const limited = goco.on_push;
    goco.on_push = [limited](support::FakeConnector::Push const& push) {
        auto report = limited(push);
        report.error_code = model::ErrorCode::rate_limited;
        return report;
    };
    (void)hire("a");
    (void)step();
    (void)hire("b");
    clock.advance(44s);
    EXPECT_EQ(step(), 0U) << "the vendor would only say the same to the second";
    clock.advance(1s);
    EXPECT_GE(step(), 1U);
}

TEST_F(Outage, ObeysNoPauseOfAYear) {
    answer(model::Outcome::retry, "Come back next year.", 365LL * 24 * 3600 * 1000);
    auto const id = hire("a");
    (void)step();
    EXPECT_LE(main_delivery(id).due_at.value(), clock.now() + wait_max);
    EXPECT_THAT(store.log(), HasSubstr("A destination asked for a longer pause than is obeyed."));
}

// A destination whose calls hang, with few workers: who else has something to send must not notice.
struct Bulkhead : Dispatching {
    void adjust(DispatcherOptions& options) override {
        options.workers = 6;
        options.destinations.at_once = 2;
    }
    std::mutex mutex;
    std::condition_variable changed;
    int hanging = 0;
    bool released = false;

    void hang() {
        goco.on_push = [this](support::FakeConnector::Push const&) {
            std::unique_lock lock(mutex);
            ++hanging;
            changed.notify_all();
            changed.wait(lock, [this] { return released; });
            return model::AttemptReport{model::Outcome::delivered, {}};
        };
    }
    void let_go() {
        std::lock_guard const lock(mutex);
        released = true;
        changed.notify_all();
    }
    void TearDown() override { let_go(); }
};

TEST_F(Bulkhead, LeavesWorkersForOthersWhileADestinationHangs) {
    hang();
    std::promise<void> noted;
    lever.on_push = [&](support::FakeConnector::Push const&) {
        noted.set_value();
        return model::AttemptReport{model::Outcome::delivered, {}};
    };
    for (int i = 0; i < 12; ++i) {
        (void)hire("h" + std::to_string(i));
    }
    dispatcher->start();
    {
        std::unique_lock lock(mutex);
        ASSERT_TRUE(changed.wait_for(lock, 20s, [this] { return hanging == 2; }));
    }
    note_in_lever();
    dispatcher->wake();
    EXPECT_EQ(noted.get_future().wait_for(20s), std::future_status::ready);
    {
        std::lock_guard const lock(mutex);
        EXPECT_EQ(hanging, 2) << "its share, and no worker more";
    }
    lever.on_push = [](support::FakeConnector::Push const&) {
        return model::AttemptReport{model::Outcome::delivered, {}};
    };
    let_go();
    EXPECT_TRUE(dispatcher->stop(20s));
}

}  // namespace
}  // namespace crosswalk::deliver

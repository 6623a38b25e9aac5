#include "deliver/dispatcher.hpp"

#include "deliver/dispatching.hpp"

#include <gmock/gmock.h>

#include <future>

namespace crosswalk::deliver {
namespace {

using testing::HasSubstr;

TEST_F(Dispatching, ConfirmsADeliveryAndLeavesANote) {  // A.27
    auto const id = hire("a");
    EXPECT_EQ(step(), 1U);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
    EXPECT_EQ(step(), 1U);
    ASSERT_EQ(lever.pushes().size(), 1U);
    EXPECT_EQ(lever.pushes()[0].action, "add_note");
    EXPECT_EQ(step(), 0U);
    EXPECT_TRUE(mails.empty());
}

TEST_F(Dispatching, RetriesWithGrowingPausesAndThenGivesUpWithNoteAndMail) {  // A.43 F.5
    auto const id = hire("a");
    answer(model::Outcome::retry, "GoCo is down.");
    EXPECT_EQ(step(), 1U);
    EXPECT_EQ(step(), 0U);
    clock.advance(std::chrono::milliseconds(1000));  // half of the first step: the least jitter
    EXPECT_EQ(step(), 1U);
    clock.advance(std::chrono::milliseconds(1000));
    EXPECT_EQ(step(), 0U);
    clock.advance(std::chrono::milliseconds(1000));
    EXPECT_EQ(step(), 1U);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::dead);
    EXPECT_THAT(main_delivery(id).reason, HasSubstr("Gave up after 3 attempts"));
    (void)step();
    (void)step();
    EXPECT_EQ(lever.pushes().size(), 1U);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_THAT(mails[0], HasSubstr("GoCo is down."));
}

TEST_F(Dispatching, UsesTheSameIdempotencyKeyForEveryAttempt) {
    (void)hire("a");
    answer(model::Outcome::retry);
    (void)step();
    clock.advance(std::chrono::seconds(5));
    (void)step();
    ASSERT_EQ(goco.pushes().size(), 2U);
    EXPECT_EQ(goco.pushes()[0].idempotency_key, goco.pushes()[1].idempotency_key);
    EXPECT_EQ(goco.pushes()[1].attempt, 2);
}

TEST_F(Dispatching, WaitsAsLongAsTheVendorAsks) {  // F.5
    (void)hire("a");
    answer(model::Outcome::retry, "Too many requests.", 45'000);
    (void)step();
    clock.advance(std::chrono::seconds(44));
    EXPECT_EQ(step(), 0U);
    clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(step(), 1U);
}

TEST_F(Dispatching, NeverRepeatsARejectedRecord) {  // F.5
    auto const id = hire("a");
    answer(model::Outcome::rejected, "The e-mail is wrong.");
    (void)step();
    clock.advance(std::chrono::hours(24));
    (void)step();
    EXPECT_EQ(goco.pushes().size(), 1U);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::dead);
}

TEST_F(Dispatching, LooksAnUnknownOutcomeUpBeforeItPushesAgain) {
    auto const id = hire("a");
    goco.on_push = [](support::FakeConnector::Push const& push) {
        return model::AttemptReport{push.look_up ? model::Outcome::delivered : model::Outcome::unknown, {}};
    };
    (void)step();
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::unknown);
    clock.advance(std::chrono::seconds(1));
    (void)step();
    ASSERT_EQ(goco.pushes().size(), 2U);
    EXPECT_TRUE(goco.pushes()[1].look_up);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
}

TEST_F(Dispatching, PushesAgainWhenTheLookUpFoundNothing) {
    auto const id = hire("a");
    int pushes = 0;
    goco.on_push = [&](support::FakeConnector::Push const& push) {
        if (push.look_up) {
            return model::AttemptReport{model::Outcome::retry, {}};
        }
        return model::AttemptReport{++pushes == 1 ? model::Outcome::unknown : model::Outcome::delivered, {}};
    };
    (void)step();
    clock.advance(std::chrono::seconds(1));
    (void)step();
    (void)step();
    EXPECT_EQ(pushes, 2);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
}

TEST_F(Dispatching, ParksAnUnknownOutcomeThatCannotBeLookedUp) {
    auto const id = hire("a");
    goco.looks_up = false;
    answer(model::Outcome::unknown);
    (void)step();
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::dead);
    EXPECT_THAT(main_delivery(id).reason, HasSubstr("by hand"));
    clock.advance(std::chrono::hours(1));
    (void)step();
    EXPECT_EQ(goco.pushes().size(), 1U);
}

// Seed 138 of the simulation: a push that the host's end left unknown went out again.
TEST_F(Dispatching, ParksWhatTheEndOfTheHostLeftUnknownAtATargetThatCannotBeAsked) {
    auto const id = hire("a");
    goco.looks_up = false;
    store::Delivery left = store.outbox.lease_due(clock.now(), 1).value().at(0);
    left.look_up = true;  // as the next host leases it
    dispatcher->attempt(left);
    EXPECT_TRUE(goco.pushes().empty());
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::dead);
    EXPECT_THAT(main_delivery(id).reason, HasSubstr("by hand"));
}

TEST_F(Dispatching, RepeatsWhatTheEndOfTheHostLeftUnknownWhereTheKeyMakesItHarmless) {
    (void)hire("a");
    goco.looks_up = false;
    goco.info().caps |= 1U << 5U;
    store::Delivery left = store.outbox.lease_due(clock.now(), 1).value().at(0);
    left.look_up = true;
    dispatcher->attempt(left);
    EXPECT_EQ(goco.pushes().size(), 1U);
}

TEST_F(Dispatching, StopsLookingUpAfterTheLimit) {
    auto const id = hire("a");
    answer(model::Outcome::unknown);
    for (int i = 0; i < 10; ++i) {
        (void)step();
        clock.advance(std::chrono::hours(1));
    }
    EXPECT_EQ(goco.pushes().size(), 4U);  // one push, three look-ups
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::dead);
}

TEST_F(Dispatching, PausesTheConnectionOnARefusedCredentialAndKeepsTheDelivery) {  // A.45
    auto const id = hire("a");
    answer(model::Outcome::auth, "GoCo refused the key.");
    (void)step();
    EXPECT_TRUE(store.state.connection("goco").value().paused);
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::pending);
    clock.advance(std::chrono::hours(1));
    (void)step();  // the mail only
    EXPECT_EQ(goco.pushes().size(), 1U);
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_THAT(mails[0], HasSubstr("crosswalk connections resume goco"));
    goco.on_push = [](support::FakeConnector::Push const&) {
        return model::AttemptReport{model::Outcome::delivered, {}};
    };
    ASSERT_TRUE(store.state.resume_connection("goco").has_value());
    (void)step();
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
}

TEST_F(Dispatching, KeepsAReplayedRunLinkedToItsOriginal) {  // F.3 A.43
    auto const id = hire("a");
    answer(model::Outcome::rejected, "No.");
    (void)step();
    auto const again = store.inbox.replay(id).value();
    EXPECT_EQ(store.history.show(again).value().summary.replay_of, id);
}

TEST_F(Dispatching, HoldsBackASecondCreateForTheSameTargetKey) {  // A.41
    (void)hire("a", "ada example");
    (void)hire("b", "ada example");
    auto const first = store.outbox.lease_due(clock.now(), 16).value();
    ASSERT_EQ(first.size(), 1U);
    EXPECT_TRUE(store.outbox.lease_due(clock.now(), 16).value().empty());
    dispatcher->attempt(first[0]);
    EXPECT_EQ(step(), 2U);  // the note of the first and the second create
    EXPECT_EQ(goco.pushes().size(), 2U);
}

TEST_F(Dispatching, AccountsForEveryDelivery) {
    (void)hire("a");
    (void)hire("b");
    (void)step();
    (void)hire("c");
    auto const counted = store.history.conservation().value();
    EXPECT_EQ(counted.received, 3);
    EXPECT_EQ(counted.delivered, 2);
    EXPECT_EQ(counted.held, 1);
    EXPECT_EQ(counted.difference(), 0);
}

TEST_F(Dispatching, DeliversByItselfAndStopsCleanly) {
    std::promise<void> noted;
    lever.on_push = [&](support::FakeConnector::Push const&) {
        noted.set_value();
        return model::AttemptReport{model::Outcome::delivered, {}};
    };
    auto const id = hire("a");
    dispatcher->start();
    ASSERT_EQ(noted.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    EXPECT_TRUE(dispatcher->stop(std::chrono::seconds(10)));
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::delivered);
}

TEST_F(Dispatching, WaitsForWhatIsOutAndCancelsWhatTakesTooLong) {
    std::promise<void> pushed;
    std::promise<void> release;
    goco.on_push = [&](support::FakeConnector::Push const&) {
        pushed.set_value();
        release.get_future().wait();
        return model::AttemptReport{model::Outcome::unknown, {}};
    };
    auto const id = hire("a");
    dispatcher->start();
    ASSERT_EQ(pushed.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
    EXPECT_FALSE(dispatcher->stop(std::chrono::milliseconds(20), [&] { release.set_value(); }));
    EXPECT_EQ(main_delivery(id).state, store::DeliveryState::unknown);
}

}  // namespace
}  // namespace crosswalk::deliver

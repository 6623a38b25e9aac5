#include "store_fixture.hpp"

namespace crosswalk::store {
namespace {

using model::Outcome;

class ConservationTest : public StoreFixture {
protected:
    Conservation sum() {
        auto const found = history().conservation();
        EXPECT_TRUE(found);
        return *found;
    }
};

TEST_F(ConservationTest, CountsEveryReceivedEventInExactlyOnePlace) {
    ASSERT_TRUE(inbox().accept(webhook("pending")));
    ASSERT_TRUE(inbox().accept(webhook("pending")));  // a duplicate is not received
    dispatched({});
    dispatched({push("a", "a"), push("b", "b"), push("c", "c"), push("d", "d")});
    auto const leased = lease();
    settle(leased.at(0).id, DeliveryState::delivered, Outcome::delivered);
    settle(leased.at(1).id, DeliveryState::duplicate, Outcome::duplicate);
    settle(leased.at(2).id, DeliveryState::dead, Outcome::rejected);
    ASSERT_TRUE(outbox().discard(leased[2].id, "Not wanted."));
    auto const dead = inbox().accept(webhook("dead"));
    ASSERT_TRUE(inbox().bury(dead->id, {model::ErrorCode::invalid_argument, "Not parseable."}, {}));
    Conservation const found = sum();
    EXPECT_EQ(found.received, 7);
    EXPECT_EQ(found.held, 2);
    EXPECT_EQ(found.filtered, 1);
    EXPECT_EQ(found.delivered, 1);
    EXPECT_EQ(found.duplicate, 1);
    EXPECT_EQ(found.discarded, 1);
    EXPECT_EQ(found.dead, 1);
    EXPECT_EQ(found.difference(), 0);
}

TEST_F(ConservationTest, DoesNotCountFeedbackAndNotices) {
    NewDelivery note = push("note");
    note.kind = DeliveryKind::feedback;
    dispatched({push("a"), note});
    EXPECT_EQ(sum().received, 1);
    EXPECT_EQ(sum().held, 1);
    EXPECT_EQ(sum().difference(), 0);
}

TEST_F(ConservationTest, StaysBalancedThroughARestartAndAReplay) {
    InboxId const id = dispatched({push("a")});
    ASSERT_TRUE(inbox().replay(id));
    reopen();
    EXPECT_EQ(sum().received, 2);
    EXPECT_EQ(sum().difference(), 0);
}

TEST_F(ConservationTest, ShowsADeliveryThatVanished) {
    dispatched({push("a"), push("b")});
    tamper("DELETE FROM delivery WHERE id = 2");
    EXPECT_EQ(sum().difference(), 1);
}

TEST_F(ConservationTest, ShowsAPendingItemThatVanished) {
    ASSERT_TRUE(inbox().accept(webhook("a")));
    tamper("DELETE FROM inbox");
    EXPECT_EQ(sum().difference(), 1);
}

TEST_F(ConservationTest, ShowsADeliveryThatDoubled) {
    dispatched({push("a")});
    tamper(
        "INSERT INTO delivery (inbox_id, event_ordinal, kind, state, route, connection, action, subject, target_key,"
        " idempotency_key, about, created_us, due_us) SELECT inbox_id, event_ordinal, kind, state, route, connection,"
        " action, subject, target_key, 'another', about, created_us, due_us FROM delivery");
    EXPECT_EQ(sum().difference(), -1);
}

}  // namespace
}  // namespace crosswalk::store

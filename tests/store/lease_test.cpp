#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace crosswalk::store {
namespace {

using model::Outcome;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

// Which deliveries go out, in which order, and which wait for others.
class LeaseTest : public StoreFixture {};

TEST_F(LeaseTest, HandsOutOneDeliveryOfALaneAtATimeInTheOrderOfTheirIds) {
    dispatched({push("a1", "a"), push("a2", "a"), push("b1", "b")});
    auto const first = lease();
    EXPECT_THAT(keys(first), ElementsAre("a1", "b1"));
    EXPECT_THAT(keys(lease()), IsEmpty());
    settle(first[0].id, DeliveryState::delivered, Outcome::delivered);
    EXPECT_THAT(keys(lease()), ElementsAre("a2"));
}

TEST_F(LeaseTest, ParksALaneBehindItsRetryAndNoOther) {
    dispatched({push("a1", "a"), push("a2", "a"), push("b1", "b"), push("b2", "b")});
    auto const first = lease();
    settle(first.at(0).id, DeliveryState::pending, Outcome::retry);
    settle(first.at(1).id, DeliveryState::delivered, Outcome::delivered);
    EXPECT_THAT(keys(lease()), ElementsAre("b2"));
    clock_.advance(minutes(1));
    EXPECT_THAT(keys(lease()), ElementsAre("a1"));
}

TEST_F(LeaseTest, ParksALaneBehindAnUnknownOutcome) {
    dispatched({push("a1", "a"), push("a2", "a")});
    settle(lease().at(0).id, DeliveryState::unknown, Outcome::unknown);
    EXPECT_THAT(keys(lease()), IsEmpty());
    clock_.advance(minutes(1));
    auto const look_up = lease();
    EXPECT_THAT(keys(look_up), ElementsAre("a1"));
    settle(look_up[0].id, DeliveryState::delivered, Outcome::delivered);
    EXPECT_THAT(keys(lease()), ElementsAre("a2"));
}

TEST_F(LeaseTest, GoesOnWithALaneWhenItsHeadIsDead) {
    dispatched({push("a1", "a"), push("a2", "a")});
    settle(lease().at(0).id, DeliveryState::dead, Outcome::rejected);
    EXPECT_THAT(keys(lease()), ElementsAre("a2"));
}

TEST_F(LeaseTest, KeepsEqualSubjectsOfTwoConnectionsInTwoLanes) {
    NewDelivery note = push("note", "a");
    note.connection = "lever";
    dispatched({push("a1", "a"), note});
    EXPECT_THAT(keys(lease()), ElementsAre("a1", "note"));
}

TEST_F(LeaseTest, PutsARevivedDeliveryAheadOfLaterOnesOfItsLane) {
    dispatched({push("a1", "a"), push("a2", "a")});
    DeliveryId const dead = lease().at(0).id;
    settle(dead, DeliveryState::dead, Outcome::rejected);
    ASSERT_TRUE(outbox().retry_now(dead, false));
    auto const leased = lease();
    EXPECT_THAT(keys(leased), ElementsAre("a1"));
    settle(leased[0].id, DeliveryState::delivered, Outcome::delivered);
    EXPECT_THAT(keys(lease()), ElementsAre("a2"));
}

TEST_F(LeaseTest, LetsARevivedDeliveryWaitForTheOneInFlightInItsLane) {
    dispatched({push("a1", "a"), push("a2", "a")});
    DeliveryId const dead = lease().at(0).id;
    settle(dead, DeliveryState::dead, Outcome::unknown);
    auto const in_flight = lease();
    ASSERT_THAT(keys(in_flight), ElementsAre("a2"));
    ASSERT_TRUE(outbox().retry_now(dead, false));
    EXPECT_THAT(keys(lease()), IsEmpty());
    settle(in_flight[0].id, DeliveryState::delivered, Outcome::delivered);
    EXPECT_THAT(keys(lease()), ElementsAre("a1"));
}

TEST_F(LeaseTest, HandsOutOneDeliveryPerTargetKeyAtATime) {  // A.41
    dispatched({push("a1", "a", "ada example"), push("b1", "b", "ada example"), push("c1", "c", "bob example")});
    auto const first = lease();
    EXPECT_THAT(keys(first), ElementsAre("a1", "c1"));
    EXPECT_THAT(keys(lease()), IsEmpty());
    settle(first[0].id, DeliveryState::unknown, Outcome::unknown);
    EXPECT_THAT(keys(lease()), IsEmpty()) << "unknown still excludes the other";
    EXPECT_EQ(outbox().next_due().value(), clock_.now() + minutes(1));
    clock_.advance(minutes(1));
    auto const look_up = lease();
    ASSERT_THAT(keys(look_up), ElementsAre("a1"));
    settle(look_up[0].id, DeliveryState::delivered, Outcome::delivered);
    EXPECT_THAT(keys(lease()), ElementsAre("b1"));
}

TEST_F(LeaseTest, ExcludesTheSameTargetKeyAcrossTwoRoutes) {
    NewDelivery other = push("b1", "b", "ada example");
    other.route = "another";
    dispatched({push("a1", "a", "ada example"), other});
    EXPECT_THAT(lease(), testing::SizeIs(1));
    EXPECT_THAT(lease(), IsEmpty());
}

TEST_F(LeaseTest, ExcludesNobodyByAnEmptyTargetKey) {
    dispatched({push("a1", "a"), push("b1", "b")});
    EXPECT_THAT(keys(lease()), ElementsAre("a1", "b1"));
}

TEST_F(LeaseTest, KeepsDeliveriesOfAPausedConnectionUntilItIsResumed) {  // A.45
    NewDelivery note = push("note", "a");
    note.connection = "lever";
    dispatched({push("a1", "a"), note});
    ASSERT_TRUE(state().pause_connection("goco", "The credential is refused."));
    EXPECT_THAT(keys(lease()), ElementsAre("note"));
    EXPECT_FALSE(outbox().next_due().value().has_value());
    reopen();
    ASSERT_TRUE(state().connection("goco")->paused);
    ASSERT_TRUE(state().resume_connection("goco"));
    EXPECT_THAT(keys(lease()), testing::Contains("a1"));
}

TEST_F(LeaseTest, KeepsDeliveriesOfAPausedOrStoppedRoute) {
    NewDelivery other = push("b1", "b");
    other.route = "another";
    dispatched({push("a1", "a"), other});
    ASSERT_TRUE(state().set_route_mode("hires", RouteMode::paused));
    ASSERT_TRUE(state().set_route_mode("another", RouteMode::stopped));
    EXPECT_THAT(keys(lease()), IsEmpty());
    ASSERT_TRUE(state().set_route_mode("hires", RouteMode::running));
    EXPECT_THAT(keys(lease()), ElementsAre("a1"));
}

TEST_F(LeaseTest, HandsOutTheOldestOfEachRouteFirstAndNoMoreThanAsked) {
    dispatched({push("a1", "a")});
    clock_.advance(minutes(1));
    NewDelivery other = push("b1", "b");
    other.route = "an earlier name";
    dispatched({other, push("c1", "c")});
    EXPECT_THAT(keys(lease(0)), IsEmpty());
    EXPECT_THAT(keys(lease(2)), ElementsAre("b1", "a1"));
    EXPECT_THAT(keys(lease(2)), ElementsAre("c1"));
}

TEST_F(LeaseTest, KnowsWhenTheNextDeliveryBecomesDue) {
    EXPECT_FALSE(outbox().next_due().value().has_value());
    dispatched({push("a1", "a"), push("b1", "b")});
    EXPECT_EQ(outbox().next_due().value(), clock_.now());
    auto const leased = lease();
    EXPECT_FALSE(outbox().next_due().value().has_value());
    settle(leased.at(0).id, DeliveryState::pending, Outcome::retry);
    EXPECT_EQ(outbox().next_due().value(), clock_.now() + minutes(1));
}

// With the indexes the plan of a lease does not depend on how many rows wait behind a head or have ended.
TEST_F(LeaseTest, StaysQuickBehindALongLaneAndAPausedConnection) {
    queue_up(30'000, [](int i) {
        NewDelivery delivery = push("k" + std::to_string(i), i % 3 == 2 ? "p" + std::to_string(i) : "one lane");
        delivery.connection = i % 3 == 2 ? "paused" : "goco";
        if (i % 3 == 0) {
            delivery.decided = report(Outcome::delivered);
        }
        return delivery;
    });
    ASSERT_TRUE(state().pause_connection("paused", "for the test"));
    auto const begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 200; ++i) {
        auto const leased = lease();
        ASSERT_EQ(leased.size(), 1U);
        settle(leased[0].id, DeliveryState::delivered, Outcome::delivered);
    }
    // 400 commits; a scan of the lane or of the paused rows would take minutes.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

}  // namespace
}  // namespace crosswalk::store

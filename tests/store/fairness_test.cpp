#include "counted_steps.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

namespace crosswalk::store {
namespace {

using model::Outcome;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// How a lease shares out what may go: between the exits, and by what each connection allows.
class FairnessTest : public StoreFixture {
protected:
    static NewDelivery to(std::string connection, std::string route, std::string key) {
        NewDelivery delivery = push(key, key);
        delivery.connection = std::move(connection);
        delivery.route = std::move(route);
        return delivery;
    }
    std::vector<Delivery> lease_with(AllowanceOf const& allowance, std::size_t limit = 100) {
        auto leased = outbox().lease_due(clock_.now(), limit, allowance);
        EXPECT_TRUE(leased) << leased.error().detail;
        return leased ? std::move(*leased) : std::vector<Delivery>();
    }
    // `count` deliveries of one route, each in a lane of its own, all due at once.
    void backlog(int count, std::string const& connection, std::string const& route) {
        queue_up(count, [&](int i) { return to(connection, route, route + std::to_string(i)); });
        reopen();  // what moves the backlog from the log into the file is not to be measured
    }
};

TEST_F(FairnessTest, TakesTurnsBetweenTheRoutesOfAConnection) {
    dispatched({to("goco", "a", "a1"), to("goco", "a", "a2"), to("goco", "a", "a3"), to("goco", "a", "a4")});
    clock_.advance(minutes(1));
    dispatched({to("goco", "b", "b1"), to("goco", "b", "b2")});
    EXPECT_THAT(keys(lease(4)), ElementsAre("a1", "b1", "a2", "b2"));
}

TEST_F(FairnessTest, GoesOnWhereTheLastLeaseEnded) {
    dispatched({to("goco", "a", "a1"), to("goco", "a", "a2"), to("goco", "b", "b1"), to("goco", "c", "c1"),
                to("goco", "c", "c2")});
    EXPECT_THAT(keys(lease(1)), ElementsAre("a1"));
    EXPECT_THAT(keys(lease(1)), ElementsAre("b1"));
    EXPECT_THAT(keys(lease(1)), ElementsAre("c1"));
    EXPECT_THAT(keys(lease(1)), ElementsAre("a2"));
}

// Both connections get a turn each time; neither may push the other's routes out of their order.
TEST_F(FairnessTest, RemembersTheTurnOfEachConnectionOnItsOwn) {
    dispatched({to("goco", "a", "ga1"), to("goco", "a", "ga2"), to("goco", "b", "gb1"), to("lever", "a", "la1"),
                to("lever", "a", "la2"), to("lever", "b", "lb1")});
    EXPECT_THAT(keys(lease(2)), ElementsAre("ga1", "la1"));
    EXPECT_THAT(keys(lease(2)), ElementsAre("gb1", "lb1"));
    EXPECT_THAT(keys(lease(2)), ElementsAre("ga2", "la2"));
}

TEST_F(FairnessTest, SendsNoConnectionMoreThanItAllows) {
    dispatched({to("goco", "a", "a1"), to("goco", "a", "a2"), to("goco", "b", "b1"), to("lever", "a", "l1")});
    auto const two = [](std::string const& connection, std::string const&) {
        return Allowance{connection == "goco" ? 2U : 0U, false};
    };
    EXPECT_THAT(keys(lease_with(two)), ElementsAre("a1", "b1"));
    EXPECT_THAT(keys(lease_with(two)), ElementsAre("a2"));
    EXPECT_THAT(keys(lease_with(two)), IsEmpty());
    EXPECT_THAT(keys(lease()), ElementsAre("l1"));
}

TEST_F(FairnessTest, SendsOneOfARouteThatHasLeaveOfItsOwn) {
    dispatched({to("goco", "a", "a1"), to("goco", "b", "b1"), to("goco", "b", "b2")});
    auto const own = [](std::string const&, std::string const& route) { return Allowance{0, route == "b"}; };
    EXPECT_THAT(keys(lease_with(own)), ElementsAre("b1"));
}

TEST_F(FairnessTest, CountsWhatGoesOutByOwnLeaveBesideTheSharedOnes) {
    dispatched({to("goco", "a", "a1"), to("goco", "a", "a2"), to("goco", "b", "b1"), to("goco", "b", "b2")});
    auto const both = [](std::string const&, std::string const&) { return Allowance{1, true}; };
    EXPECT_THAT(keys(lease_with(both)), UnorderedElementsAre("a1", "b1", "a2"));
}

TEST_F(FairnessTest, NamesNoTimeForWhatMayNotGoOut) {
    dispatched({to("goco", "a", "a1")});
    auto const nothing = [](std::string const&, std::string const&) { return Allowance{0, false}; };
    EXPECT_FALSE(outbox().next_due(nothing).value().has_value());
    auto const own = [](std::string const&, std::string const&) { return Allowance{0, true}; };
    EXPECT_EQ(outbox().next_due(own).value(), clock_.now());
}

TEST_F(FairnessTest, LeavesAnAttemptOutOfTheCountWhenItsSettlementSaysSo) {
    dispatched({push("a1", "a")});
    for (int round = 0; round < 3; ++round) {
        auto const leased = lease();
        ASSERT_THAT(leased, SizeIs(1));
        EXPECT_EQ(leased[0].attempt, 1);
        ASSERT_TRUE(
            outbox().settle(leased[0].id, {DeliveryState::pending, clock_.now(), report(Outcome::retry), {}, false}));
    }
    auto const last = lease();
    ASSERT_THAT(last, SizeIs(1));
    settle(last[0].id, DeliveryState::delivered, Outcome::delivered);
    EXPECT_THAT(history().show(1).value().deliveries.at(0).attempts, SizeIs(4)) << "each stays in the history";
}

TEST_F(FairnessTest, LeavesALookUpOutOfTheCountWhenItsSettlementSaysSo) {
    dispatched({push("a1", "a")});
    DeliveryId const id = lease().at(0).id;
    ASSERT_TRUE(outbox().settle(id, {DeliveryState::unknown, clock_.now(), report(Outcome::unknown), {}, true}));
    for (int round = 0; round < 2; ++round) {
        auto const look_up = lease();
        ASSERT_THAT(look_up, SizeIs(1));
        EXPECT_TRUE(look_up[0].look_up);
        EXPECT_EQ(look_up[0].look_ups, 0);
        ASSERT_TRUE(outbox().settle(id, {DeliveryState::unknown, clock_.now(), report(Outcome::unknown), {}, false}));
    }
}

// A hundred times the backlog, the same lease: what is read are index entries of rows that go out.
TEST_F(FairnessTest, ReadsNoMoreOfALongQueueThanOfAShortOne) {
    CountedSteps const steps;
    options_.recent_hashes_max = 100'000;  // that commits sort hashes is not to be counted
    reopen();
    AllowanceOf const few = [](std::string const&, std::string const&) { return Allowance{8, true}; };
    auto const most_of_a_lease = [&] {
        std::int64_t most = 0;
        for (int i = 0; i < 5; ++i) {
            auto const before = steps.so_far();
            EXPECT_THAT(lease_with(few, 16), SizeIs(testing::Ge(8)));
            EXPECT_TRUE(outbox().next_due(few).value().has_value());
            most = std::max(most, steps.so_far() - before);
        }
        return most;
    };
    backlog(200, "goco", "short");
    auto const of_short = most_of_a_lease();
    backlog(20'000, "lever", "long");
    auto const of_long = most_of_a_lease();
    EXPECT_GT(of_short, 8) << "steps are not counted";
    EXPECT_LT(of_long, of_short * 4) << "of two queues instead of one";
}

TEST_F(FairnessTest, LetsANewDeliveryPassAHundredThousandOfAnotherRoute) {
    backlog(100'000, "goco", "long");
    dispatched({to("goco", "hires", "quick")});
    EXPECT_THAT(keys(lease(2)), testing::Contains("quick"));
}

}  // namespace
}  // namespace crosswalk::store

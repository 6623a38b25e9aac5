// What a sweep asks: did this come? And what became of events that it took.
#include "store/arrivals.hpp"

#include "store_fixture.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using testing::ElementsAre;

class ArrivalsTest : public StoreFixture {
protected:
    [[nodiscard]] std::vector<bool> came(std::vector<Sought> const& sought, std::string const& connection = "lever",
                                         std::chrono::hours ago = std::chrono::hours(1)) {
        auto const answer = Arrivals(*store_).came(connection, clock_.now() - ago, sought);
        EXPECT_TRUE(answer) << answer.error().detail;
        return answer ? *answer : std::vector<bool>();
    }
    static Accepted swept(std::string const& id) {
        Accepted item = webhook(id);
        item.raw = {};
        item.event = event(id);
        item.swept = true;
        return item;
    }
    void dispatch(InboxId id, std::string const& event_id, std::vector<NewDelivery> deliveries) {
        std::vector<DispatchedEvent> events;
        events.push_back({event(event_id), std::move(deliveries)});
        ASSERT_TRUE(inbox().dispatch(id, std::move(events), "No route wanted it."));
    }
};

TEST_F(ArrivalsTest, KnowsAnEventByItsIdHoweverItEnded) {
    dispatched({push("k-1")});  // event-1
    dispatched({});             // event-2, filtered
    EXPECT_THAT(came({{"event-1"}, {"event-2"}, {"event-3"}}), ElementsAre(true, true, false));
}

TEST_F(ArrivalsTest, AnEventOfAnotherConnectionDidNotComeHere) {
    dispatched({push("k-1")});
    EXPECT_THAT(came({{"event-1"}}, "greenhouse"), ElementsAre(false));
}

TEST_F(ArrivalsTest, LooksBackOnlyAsFarAsItIsTold) {
    dispatched({push("k-1")});
    clock_.advance(std::chrono::hours(3));
    dispatched({push("k-2")});
    EXPECT_THAT(came({{"event-1"}, {"event-2"}}), ElementsAre(false, true));
    EXPECT_THAT(came({{"event-1"}, {"event-2"}}, "lever", std::chrono::hours(4)), ElementsAre(true, true));
}

TEST_F(ArrivalsTest, KnowsAnEventByItsDeliveriesWhenItsIdIsForgotten) {
    dispatched({push("k-1")});
    clock_.advance(std::chrono::hours(3));
    EXPECT_THAT(came({{"event-1", {"other", "k-1"}}, {"event-1", {"other"}}}), ElementsAre(true, false));
}

TEST_F(ArrivalsTest, KnowsAWebhookWhoseKeyIsTheEventsIdWhateverItCameTo) {
    auto const pending = inbox().accept(webhook("change:1"));
    auto const filtered = inbox().accept(webhook("change:2"));
    ASSERT_TRUE(pending && filtered);
    ASSERT_TRUE(inbox().dispatch(filtered->id, {}, "The job is filled."));
    EXPECT_THAT(came({{"change:1"}, {"change:2"}, {"change:3"}}), ElementsAre(true, true, false));
    EXPECT_THAT(came({{"change:1"}}, "charthop"), ElementsAre(false));
    clock_.advance(options_.dedupe_window + std::chrono::hours(1));
    EXPECT_THAT(came({{"change:1"}}), ElementsAre(false));
}

TEST_F(ArrivalsTest, FindsEachEventOfAnItemThatHasSeveral) {
    auto const item = inbox().accept(webhook("both"));
    ASSERT_TRUE(item);
    std::vector<DispatchedEvent> events;
    events.push_back({event("a"), {push("k-a")}});
    events.push_back({event("b"), {push("k-b")}});
    ASSERT_TRUE(inbox().dispatch(item->id, std::move(events), ""));
    EXPECT_THAT(came({{"b"}, {"a"}}), ElementsAre(true, true));
}

TEST_F(ArrivalsTest, AskedForNothingItAnswersNothing) {
    dispatched({push("k-1")});
    EXPECT_TRUE(came({}).empty());
}

TEST_F(ArrivalsTest, WhatASweepTookIsMarkedAndTakenOnce) {
    auto const first = inbox().accept(swept("hire-1"));
    auto const again = inbox().accept(swept("hire-1"));
    ASSERT_TRUE(first && again);
    EXPECT_FALSE(first->duplicate);
    EXPECT_TRUE(again->duplicate);
    auto const item = inbox().read(first->id);
    ASSERT_TRUE(item);
    EXPECT_EQ(item->run, from_sweep);
    auto const shown = history().show(first->id);
    ASSERT_TRUE(shown);
    EXPECT_TRUE(shown->summary.swept);
    EXPECT_FALSE(history().show(dispatched({push("k")}))->summary.swept);
}

TEST_F(ArrivalsTest, AReplayOfASweptEventIsASweptEventAndNoOtherReplayIs) {
    auto const found = inbox().accept(swept("hire-1"));
    ASSERT_TRUE(found);
    dispatch(found->id, "hire-1", {});
    auto const again = inbox().replay(found->id);
    auto const other = inbox().replay(dispatched({}));
    ASSERT_TRUE(again && other);
    EXPECT_EQ(inbox().read(*again)->run, from_sweep);
    EXPECT_EQ(inbox().read(*other)->run, 0);
}

TEST_F(ArrivalsTest, AWebhookWithTheKeyOfASweptEventIsTakenAsWell) {
    ASSERT_TRUE(inbox().accept(swept("hire-1")));
    auto const late = inbox().accept(webhook("hire-1"));
    ASSERT_TRUE(late);
    EXPECT_FALSE(late->duplicate);
}

TEST_F(ArrivalsTest, WhatASweepTookIsNoSignThatTheVendorSends) {
    ASSERT_TRUE(inbox().accept(swept("hire-1")));
    EXPECT_FALSE(state().connection("lever")->last_event_at);
    ASSERT_TRUE(inbox().accept(webhook("hire-2")));
    auto const heard = state().connection("lever")->last_event_at;
    ASSERT_TRUE(heard);
    clock_.advance(std::chrono::minutes(5));
    ASSERT_TRUE(inbox().accept(swept("hire-3")));
    EXPECT_EQ(state().connection("lever")->last_event_at, heard);
}

TEST_F(ArrivalsTest, ALateWebhookOfASweptEventMakesNoSecondDeliveryAndSaysWhy) {
    auto const found = inbox().accept(swept("hire-1"));
    auto const late = inbox().accept(webhook("vendors-own-id"));
    ASSERT_TRUE(found && late);
    dispatch(found->id, "hire-1", {push("k-1")});
    dispatch(late->id, "hire-1", {push("k-1")});
    EXPECT_EQ(lease().size(), 1U);
    auto const shown = history().show(late->id);
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->summary.state, "filtered");
    EXPECT_EQ(shown->summary.reason, "The same event came before; its deliveries are made already.");
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(ArrivalsTest, ASweptEventWhoseWebhookWasDispatchedMeanwhileMakesNoSecondDelivery) {
    auto const came_first = inbox().accept(webhook("vendors-own-id"));
    auto const found = inbox().accept(swept("hire-1"));
    ASSERT_TRUE(came_first && found);
    dispatch(came_first->id, "hire-1", {push("k-1")});
    dispatch(found->id, "hire-1", {push("k-1")});
    EXPECT_EQ(lease().size(), 1U);
    EXPECT_EQ(history().show(found->id)->summary.state, "filtered");
    EXPECT_EQ(history().conservation()->difference(), 0);
}

}  // namespace
}  // namespace crosswalk::store

// What a dispatch makes ready beforehand and what it finds when the writer gets to it: who may be sent at once, and
// whose key everything is encrypted with.
#include "held_writer.hpp"
#include "store/database.hpp"
#include "store/event_rows.hpp"
#include "store/persons.hpp"
#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <future>
#include <optional>

namespace crosswalk::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LeaseAtOnceTest : public StoreFixture {
protected:
    struct Told {
        std::vector<Delivery> leased = {};
        bool more = false;
        int times = 0;
    };
    // Of one new item with these deliveries.
    Told dispatch(std::vector<NewDelivery> deliveries) {
        Told told;
        LeaseAtOnce const at_once{allowance_, [&](std::vector<Delivery> leased, bool more) {
                                      told = {std::move(leased), more, told.times + 1};
                                  }};
        std::string const key = "item-" + std::to_string(++items_);
        auto const verdict = inbox().accept(webhook(key)).value();
        EXPECT_TRUE(inbox().dispatch({{verdict.id, {{event(key), std::move(deliveries)}}}}, at_once));
        return told;
    }

    AllowanceOf allowance_ = [](std::string const&, std::string const&) { return Allowance(); };
};

TEST_F(LeaseAtOnceTest, WhatNothingStandsBeforeIsToldAsALeaseWouldTellIt) {
    NewDelivery delivery = push("d1", "person-1", "ada");
    delivery.warnings = {{"department", "is unknown"}};
    auto const told = dispatch({delivery});
    ASSERT_EQ(told.leased.size(), 1U);
    EXPECT_FALSE(told.more);
    EXPECT_THAT(lease(), IsEmpty()) << "it is on its way already";
    EXPECT_EQ(history().delivery(told.leased[0].id)->state, DeliveryState::in_flight);

    ASSERT_TRUE(outbox().release(told.leased[0].id, clock_.now()));
    auto const again = lease();
    ASSERT_EQ(again.size(), 1U);
    Delivery const& a = told.leased[0];
    Delivery const& b = again[0];
    EXPECT_EQ(std::tie(a.id, a.inbox_id, a.event_ordinal, a.kind, a.route, a.connection, a.action, a.subject),
              std::tie(b.id, b.inbox_id, b.event_ordinal, b.kind, b.route, b.connection, b.action, b.subject));
    EXPECT_EQ(std::tie(a.idempotency_key, a.record.schema, a.record.key, a.record.json, a.about),
              std::tie(b.idempotency_key, b.record.schema, b.record.key, b.record.json, b.about));
    EXPECT_EQ(a.warnings, delivery.warnings);
    EXPECT_EQ(b.warnings, delivery.warnings);
}

TEST_F(LeaseAtOnceTest, OneOfALaneGoesAndTheNextWaitsForIt) {
    auto const told = dispatch({push("d1"), push("d2")});
    EXPECT_THAT(keys(told.leased), ElementsAre("d1"));
    EXPECT_THAT(lease(), IsEmpty());
    settle(told.leased.at(0).id, DeliveryState::delivered, model::Outcome::delivered);
    EXPECT_THAT(keys(lease()), ElementsAre("d2"));
}

TEST_F(LeaseAtOnceTest, TwoNeverGoToTheSameRecordOfATarget) {
    auto const told = dispatch({push("d1", "person-1", "ada"), push("d2", "person-2", "ada")});
    EXPECT_THAT(keys(told.leased), ElementsAre("d1"));
    EXPECT_TRUE(told.more);
    EXPECT_THAT(lease(), IsEmpty());
}

TEST_F(LeaseAtOnceTest, NothingGoesThroughAnExitThatIsHeld) {
    ASSERT_TRUE(state().set_route_mode("hires", RouteMode::stopped));
    auto const told = dispatch({push("d1"), push("d2", "person-2")});
    EXPECT_THAT(told.leased, IsEmpty());
    EXPECT_TRUE(told.more);
    ASSERT_TRUE(state().set_route_mode("hires", RouteMode::running));
    EXPECT_THAT(keys(lease()), ElementsAre("d1", "d2"));
}

TEST_F(LeaseAtOnceTest, NothingOvertakesWhatIsReadyAtTheSameConnection) {
    dispatched({push("d1")});
    NewDelivery elsewhere = push("d3", "person-3");
    elsewhere.connection = "charthop";
    auto const told = dispatch({push("d2", "person-2"), elsewhere});
    EXPECT_THAT(keys(told.leased), ElementsAre("d3"));
    EXPECT_TRUE(told.more);
    EXPECT_THAT(keys(lease()), ElementsAre("d1", "d2"));
}

TEST_F(LeaseAtOnceTest, NoMoreGoThanAreAllowed) {
    allowance_ = [](std::string const&, std::string const&) { return Allowance{2, true}; };
    std::vector<NewDelivery> some;
    for (char const* const key : {"d1", "e1", "d2", "e2", "d3"}) {
        some.push_back(push(key, std::string("person-") + key));
        some.back().route = *key == 'd' ? "hires" : "leavers";
    }
    auto const told = dispatch(std::move(some));
    EXPECT_THAT(keys(told.leased), ElementsAre("d1", "e1", "d2", "e2")) << "two of all, and one more of each route";
    EXPECT_TRUE(told.more);
}

TEST_F(LeaseAtOnceTest, WithoutAnAllowanceNothingGoesAndItIsSaidThatSomeAreDue) {
    allowance_ = {};
    auto const told = dispatch({push("d1")});
    EXPECT_THAT(told.leased, IsEmpty());
    EXPECT_TRUE(told.more);
    EXPECT_EQ(told.times, 1);
}

TEST_F(LeaseAtOnceTest, OfNothingNobodyIsTold) {
    NewDelivery decided = push("d1");
    decided.decided = report(model::Outcome::rejected, "The last name is missing.");
    EXPECT_EQ(dispatch({decided}).times, 0);
}

class DispatchingTest : public StoreFixture {
protected:
    static model::Event hire(std::string id) {
        model::Event hired = event(std::move(id));
        hired.record.json = R"({"kind":"hire","personal_email":"ada@example.com"})";
        return hired;
    }
    [[nodiscard]] std::vector<Dispatch> hire_of(InboxId id) { return {{id, {{hire("e1"), {push("d1")}}}}}; }
};

TEST_F(DispatchingTest, APersonWhomTheFirstTryKnewAndTheSecondDoesNotGetsAKeyThatIsKept) {
    InboxId const id = inbox().accept(webhook("a"))->id;
    HeldWriter held(store_->database());
    // In one batch: somebody who knows her at the first try only, the dispatch, and the reason for a second try.
    int tries = 0;
    KeyId first_key = 0;
    ASSERT_TRUE(store_->database().write_late(Write{[&](Batch& batch) -> model::Result<void> {
        if (++tries == 2) {
            return {};
        }
        first_key = batch.ring.add(batch.sqlite, KeyKind::person).value().id;
        auto const handles = hashed(batch.ring, handles_of(hire("e1").record));
        return add_handles(batch.sqlite, batch.indexes.handles, handles, {0, {0}}, first_key);
    }}));
    std::promise<model::Result<void>> dispatched;
    auto const items = hire_of(id);
    LeaseAtOnce const nothing;
    inbox().dispatch(items, nothing, [&](model::Result<void> const& stored) { dispatched.set_value(stored); });
    std::promise<bool> failed;
    ASSERT_TRUE(store_->database().write_late(
        Write{[](Batch&) -> model::Result<void> {
                  return model::Error{model::ErrorCode::invalid_argument, "It is no good."};
              },
              {},
              {},
              false,
              [&](model::Result<void> const& stored) { failed.set_value(!stored); }}));
    held.release();
    EXPECT_TRUE(dispatched.get_future().get());
    EXPECT_TRUE(failed.get_future().get());
    ASSERT_EQ(tries, 2) << "the writes did not share a batch";
    EXPECT_NE(first_key, 0);

    reopen();  // forgets every key that is not in the file
    EXPECT_EQ(history().show(id)->summary.title, "Ada Example");
    EXPECT_THAT(keys(lease()), ElementsAre("d1"));
    auto const erased = Persons(*store_).erase("ada@example.com");
    ASSERT_TRUE(erased) << erased.error().detail;
    EXPECT_EQ(erased->persons, 1);
}

TEST_F(DispatchingTest, OneThatIsLateSaysThatTheQueueIsFull) {
    InboxId const id = inbox().accept(webhook("a"))->id;
    options_.write_queue_max = 0;
    reopen();
    std::optional<model::Result<void>> said;
    inbox().dispatch(hire_of(id), {}, [&](model::Result<void> const& stored) { said = stored; });
    ASSERT_TRUE(said);
    EXPECT_EQ(said->error().code, model::ErrorCode::rate_limited);
}

TEST_F(DispatchingTest, OneThatIsNoneSaysSoToWhoeverDoesNotWait) {
    InboxId const id = inbox().accept(webhook("a"))->id;
    std::optional<model::Result<void>> said;
    inbox().dispatch({{id, {{hire("e1"), {push("")}}}}}, {}, [&](model::Result<void> const& stored) { said = stored; });
    ASSERT_TRUE(said);
    EXPECT_EQ(said->error().code, model::ErrorCode::invalid_argument);
    EXPECT_EQ(inbox().pending().value(), 1);
}

TEST_F(DispatchingTest, WhatIsAboutNobodyHasTheGeneralKey) {
    InboxId const id = inbox().accept(webhook("a"))->id;
    model::Event job = event("e1");
    job.record = {"crosswalk.posting/1", "", R"({"kind":"posting","title":"Baker","contact":"boss@example.com"})"};
    ASSERT_TRUE(inbox().dispatch(id, {{job, {push("d1")}}}, ""));
    auto const key =
        store_->database().read([&](Sqlite& sqlite) { return key_of_event(sqlite, store_->database().ring(), id, 0); });
    EXPECT_EQ(key.value().id, store_->database().ring().general().id);
}

}  // namespace
}  // namespace crosswalk::store

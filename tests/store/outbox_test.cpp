#include "store_fixture.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using model::Outcome;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;

class OutboxTest : public StoreFixture {};

TEST_F(OutboxTest, NamesEveryStateAndReadsItBack) {
    for (auto const state : {DeliveryState::pending, DeliveryState::in_flight, DeliveryState::unknown,
                             DeliveryState::delivered, DeliveryState::duplicate, DeliveryState::unchanged,
                             DeliveryState::skipped, DeliveryState::dead, DeliveryState::discarded}) {
        EXPECT_EQ(parse_delivery_state(name(state)), state);
    }
    EXPECT_FALSE(parse_delivery_state("gone"));
    EXPECT_FALSE(parse_delivery_state(""));
}

TEST_F(OutboxTest, HandsOutADeliveryAsItWasMade) {
    NewDelivery made = push("d1", "person-1", "ada example");
    made.sources = {{"first", "/first_name of the hire"}};
    made.warnings = {{"phone", "has no digits"}};
    InboxId const id = dispatched({made});
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    Delivery const& delivery = leased.front();
    EXPECT_EQ(delivery.inbox_id, id);
    EXPECT_EQ(delivery.route, "hires");
    EXPECT_EQ(delivery.action, "create_employee");
    EXPECT_EQ(delivery.record.schema, "goco.employee/1");
    EXPECT_EQ(delivery.record.key, "ada example");
    EXPECT_EQ(delivery.record.json, "{\"first\":\"Ada\"}");
    EXPECT_EQ(delivery.warnings, made.warnings);
    EXPECT_EQ(delivery.attempt, 1);
    EXPECT_FALSE(delivery.look_up);
    EXPECT_EQ(history().delivery(delivery.id)->sources.at(0).source, "/first_name of the hire");
}

TEST_F(OutboxTest, KeepsTheFirstDeliveryWhenAnIdempotencyKeyRepeats) {
    dispatched({push("same", "person-1")});
    dispatched({push("same", "person-2")});
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_EQ(leased.front().subject, "person-1");
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(OutboxTest, WritesTheEffectBeforeADeliveryIsHandedOut) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    auto const view = history().delivery(id);
    ASSERT_EQ(view->attempts.size(), 1U);
    EXPECT_EQ(view->state, DeliveryState::in_flight);
    EXPECT_EQ(view->attempts[0].number, 1);
    EXPECT_FALSE(view->attempts[0].ended_at);
    EXPECT_EQ(view->attempts[0].outcome, "");
}

TEST_F(OutboxTest, LooksUpWhatWasInFlightWhenTheHostDied) {
    dispatched({push("d1"), push("d2")});
    ASSERT_EQ(lease().size(), 1U);
    reopen();
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_EQ(leased[0].idempotency_key, "d1");
    EXPECT_TRUE(leased[0].look_up);
    EXPECT_EQ(leased[0].attempt, 1);
    auto const view = history().delivery(leased[0].id);
    ASSERT_EQ(view->attempts.size(), 2U);
    EXPECT_FALSE(view->attempts[0].ended_at);
    EXPECT_TRUE(view->attempts[1].look_up);
}

TEST_F(OutboxTest, PushesAgainAfterALookUpFoundNothing) {
    dispatched({push("d1")});
    settle(lease().at(0).id, DeliveryState::unknown, Outcome::unknown);
    clock_.advance(minutes(1));
    auto const look_up = lease();
    ASSERT_TRUE(look_up.at(0).look_up);
    EXPECT_EQ(look_up[0].look_ups, 0);
    settle(look_up[0].id, DeliveryState::unknown, Outcome::unknown);
    clock_.advance(minutes(1));
    auto const second = lease();
    EXPECT_EQ(second.at(0).look_ups, 1);
    settle(second[0].id, DeliveryState::pending, Outcome::retry);
    clock_.advance(minutes(1));
    auto const push_again = lease();
    ASSERT_EQ(push_again.size(), 1U);
    EXPECT_FALSE(push_again[0].look_up);
    EXPECT_EQ(push_again[0].attempt, 2);
    EXPECT_EQ(push_again[0].look_ups, 0);
}

TEST_F(OutboxTest, KeepsWhatTheAttemptBroughtBack) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    model::AttemptReport made = report(Outcome::delivered, "Created.");
    made.target_key = "emp-7";
    made.target_url = "https://goco.example.com/7";
    made.remote_request = "req-1";
    made.warnings = {{"department", "is not known to GoCo"}};
    ASSERT_TRUE(outbox().settle(id, {DeliveryState::delivered, {}, made, {}}));
    auto const view = history().delivery(id);
    EXPECT_EQ(view->state, DeliveryState::delivered);
    EXPECT_EQ(view->target_key, "emp-7");
    EXPECT_EQ(view->target_url, "https://goco.example.com/7");
    EXPECT_EQ(view->delivery.warnings, made.warnings);
    EXPECT_FALSE(view->due_at);
    EXPECT_EQ(view->attempts.at(0).outcome, "delivered");
    EXPECT_EQ(view->attempts[0].remote_request, "req-1");
    EXPECT_TRUE(view->attempts[0].ended_at);
}

TEST_F(OutboxTest, RefusesToSettleWhatIsNotInFlight) {
    dispatched({push("d1")});
    Settlement const settlement{DeliveryState::delivered, {}, report(Outcome::delivered), {}};
    EXPECT_EQ(outbox().settle(1, settlement).error().code, model::ErrorCode::failed_precondition);
    EXPECT_EQ(outbox().settle(99, settlement).error().code, model::ErrorCode::not_found);
    DeliveryId const id = lease().at(0).id;
    ASSERT_TRUE(outbox().settle(id, settlement));
    EXPECT_EQ(outbox().settle(id, settlement).error().code, model::ErrorCode::failed_precondition);
}

TEST_F(OutboxTest, RefusesAnEndThatIsNone) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    for (auto const state : {DeliveryState::in_flight, DeliveryState::discarded}) {
        auto const settled = outbox().settle(id, {state, {}, report(Outcome::delivered), {}});
        EXPECT_EQ(settled.error().code, model::ErrorCode::invalid_argument);
    }
}

TEST_F(OutboxTest, CommitsFollowUpsWithTheSettlement) {
    InboxId const item = dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    NewDelivery note = push("note-1", "opp-1");
    note.kind = DeliveryKind::feedback;
    note.connection = "lever";
    ASSERT_TRUE(outbox().settle(id, {DeliveryState::delivered, {}, report(Outcome::delivered), {note}}));
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_EQ(leased[0].kind, DeliveryKind::feedback);
    EXPECT_EQ(leased[0].about, id);
    EXPECT_EQ(leased[0].inbox_id, item);
    EXPECT_EQ(history().event_of(leased[0].id)->id, "event-1");
}

TEST_F(OutboxTest, KeepsADeliveryInFlightWhenAFollowUpIsRefused) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    auto const settled = outbox().settle(id, {DeliveryState::delivered, {}, report(Outcome::delivered), {push("")}});
    ASSERT_FALSE(settled);
    EXPECT_EQ(history().delivery(id)->state, DeliveryState::in_flight);
}

TEST_F(OutboxTest, PutsAReleasedDeliveryBackAsItWas) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    ASSERT_TRUE(outbox().release(id, clock_.now()));
    auto const view = history().delivery(id);
    EXPECT_EQ(view->state, DeliveryState::pending);
    EXPECT_TRUE(view->attempts.empty());
    EXPECT_EQ(lease().at(0).attempt, 1);
    ASSERT_FALSE(outbox().release(99, clock_.now()));
}

TEST_F(OutboxTest, PutsAReleasedLookUpBackAsUnknown) {
    dispatched({push("d1")});
    settle(lease().at(0).id, DeliveryState::unknown, Outcome::unknown);
    clock_.advance(minutes(1));
    DeliveryId const id = lease().at(0).id;
    ASSERT_TRUE(outbox().release(id, clock_.now()));
    EXPECT_EQ(history().delivery(id)->state, DeliveryState::unknown);
    auto const leased = lease();
    EXPECT_TRUE(leased.at(0).look_up);
    EXPECT_EQ(leased[0].attempt, 1);
}

TEST_F(OutboxTest, StartsADecidedDeliveryInItsFinalState) {  // A.42
    NewDelivery rejected = push("d1");
    rejected.decided = report(Outcome::rejected, "The e-mail is missing.");
    rejected.decided->fields = {{"personal_email", "is required"}};
    NewDelivery skipped = push("d2");
    skipped.decided = report(Outcome::skipped, "Filtered by rule.");
    InboxId const id = dispatched({rejected, skipped});
    EXPECT_TRUE(lease().empty());
    auto const view = history().show(id);
    ASSERT_EQ(view->deliveries.size(), 2U);
    EXPECT_EQ(view->deliveries[0].state, DeliveryState::dead);
    EXPECT_EQ(view->deliveries[0].fields, rejected.decided->fields);
    EXPECT_EQ(view->deliveries[1].state, DeliveryState::skipped);
    EXPECT_EQ(view->deliveries[0].reason, "The e-mail is missing.");
}

TEST_F(OutboxTest, RefusesADeliveryThatIsDecidedAsUndecided) {
    auto const verdict = inbox().accept(webhook("a"));
    NewDelivery odd = push("d1");
    odd.decided = report(Outcome::retry);
    auto const refused = inbox().dispatch(verdict->id, {{event("e"), {odd}}}, "");
    EXPECT_EQ(refused.error().code, model::ErrorCode::invalid_argument);
}

TEST_F(OutboxTest, MakesADeadDeliveryPendingAgainFromItsFirstAttempt) {  // A.43
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    settle(id, DeliveryState::dead, Outcome::rejected, "No such department.");
    ASSERT_TRUE(outbox().retry_now(id, false));
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_EQ(leased[0].attempt, 1);
    EXPECT_FALSE(leased[0].look_up);
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(OutboxTest, LooksUpARetriedDeliveryWhoseLastPushIsUnknown) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    settle(id, DeliveryState::dead, Outcome::unknown, "Nobody could say.");
    ASSERT_TRUE(outbox().retry_now(id, false));
    EXPECT_TRUE(lease().at(0).look_up);
}

TEST_F(OutboxTest, PushesAnUnknownDeliveryAgainWhenSomebodyWhoHasLookedForcesIt) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    settle(id, DeliveryState::dead, Outcome::unknown, "Nobody could say.");
    ASSERT_TRUE(outbox().retry_now(id, true));
    EXPECT_FALSE(lease().at(0).look_up);
}

TEST_F(OutboxTest, RetriesWhatEndedWellOnlyByForceAndNeverWhatIsOpen) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    settle(id, DeliveryState::skipped, Outcome::skipped);
    EXPECT_EQ(outbox().retry_now(id, false).error().code, model::ErrorCode::failed_precondition);
    EXPECT_TRUE(outbox().retry_now(id, true));
    EXPECT_EQ(outbox().retry_now(id, true).error().code, model::ErrorCode::failed_precondition);
    EXPECT_EQ(outbox().retry_now(99, true).error().code, model::ErrorCode::not_found);
}

TEST_F(OutboxTest, RefusesToRetryADeliveryWhoseRecordIsPurged) {
    dispatched({push("d1")});
    DeliveryId const id = lease().at(0).id;
    settle(id, DeliveryState::dead, Outcome::rejected);
    clock_.advance(hours(24 * 100));
    ASSERT_EQ(store_->purge(hours(24 * 90)).value().dead_letters, 1U);
    EXPECT_EQ(outbox().retry_now(id, false).error().code, model::ErrorCode::failed_precondition);
}

TEST_F(OutboxTest, DiscardsOnlyTheDead) {
    dispatched({push("d1")});
    EXPECT_EQ(outbox().discard(1, "Hired by hand.").error().code, model::ErrorCode::failed_precondition);
    settle(lease().at(0).id, DeliveryState::dead, Outcome::rejected);
    ASSERT_TRUE(outbox().discard(1, "Hired by hand."));
    auto const view = history().delivery(1);
    EXPECT_EQ(view->state, DeliveryState::discarded);
    EXPECT_EQ(view->reason, "Hired by hand.");
    EXPECT_EQ(outbox().discard(99, "").error().code, model::ErrorCode::not_found);
}

}  // namespace
}  // namespace crosswalk::store

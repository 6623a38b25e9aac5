// Runs: their turns commit whole, their cursor outlives the host, their counts come from their deliveries.
#include "store_fixture.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using model::ErrorCode;
using model::Outcome;

class RunsTest : public StoreFixture {
protected:
    // Dispatches the item that one polled event became, with one delivery.
    void dispatch(InboxId id, std::string const& key) {
        std::vector<DispatchedEvent> events;
        events.push_back({event(key, "posting-" + key), {push(key, "posting-" + key)}});
        ASSERT_TRUE(inbox().dispatch(id, std::move(events), ""));
    }
    void settle_with(DeliveryState end, Outcome outcome, std::string effect = {}) {
        auto const leased = lease(1);
        ASSERT_EQ(leased.size(), 1U);
        auto made = report(outcome);
        made.effect = std::move(effect);
        ASSERT_TRUE(outbox().settle(leased[0].id, {end, clock_.now() + std::chrono::minutes(1), made, {}}));
    }
};

TEST_F(RunsTest, CommitsATurnsEventsTogetherWithItsCursorAndItsProgress) {
    RunId const run = running();
    clock_.advance(std::chrono::seconds(5));
    auto const verdicts = turn(run, {"a", "b", "a"}, "page-2");
    ASSERT_TRUE(verdicts) << verdicts.error().detail;
    ASSERT_EQ(verdicts->size(), 3U);
    EXPECT_TRUE((*verdicts)[2].duplicate);
    EXPECT_EQ((*verdicts)[2].id, (*verdicts)[0].id);
    reopen();
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "page-2");
    auto const read = runs().read(run).value();
    EXPECT_EQ(read.state, RunState::running);
    EXPECT_EQ(read.turns, 1);
    EXPECT_EQ(read.events, 2);
    EXPECT_EQ(read.beat_at, clock_.now());
    auto const items = inbox().due("lever", clock_.now(), 10).value();
    ASSERT_EQ(items.size(), 2U);
    EXPECT_EQ(items[0].route, "jobs");
    EXPECT_EQ(items[0].run, run);
}

TEST_F(RunsTest, KeepsNeitherEventNorCursorOfATurnThatTheRunNoLongerTakes) {
    RunId const run = running();
    ASSERT_TRUE(runs().fail(run, "Given up."));
    auto const refused = turn(run, {"a"}, "page-2");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::failed_precondition);
    EXPECT_EQ(inbox().pending().value(), 0);
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "");
    EXPECT_EQ(history().conservation()->difference(), 0);
    RunId const next = running();
    EXPECT_FALSE(turn(next, {"a"})->at(0).duplicate);
}

TEST_F(RunsTest, RefusesATurnWithTooManyEvents) {
    auto const verdicts = turn(running(), std::vector<std::string>(10'001, "a"), "c");
    ASSERT_FALSE(verdicts);
    EXPECT_EQ(verdicts.error().code, ErrorCode::too_large);
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "");
}

TEST_F(RunsTest, SeesAKeyOncePerRouteAndApartFromWebhooks) {
    EXPECT_FALSE(inbox().accept(webhook("a"))->duplicate);
    EXPECT_FALSE(turn(running("one"), {"a"})->at(0).duplicate);
    RunId const two = running("two");
    EXPECT_FALSE(turn(two, {"a"})->at(0).duplicate);
    EXPECT_TRUE(turn(two, {"a"})->at(0).duplicate);
    EXPECT_TRUE(inbox().accept(webhook("a"))->duplicate);
}

TEST_F(RunsTest, HasOneUnfinishedRunPerRoute) {  // E.18
    RunId const run = running();
    EXPECT_EQ(runs().open("jobs", RunCause::signal, false).error().code, ErrorCode::already_exists);
    EXPECT_TRUE(runs().open("other", RunCause::signal, false));
    ASSERT_TRUE(turn(run, {}, std::nullopt, true));
    EXPECT_EQ(runs().read(run)->state, RunState::done);
    EXPECT_EQ(runs().read(run)->ended_at, clock_.now());
    EXPECT_TRUE(runs().open("jobs", RunCause::schedule, false));
}

TEST_F(RunsTest, GoesOnAtItsCursorAfterItWasSuspended) {
    RunId const run = running("jobs", true);
    ASSERT_TRUE(turn(run, {"a"}, "page-2"));
    ASSERT_TRUE(runs().suspend(run, "The connection lever is paused."));
    EXPECT_EQ(runs().read(run)->state, RunState::queued);
    EXPECT_EQ(runs().read(run)->reason, "The connection lever is paused.");
    reopen();
    ASSERT_EQ(runs().unfinished()->size(), 1U);
    ASSERT_TRUE(runs().begin(run, selection));
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "page-2");
    EXPECT_EQ(runs().read(run)->turns, 1);
}

TEST_F(RunsTest, BeginsAFullRunWithoutACursorAndAnIncrementalOneWithIt) {
    ASSERT_TRUE(turn(running(), {}, "since-monday", true));
    ASSERT_TRUE(turn(running(), {}, std::nullopt, true));
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "since-monday");
    running("jobs", true);
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "");
}

TEST_F(RunsTest, StartsAnewForAnotherSelection) {
    ASSERT_TRUE(turn(running(), {}, "since-monday", true));
    EXPECT_EQ(runs().cursor("jobs", "lever posting.changed {\"posting\":\"p\"}").value(), "");
    auto const other = runs().open("jobs", RunCause::person, false);
    ASSERT_TRUE(runs().begin(other->id, "lever posting.changed {\"posting\":\"p\"}"));
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "");
}

TEST_F(RunsTest, BecomesAFullOneWhenTheVendorForgotTheCursor) {
    RunId const run = running();
    ASSERT_TRUE(turn(run, {}, "old"));
    ASSERT_TRUE(runs().start_over(run, "The vendor no longer knows where the last run ended."));
    EXPECT_TRUE(runs().read(run)->full);
    EXPECT_EQ(runs().read(run)->state, RunState::running);
    EXPECT_EQ(runs().cursor("jobs", selection).value(), "");
}

TEST_F(RunsTest, CountsWhatBecameOfItsEvents) {  // C.23
    RunId const run = running();
    auto const taken = turn(run, {"a", "b", "c", "d", "e", "f", "g"}, std::nullopt, true).value();
    for (std::size_t i = 0; i < 5; ++i) {
        dispatch(taken[i].id, std::string(1, static_cast<char>('a' + i)));
    }
    ASSERT_TRUE(inbox().dispatch(taken[5].id, {}, "Filtered out."));
    settle_with(DeliveryState::delivered, Outcome::delivered, "created");
    settle_with(DeliveryState::delivered, Outcome::delivered, "updated");
    settle_with(DeliveryState::unchanged, Outcome::unchanged);
    settle_with(DeliveryState::dead, Outcome::rejected);
    auto const counts = runs().counts(run).value();
    EXPECT_EQ(counts.created, 1);
    EXPECT_EQ(counts.updated, 1);
    EXPECT_EQ(counts.unchanged, 1);
    EXPECT_EQ(counts.skipped, 1);
    EXPECT_EQ(counts.failed, 1);
    EXPECT_EQ(counts.waiting, 2);
    EXPECT_EQ(runs().counts(running("other"))->waiting, 0);
}

TEST_F(RunsTest, CountsADeliveryThatFailedOnceByItsLastEffect) {
    auto const taken = turn(running(), {"a"}).value();
    dispatch(taken[0].id, "a");
    settle_with(DeliveryState::pending, Outcome::retry);
    EXPECT_EQ(runs().counts(1)->waiting, 1);
    clock_.advance(std::chrono::minutes(2));
    settle_with(DeliveryState::delivered, Outcome::delivered, "created");
    EXPECT_EQ(runs().counts(1)->created, 1);
}

TEST_F(RunsTest, ListsTheEventsThatARunBrought) {
    ASSERT_TRUE(inbox().accept(webhook("w")));
    RunId const run = running();
    ASSERT_TRUE(turn(run, {"a"}));
    EventFilter filter;
    filter.run = run;
    auto const found = history().list(filter).value();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].type, "posting.changed");
}

TEST_F(RunsTest, ReplaysAPolledEventForItsRouteAlone) {
    auto const taken = turn(running(), {"a"}).value();
    ASSERT_TRUE(inbox().dispatch(taken[0].id, {}, "Nobody wanted it."));
    auto const again = inbox().replay(taken[0].id).value();
    EXPECT_EQ(inbox().read(again)->route, "jobs");
}

TEST_F(RunsTest, FailsWithItsWordsAndTheMailInOneCommit) {
    RunId const run = running();
    NewDelivery mail = push("run-1/email");
    mail.kind = DeliveryKind::notice;
    mail.connection = "@notify";
    ASSERT_TRUE(runs().fail(run, "The vendor refuses the selection.", {mail}));
    EXPECT_EQ(runs().read(run)->state, RunState::failed);
    EXPECT_EQ(runs().read(run)->reason, "The vendor refuses the selection.");
    EXPECT_EQ(keys(lease()), (std::vector<std::string>{"run-1/email"}));
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(RunsTest, KnowsARoutesLastRunItsLastFullOneAndItsLastSuccess) {
    EXPECT_FALSE(runs().of_route("jobs")->last);
    RunId const full = running("jobs", true);
    ASSERT_TRUE(turn(full, {}, "c", true));
    auto const done = clock_.now();
    clock_.advance(std::chrono::hours(1));
    RunId const failed = running();
    ASSERT_TRUE(runs().fail(failed, "x"));
    auto const known = runs().of_route("jobs").value();
    EXPECT_EQ(known.last->id, failed);
    EXPECT_EQ(known.last_full->id, full);
    EXPECT_EQ(known.last_done_at, done);
}

TEST_F(RunsTest, PagesItsListNewestFirst) {
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(turn(running(), {}, std::nullopt, true));
    }
    auto const first = runs().list("jobs", 0, 2).value();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].id, 3);
    EXPECT_EQ(runs().list("jobs", first[1].id, 2)->size(), 1U);
    EXPECT_EQ(runs().by_state()->at("done"), 3);
    EXPECT_EQ(runs().read(99).error().code, ErrorCode::not_found);
}

TEST_F(RunsTest, ForgetsOldRunsThatBroughtNothingButNotTheLastOfEachKind) {
    RunId const full = running("jobs", true);
    ASSERT_TRUE(turn(full, {}, "c", true));
    RunId const with_events = running();
    ASSERT_TRUE(turn(with_events, {"a"}, std::nullopt, true));
    RunId const empty = running();
    ASSERT_TRUE(turn(empty, {}, std::nullopt, true));
    RunId const last = running();
    ASSERT_TRUE(turn(last, {}, std::nullopt, true));
    clock_.advance(std::chrono::hours(100));
    EXPECT_EQ(runs().purge(std::chrono::hours(99)).value(), 1U);
    EXPECT_FALSE(runs().read(empty));
    EXPECT_TRUE(runs().read(full));
    EXPECT_TRUE(runs().read(with_events));
    EXPECT_TRUE(runs().read(last));
}

}  // namespace
}  // namespace crosswalk::store

#include "store_fixture.hpp"

#include <gmock/gmock.h>

#include <thread>

namespace crosswalk::store {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;

class InboxTest : public StoreFixture {};

TEST_F(InboxTest, GivesBackAWebhookByteForByte) {
    Accepted item = webhook("k1");
    item.raw.headers.emplace_back("X-Name", "caf\xe9 \"quoted\"");  // not UTF-8, as some vendors send
    item.raw.body = std::string("\0\xff{}", 4);
    auto const verdict = inbox().accept(item);
    ASSERT_TRUE(verdict);
    reopen();
    auto const read = inbox().read(verdict->id);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(read->raw.method, "POST");
    EXPECT_EQ(read->raw.target, "/hooks/lever");
    EXPECT_EQ(read->raw.headers, item.raw.headers);
    EXPECT_EQ(read->raw.body, item.raw.body);
    EXPECT_EQ(read->connection, "lever");
    EXPECT_EQ(read->received_at, clock_.now());
    EXPECT_FALSE(read->event);
}

TEST_F(InboxTest, GivesBackAPolledEvent) {
    Accepted item;
    item.connection = "lever";
    item.dedupe_key = "k1";
    item.event = event("e1");
    auto const verdict = inbox().accept(item);
    ASSERT_TRUE(verdict);
    auto const read = inbox().read(verdict->id);
    ASSERT_TRUE(read && read->event);
    EXPECT_EQ(read->event->id, "e1");
    EXPECT_EQ(read->event->title, "Ada Example");
    EXPECT_EQ(read->event->occurred_unix_ms, 1'795'334'400'000);
    EXPECT_EQ(read->event->record.json, "{\"first_name\":\"Ada\"}");
}

TEST_F(InboxTest, CallsTheSecondOfTwoEqualKeysADuplicateOfTheFirst) {  // A.21
    auto const first = inbox().accept(webhook("k1"));
    auto const second = inbox().accept(webhook("k1"));
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(first->duplicate);
    EXPECT_TRUE(second->duplicate);
    EXPECT_EQ(second->id, first->id);
    EXPECT_EQ(store_->status().duplicates, 1U);
    EXPECT_EQ(inbox().pending().value(), 1);
}

TEST_F(InboxTest, KeepsEqualKeysOfTwoConnectionsApart) {
    ASSERT_TRUE(inbox().accept(webhook("k1", "lever")));
    auto const other = inbox().accept(webhook("k1", "greenhouse"));
    ASSERT_TRUE(other);
    EXPECT_FALSE(other->duplicate);
}

TEST_F(InboxTest, NeverCallsAnItemWithoutAKeyADuplicate) {
    ASSERT_TRUE(inbox().accept(webhook("")));
    auto const second = inbox().accept(webhook(""));
    ASSERT_TRUE(second);
    EXPECT_FALSE(second->duplicate);
}

TEST_F(InboxTest, RemembersKeysAcrossARestart) {  // F.4
    auto const first = inbox().accept(webhook("k1"));
    reopen();
    auto const second = inbox().accept(webhook("k1"));
    ASSERT_TRUE(first && second);
    EXPECT_TRUE(second->duplicate);
    EXPECT_EQ(second->id, first->id);
}

TEST_F(InboxTest, ForgetsAKeyWhenItsWindowHasPassed) {
    auto const first = inbox().accept(webhook("k1"));
    clock_.advance(options_.dedupe_window + hours(1));
    auto const second = inbox().accept(webhook("k1"));
    auto const third = inbox().accept(webhook("k1"));
    ASSERT_TRUE(first && second && third);
    EXPECT_FALSE(second->duplicate);
    EXPECT_NE(second->id, first->id);
    EXPECT_TRUE(third->duplicate);
    EXPECT_EQ(third->id, second->id);
}

TEST_F(InboxTest, MakesOneRowOfTheSameKeySentByManyThreadsAtOnce) {
    constexpr int threads = 16;
    std::vector<std::thread> senders;
    std::atomic<int> firsts{0};
    std::atomic<InboxId> ids{0};
    for (int i = 0; i < threads; ++i) {
        senders.emplace_back([&] {
            auto const verdict = Inbox(*store_).accept(webhook("same"));
            firsts += verdict && !verdict->duplicate ? 1 : 0;
            ids += verdict ? verdict->id : 1000;
        });
    }
    for (auto& sender : senders) {
        sender.join();
    }
    EXPECT_EQ(firsts, 1);
    EXPECT_EQ(ids, threads);  // everyone got id 1
    EXPECT_EQ(inbox().pending().value(), 1);
}

TEST_F(InboxTest, HandsOutDueItemsOfOneConnectionOldestFirst) {
    auto const a = inbox().accept(webhook("a"));
    ASSERT_TRUE(inbox().accept(webhook("x", "greenhouse")));
    auto const b = inbox().accept(webhook("b"));
    ASSERT_TRUE(a && b);
    auto const due = inbox().due("lever", clock_.now(), 10);
    ASSERT_TRUE(due) << due.error().detail;
    ASSERT_EQ(due->size(), 2U);
    EXPECT_EQ((*due)[0].id, a->id);
    EXPECT_EQ((*due)[1].id, b->id);
    EXPECT_EQ(inbox().due("lever", clock_.now(), 1)->size(), 1U);
}

class InboxTurns : public InboxTest {
protected:
    [[nodiscard]] std::vector<InboxId> due(std::size_t limit = 100) {
        std::vector<InboxId> ids;
        for (InboxItem const& item : inbox().due("lever", clock_.now(), limit).value()) {
            ids.push_back(item.id);
        }
        return ids;
    }
    InboxId hear(std::string const& key) { return inbox().accept(webhook(key))->id; }
    InboxId sweep(std::string const& key) {
        auto item = webhook(key);
        item.raw = {};
        item.event = event(key);
        item.swept = true;
        return inbox().accept(std::move(item))->id;
    }
};

TEST_F(InboxTurns, LetAWebhookInBesideALongBacklogOfARun) {
    std::vector<std::string> backlog;
    for (int i = 0; i < 1000; ++i) {
        backlog.push_back("p" + std::to_string(i));
    }
    auto const run = running();
    auto const polled = turn(run, backlog).value();
    InboxId const first = hear("a");
    InboxId const second = hear("b");
    EXPECT_THAT(due(5), ElementsAre(first, polled[0].id, second, polled[1].id, polled[2].id));
    EXPECT_EQ(due(1000).size(), 1000U);
    EXPECT_EQ(due(2000).size(), 1002U) << "each once";
}

TEST_F(InboxTurns, AreOfWebhooksPollsAndSweeps) {
    auto const run = running();
    auto const polled = turn(run, {"p0", "p1"}).value();
    InboxId const swept = sweep("s0");
    InboxId const heard = hear("a");
    EXPECT_THAT(due(), ElementsAre(heard, polled[0].id, swept, polled[1].id));
}

TEST_F(InboxTurns, LetNothingOvertakeAnOlderWebhook) {
    InboxId const first = hear("a");
    InboxId const second = hear("b");
    auto const run = running();
    auto const polled = turn(run, {"p0"}).value();
    InboxId const third = hear("c");
    EXPECT_THAT(due(), ElementsAre(first, second, polled[0].id, third));
}

TEST_F(InboxTurns, SayWhatOfTheSameSubjectWasOvertaken) {
    auto const run = running();
    auto const polled = turn(run, {"p0", "p1"}).value();  // both about person-1
    (void)hear("a");
    auto const items = inbox().due("lever", clock_.now(), 10).value();
    ASSERT_EQ(items.size(), 3U);
    EXPECT_TRUE(items[0].overtakes);
    auto const before = inbox().overtaken(items[0], "person-1", clock_.now()).value();
    ASSERT_EQ(before.size(), 2U);
    EXPECT_EQ(before[0].id, polled[0].id);
    EXPECT_EQ(before[1].event->id, "p1");
    EXPECT_TRUE(inbox().overtaken(items[0], "person-2", clock_.now())->empty());
    ASSERT_TRUE(inbox().retry_at(polled[0].id, clock_.now() + minutes(5), {model::ErrorCode::unavailable, "Away."}));
    EXPECT_EQ(inbox().overtaken(items[0], "person-1", clock_.now())->size(), 1U) << "what is kept parks nobody";
    ASSERT_TRUE(inbox().dispatch(polled[1].id, {}, "Nobody wanted it."));
    EXPECT_TRUE(inbox().overtaken(items[0], "person-1", clock_.now())->empty());
}

TEST_F(InboxTurns, CostAConnectionWithoutABacklogNothing) {
    (void)hear("a");
    (void)hear("b");
    for (InboxItem const& item : inbox().due("lever", clock_.now(), 10).value()) {
        EXPECT_FALSE(item.overtakes);
    }
}

TEST_F(InboxTurns, KnowTheNextDueTimeOfEveryOrigin) {
    auto const run = running();
    auto const polled = turn(run, {"p0"}).value();
    auto const later = clock_.now() + minutes(5);
    ASSERT_TRUE(inbox().retry_at(polled[0].id, later, {model::ErrorCode::unavailable, "Away."}));
    EXPECT_EQ(inbox().next_due("lever").value(), later);
    ASSERT_TRUE(inbox().retry_at(sweep("s0"), later - minutes(1), {model::ErrorCode::unavailable, "Away."}));
    EXPECT_EQ(inbox().next_due("lever").value(), later - minutes(1));
    (void)hear("a");
    EXPECT_EQ(inbox().next_due("lever").value(), clock_.now());
}

TEST_F(InboxTest, KeepsARetriedItemBackUntilItIsDue) {
    auto const verdict = inbox().accept(webhook("a"));
    auto const later = clock_.now() + minutes(5);
    ASSERT_TRUE(inbox().retry_at(verdict->id, later, {model::ErrorCode::unavailable, "The vendor is down."}));
    EXPECT_TRUE(inbox().due("lever", clock_.now(), 10)->empty());
    EXPECT_EQ(inbox().next_due("lever").value(), later);
    clock_.advance(minutes(5));
    auto const due = inbox().due("lever", clock_.now(), 10);
    ASSERT_EQ(due->size(), 1U);
    EXPECT_EQ(due->front().attempts, 1);
    EXPECT_EQ(history().show(verdict->id)->summary.reason, "The vendor is down.");
}

TEST_F(InboxTest, SendsANoticeAboutAnItemThatIsKept) {
    auto const verdict = inbox().accept(webhook("a"));
    NewDelivery notice = push("notice-1");
    notice.kind = DeliveryKind::notice;
    ASSERT_TRUE(inbox().retry_at(verdict->id, clock_.now(), {model::ErrorCode::unauthenticated, "Refused."}, {notice}));
    auto const leased = lease();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_EQ(leased.front().kind, DeliveryKind::notice);
    EXPECT_EQ(inbox().due("lever", clock_.now(), 10)->size(), 1U);
    EXPECT_EQ(history().conservation()->held, 1);
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(InboxTest, HasNoNextDueTimeWhenNothingIsPending) {
    dispatched({});
    EXPECT_FALSE(inbox().next_due("lever").value().has_value());
    EXPECT_EQ(inbox().pending().value(), 0);
}

TEST_F(InboxTest, CountsPendingItemsAgainAfterARestart) {
    ASSERT_TRUE(inbox().accept(webhook("a")));
    ASSERT_TRUE(inbox().accept(webhook("b")));
    dispatched({push("d1")});
    reopen();
    EXPECT_EQ(inbox().pending().value(), 2);
}

TEST_F(InboxTest, MarksAnItemThatNoRouteWantedAsFiltered) {
    InboxId const id = dispatched({});
    auto const view = history().show(id);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->summary.state, "filtered");
    EXPECT_EQ(view->summary.reason, "No route wanted it.");
}

TEST_F(InboxTest, DoesNothingWhenAnItemIsDispatchedTwice) {
    InboxId const id = dispatched({push("d1")});
    ASSERT_TRUE(inbox().dispatch(id, {{event("again"), {push("d2")}}}, ""));
    EXPECT_EQ(history().show(id)->deliveries.size(), 1U);
    EXPECT_EQ(inbox().pending().value(), 0);
}

TEST_F(InboxTest, SaysThatAnUnknownItemIsUnknown) {
    EXPECT_EQ(inbox().read(99).error().code, model::ErrorCode::not_found);
    EXPECT_EQ(inbox().dispatch(99, {}, "").error().code, model::ErrorCode::not_found);
    EXPECT_EQ(inbox().bury(99, {}, {}).error().code, model::ErrorCode::not_found);
    EXPECT_EQ(inbox().retry_at(99, clock_.now(), {}).error().code, model::ErrorCode::not_found);
    EXPECT_EQ(inbox().replay(99).error().code, model::ErrorCode::not_found);
}

TEST_F(InboxTest, LeavesAnItemPendingWhenOneOfItsDeliveriesIsRefused) {
    auto const verdict = inbox().accept(webhook("a"));
    auto const refused =
        inbox().dispatch(verdict->id, {{event("e"), {push("good")}}, {event("f"), {push("better"), push("")}}}, "");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, model::ErrorCode::invalid_argument);
    EXPECT_EQ(inbox().due("lever", clock_.now(), 10)->size(), 1U);
    EXPECT_EQ(inbox().pending().value(), 1);
    EXPECT_TRUE(lease().empty());
    EXPECT_EQ(history().conservation()->difference(), 0);
}

TEST_F(InboxTest, BuriesAnItemTogetherWithItsNotice) {
    auto const verdict = inbox().accept(webhook("a"));
    NewDelivery notice = push("notice-1");
    notice.kind = DeliveryKind::notice;
    ASSERT_TRUE(inbox().bury(verdict->id, {model::ErrorCode::invalid_argument, "No candidate in it."}, {notice}));
    auto const view = history().show(verdict->id);
    EXPECT_EQ(view->summary.state, "dead");
    EXPECT_EQ(view->summary.reason, "No candidate in it.");
    EXPECT_EQ(view->deliveries.size(), 1U);
    EXPECT_EQ(inbox().pending().value(), 0);
}

TEST_F(InboxTest, ReplaysAnEndedItemAsANewOneThatPointsToIt) {  // F.3
    InboxId const id = dispatched({push("d1")});
    auto const replay = inbox().replay(id);
    ASSERT_TRUE(replay) << replay.error().detail;
    auto const due = inbox().due("lever", clock_.now(), 10);
    ASSERT_EQ(due->size(), 1U);
    EXPECT_EQ(due->front().id, *replay);
    EXPECT_EQ(due->front().replay_of, id);
    EXPECT_EQ(due->front().raw.body, "{\"id\":\"item-1\"}");
    auto const again = inbox().accept(webhook("item-1"));
    EXPECT_EQ(again->id, id) << "the dedupe key stays with the first";
}

TEST_F(InboxTest, RefusesToReplayAPendingItem) {
    auto const verdict = inbox().accept(webhook("a"));
    EXPECT_EQ(inbox().replay(verdict->id).error().code, model::ErrorCode::failed_precondition);
}

TEST_F(InboxTest, RefusesToReplayAnItemWhosePayloadIsPurged) {
    InboxId const id = dispatched({});
    clock_.advance(hours(24 * 91));
    EXPECT_EQ(store_->purge(hours(24 * 90)).value().payloads, 1U);
    EXPECT_EQ(inbox().replay(id).error().code, model::ErrorCode::failed_precondition);
}

}  // namespace
}  // namespace crosswalk::store

#include "store_fixture.hpp"

#include <gmock/gmock.h>

namespace crosswalk::store {
namespace {

using model::ErrorCode;
using model::Outcome;
using testing::ElementsAre;
using testing::IsEmpty;

class HistoryTest : public StoreFixture {
protected:
    std::vector<InboxId> ids(EventFilter const& filter) {
        auto const found = history().list(filter);
        EXPECT_TRUE(found) << found.error().detail;
        std::vector<InboxId> listed;
        for (EventSummary const& summary : *found) {
            listed.push_back(summary.id);
        }
        return listed;
    }
    static EventFilter where(std::string EventFilter::*field, std::string value) {
        EventFilter filter;
        filter.*field = std::move(value);
        return filter;
    }
};

TEST_F(HistoryTest, ListsTheNewestFirstInPages) {
    for (int i = 1; i <= 5; ++i) {
        dispatched({push("d" + std::to_string(i))});
    }
    EventFilter filter;
    filter.limit = 2;
    EXPECT_THAT(ids(filter), ElementsAre(5, 4));
    filter.before = 4;
    EXPECT_THAT(ids(filter), ElementsAre(3, 2));
    filter.before = 1;
    EXPECT_THAT(ids(filter), IsEmpty());
}

TEST_F(HistoryTest, FindsAPartOfATitleInAnyCase) {  // F.3
    dispatched({push("d1")}, "Åsa Example");
    dispatched({push("d2")}, "Bob 100% Example");
    EXPECT_THAT(ids(where(&EventFilter::text, "åSA ex")), ElementsAre(1));
    EXPECT_THAT(ids(where(&EventFilter::text, "100%")), ElementsAre(2));
    EXPECT_THAT(ids(where(&EventFilter::text, "_")), IsEmpty());
}

TEST_F(HistoryTest, FindsByStateOfTheItemOrOfOneOfItsDeliveries) {
    ASSERT_TRUE(inbox().accept(webhook("received")));  // 1
    dispatched({});                                    // 2
    dispatched({push("d3", "c")});                     // 3
    settle(lease().at(0).id, DeliveryState::dead, Outcome::rejected);
    auto const buried = inbox().accept(webhook("dead"));  // 4
    ASSERT_TRUE(inbox().bury(buried->id, {ErrorCode::invalid_argument, "x"}, {}));
    dispatched({push("d5", "e")});  // 5
    EXPECT_THAT(ids(where(&EventFilter::state, "received")), ElementsAre(1));
    EXPECT_THAT(ids(where(&EventFilter::state, "filtered")), ElementsAre(2));
    EXPECT_THAT(ids(where(&EventFilter::state, "dead")), ElementsAre(4, 3));
    EXPECT_THAT(ids(where(&EventFilter::state, "pending")), ElementsAre(5));
    EXPECT_THAT(ids(where(&EventFilter::state, "dispatched")), ElementsAre(5, 3));
    EXPECT_EQ(history().list(where(&EventFilter::state, "gone")).error().code, ErrorCode::invalid_argument);
}

TEST_F(HistoryTest, FindsByConnectionAndByRoute) {
    dispatched({push("d1")});
    ASSERT_TRUE(inbox().accept(webhook("x", "greenhouse")));
    EXPECT_THAT(ids(where(&EventFilter::connection, "greenhouse")), ElementsAre(2));
    EXPECT_THAT(ids(where(&EventFilter::route, "hires")), ElementsAre(1));
    EXPECT_THAT(ids(where(&EventFilter::route, "nothing")), IsEmpty());
}

TEST_F(HistoryTest, LooksPastMoreRowsThanOneReadCovers) {
    dispatched({push("d1")}, "Needle");
    tamper(
        "WITH RECURSIVE n(i) AS (VALUES (2) UNION ALL SELECT i + 1 FROM n WHERE i < 45000)"
        " INSERT INTO inbox (id, connection, event_type, received_us, state, due_us) SELECT i, 'x', '', 0, 1, 0 FROM "
        "n");
    EXPECT_THAT(ids(where(&EventFilter::text, "needle")), ElementsAre(1));
}

TEST_F(HistoryTest, ShowsAnEventWithAllThatCameOfIt) {
    NewDelivery note = push("note", "opp-1");
    note.kind = DeliveryKind::feedback;
    InboxId const id = dispatched({push("d1"), note});
    settle(lease().at(0).id, DeliveryState::skipped, Outcome::skipped, "A person with this name exists.");
    auto const view = history().show(id);
    ASSERT_TRUE(view) << view.error().detail;
    EXPECT_EQ(view->summary.title, "Ada Example");
    EXPECT_EQ(view->summary.type, "candidate.hired");
    EXPECT_EQ(view->summary.subject, "person-1");
    ASSERT_EQ(view->summary.routes.size(), 1U) << "feedback is no route outcome";
    EXPECT_EQ(view->summary.routes[0].state, "skipped");
    EXPECT_EQ(view->summary.routes[0].reason, "A person with this name exists.");
    ASSERT_EQ(view->events.size(), 1U);
    EXPECT_EQ(view->events[0].record.json, "{\"first_name\":\"Ada\"}");
    EXPECT_EQ(view->deliveries.size(), 2U);
}

TEST_F(HistoryTest, SaysThatAnUnknownIdIsUnknown) {
    EXPECT_EQ(history().show(9).error().code, ErrorCode::not_found);
    EXPECT_EQ(history().delivery(9).error().code, ErrorCode::not_found);
    EXPECT_EQ(history().event_of(9).error().code, ErrorCode::not_found);
}

TEST_F(HistoryTest, HasNoEventForANoticeOfAnItemThatCouldNotBeRead) {
    auto const verdict = inbox().accept(webhook("a"));
    NewDelivery notice = push("n1");
    notice.kind = DeliveryKind::notice;
    ASSERT_TRUE(inbox().bury(verdict->id, {ErrorCode::invalid_argument, "x"}, {notice}));
    EXPECT_EQ(history().event_of(1).error().code, ErrorCode::not_found);
}

TEST_F(HistoryTest, KeepsTheStoryButNotTheRecordsOfAPurgedEvent) {  // A.46
    InboxId const done = dispatched({push("d1")});
    settle(lease().at(0).id, DeliveryState::delivered, Outcome::delivered);
    InboxId const open = dispatched({push("d2")});
    clock_.advance(std::chrono::hours(24 * 91));
    EXPECT_EQ(store_->purge(std::chrono::hours(24 * 90)).value().payloads, 1U);
    auto const view = history().show(done);
    EXPECT_EQ(view->summary.title, "Ada Example");
    EXPECT_EQ(view->events.at(0).record.json, "");
    EXPECT_EQ(view->deliveries.at(0).delivery.record.json, "");
    EXPECT_EQ(view->deliveries[0].attempts.size(), 1U);
    EXPECT_NE(history().show(open)->events.at(0).record.json, "") << "an open delivery keeps its event";
    EXPECT_EQ(store_->purge(std::chrono::hours(24 * 90)).value().payloads, 0U);
}

}  // namespace
}  // namespace crosswalk::store

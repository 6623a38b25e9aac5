// Rounds, windows, pages, what is missing and what is said about it; against a store and a connector that lists.
#include "sweep/sweeper.hpp"

#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace crosswalk::sweep {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;
using plugin_host::PollResult;
using plugin_host::ProbeReport;
using plugin_host::SweepRequest;
using std::chrono::hours;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SweeperTest : public testing::Test {
protected:
    SweeperTest() {
        connector.on_sweep = [this](SweepRequest const& request) { return list(request); };
        connector.on_diagnose = [this](std::string const& url, std::vector<std::string> const&) -> Result<ProbeReport> {
            ++diagnoses;
            asked_url = url;
            return ProbeReport{{{"hook", "It was deleted."}}};
        };
        make();
    }
    void make() {
        sweeper.reset();
        std::map<std::string, Source> sources;
        sources.emplace(
            "lever",
            Source{connector, pace, model::Secret("https://x.example.com/hooks/lever"), [this] { return wanted; },
                   [](model::Event const& event) { return std::vector<std::string>{"key of " + event.id}; }});
        metrics = std::make_unique<telemetry::Metrics>();
        sweeper = std::make_unique<Sweeper>(
            std::move(sources),
            Surroundings{limits, store.inbox, arrivals, store.state, clock, store.logger(), *metrics,
                         [this](std::string const&) { ++stored; },
                         [this](std::string const&, std::int64_t missing, std::vector<model::FieldProblem> const& why) {
                             told.push_back(std::to_string(missing) + " " + (why.empty() ? "" : why[0].reason));
                         }});
    }
    // What the vendor holds: event ids by the time at which they happened; pages of `page_size`.
    Result<PollResult> list(SweepRequest const& request) {
        requests.push_back(request);
        if (refusal) {
            return *refusal;
        }
        PollResult page;
        std::size_t const first = request.cursor.empty() ? 0 : std::stoul(request.cursor);
        std::size_t seen = 0;
        for (auto const& [id, at] : happened) {
            std::int64_t const ms = model::to_unix_ms(at);
            if (ms < request.from_unix_ms || ms >= request.to_unix_ms || seen++ < first) {
                continue;
            }
            if (page.events.size() == page_size) {
                page.more = true;
                break;
            }
            page.events.push_back({id, request.event, "person:" + id, id, ms, {"fake.ref/1", id, "{}"}});
        }
        page.cursor = std::to_string(first + page.events.size());
        return page;
    }
    // An event that came by webhook and was dispatched.
    void came(std::string const& id) {
        auto const item = store.inbox.accept({"lever", "candidate.hired", "webhook " + id, {}, {}, false});
        ASSERT_TRUE(item);
        dispatch(item->id, id);
    }
    void dispatch(store::InboxId item, std::string const& id) {
        store::NewDelivery delivery;
        delivery.route = "hires";
        delivery.connection = "goco";
        delivery.action = "create";
        delivery.subject = "person:" + id;
        delivery.idempotency_key = "key of " + id;
        delivery.record = {"fake.person/1", {}, "{}"};
        std::vector<store::DispatchedEvent> events;
        events.push_back({{id, "candidate.hired", "person:" + id, id, 0, {"fake.hire/1", {}, "{}"}}, {delivery}});
        ASSERT_TRUE(store.inbox.dispatch(item, std::move(events), ""));
    }
    // Looks until the round is over or something keeps it.
    void round(int looks_max = 50) {
        std::size_t before = requests.size() + 1;
        for (int i = 0; i < looks_max && requests.size() != before; ++i) {
            before = requests.size();
            (void)sweeper->look();
            clock.advance(limits.page_pause);
        }
    }
    [[nodiscard]] std::vector<std::string> taken() {
        std::vector<std::string> ids;
        auto const due = store.inbox.due("lever", clock.now(), 100);
        EXPECT_TRUE(due);
        for (store::InboxItem const& item : *due) {
            EXPECT_EQ(item.run, store::from_sweep);
            ids.push_back(item.event ? item.event->id : "");
        }
        return ids;
    }
    void dispatch_taken() {
        auto const due = store.inbox.due("lever", clock.now(), 100);
        ASSERT_TRUE(due);
        for (store::InboxItem const& item : *due) {
            dispatch(item.id, item.event->id);
        }
    }
    void hired(std::string const& id) { happened.emplace_back(id, clock.now()); }
    // The first look begins the stretch; then the sweeps have `ago` to look back over.
    void begin(hours ago = hours(2)) {
        (void)sweeper->look();
        clock.advance(ago);
    }
    // A store that a test can fill.
    static store::StoreOptions small() {
        store::StoreOptions options;
        options.bytes_max = std::size_t{4} * 1024 * 1024;
        return options;
    }
    [[nodiscard]] std::string metric() const { return metrics->render(); }

    support::FakeClock clock;
    support::TestStore store{clock, small()};
    store::Arrivals arrivals{store.store()};
    support::FakeConnector connector;
    Pace pace;
    Limits limits;
    std::vector<std::string> wanted{"candidate.hired"};
    std::vector<std::pair<std::string, model::TimePoint>> happened;
    std::size_t page_size = 100;
    std::optional<Error> refusal;
    std::vector<SweepRequest> requests;
    std::string asked_url;
    int diagnoses = 0;
    int stored = 0;
    std::vector<std::string> told;
    std::unique_ptr<telemetry::Metrics> metrics;
    std::unique_ptr<Sweeper> sweeper;
};

TEST_F(SweeperTest, TakesWhatNeverCameAndNothingElse) {
    begin();
    hired("h-1");
    hired("h-2");
    came("h-1");
    clock.advance(hours(1));
    round();
    EXPECT_THAT(taken(), ElementsAre("h-2"));
    EXPECT_EQ(stored, 1);
    auto const memory = sweeper->memory("lever");
    EXPECT_EQ(memory->missing, 1);
    EXPECT_EQ(memory->listed, 2);
    EXPECT_EQ(memory->ended_at.has_value(), true);
    EXPECT_THAT(metric(), HasSubstr("crosswalk_sweep_missing_total{connection=\"lever\"} 1"));
}

TEST_F(SweeperTest, SaysOnceWhyItWasMissing) {
    begin();
    hired("h-1");
    clock.advance(hours(1));
    round();
    EXPECT_EQ(diagnoses, 1);
    EXPECT_EQ(asked_url, "https://x.example.com/hooks/lever");
    EXPECT_THAT(told, ElementsAre("1 It was deleted."));
    EXPECT_EQ(sweeper->memory("lever")->cause, "missing");
    EXPECT_EQ(sweeper->memory("lever")->findings.at(0).reason, "It was deleted.");
    EXPECT_THAT(store.log(), HasSubstr("A vendor did not send events; a sweep found them."));
    dispatch_taken();
    clock.advance(hours(1));
    round();
    EXPECT_EQ(told.size(), 1U);
    EXPECT_EQ(sweeper->memory("lever")->missing, 0);
}

TEST_F(SweeperTest, TheReasonStaysUntilTheVendorSendsAgain) {
    begin();
    hired("h-1");
    clock.advance(hours(1));
    round();
    dispatch_taken();
    clock.advance(hours(1));
    round();
    EXPECT_FALSE(sweeper->memory("lever")->findings.empty());
    came("h-2");
    clock.advance(hours(1));
    round();
    EXPECT_TRUE(sweeper->memory("lever")->findings.empty());
}

TEST_F(SweeperTest, NeverLooksBackBeyondTheMomentAtWhichARouteTookTheEvent) {
    hired("long-ago");
    clock.advance(hours(5));
    auto const started = clock.now();
    begin();
    round();
    ASSERT_FALSE(requests.empty());
    EXPECT_EQ(requests.back().from_unix_ms, model::to_unix_ms(started));
    EXPECT_THAT(taken(), IsEmpty());
}

TEST_F(SweeperTest, ARouteThatWasStoppedInBetweenBeginsAnew) {
    begin(hours(1));
    wanted.clear();
    (void)sweeper->look();
    hired("while-stopped");
    clock.advance(hours(2));
    wanted = {"candidate.hired"};
    (void)sweeper->look();
    clock.advance(hours(2));
    round();
    EXPECT_THAT(taken(), IsEmpty());
}

TEST_F(SweeperTest, LeavesWhatIsYoungerThanSettleForTheWebhook) {
    begin();
    hired("h-1");
    clock.advance(minutes(9));
    round();
    EXPECT_THAT(taken(), IsEmpty());
    clock.advance(hours(1));
    round();
    EXPECT_THAT(taken(), ElementsAre("h-1"));
}

TEST_F(SweeperTest, LooksBackAsFarAsItWasAway) {
    begin();
    round();
    auto const last_to = requests.back().to_unix_ms;
    clock.advance(hours(24 * 10));
    make();
    round();
    EXPECT_EQ(requests.back().from_unix_ms, last_to);
}

TEST_F(SweeperTest, OtherwiseLooksBackThreeDaysEachTime) {
    begin(hours(24 * 5));
    round();
    clock.advance(hours(1));
    auto const looked_at = clock.now();
    round();
    EXPECT_EQ(requests.back().from_unix_ms, model::to_unix_ms(looked_at - hours(72)));
}

TEST_F(SweeperTest, OverlappingWindowsTakeNothingTwice) {
    begin();
    hired("h-1");
    for (int i = 0; i < 3; ++i) {
        clock.advance(hours(1));
        round();
    }
    EXPECT_THAT(taken(), ElementsAre("h-1"));
    EXPECT_EQ(told.size(), 1U);
}

TEST_F(SweeperTest, ReadsEveryPageWithAPauseAndCountsTheRoundAsOne) {
    page_size = 2;
    begin();
    for (char const* id : {"a", "b", "c", "d", "e"}) {
        hired(id);
    }
    clock.advance(hours(1));
    auto const next = sweeper->look();
    EXPECT_EQ(next - clock.now(), limits.page_pause);
    dispatch_taken();
    clock.advance(limits.page_pause);
    (void)sweeper->look();
    dispatch_taken();
    clock.advance(limits.page_pause);
    (void)sweeper->look();
    EXPECT_THAT(taken(), ElementsAre("e"));
    EXPECT_THAT(told, ElementsAre("5 It was deleted."));
    EXPECT_EQ(diagnoses, 1);
}

TEST_F(SweeperTest, GoesOnAtItsPageAfterARestartAndStillCountsWhatItHadFound) {
    page_size = 2;
    begin();
    for (char const* id : {"a", "b", "c"}) {
        hired(id);
    }
    clock.advance(hours(1));
    (void)sweeper->look();
    dispatch_taken();
    make();
    (void)sweeper->look();
    EXPECT_EQ(requests.back().cursor, "2");
    EXPECT_THAT(told, ElementsAre("3 It was deleted."));
}

TEST_F(SweeperTest, AHostThatWasKilledBetweenTakingAndNotingStillSaysWhatWasMissing) {
    begin();
    hired("h-1");
    clock.advance(hours(1));
    // What the killed host left: the page is noted, its event taken and dispatched, the page not yet ended.
    Memory memory = *sweeper->memory("lever");
    memory.place = {"candidate.hired", {}, clock.now() - hours(3), clock.now() - minutes(10), "", 1, 0, 0, 1};
    ASSERT_TRUE(store.state.put("@sweep", "lever", written(memory), std::nullopt));
    came("h-1");
    round();
    EXPECT_THAT(taken(), IsEmpty());
    EXPECT_THAT(told, ElementsAre("1 It was deleted."));
}

TEST_F(SweeperTest, WaitsForItemsThatMayBeWhatSeemsToBeMissing) {
    begin();
    hired("h-1");
    clock.advance(hours(1));
    auto const pending = store.inbox.accept({"lever", "candidate.hired", "webhook h-1", {}, {}, false});
    ASSERT_TRUE(pending);
    (void)sweeper->look();
    EXPECT_TRUE(requests.empty());
    dispatch(pending->id, "h-1");
    clock.advance(minutes(1));
    round();
    EXPECT_EQ(sweeper->memory("lever")->missing, 0);
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(SweeperTest, AnItemThatIsTriedAgainForHoursDoesNotKeepItFromLooking) {
    begin();
    auto const poison = store.inbox.accept({"lever", "candidate.hired", "poison", {}, {}, false});
    ASSERT_TRUE(poison);
    ASSERT_TRUE(store.inbox.retry_at(poison->id, clock.now() + hours(6), Error{ErrorCode::unavailable, "away"}));
    (void)sweeper->look();
    EXPECT_TRUE(requests.empty());
    clock.advance(minutes(6));
    (void)sweeper->look();
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(SweeperTest, APausedConnectionIsNotSwept) {
    begin();
    ASSERT_TRUE(store.state.pause_connection("lever", "no access"));
    round();
    EXPECT_TRUE(requests.empty());
    ASSERT_TRUE(store.state.resume_connection("lever"));
    clock.advance(minutes(2));
    round();
    EXPECT_EQ(requests.size(), 1U);
}

TEST_F(SweeperTest, AFullInboxIsNotFilledFurther) {
    limits.inbox_pending_max = 1;
    make();
    begin();
    ASSERT_TRUE(store.inbox.accept({"other", "candidate.hired", "k", {}, {}, false}));
    round();
    EXPECT_TRUE(requests.empty());
}

TEST_F(SweeperTest, AStoreThatIsFullIsNotFilledFurther) {
    begin();
    hired("h-1");
    clock.advance(hours(1));
    for (int i = 0; i < 500 && !store.inbox.is_full(); ++i) {
        store::RawRequest const raw{"POST", "/hooks/other", {}, std::string(100'000, 'x')};
        ASSERT_TRUE(store.inbox.accept({"other", "candidate.hired", std::to_string(i), raw, {}, false}));
    }
    ASSERT_TRUE(store.inbox.is_full());
    round();
    auto const backfilled = sweeper->ask("lever", {clock.now() - hours(24), {}, {}, true});
    EXPECT_TRUE(requests.empty());
    ASSERT_FALSE(backfilled);
    EXPECT_EQ(backfilled.error().code, ErrorCode::unavailable);
    auto const shown = sweeper->ask("lever", {clock.now() - hours(24), {}, {}, false});
    ASSERT_TRUE(shown);
    EXPECT_EQ(shown->missing.size(), 1U);
}

TEST_F(SweeperTest, ARefusalIsTroubleThatPeopleSeeAndEndsWithTheNextPage) {
    begin();
    refusal = Error{ErrorCode::invalid_argument, "The key lacks a right."};
    round(1);
    EXPECT_EQ(sweeper->memory("lever")->trouble, "The key lacks a right.");
    clock.advance(hours(1));
    round(1);
    EXPECT_EQ(store.log().find("A sweep did not get on."), store.log().rfind("A sweep did not get on."));
    refusal.reset();
    clock.advance(hours(1));
    round();
    EXPECT_EQ(sweeper->memory("lever")->trouble, "");
}

TEST_F(SweeperTest, AVendorThatIsAwayIsAskedAgainSoon) {
    begin();
    refusal = Error{ErrorCode::unavailable, "away"};
    EXPECT_EQ(sweeper->look() - clock.now(), minutes(1));
}

TEST_F(SweeperTest, AListWithoutEndIsGivenUp) {
    limits.pages_max = 3;
    page_size = 1;
    make();
    begin();
    for (char const* id : {"a", "b", "c", "d", "e"}) {
        hired(id);
        came(id);
    }
    clock.advance(hours(1));
    for (int i = 0; i < 4; ++i) {
        (void)sweeper->look();
        clock.advance(limits.page_pause);
    }
    EXPECT_EQ(requests.size(), 3U);
    EXPECT_THAT(sweeper->memory("lever")->trouble, HasSubstr("more pages"));
}

TEST_F(SweeperTest, UnusualSilenceAloneIsLookedIntoOnce) {
    begin();
    for (int i = 0; i < 7; ++i) {
        came("h-" + std::to_string(i));
        clock.advance(hours(2));
        round();
    }
    EXPECT_EQ(diagnoses, 0);
    clock.advance(hours(30));
    round();
    EXPECT_EQ(diagnoses, 1);
    EXPECT_EQ(sweeper->memory("lever")->cause, "silent");
    clock.advance(hours(2));
    round();
    EXPECT_EQ(diagnoses, 1);
    EXPECT_TRUE(told.empty());
}

TEST_F(SweeperTest, AskedForADayItShowsWithoutTaking) {
    happened.emplace_back("old-1", clock.now() - hours(100));
    happened.emplace_back("old-2", clock.now() - hours(99));
    came("old-2");
    (void)sweeper->look();
    auto const shown = sweeper->ask("lever", {clock.now() - hours(200), {}, {}, false});
    ASSERT_TRUE(shown) << shown.error().detail;
    ASSERT_EQ(shown->missing.size(), 1U);
    EXPECT_EQ(shown->missing[0].id, "old-1");
    EXPECT_EQ(shown->taken, 0U);
    EXPECT_EQ(shown->event, "");
    EXPECT_THAT(taken(), IsEmpty());
}

TEST_F(SweeperTest, AskedToBackfillItTakesPageAfterPage) {
    page_size = 1;
    happened.emplace_back("old-1", clock.now() - hours(100));
    happened.emplace_back("old-2", clock.now() - hours(99));
    Wish wish{clock.now() - hours(200), {}, {}, true};
    auto const first = sweeper->ask("lever", wish);
    ASSERT_TRUE(first) << first.error().detail;
    EXPECT_EQ(first->taken, 1U);
    EXPECT_EQ(first->event, "candidate.hired");
    wish.event = first->event;
    wish.cursor = first->cursor;
    auto const second = sweeper->ask("lever", wish);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->event, "");
    EXPECT_THAT(taken(), ElementsAre("old-1", "old-2"));
}

TEST_F(SweeperTest, AskingNeedsAConnectionThatIsSweptAndARouteThatTakesSomething) {
    EXPECT_EQ(sweeper->ask("goco", {}).error().code, ErrorCode::unsupported);
    wanted.clear();
    EXPECT_EQ(sweeper->ask("lever", {}).error().code, ErrorCode::failed_precondition);
    EXPECT_FALSE(sweeper->memory("goco"));
}

TEST_F(SweeperTest, EveryWantedEventHasItsWindow) {
    wanted = {"candidate.hired", "application.created"};
    begin();
    round();
    ASSERT_EQ(requests.size(), 2U);
    EXPECT_EQ(requests[0].event, "application.created");
    EXPECT_EQ(requests[1].event, "candidate.hired");
}

TEST_F(SweeperTest, ItsThreadEndsWhenItIsStopped) {
    sweeper->start();
    sweeper->look_soon();
    sweeper->stop();
    sweeper->stop();
    SUCCEED();
}

}  // namespace
}  // namespace crosswalk::sweep

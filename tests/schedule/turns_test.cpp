// The turns of one run, step by step.
#include "room.hpp"

#include <sqlite3.h>

namespace crosswalk::schedule {
namespace {

using model::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Kind = Step::Kind;

struct TurnsTest : Room {
    store::RunId begin(bool full = false) {
        auto const run = store.runs.open("jobs", store::RunCause::person, full).value();
        return store.runs.begin(run.id, selection_of(routes[0])).value().id;
    }
    Turns turns(store::RunId id) { return Turns(surroundings, routes[0], store.runs.read(id).value()); }
    store::Run read(store::RunId id) { return store.runs.read(id).value(); }

    Surroundings surroundings = around();
};

TEST_F(TurnsTest, ReadPageAfterPageUntilTheSourceSaysThatItWasTheLast) {
    serve(3);
    auto const id = begin();
    Turns run = turns(id);
    EXPECT_EQ(run.step().kind, Kind::again);
    EXPECT_EQ(run.step().kind, Kind::again);
    EXPECT_EQ(run.step().kind, Kind::left);
    EXPECT_EQ(read(id).state, store::RunState::done);
    EXPECT_EQ(read(id).turns, 3);
    EXPECT_EQ(read(id).events, 6);
    EXPECT_EQ(store.inbox.pending().value(), 6);
    EXPECT_EQ(woken, 3);
    EXPECT_THAT(store.log(), HasSubstr("A run is done."));
}

TEST_F(TurnsTest, TellTheConnectorWhatIsAskedFor) {
    serve(2);
    routes[0].select = R"({"posting":"p-1"})";
    auto const id = begin(true);
    Turns run = turns(id);
    (void)run.step();
    (void)run.step();
    ASSERT_EQ(asked().size(), 2U);
    EXPECT_EQ(asked()[0].event, "posting.changed");
    EXPECT_EQ(asked()[0].cursor, "");
    EXPECT_EQ(asked()[0].select_json, R"({"posting":"p-1"})");
    EXPECT_TRUE(asked()[0].full);
    EXPECT_EQ(asked()[1].cursor, "1");
    EXPECT_EQ(asked()[0].run, asked()[1].run);
}

TEST_F(TurnsTest, GoOnAtTheirCursorFromEveryPageAfterACrash) {
    for (int dies_after = 0; dies_after < 5; ++dies_after) {
        serve(5);
        auto const id = begin(true);
        {
            Turns first = turns(id);
            for (int i = 0; i < dies_after; ++i) {
                ASSERT_EQ(first.step().kind, Kind::again);
            }
        }
        ASSERT_TRUE(store.runs.suspend(id, "The host ended."));
        ASSERT_TRUE(store.runs.begin(id, selection_of(routes[0])));
        Turns second = turns(id);
        while (second.step().kind == Kind::again) {
        }
        EXPECT_EQ(read(id).state, store::RunState::done) << dies_after;
        EXPECT_EQ(read(id).turns, 5) << dies_after;
        EXPECT_EQ(read(id).events, 10) << dies_after;
    }
}

TEST_F(TurnsTest, ReadEverythingAgainWhenTheStoreLostTheirCursor) {
    serve(3);
    auto const id = begin();
    EXPECT_EQ(turns(id).step().kind, Kind::again);
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(store.path().string().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, "UPDATE poll_cursor SET value = x'00'", nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(handle);
    Turns run = turns(id);
    while (run.step().kind == Kind::again) {
    }
    EXPECT_EQ(read(id).state, store::RunState::done);
    EXPECT_TRUE(read(id).full);
    EXPECT_THAT(store.log(), HasSubstr("A run starts over, because its cursor is lost."));
}

// A push to the source of the runs, without an end yet.
store::DeliveryId push_to_source(support::TestStore& store, model::TimePoint now) {
    store::Accepted item;
    item.connection = "goco";
    item.event_type = "posting.changed";
    auto const id = store.inbox.accept(item).value().id;
    store::NewDelivery push;
    push.route = "back";
    push.connection = "lever";
    push.action = "create";
    push.subject = "s";
    push.idempotency_key = "push";
    push.record = {"fake.person/1", {}, "{}"};
    EXPECT_TRUE(store.inbox.dispatch(id, {{{"e", "posting.changed", "s", "t", 0, {"x/1", {}, "{}"}}, {push}}}, {}));
    return store.outbox.lease_due(now, 1).value().at(0).id;
}

TEST_F(TurnsTest, KeepTheirCursorWhileAPushOnItsWayMayLinkWhatThePageTellsOf) {
    bool linked = false;
    lever.on_poll = [&](plugin_host::PollRequest const&) -> model::Result<plugin_host::PollResult> {
        plugin_host::PollResult page{{}, "1", false};
        if (linked) {
            page.events = {event("0a")};
        } else {
            page.unlinked = "applicant 7";
        }
        return page;
    };
    auto const pushed = push_to_source(store, clock.now());
    auto const id = begin();
    Turns run = turns(id);
    EXPECT_EQ(run.step().kind, Kind::wait);
    EXPECT_THAT(read(id).reason, HasSubstr("applicant 7"));
    EXPECT_EQ(store.runs.cursor("jobs", selection_of(routes[0])).value(), "");
    linked = true;
    ASSERT_TRUE(
        store.outbox.settle(pushed, {store::DeliveryState::delivered, clock.now(), {model::Outcome::delivered, {}}}));
    EXPECT_EQ(run.step().kind, Kind::left);
    EXPECT_EQ(read(id).events, 1);
}

TEST_F(TurnsTest, PassOverWhatNoPushCanLinkAnyMore) {
    int polled = 0;
    lever.on_poll = [&](plugin_host::PollRequest const&) -> model::Result<plugin_host::PollResult> {
        ++polled;
        return plugin_host::PollResult{{}, "1", false, "applicant 7"};
    };
    auto const id = begin();
    Turns run = turns(id);
    EXPECT_EQ(run.step().kind, Kind::again);
    clock.advance(1s);
    (void)push_to_source(store, clock.now());  // it went out after the record was met
    EXPECT_EQ(run.step().kind, Kind::left);
    EXPECT_EQ(polled, 2);
    EXPECT_EQ(read(id).state, store::RunState::done);
}

TEST_F(TurnsTest, TakeAnEventOnceHoweverOftenItsPageIsRead) {
    serve(1);
    (void)turns(begin()).step();
    lever.on_poll = [](plugin_host::PollRequest const&) -> model::Result<plugin_host::PollResult> {
        return plugin_host::PollResult{{event("0a"), event("0c")}, std::nullopt, false};
    };
    auto const id = begin();
    (void)turns(id).step();
    EXPECT_EQ(read(id).events, 1);
    EXPECT_EQ(store.inbox.pending().value(), 3);
}

TEST_F(TurnsTest, BringEverythingAgainInAFullRun) {
    serve(1);
    (void)turns(begin(true)).step();
    (void)turns(begin(true)).step();
    EXPECT_EQ(store.inbox.pending().value(), 4);
}

TEST_F(TurnsTest, WaitLongerWithEachTryAndAtLeastAsLongAsTheVendorSays) {
    answer({ErrorCode::unavailable, "The source is down."});
    auto const id = begin();
    Turns run = turns(id);
    for (auto const pause : {2s, 4s, 8s}) {
        Step const step = run.step();
        EXPECT_EQ(step.kind, Kind::wait);
        EXPECT_EQ(step.until, clock.now() + pause);
    }
    EXPECT_EQ(read(id).reason, "The source is down.");
    model::Error limited{ErrorCode::rate_limited, "Too many requests."};
    limited.retry_after_ms = 90'000;
    answer(limited);
    EXPECT_EQ(run.step().until, clock.now() + 90s);
}

TEST_F(TurnsTest, FailAfterFiveTriesWithTheCause) {
    answer({ErrorCode::unavailable, "The source is down."});
    auto const id = begin();
    Turns run = turns(id);
    for (int i = 0; i < 4; ++i) {
        ASSERT_EQ(run.step().kind, Kind::wait);
    }
    EXPECT_EQ(run.step().kind, Kind::left);
    EXPECT_EQ(read(id).state, store::RunState::failed);
    EXPECT_EQ(read(id).reason, "After 5 tries: The source is down.");
}

TEST_F(TurnsTest, CountTheTriesOfEachTurnAnew) {
    serve(4);
    auto const good = lever.on_poll;
    auto const id = begin();
    Turns run = turns(id);
    for (int page = 0; page < 3; ++page) {
        answer({ErrorCode::unavailable, "down"});
        for (int i = 0; i < 4; ++i) {
            ASSERT_EQ(run.step().kind, Kind::wait);
        }
        lever.on_poll = good;
        ASSERT_EQ(run.step().kind, Kind::again);
    }
    EXPECT_EQ(read(id).reason, "");
}

TEST_F(TurnsTest, PauseTheConnectionWhenItsAccessIsRefusedAndKeepTheirPlace) {
    serve(3);
    auto const id = begin();
    Turns run = turns(id);
    (void)run.step();
    answer({ErrorCode::unauthenticated, "The key is revoked."});
    EXPECT_EQ(run.step().kind, Kind::left);
    EXPECT_TRUE(store.state.connection("lever")->paused);
    EXPECT_EQ(read(id).state, store::RunState::queued);
    EXPECT_EQ(read(id).reason, "The connection lever is paused: The key is revoked.");
    EXPECT_THAT(mails(), ElementsAre("paused: The key is revoked."));
    EXPECT_EQ(store.runs.cursor("jobs", selection_of(routes[0])).value(), "1");
}

TEST_F(TurnsTest, StartOverAsAFullRunWhenTheVendorForgotTheCursor) {
    serve(2);
    auto const good = lever.on_poll;
    (void)turns(begin()).step();
    ASSERT_TRUE(store.runs.fail(1, "x"));
    auto const id = begin();
    answer({ErrorCode::not_found, "No such cursor."});
    Turns run = turns(id);
    EXPECT_EQ(run.step().kind, Kind::again);
    EXPECT_TRUE(read(id).full);
    lever.on_poll = good;
    (void)run.step();
    EXPECT_TRUE(asked().back().full);
    EXPECT_EQ(asked().back().cursor, "");
}

TEST_F(TurnsTest, FailWhenWhatIsSelectedIsGone) {
    answer({ErrorCode::not_found, "There is no such posting."});
    auto const id = begin();
    EXPECT_EQ(turns(id).step().kind, Kind::left);
    EXPECT_EQ(read(id).state, store::RunState::failed);
    EXPECT_EQ(read(id).reason, "There is no such posting.");
    EXPECT_THAT(mails(), ElementsAre("failed: There is no such posting."));
}

TEST_F(TurnsTest, WriteOneMailForTheSameReasonUntilItChanges) {
    answer({ErrorCode::invalid_argument, "a"});
    (void)turns(begin()).step();
    (void)turns(begin()).step();
    answer({ErrorCode::invalid_argument, "b"});
    (void)turns(begin()).step();
    serve(1);
    (void)turns(begin()).step();
    answer({ErrorCode::invalid_argument, "b"});
    (void)turns(begin()).step();
    EXPECT_THAT(mails(), testing::UnorderedElementsAre("failed: a", "failed: b", "failed: b"));
}

TEST_F(TurnsTest, RefuseAConnectorThatAsksForMoreWithoutMoving) {
    lever.on_poll = [](plugin_host::PollRequest const&) -> model::Result<plugin_host::PollResult> {
        return plugin_host::PollResult{{}, std::nullopt, true};
    };
    auto const id = begin();
    EXPECT_EQ(turns(id).step().kind, Kind::left);
    EXPECT_EQ(read(id).state, store::RunState::failed);
    EXPECT_THAT(read(id).reason, HasSubstr("without an event or a new cursor"));
}

TEST_F(TurnsTest, RefuseAConnectorThatGivesTheSamePageForEver) {
    lever.on_poll = [](plugin_host::PollRequest const&) -> model::Result<plugin_host::PollResult> {
        return plugin_host::PollResult{{event("a")}, std::nullopt, true};
    };
    auto const id = begin();
    Turns run = turns(id);
    EXPECT_EQ(run.step().kind, Kind::again);
    EXPECT_EQ(run.step().kind, Kind::left);
    EXPECT_EQ(read(id).state, store::RunState::failed);
}

TEST_F(TurnsTest, EndAtTheLimitOfPages) {
    surroundings.limits.turns_max = 2;
    serve(1000);
    auto const id = begin();
    Turns run = turns(id);
    EXPECT_EQ(run.step().kind, Kind::again);
    EXPECT_EQ(run.step().kind, Kind::again);
    EXPECT_EQ(run.step().kind, Kind::left);
    EXPECT_THAT(read(id).reason, HasSubstr("2 pages"));
}

TEST_F(TurnsTest, WaitWhileTooManyEventsArePending) {
    surroundings.limits.inbox_pending_max = 2;
    serve(3);
    auto const id = begin();
    Turns run = turns(id);
    EXPECT_EQ(run.step().kind, Kind::again);
    EXPECT_EQ(run.step().kind, Kind::wait);
    EXPECT_EQ(read(id).turns, 1);
    for (auto const& item : store.inbox.due("lever", clock.now(), 10).value()) {
        ASSERT_TRUE(store.inbox.dispatch(item.id, {}, "done"));
    }
    EXPECT_EQ(run.step().kind, Kind::again);
}

TEST_F(TurnsTest, GoBackIntoTheQueueWhenTheRouteIsStoppedMeanwhile) {
    serve(3);
    auto const id = begin();
    Turns run = turns(id);
    (void)run.step();
    ASSERT_TRUE(store.state.set_route_mode("jobs", store::RouteMode::stopped));
    EXPECT_EQ(run.step().kind, Kind::left);
    EXPECT_EQ(read(id).state, store::RunState::queued);
    EXPECT_EQ(read(id).reason, "The route is stopped.");
}

TEST_F(TurnsTest, MayTakeHalfAnHourWithoutAnError) {  // E.6 E.33
    serve(31);
    auto const id = begin(true);
    Turns run = turns(id);
    auto const began = clock.now();
    while (run.step().kind == Kind::again) {
        clock.advance(1min);
        EXPECT_GE(*read(id).beat_at, clock.now() - 1min);
    }
    EXPECT_EQ(clock.now() - began, 30min);
    EXPECT_EQ(read(id).state, store::RunState::done);
    EXPECT_EQ(read(id).turns, 31);
}

TEST_F(TurnsTest, LogNothingPersonal) {
    lever.on_poll = [](plugin_host::PollRequest const&) -> model::Result<plugin_host::PollResult> {
        model::Event found = event("a");
        found.title = "ada@example.com";
        return plugin_host::PollResult{{found}, std::nullopt, false};
    };
    (void)turns(begin()).step();
    EXPECT_THAT(store.log(), Not(HasSubstr("example.com")));
    EXPECT_THAT(mails(), IsEmpty());
}

}  // namespace
}  // namespace crosswalk::schedule

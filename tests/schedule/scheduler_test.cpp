// Which runs start, when, and what keeps them.
#include "room.hpp"

#include <condition_variable>
#include <future>

namespace crosswalk::schedule {
namespace {

using model::ErrorCode;
using testing::HasSubstr;

// A door that a poll stands before until the test opens it.
class Door {
public:
    void pass() {
        std::unique_lock lock(mutex_);
        ++inside_;
        most_ = std::max(most_, inside_);
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
        --inside_;
    }
    void wait_for(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return inside_ >= count; });
    }
    void open() {
        std::lock_guard const lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }
    int most() {
        std::lock_guard const lock(mutex_);
        return most_;
    }

private:
    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    int inside_ = 0;
    int most_ = 0;
    bool open_ = false;
};

struct SchedulerTest : Room {
    std::unique_ptr<Scheduler> scheduler;

    explicit SchedulerTest(store::StoreOptions const& store_options = {}) : Room(store_options) {
        routes.pop_back();  // one is enough for most
        serve(2);
    }
    ~SchedulerTest() override { scheduler.reset(); }

    void make() {
        scheduler = std::make_unique<Scheduler>(around(), routes, metrics);
        ASSERT_TRUE(scheduler->load());
    }
    // Starts what may start and waits until it is over.
    void look() {
        (void)scheduler->look();
        scheduler->wait_until_idle();
    }
    std::vector<store::Run> runs(std::string const& route = "jobs") { return store.runs.list(route, 0, 100).value(); }
    void stand_before(Door& door) {
        auto const serve_page = lever.on_poll;
        lever.on_poll = [&door, serve_page](plugin_host::PollRequest const& request) {
            door.pass();
            return serve_page(request);
        };
    }
};

TEST_F(SchedulerTest, RunsARouteAtOnceForTheFirstTimeAndReadsEverything) {  // E.13
    make();
    look();
    ASSERT_EQ(runs().size(), 1U);
    EXPECT_EQ(runs()[0].cause, store::RunCause::first);
    EXPECT_TRUE(runs()[0].full);
    EXPECT_EQ(runs()[0].state, store::RunState::done);
    EXPECT_EQ(runs()[0].events, 4);
}

TEST_F(SchedulerTest, RunsAgainWhenThePeriodIsOverAndReadsWhatChanged) {  // E.31
    make();
    look();
    clock.advance(28min);
    look();
    EXPECT_EQ(runs().size(), 1U);
    clock.advance(2min);
    look();
    ASSERT_EQ(runs().size(), 2U);
    EXPECT_EQ(runs()[0].cause, store::RunCause::schedule);
    EXPECT_FALSE(runs()[0].full);
}

TEST_F(SchedulerTest, RunsOnceADayAtItsTime) {  // C.11
    routes[0].schedule->every = 0ms;
    routes[0].schedule->daily_at = 6h;
    routes[0].schedule->zone = "Europe/Berlin";
    make();
    look();
    for (int hour = 0; hour < 48; ++hour) {
        clock.advance(1h);
        look();
    }
    EXPECT_EQ(runs().size(), 3U);  // the first one and two mornings
}

TEST_F(SchedulerTest, NeverRunsARouteTwiceAtOnce) {  // E.18
    Door door;
    stand_before(door);
    make();
    (void)scheduler->look();
    door.wait_for(1);
    for (int i = 0; i < 5; ++i) {
        clock.advance(1h);
        (void)scheduler->look();
    }
    auto const refused = scheduler->request("jobs", false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::already_exists);
    EXPECT_THAT(refused.error().detail, HasSubstr("already running"));
    door.open();
    scheduler->wait_until_idle();
    EXPECT_EQ(door.most(), 1);
    EXPECT_EQ(runs().size(), 1U);
}

TEST_F(SchedulerTest, RunsOnceForAllThatWasMissed) {
    make();
    look();
    for (std::string const connection : {"lever", "goco"}) {
        std::size_t const before = runs().size();
        ASSERT_TRUE(store.state.pause_connection(connection, "No access."));
        for (int i = 0; i < 10; ++i) {
            clock.advance(30min);
            look();
        }
        EXPECT_EQ(runs().size(), before) << connection;
        ASSERT_TRUE(store.state.resume_connection(connection));
        look();
        look();
        EXPECT_EQ(runs().size(), before + 1) << connection;
    }
}

TEST_F(SchedulerTest, StartsNoRunForARemovedConnection) {  // E.37
    make();
    look();
    for (std::string const connection : {"lever", "goco"}) {
        std::size_t const before = runs().size();
        ASSERT_TRUE(store.state.remove_connection(connection, "It was disconnected."));
        for (int i = 0; i < 10; ++i) {
            clock.advance(30min);
            look();
        }
        EXPECT_EQ(runs().size(), before) << connection;
        ASSERT_TRUE(store.state.connect_again(connection));
        ASSERT_TRUE(store.state.resume_connection(connection));
        look();
        EXPECT_EQ(runs().size(), before + 1) << connection;
    }
}

TEST_F(SchedulerTest, StartsNothingOfARouteThatIsStoppedPausedDisabledOrOff) {
    routes.assign(4, route("jobs"));
    routes[1] = route("disabled");
    routes[1].enabled = false;
    routes[2] = route("off");
    routes[2].off_because = "The setting /x is not true.";
    routes[3] = route("paused");
    make();
    ASSERT_TRUE(store.state.set_route_mode("jobs", store::RouteMode::stopped));
    ASSERT_TRUE(store.state.set_route_mode("paused", store::RouteMode::paused));
    look();
    for (char const* name : {"jobs", "disabled", "off", "paused"}) {
        EXPECT_TRUE(runs(name).empty()) << name;
        EXPECT_EQ(scheduler->request(name, false).error().code, ErrorCode::failed_precondition) << name;
    }
    EXPECT_FALSE(scheduler->next_run("off"));
    EXPECT_EQ(scheduler->request("off", false).error().detail, "The setting /x is not true.");
}

TEST_F(SchedulerTest, RunsOnRequestOnlyWhileItsScheduleIsOff) {  // C.19
    routes[0].schedule->off_because = "The setting /run_daily is not true.";
    make();
    look();
    EXPECT_TRUE(runs().empty());
    ASSERT_TRUE(scheduler->request("jobs", false));
    look();
    ASSERT_EQ(runs().size(), 1U);
    EXPECT_EQ(runs()[0].cause, store::RunCause::person);
    EXPECT_EQ(runs()[0].state, store::RunState::done);
}

TEST_F(SchedulerTest, RunsOnRequestWithoutASchedule) {  // C.23 E.35
    routes[0].schedule.reset();
    make();
    look();
    EXPECT_TRUE(runs().empty());
    EXPECT_TRUE(scheduler->request("jobs", false).value().full);
    look();
    EXPECT_FALSE(scheduler->request("jobs", false).value().full);
    look();
    EXPECT_TRUE(scheduler->request("jobs", true).value().full);
    look();
    EXPECT_EQ(runs().size(), 3U);
    EXPECT_FALSE(scheduler->next_run("jobs"));
}

TEST_F(SchedulerTest, SaysThatARouteDoesNotAsk) {
    make();
    auto const refused = scheduler->request("hires", false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::not_found);
}

TEST_F(SchedulerTest, HasAtMostSoManyRunsAtOnceAndTheOthersWait) {
    routes = {route("a"), route("b"), route("c")};
    limits.at_once = 2;
    Door door;
    stand_before(door);
    make();
    (void)scheduler->look();
    door.wait_for(2);
    (void)scheduler->look();
    EXPECT_EQ(runs("c").at(0).state, store::RunState::queued);
    door.open();
    scheduler->wait_until_idle();
    look();
    EXPECT_EQ(door.most(), 2);
    EXPECT_EQ(runs("c").at(0).state, store::RunState::done);
}

TEST_F(SchedulerTest, TakesUpTheRunOfAHostThatWasKilledWhereItWas) {
    auto const id = store.runs.open("jobs", store::RunCause::schedule, true).value().id;
    store::Run const begun = store.runs.begin(id, selection_of(routes[0])).value();
    Surroundings const killed = around();
    ASSERT_EQ(Turns(killed, routes[0], begun).step().kind, Step::Kind::again);
    make();
    look();
    ASSERT_EQ(runs().size(), 1U);
    EXPECT_EQ(runs()[0].id, id);
    EXPECT_EQ(runs()[0].state, store::RunState::done);
    EXPECT_EQ(runs()[0].turns, 2);
    EXPECT_EQ(asked().back().run, asked().front().run);
    EXPECT_EQ(asked().back().cursor, "1");
}

TEST_F(SchedulerTest, EndsTheRunOfARouteThatIsGone) {
    auto const id = store.runs.open("gone", store::RunCause::person, false).value().id;
    make();
    EXPECT_EQ(store.runs.read(id)->state, store::RunState::failed);
    EXPECT_THAT(store.runs.read(id)->reason, HasSubstr("no longer has a route gone"));
}

TEST_F(SchedulerTest, GoesOnWithASuspendedRunWhenItsConnectionIsResumed) {  // E.36
    make();
    auto const serve_page = lever.on_poll;
    answer({ErrorCode::unauthenticated, "Revoked."});
    look();
    look();
    EXPECT_EQ(runs().at(0).state, store::RunState::queued);
    lever.on_poll = serve_page;
    ASSERT_TRUE(store.state.resume_connection("lever"));
    look();
    ASSERT_EQ(runs().size(), 1U);
    EXPECT_EQ(runs()[0].state, store::RunState::done);
}

TEST_F(SchedulerTest, ReadsEverythingAgainWhenThatIsDue) {
    routes[0].full_every = 24h;
    make();
    look();
    int full = 0;
    for (int i = 0; i < 96; ++i) {
        clock.advance(30min);
        look();
        full += runs()[0].full ? 1 : 0;
    }
    EXPECT_EQ(runs().size(), 97U);
    EXPECT_EQ(full, 2);
}

TEST_F(SchedulerTest, ReadsEverythingAgainAfterAFullRunFailed) {
    make();
    auto const serve_page = lever.on_poll;
    answer({ErrorCode::invalid_argument, "x"});
    look();
    EXPECT_EQ(runs().at(0).state, store::RunState::failed);
    lever.on_poll = serve_page;
    clock.advance(30min);
    look();
    EXPECT_TRUE(runs().at(0).full);
    clock.advance(30min);
    look();
    EXPECT_FALSE(runs().at(0).full);
}

TEST_F(SchedulerTest, StartsNothingWhileTooManyEventsArePending) {
    limits.inbox_pending_max = 4;
    make();
    look();
    clock.advance(1h);
    look();
    EXPECT_EQ(runs().size(), 1U);
    for (auto const& item : store.inbox.due("lever", clock.now(), 10).value()) {
        ASSERT_TRUE(store.inbox.dispatch(item.id, {}, "done"));
    }
    look();
    EXPECT_EQ(runs().size(), 2U);
}

struct SchedulerOfAFullStore : SchedulerTest {
    SchedulerOfAFullStore() : SchedulerTest(tiny()) {}
    static store::StoreOptions tiny() {
        store::StoreOptions tiny;
        tiny.bytes_max = 1;
        return tiny;
    }
};

TEST_F(SchedulerOfAFullStore, StartsNothing) {
    make();
    look();
    clock.advance(1h);
    look();
    EXPECT_TRUE(runs().empty());
}

TEST_F(SchedulerTest, StartsTheRunsThatWaitForASignalAndSaysWhich) {  // E.18
    routes = {route("a"), route("b"), route("c")};
    for (model::Route& one : routes) {
        one.schedule.reset();
        one.run_on = {{"hireguide", "sync.requested"}};
    }
    routes[1].off_because = "The setting /x is not true.";
    routes[2].run_on = {{"hireguide", "other"}};
    make();
    EXPECT_EQ(scheduler->signal("hireguide", "sync.requested").value(),
              "Run 1 of the route a is started. The route b is off.");
    EXPECT_EQ(scheduler->signal("hireguide", "sync.requested").value(),
              "The route a is already running. The route b is off.");
    EXPECT_EQ(scheduler->signal("lever", "sync.requested").value(), "No route waits for this signal.");
    look();
    EXPECT_EQ(runs("a").at(0).cause, store::RunCause::signal);
    EXPECT_EQ(runs("a").at(0).state, store::RunState::done);
    EXPECT_TRUE(runs("b").empty());
    EXPECT_TRUE(runs("c").empty());
}

TEST_F(SchedulerTest, KeepsASignalForTheTimeWhenNothingHoldsTheRoute) {
    routes[0].schedule.reset();
    routes[0].run_on = {{"hireguide", "sync.requested"}};
    make();
    ASSERT_TRUE(store.state.pause_connection("goco", "No access."));
    ASSERT_TRUE(scheduler->signal("hireguide", "sync.requested"));
    look();
    EXPECT_EQ(runs().at(0).state, store::RunState::queued);
    ASSERT_TRUE(store.state.resume_connection("goco"));
    look();
    EXPECT_EQ(runs().at(0).state, store::RunState::done);
}

TEST_F(SchedulerTest, KnowsWhenARouteRunsNext) {
    make();
    EXPECT_EQ(scheduler->next_run("jobs"), clock.now());
    look();
    auto const next = scheduler->next_run("jobs");
    ASSERT_TRUE(next);
    EXPECT_LE(*next, clock.now() + 30min);
    EXPECT_GE(*next, clock.now() + 28min);
}

TEST_F(SchedulerTest, CountsRunsAndTellsTheAgeOfTheLastSuccess) {
    make();
    EXPECT_THAT(metrics.render(), HasSubstr("crosswalk_schedule_last_success_age_seconds{route=\"jobs\"} -1"));
    look();
    clock.advance(10min);
    EXPECT_THAT(metrics.render(), HasSubstr("crosswalk_schedule_last_success_age_seconds{route=\"jobs\"} 600"));
    EXPECT_THAT(metrics.render(), HasSubstr("crosswalk_schedule_runs_total{result=\"done\"} 1"));
    EXPECT_THAT(metrics.render(), HasSubstr("crosswalk_schedule_runs{state=\"running\"} 0"));
}

TEST_F(SchedulerTest, LeavesTheRunToTheNextHostWhenItStops) {
    Door door;
    stand_before(door);
    make();
    scheduler->start();
    door.wait_for(1);
    scheduler->halt();
    door.open();
    scheduler->stop();
    ASSERT_EQ(runs().size(), 1U);
    EXPECT_EQ(runs()[0].turns, 1);
    EXPECT_EQ(runs()[0].state, store::RunState::running);
    make();
    look();
    EXPECT_EQ(runs()[0].state, store::RunState::done);
    EXPECT_EQ(runs().size(), 1U);
}

TEST_F(SchedulerTest, TriesAgainWhenTheTimeOfABackoffHasCome) {
    make();
    std::promise<void> tried;
    std::promise<void> tried_again;
    int calls = 0;
    auto const serve_page = lever.on_poll;
    lever.on_poll = [&](plugin_host::PollRequest const& request) -> model::Result<plugin_host::PollResult> {
        if (++calls == 1) {
            tried.set_value();
            return model::Error{ErrorCode::unavailable, "down"};
        }
        if (calls == 2) {
            tried_again.set_value();
        }
        return serve_page(request);
    };
    (void)scheduler->look();
    tried.get_future().wait();
    auto again = tried_again.get_future();
    while (again.wait_for(1ms) != std::future_status::ready) {
        clock.advance(1s);  // the run may have begun to wait at any of these moments
        scheduler->wake();
    }
    scheduler->wait_until_idle();
    EXPECT_EQ(runs().at(0).state, store::RunState::done);
}

}  // namespace
}  // namespace crosswalk::schedule

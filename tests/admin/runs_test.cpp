#include "admin/admin_room.hpp"

namespace crosswalk::admin {
namespace {

using testing::HasSubstr;

struct RunsApi : AdminRoom {
    model::Result<store::Run> answer = store::Run{};
    bool asked_full = false;

    RunsApi() { config.routes.at("hires").route.schedule.emplace().every = std::chrono::minutes(30); }

    http::Response ask_runs(std::string method, std::string target, std::string body = {}) {
        Api api{config,
                model::Secret(token),
                "1.2.3",
                store.store(),
                store.inbox,
                store.outbox,
                store.state,
                store.history,
                metrics,
                store.logger(),
                clock,
                connectors,
                [this](std::string_view) -> plugin_host::Connector* { return &connector; },
                connection_errors,
                [this] { ++woken; },
                [this] { return draining; }};
        api.request_run = [this](std::string_view, bool full) {
            asked_full = full;
            return answer;
        };
        api.next_run = [this](std::string_view route) {
            return route == "hires" ? std::optional(clock.now() + std::chrono::minutes(30)) : std::nullopt;
        };
        return Handler(std::move(api))
            .handle({std::move(method),
                     std::move(target),
                     {{"authorization", std::string("Bearer ") + token}},
                     std::move(body),
                     "127.0.0.1"});
    }
    store::RunId done_run() {
        auto const run = store.runs.open("hires", store::RunCause::first, true).value().id;
        EXPECT_TRUE(store.runs.begin(run, "s"));
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.event = model::Event{"e", "candidate.hired", "p", "Zoe Example", 0, {"x/1", {}, "{}"}};
        EXPECT_TRUE(store.inbox.accept_poll({run, "s", {item}, "c", true}));
        return run;
    }
};

TEST_F(RunsApi, StartsARunAndShowsIt) {  // C.23 E.18
    answer->id = 7;
    answer->route = "hires";
    auto const response = ask_runs("POST", "/api/v1/routes/hires/runs", R"({"full":true})");
    EXPECT_EQ(response.status, 202);
    EXPECT_THAT(response.body, HasSubstr(R"("run":7)"));
    EXPECT_THAT(response.body, HasSubstr(R"("state":"queued")"));
    EXPECT_TRUE(asked_full);
}

TEST_F(RunsApi, RefusesARunThatCannotStartAndSaysWhy) {  // E.18
    answer = model::Error{model::ErrorCode::already_exists, "The route hires is already running."};
    auto response = ask_runs("POST", "/api/v1/routes/hires/runs", "{}");
    EXPECT_EQ(response.status, 409);
    EXPECT_THAT(response.body, HasSubstr("already running"));
    answer = model::Error{model::ErrorCode::not_found, "Its vendor sends its events."};
    response = ask_runs("POST", "/api/v1/routes/hires/runs", "{}");
    EXPECT_EQ(response.status, 409);
    EXPECT_THAT(response.body, HasSubstr("Its vendor sends its events."));
    answer = model::Error{model::ErrorCode::failed_precondition, "The connection goco is paused."};
    EXPECT_EQ(ask_runs("POST", "/api/v1/routes/hires/runs", "{}").status, 409);
    EXPECT_EQ(ask_runs("POST", "/api/v1/routes/nobody/runs", "{}").status, 404);
    EXPECT_EQ(ask_runs("GET", "/api/v1/routes/nobody/runs").status, 404);
}

TEST_F(RunsApi, ShowsARunWithItsCounts) {  // C.23
    auto const run = std::to_string(done_run());
    auto const response = ask_runs("GET", "/api/v1/runs/" + run);
    EXPECT_EQ(at(response, "/state"), "done");
    EXPECT_EQ(at(response, "/cause"), "first");
    EXPECT_EQ(at(response, "/counts/waiting"), "1");
    EXPECT_EQ(at(response, "/counts/created"), "0");
    EXPECT_EQ(at(response, "/ended_at"), "2026-11-22T08:00:00.000Z");
    EXPECT_EQ(ask_runs("GET", "/api/v1/runs/99").status, 404);
    EXPECT_EQ(ask_runs("GET", "/api/v1/runs/x").status, 400);
}

TEST_F(RunsApi, PagesTheRunsOfARoute) {
    done_run();
    done_run();
    auto const first = ask_runs("GET", "/api/v1/routes/hires/runs?limit=1");
    EXPECT_EQ(at(first, "/runs/0/run"), "2");
    EXPECT_EQ(at(first, "/next_before"), "2");
    EXPECT_EQ(at(ask_runs("GET", "/api/v1/routes/hires/runs?limit=1&before=2"), "/runs/0/run"), "1");
}

TEST_F(RunsApi, ShowsAtMostAHundredRunsWhateverIsAsked) {
    for (int i = 0; i < 101; ++i) {
        done_run();
    }
    auto const response = ask_runs("GET", "/api/v1/routes/hires/runs?limit=1000000");
    EXPECT_EQ(at(response, "/runs/99/run"), "2");
    EXPECT_EQ(at(response, "/runs/100"), "nothing");
    EXPECT_EQ(at(ask_runs("GET", "/api/v1/routes/hires/runs?limit=0"), "/runs/1"), "nothing")
        << "and at least one";
}

TEST_F(RunsApi, ShowsTheScheduleAndTheRunsOfARoute) {  // E.14 E.17
    done_run();
    auto const response = ask_runs("GET", "/api/v1/routes");
    EXPECT_EQ(at(response, "/routes/0/schedule"), "every 30m");
    EXPECT_EQ(at(response, "/routes/0/next_run_at"), "2026-11-22T08:30:00.000Z");
    EXPECT_EQ(at(response, "/routes/0/last_run/counts/waiting"), "1");
    EXPECT_EQ(at(response, "/routes/0/last_success_at"), "2026-11-22T08:00:00.000Z");
    EXPECT_EQ(at(response, "/routes/1/schedule"), "nothing");
}

TEST_F(RunsApi, ShowsADailyScheduleAndTheSwitchesThatAreOff) {
    model::Route& route = config.routes.at("hires").route;
    route.schedule->every = std::chrono::milliseconds(0);
    route.schedule->daily_at = std::chrono::minutes(365);
    route.schedule->zone = "Europe/Berlin";
    route.schedule->off_because = "The setting /run_daily of the connection lever is not true.";
    route.off_because = "The setting /reverse of the connection lever is not true.";
    auto const response = ask_runs("GET", "/api/v1/routes");
    EXPECT_EQ(at(response, "/routes/0/schedule"), "daily 06:05 Europe/Berlin");
    EXPECT_THAT(at(response, "/routes/0/schedule_off"), HasSubstr("/run_daily"));
    EXPECT_EQ(at(response, "/routes/0/state"), "off");
    EXPECT_THAT(at(response, "/routes/0/reason"), HasSubstr("/reverse"));
}

}  // namespace
}  // namespace crosswalk::admin

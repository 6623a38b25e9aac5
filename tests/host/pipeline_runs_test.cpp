// Events that a run brought, and signals that start runs.
#include "pipeline.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk {
namespace {

struct PipelineRuns : testing::Test {
    support::FakeClock clock;
    support::TestStore store{clock};
    support::FakeConnector lever;
    support::FakeConnector goco;
    telemetry::Metrics metrics;
    std::vector<model::Route> routes{2};
    std::map<std::string, map::Mapper> mappers;
    std::unique_ptr<route::Router> router;
    std::unique_ptr<deliver::FollowUps> follow_ups;
    std::unique_ptr<Pipeline> pipeline;
    int signals = 0;
    model::Result<std::string> said = std::string("Run 4 of the route first is started.");

    PipelineRuns() {
        routes[0].name = "first";
        routes[0].from_connection = "lever";
        routes[0].from_event = "candidate.hired";
        routes[0].to_connection = "goco";
        routes[0].to_action = "create";
        routes[1] = routes[0];
        routes[1].name = "second";
        lever.info().triggers.push_back({"sync.requested", "Sync Now", "", "", 1U | 4U});
    }
    void dispatch_due() {
        auto const find = [this](std::string_view name) -> plugin_host::Connector* {
            return name == "lever" ? &lever : &goco;
        };
        router = std::make_unique<route::Router>(routes);
        for (model::Route const& route : routes) {
            mappers.emplace(route.name, map::Mapper(route.mapping, {}));
        }
        follow_ups =
            std::make_unique<deliver::FollowUps>([this](std::string_view name) { return router->find(name); }, find,
                                                 std::vector<std::string>{"hr-ops@example.com"}, store.logger());
        pipeline = std::make_unique<Pipeline>(
            PipelineOptions{}, std::vector<std::string>{"lever"}, *router,
            [this](std::string const& name) -> map::Mapper const& { return mappers.at(name); }, find, *follow_ups,
            [] {}, store.inbox, store.outbox, store.state, clock, store.logger(), metrics,
            [this](std::string_view, std::string_view) {
                ++signals;
                return said;
            });
        for (store::InboxItem const& item : store.inbox.due("lever", clock.now(), 10).value()) {
            pipeline->dispatch(item);
        }
    }
    // One event that a run of the route brought; its number in the inbox.
    store::InboxId poll(std::string const& route) {
        auto const run = store.runs.open(route, store::RunCause::schedule, false).value().id;
        EXPECT_TRUE(store.runs.begin(run, "s"));
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.dedupe_key = "e";
        item.event = model::Event{"e", "candidate.hired", "person:e", "Ada Example", 0, {"fake.hire/1", {}, "{}"}};
        return store.inbox.accept_poll({run, "s", {item}, std::nullopt, true}).value().at(0).id;
    }
    store::InboxId receive_signal() {
        lever.on_parse = [](plugin_host::HttpRequestView const&) -> model::Result<plugin_host::ParseResult> {
            return plugin_host::ParseResult{{{"s1", "sync.requested", "workspace", "", 0, {"", {}, "{}"}}}, {}};
        };
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "sync.requested";
        item.raw.body = "s1";
        return store.inbox.accept(item).value().id;
    }
    store::EventView show(store::InboxId id) { return store.history.show(id).value(); }
};

TEST_F(PipelineRuns, GivesAPolledEventToTheRouteThatAskedAlone) {
    auto const id = poll("second");
    dispatch_due();
    auto const view = show(id);
    ASSERT_EQ(view.deliveries.size(), 1U);
    EXPECT_EQ(view.deliveries[0].delivery.route, "second");
    EXPECT_EQ(store.runs.counts(1)->waiting, 1);
    EXPECT_EQ(store.history.conservation()->difference(), 0);
}

TEST_F(PipelineRuns, FiltersAPolledEventWhoseRouteIsOff) {
    auto const id = poll("second");
    routes[1].off_because = "The setting /x is not true.";
    dispatch_due();
    EXPECT_EQ(show(id).summary.state, "filtered");
    EXPECT_EQ(show(id).summary.reason, "The route second, which asked for it, is off or gone.");
    EXPECT_EQ(store.history.conservation()->difference(), 0);
}

TEST_F(PipelineRuns, TellsOfABuriedPolledEventOncePerRouteThatAsked) {
    auto const id = poll("second");
    lever.on_map = [](model::Record const&, std::string const&) -> model::Result<plugin_host::MapResult> {
        return model::Error{model::ErrorCode::invalid_argument, "No such field."};
    };
    dispatch_due();
    ASSERT_EQ(show(id).deliveries.size(), 1U);
    EXPECT_EQ(show(id).deliveries[0].delivery.route, "second");
    EXPECT_EQ(store.runs.counts(1)->failed, 1);
}

TEST_F(PipelineRuns, LetsASignalStartRunsAndEndWithTheWordsWhich) {  // E.18
    lever.on_map = [](model::Record const&, std::string const&) -> model::Result<plugin_host::MapResult> {
        return model::Error{model::ErrorCode::internal, "A signal is not mapped."};
    };
    auto const id = receive_signal();
    dispatch_due();
    EXPECT_EQ(signals, 1);
    EXPECT_EQ(show(id).summary.state, "filtered");
    EXPECT_EQ(show(id).summary.reason, "Run 4 of the route first is started.");
    EXPECT_EQ(store.history.conservation()->difference(), 0);
}

TEST_F(PipelineRuns, KeepsASignalThatTheStoreDidNotTake) {
    said = model::Error{model::ErrorCode::unavailable, "The disk is full."};
    auto const id = receive_signal();
    dispatch_due();
    EXPECT_EQ(show(id).summary.state, "received");
    said = std::string("The route first is already running.");
    clock.advance(std::chrono::minutes(1));
    dispatch_due();
    EXPECT_EQ(show(id).summary.reason, "The route first is already running.");
}

}  // namespace
}  // namespace crosswalk

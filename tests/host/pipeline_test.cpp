#include "pipeline.hpp"

#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Dispatch : testing::Test {
    support::FakeClock clock;
    support::TestStore store{clock};
    support::FakeConnector lever;
    support::FakeConnector goco;
    telemetry::Metrics metrics;
    std::vector<model::Route> routes{2};
    std::vector<std::string> workspace;
    std::unique_ptr<route::Router> router;
    std::map<std::string, map::Mapper> mappers;
    std::unique_ptr<deliver::FollowUps> follow_ups;
    std::unique_ptr<Pipeline> pipeline;
    int dispatched = 0;

    Dispatch() {
        routes[0].name = "hires";
        routes[0].from_connection = "lever";
        routes[0].from_event = "candidate.hired";
        routes[0].to_connection = "goco";
        routes[0].to_action = "create";
        routes[0].feedback = {{{model::FeedbackOn::delivered, model::FeedbackOn::failed}, "lever", "add_note"}};
        routes[1] = routes[0];
        routes[1].name = "second";
        routes[1].enabled = false;
    }
    void build() {
        router = std::make_unique<route::Router>(routes);
        for (model::Route const& route : routes) {
            mappers.emplace(route.name, map::Mapper(route.mapping, {}));
        }
        auto const find_connector = [this](std::string_view name) -> plugin_host::Connector* {
            return name == "lever" ? &lever : name == "goco" ? &goco : nullptr;
        };
        follow_ups = std::make_unique<deliver::FollowUps>([this](std::string_view name) { return router->find(name); },
                                                          find_connector, workspace, store.logger());
        pipeline = std::make_unique<Pipeline>(
            PipelineOptions{}, std::vector<std::string>{"lever"}, *router,
            [this](std::string const& name) -> map::Mapper const& { return mappers.at(name); }, find_connector,
            *follow_ups, [this] { ++dispatched; }, store.inbox, store.outbox, store.state, clock, store.logger(),
            metrics);
    }
    store::InboxId take(std::string const& key) {
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.dedupe_key = key;
        item.raw.body = key;
        return store.inbox.accept(item).value().id;
    }
    void dispatch_due() {
        if (!pipeline) {
            build();
        }
        for (store::InboxItem const& item : store.inbox.due("lever", clock.now(), 10).value()) {
            pipeline->dispatch(item);
        }
    }
    store::EventView show(store::InboxId id) { return store.history.show(id).value(); }
    void fail_parse(model::ErrorCode code) {
        lever.on_parse = [code](plugin_host::HttpRequestView const&) -> model::Result<plugin_host::ParseResult> {
            return model::Error{code, "because of this"};
        };
    }
};

TEST_F(Dispatch, MakesOneDeliveryForEachEnabledRoute) {
    auto const id = take("a");
    dispatch_due();
    auto const view = show(id);
    ASSERT_EQ(view.deliveries.size(), 1U);
    EXPECT_EQ(view.deliveries[0].delivery.route, "hires");
    EXPECT_EQ(view.deliveries[0].state, store::DeliveryState::pending);
    EXPECT_EQ(view.deliveries[0].delivery.subject, "person:a");
    EXPECT_EQ(view.summary.title, "Person a");
    EXPECT_EQ(dispatched, 1);
}

TEST_F(Dispatch, DecidesWhatAWebhookOvertookAboutItsOwnSubjectFirst) {
    build();
    auto const run = store.runs.open("hires", store::RunCause::person, false).value();
    ASSERT_TRUE(store.runs.begin(run.id, "all"));
    store::PollTurn turn{run.id, "all", {}, {}, true};
    for (char const* const person : {"x", "a", "y"}) {
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.dedupe_key = std::string("polled-") + person;
        item.event = model::Event{item.dedupe_key,
                                  "candidate.hired",
                                  std::string("person:") + person,
                                  person,
                                  0,
                                  {"fake.hire/1", {}, R"({"first_name":"Polled"})"}};
        turn.events.push_back(std::move(item));
    }
    auto const polled = store.inbox.accept_poll(std::move(turn)).value();
    auto const heard = take("a");  // about person:a, as the second of the polled ones
    auto const due = store.inbox.due("lever", clock.now(), 10).value();
    ASSERT_EQ(due.at(0).id, heard);
    EXPECT_TRUE(pipeline->dispatch(due.at(0)));
    EXPECT_EQ(show(heard).summary.state, "dispatched");
    EXPECT_EQ(show(polled[1].id).summary.state, "dispatched");
    EXPECT_LT(show(polled[1].id).deliveries.at(0).delivery.id, show(heard).deliveries.at(0).delivery.id);
    EXPECT_EQ(show(polled[0].id).summary.state, "received") << "others wait for their turn";
    EXPECT_TRUE(pipeline->dispatch(due.at(2))) << "it is over already";
    dispatch_due();
    EXPECT_EQ(store.inbox.pending().value(), 0);
    EXPECT_EQ(store.history.conservation().value().difference(), 0);
    EXPECT_EQ(show(polled[1].id).deliveries.size(), 1U);
}

TEST_F(Dispatch, SetsADamagedItemAsideAndGoesOnWithTheRest) {
    routes[0].notify_emails = {"people-ops@example.com"};
    auto const damaged = take("a");
    auto const whole = take("b");
    auto item = store.inbox.due("lever", clock.now(), 1).value().at(0);
    item.raw = {};
    item.damage = model::Error{model::ErrorCode::corruption, "It was changed."};
    build();
    pipeline->dispatch(item);
    EXPECT_EQ(show(damaged).summary.state, "dead");
    EXPECT_EQ(show(damaged).summary.reason, "It was changed.");
    dispatch_due();
    EXPECT_EQ(show(whole).summary.state, "dispatched");
    EXPECT_EQ(store.history.conservation().value().difference(), 0);
    EXPECT_THAT(store.log(), HasSubstr("A stored event cannot be read any more and is set aside."));
}

// A message from `goco`, whose record becomes known by a link as soon as `linked` is true.
struct DispatchUnlinked : Dispatch {
    bool linked = false;
    int parsed = 0;
    std::function<void()> after_parse = [] {};

    DispatchUnlinked() {
        goco.on_parse = [this](plugin_host::HttpRequestView const& request) {
            ++parsed;
            plugin_host::ParseResult result;
            if (linked) {
                result.events = {
                    {std::string(request.body), "candidate.hired", "s", "t", 0, {"fake.hire/1", {}, "{}"}}};
            } else {
                result.reason = "Nobody knows it.";
                result.unlinked = "applicant 7";
            }
            after_parse();
            return model::Result<plugin_host::ParseResult>(std::move(result));
        };
    }
    // A push to goco that was leased and has no end yet.
    store::DeliveryId push_goes_out() {
        take("pushed");
        dispatch_due();
        return store.outbox.lease_due(clock.now(), 1).value().at(0).id;
    }
    store::InboxId hear() {
        clock.advance(std::chrono::milliseconds(1));
        store::Accepted item;
        item.connection = "goco";
        item.event_type = "candidate.hired";
        item.raw.body = "heard";
        return store.inbox.accept(item).value().id;
    }
    void read_again(store::InboxId id) { pipeline->dispatch(store.inbox.read(id).value()); }
    void settle(store::DeliveryId id, store::DeliveryState state) {
        model::AttemptReport const report{
            state == store::DeliveryState::unknown ? model::Outcome::unknown : model::Outcome::delivered, {}};
        ASSERT_TRUE(store.outbox.settle(id, {state, clock.now(), report}));
    }
};

TEST_F(DispatchUnlinked, KeepsAnItemWhileAPushOnItsWayMayLinkItsRecord) {
    auto const pushed = push_goes_out();
    auto const heard = hear();
    read_again(heard);
    EXPECT_EQ(show(heard).summary.state, "received");
    EXPECT_THAT(show(heard).summary.reason, HasSubstr("applicant 7"));
    settle(pushed, store::DeliveryState::unknown);  // its answer was lost: it is still to be looked up
    read_again(heard);
    EXPECT_EQ(show(heard).summary.state, "received");
    EXPECT_EQ(store.history.conservation().value().difference(), 0);

    ASSERT_EQ(store.outbox.lease_due(clock.now(), 1).value().at(0).id, pushed);
    linked = true;
    settle(pushed, store::DeliveryState::delivered);
    read_again(heard);
    EXPECT_EQ(show(heard).summary.state, "filtered");  // no route takes it, but it was read
    EXPECT_THAT(show(heard).summary.reason, HasSubstr("No route takes this event."));
}

TEST_F(DispatchUnlinked, LooksOnceMoreWhenThePushEndedAfterItLooked) {
    auto const pushed = push_goes_out();
    auto const heard = hear();
    after_parse = [&] {
        if (!linked) {
            linked = true;
            settle(pushed, store::DeliveryState::delivered);
        }
    };
    read_again(heard);
    EXPECT_EQ(parsed, 2);
    EXPECT_THAT(show(heard).summary.reason, HasSubstr("No route takes this event."));
}

TEST_F(DispatchUnlinked, PassesAnItemOverThatNoPushCanHaveMade) {
    build();
    auto const heard = hear();
    clock.advance(std::chrono::seconds(1));
    (void)push_goes_out();  // after the vendor told of it
    read_again(heard);
    EXPECT_EQ(show(heard).summary.state, "filtered");
    EXPECT_EQ(show(heard).summary.reason, "Nobody knows it.");
}

TEST_F(DispatchUnlinked, EndsAsADeadLetterWhenThePushNeverEnds) {
    (void)push_goes_out();
    auto const heard = hear();
    int looks = 0;
    while (show(heard).summary.state == "received" && looks < 100) {
        read_again(heard);
        ++looks;
    }
    EXPECT_EQ(looks, PipelineOptions{}.retry.attempts_max);
    EXPECT_EQ(show(heard).summary.state, "dead");
    EXPECT_EQ(store.history.conservation().value().difference(), 0);
}

store::InboxId sweep(support::TestStore& store, std::string const& id) {
    store::Accepted item;
    item.connection = "lever";
    item.event_type = "candidate.hired";
    item.dedupe_key = id;
    item.event = {id, "candidate.hired", "person:" + id, id, 0, {"fake.ref/1", id, "{}"}};
    item.swept = true;
    return store.inbox.accept(std::move(item)).value().id;
}

TEST_F(Dispatch, FetchesTheWholeEventOfOneThatASweepListed) {
    lever.on_fetch_swept = [](model::Event listed) -> model::Result<plugin_host::ParseResult> {
        EXPECT_EQ(listed.record.schema, "fake.ref/1");
        listed.record = {"fake.hire/1", {}, R"({"first_name":"Whole"})"};
        return plugin_host::ParseResult{{std::move(listed)}, {}};
    };
    auto const id = sweep(store, "a");
    dispatch_due();
    auto const view = show(id);
    ASSERT_EQ(view.deliveries.size(), 1U);
    EXPECT_THAT(view.deliveries[0].delivery.record.json, HasSubstr("Whole"));
    EXPECT_TRUE(view.summary.swept);
}

TEST_F(Dispatch, FetchesASweptEventAgainWhenItIsReplayed) {
    int fetched = 0;
    lever.on_fetch_swept = [&](model::Event const&) -> model::Result<plugin_host::ParseResult> {
        ++fetched;
        return plugin_host::ParseResult{{}, "It was withdrawn."};
    };
    auto const id = sweep(store, "a");
    dispatch_due();
    auto const again = store.inbox.replay(id).value();
    dispatch_due();
    EXPECT_EQ(fetched, 2);
    EXPECT_EQ(show(again).summary.reason, "It was withdrawn.");
}

TEST_F(Dispatch, KeepsASweptEventWhoseFetchMayWorkLater) {
    lever.on_fetch_swept = [](model::Event const&) -> model::Result<plugin_host::ParseResult> {
        return model::Error{model::ErrorCode::unavailable, "away"};
    };
    auto const id = sweep(store, "a");
    dispatch_due();
    EXPECT_EQ(show(id).summary.state, "received");
    EXPECT_EQ(show(id).summary.reason, "away");
}

// Both have the event id "a"; whichever is dispatched second adds nothing.
TEST_F(Dispatch, AWebhookAndASweptEventOfOneHireMakeOneDeliveryInEitherOrder) {
    auto const swept_first = sweep(store, "a");
    auto const webhook_second = take("a");
    auto const webhook_first = take("b");
    auto const swept_second = sweep(store, "b");
    dispatch_due();
    EXPECT_EQ(show(swept_first).deliveries.size(), 1U);
    EXPECT_EQ(show(webhook_second).deliveries.size(), 0U);
    EXPECT_EQ(show(webhook_second).summary.state, "filtered");
    EXPECT_EQ(show(webhook_first).deliveries.size(), 1U);
    EXPECT_EQ(show(swept_second).deliveries.size(), 0U);
    EXPECT_EQ(store.history.conservation()->difference(), 0);
}

TEST_F(Dispatch, AppliesTheOverridesBetweenTheTwoMappings) {  // A.38
    routes[0].mapping.rules = {{"cost_center", {"/custom/cost_center"}}};
    lever.on_map = [](model::Record const& record, std::string const& schema) -> model::Result<plugin_host::MapResult> {
        return plugin_host::MapResult{
            {{schema, record.key, R"({"first_name":"A","custom":{"cost_center":"R7"}})"}}, {}, {}};
    };
    auto const id = take("a");
    dispatch_due();
    auto const delivery = show(id).deliveries.at(0);
    EXPECT_THAT(delivery.delivery.record.json, HasSubstr(R"("cost_center":"R7")"));
    ASSERT_EQ(delivery.sources.size(), 1U);
    EXPECT_THAT(delivery.sources[0].source, HasSubstr("/custom/cost_center"));
}

TEST_F(Dispatch, SendsNothingWhenRequiredFieldsAreMissingAndNotesWhich) {  // A.42
    routes[0].mapping.required = {"first_name", "personal_email"};
    workspace = {"hr-ops@example.com"};
    auto const id = take("a");
    dispatch_due();
    auto const view = show(id);
    ASSERT_EQ(view.deliveries.size(), 3U);  // the hire, its note, its mail
    EXPECT_EQ(view.deliveries[0].state, store::DeliveryState::dead);
    ASSERT_EQ(view.deliveries[0].fields.size(), 1U);
    EXPECT_EQ(view.deliveries[0].fields[0].field, "personal_email");
    EXPECT_EQ(view.deliveries[1].delivery.action, "add_note");
    EXPECT_THAT(view.deliveries[1].delivery.record.json, HasSubstr("personal_email"));
    EXPECT_EQ(view.deliveries[2].delivery.kind, store::DeliveryKind::notice);
    EXPECT_TRUE(goco.pushes().empty());
}

TEST_F(Dispatch, KeepsAnItemWhoseVendorIsDownAndTriesItAgain) {
    fail_parse(model::ErrorCode::unavailable);
    auto const id = take("a");
    dispatch_due();
    EXPECT_EQ(show(id).summary.state, "received");
    EXPECT_THAT(show(id).summary.reason, HasSubstr("because of this"));
    EXPECT_TRUE(store.inbox.due("lever", clock.now(), 10).value().empty());
    clock.advance(std::chrono::seconds(2));
    EXPECT_EQ(store.inbox.due("lever", clock.now(), 10).value().size(), 1U);
}

TEST_F(Dispatch, KeepsAnEventWhoseTargetIsNotLoaded) {
    routes[0].to_connection = "elsewhere";
    auto const id = take("a");
    dispatch_due();
    EXPECT_EQ(show(id).summary.state, "received");
    EXPECT_TRUE(show(id).deliveries.empty());
}

TEST_F(Dispatch, PausesTheConnectionOnARefusedCredentialAndKeepsTheItem) {  // A.45
    fail_parse(model::ErrorCode::unauthenticated);
    auto const id = take("a");
    dispatch_due();
    EXPECT_TRUE(store.state.connection("lever").value().paused);
    EXPECT_EQ(show(id).summary.state, "received");
}

TEST_F(Dispatch, MailsOnceThatTheSourceRefusesItsCredential) {  // A.45
    workspace = {"hr-ops@example.com"};
    fail_parse(model::ErrorCode::unauthenticated);
    auto const first = take("a");
    auto const second = take("b");
    dispatch_due();
    ASSERT_EQ(show(first).deliveries.size(), 1U);
    EXPECT_EQ(show(first).deliveries[0].delivery.kind, store::DeliveryKind::notice);
    EXPECT_THAT(show(first).deliveries[0].delivery.record.json, HasSubstr("connections resume lever"));
    EXPECT_TRUE(show(second).deliveries.empty());

    ASSERT_TRUE(store.state.resume_connection("lever"));
    dispatch_due();
    EXPECT_EQ(show(first).deliveries.size(), 2U) << "refused again after a resume";
}

TEST_F(Dispatch, BuriesWhatCanNeverSucceedWithItsCauseAndAMail) {  // A.24
    workspace = {"hr-ops@example.com"};
    fail_parse(model::ErrorCode::invalid_argument);
    auto const id = take("a");
    dispatch_due();
    auto const view = show(id);
    EXPECT_EQ(view.summary.state, "dead");
    EXPECT_THAT(view.summary.reason, HasSubstr("because of this"));
    ASSERT_EQ(view.deliveries.size(), 1U);
    EXPECT_EQ(view.deliveries[0].delivery.kind, store::DeliveryKind::notice);
}

TEST_F(Dispatch, CanReplayABuriedItemOnceItsCauseIsGone) {  // A.43
    auto const parse = lever.on_parse;
    fail_parse(model::ErrorCode::invalid_argument);
    auto const id = take("a");
    dispatch_due();
    lever.on_parse = parse;
    auto const again = store.inbox.replay(id).value();
    dispatch_due();
    EXPECT_EQ(show(again).deliveries.at(0).state, store::DeliveryState::pending);
    EXPECT_EQ(store.history.conservation().value().difference(), 0);
}

TEST_F(Dispatch, FiltersWhatHoldsNoEventAndSaysWhy) {
    lever.on_parse = [](plugin_host::HttpRequestView const&) -> model::Result<plugin_host::ParseResult> {
        return plugin_host::ParseResult{{}, "The opportunity was deleted."};
    };
    auto const id = take("a");
    dispatch_due();
    EXPECT_EQ(show(id).summary.state, "filtered");
    EXPECT_EQ(show(id).summary.reason, "The opportunity was deleted.");
}

TEST_F(Dispatch, SkipsWhatTheTargetsMappingFiltersOut) {
    goco.on_map = [](model::Record const&, std::string const&) -> model::Result<plugin_host::MapResult> {
        return plugin_host::MapResult{{}, {}, "Contractors are not exported."};
    };
    auto const id = take("a");
    dispatch_due();
    EXPECT_EQ(show(id).deliveries.at(0).state, store::DeliveryState::skipped);
    EXPECT_EQ(show(id).deliveries.at(0).reason, "Contractors are not exported.");
}

TEST_F(Dispatch, LeavesAStoppedRouteOutBesideARunningOne) {  // A.22
    routes[1].enabled = true;
    ASSERT_TRUE(store.state.set_route_mode("second", store::RouteMode::stopped).has_value());
    auto const id = take("a");
    dispatch_due();
    ASSERT_EQ(show(id).deliveries.size(), 1U);
    EXPECT_EQ(show(id).deliveries[0].delivery.route, "hires");
}

TEST_F(Dispatch, KeepsWhatWasTakenBeforeItsOnlyRouteWasStopped) {
    auto const id = take("a");
    ASSERT_TRUE(store.state.set_route_mode("hires", store::RouteMode::stopped).has_value());
    dispatch_due();
    ASSERT_EQ(show(id).deliveries.size(), 1U);
    EXPECT_EQ(show(id).deliveries[0].state, store::DeliveryState::pending);
    EXPECT_TRUE(store.outbox.lease_due(clock.now(), 10).value().empty());
}

TEST_F(Dispatch, GivesAReplayAKeyOfItsOwnAndRestartsTheSame) {
    store::InboxItem item;
    item.id = 5;
    item.connection = "lever";
    model::Event const event{"e", "candidate.hired", "s", {}, 0, {}};
    EXPECT_EQ(idempotency_key(item, event, routes[0]), idempotency_key(item, event, routes[0]));
    std::string const original = idempotency_key(item, event, routes[0]);
    EXPECT_NE(original, idempotency_key(item, event, routes[1]));
    item.replay_of = 4;
    EXPECT_NE(original, idempotency_key(item, event, routes[0]));
}

TEST_F(Dispatch, LogsNothingPersonal) {
    fail_parse(model::ErrorCode::invalid_argument);
    (void)take("ada@example.com");
    dispatch_due();
    EXPECT_THAT(store.log(), Not(HasSubstr("example.com")));
}

}  // namespace
}  // namespace crosswalk

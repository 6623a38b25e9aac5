#include "replay_desk.hpp"

#include "pipeline.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk {
namespace {

using admin::ReplayFrom;
using admin::ReplayMapping;
using admin::ReplayOrder;
using admin::ReplayResult;
using store::DeliveryState;
using testing::HasSubstr;
using testing::IsEmpty;

// One route, a pipeline and a desk over one store; the rules can change as by a restart.
struct Desk : testing::Test {
    support::FakeClock clock;
    support::TestStore store{clock};
    support::FakeConnector lever;
    support::FakeConnector goco;
    telemetry::Metrics metrics;
    model::Route route;
    store::DeadLetters letters{store.store()};
    std::unique_ptr<route::Router> router;
    std::map<std::string, map::Mapper> mappers;
    std::unique_ptr<deliver::FollowUps> follow_ups;
    std::unique_ptr<Pipeline> pipeline;
    std::unique_ptr<ReplayDesk> desk;

    Desk() {
        route.name = "hires";
        route.from_connection = "lever";
        route.from_event = "candidate.hired";
        route.to_connection = "goco";
        route.to_action = "create";
        restart();
    }
    void restart() {
        pipeline.reset();
        router = std::make_unique<route::Router>(std::vector<model::Route>{route});
        mappers.clear();
        mappers.emplace(route.name, map::Mapper(route.mapping, {}));
        auto const find_connector = [this](std::string_view name) -> plugin_host::Connector* {
            return name == "lever" ? &lever : name == "goco" ? &goco : nullptr;
        };
        auto const find_mapper = [this](std::string const& name) -> map::Mapper const& { return mappers.at(name); };
        follow_ups = std::make_unique<deliver::FollowUps>([this](std::string_view name) { return router->find(name); },
                                                          find_connector, std::vector<std::string>(), store.logger());
        pipeline = std::make_unique<Pipeline>(
            PipelineOptions{}, std::vector<std::string>{"lever"}, *router, find_mapper, find_connector, *follow_ups,
            [] {}, store.inbox, store.outbox, store.state, clock, store.logger(), metrics);
        desk = std::make_unique<ReplayDesk>(*router, find_mapper, find_connector, std::chrono::seconds(1), letters,
                                            store.inbox, store.outbox, store.history);
    }
    store::InboxId take(std::string const& key) {
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.dedupe_key = key;
        item.raw = {"POST", "/hooks/lever", {}, key};
        auto const id = store.inbox.accept(item).value().id;
        dispatch();
        return id;
    }
    void dispatch() {
        for (store::InboxItem const& item : store.inbox.due("lever", clock.now(), 10).value()) {
            pipeline->dispatch(item);
        }
    }
    void end(model::Outcome outcome, DeliveryState state = DeliveryState::dead) {
        auto const leased = store.outbox.lease_due(clock.now(), 1).value();
        ASSERT_EQ(leased.size(), 1U);
        ASSERT_TRUE(store.outbox.settle(leased[0].id, {state, clock.now(), {outcome, "No."}, {}}));
    }
    // A delivery that the target refused.
    store::LetterId refused() {
        auto const id = take("a");
        end(model::Outcome::rejected);
        return {false, store.history.show(id)->deliveries.at(0).delivery.id};
    }
    // One that the route's rules refused: a required field is missing.
    store::LetterId unmapped() {
        route.mapping.required = {"personal_email"};
        restart();
        auto const id = take("b");
        return {false, store.history.show(id)->deliveries.at(0).delivery.id};
    }
    admin::Replayed replay(store::LetterId id, ReplayOrder order = {}) {
        auto const replayed = desk->replay(id, order);
        EXPECT_TRUE(replayed) << replayed.error().detail;
        return replayed ? *replayed : admin::Replayed{};
    }
    store::DeliveryView view(store::LetterId id) { return store.history.delivery(id.number).value(); }
    void rule(char const* field, char const* constant) {
        route.mapping.rules = {model::FieldRule{field, {}}};
        route.mapping.rules.back().constant = constant;
        restart();
    }
    std::int64_t difference() { return store.history.conservation()->difference(); }
};

TEST_F(Desk, SendsTheStoredRecordUnderTheSameKeyUnlessToldOtherwise) {
    auto const id = refused();
    auto const before = view(id).delivery;
    rule("department", "\"Research\"");
    EXPECT_EQ(replay(id).result, ReplayResult::done);
    EXPECT_EQ(view(id).state, DeliveryState::pending);
    EXPECT_EQ(view(id).delivery.record.json, before.record.json);
    EXPECT_EQ(view(id).delivery.idempotency_key, before.idempotency_key);
}

TEST_F(Desk, IsAskedTwiceAndReplaysOnce) {
    auto const id = refused();
    EXPECT_EQ(replay(id).result, ReplayResult::done);
    EXPECT_EQ(replay(id).result, ReplayResult::already);
    auto const raw = unmapped();
    EXPECT_EQ(replay(raw, {.from = ReplayFrom::raw}).result, ReplayResult::done);
    auto const again = replay(raw, {.from = ReplayFrom::raw});
    EXPECT_EQ(again.result, ReplayResult::already);
    EXPECT_NE(again.event, 0);
    EXPECT_EQ(difference(), 0);
}

TEST_F(Desk, MapsAnewWithThePresentRulesAndThenTakesANewKey) {
    auto const id = refused();
    std::string const key = view(id).delivery.idempotency_key;
    rule("department", "\"Research\"");
    auto const done = replay(id, {.mapping = ReplayMapping::as_present});
    EXPECT_EQ(done.result, ReplayResult::done) << done.reason;
    EXPECT_THAT(view(id).delivery.record.json, HasSubstr("Research"));
    EXPECT_NE(view(id).delivery.idempotency_key, key);
    EXPECT_EQ(view(id).state, DeliveryState::pending);
}

TEST_F(Desk, KeepsTheKeyWhenTheNewMappingGivesTheSameRecord) {
    auto const id = refused();
    std::string const key = view(id).delivery.idempotency_key;
    EXPECT_EQ(replay(id, {.mapping = ReplayMapping::as_present}).result, ReplayResult::done);
    EXPECT_EQ(view(id).delivery.idempotency_key, key);
}

TEST_F(Desk, RehearsesWithTheDifferenceAndStoresNothing) {
    auto const id = refused();
    auto const before = view(id);
    rule("department", "\"Research\"");
    auto const would = replay(id, {.mapping = ReplayMapping::as_present, .dry_run = true});
    EXPECT_EQ(would.result, ReplayResult::would);
    ASSERT_EQ(would.previews.size(), 1U);
    EXPECT_THAT(would.previews[0].record.json, HasSubstr("Research"));
    ASSERT_EQ(would.previews[0].changes.size(), 1U);
    EXPECT_EQ(would.previews[0].changes[0].field, "/department");
    EXPECT_EQ(would.previews[0].changes[0].before, "");
    EXPECT_EQ(would.previews[0].changes[0].after, "\"Research\"");
    EXPECT_EQ(view(id).state, DeliveryState::dead);
    EXPECT_EQ(view(id).delivery.record.json, before.delivery.record.json);
    EXPECT_EQ(view(id).delivery.idempotency_key, before.delivery.idempotency_key);
}

TEST_F(Desk, ShowsAtMostTwoHundredDifferences) {
    auto const write = [this](int fields) {
        route.mapping.rules.clear();
        for (int i = 0; i < fields; ++i) {
            route.mapping.rules.push_back(model::FieldRule{"more_" + std::to_string(i), {}});
            route.mapping.rules.back().constant = "1";
        }
        restart();
    };
    write(1);
    auto const id = refused();
    write(250);
    auto const would = replay(id, {.mapping = ReplayMapping::as_present, .dry_run = true});
    ASSERT_EQ(would.previews.size(), 1U);
    EXPECT_EQ(would.previews[0].changes.size(), 200U);
    EXPECT_THAT(would.previews[0].record.json, HasSubstr("more_249")) << "all of them are sent";
}

TEST_F(Desk, RehearsesFromRawAndStoresNothing) {
    auto const id = unmapped();
    route.mapping.required.clear();
    restart();
    auto const would = replay(id, {.from = ReplayFrom::raw, .dry_run = true});
    EXPECT_EQ(would.result, ReplayResult::would) << would.reason;
    ASSERT_EQ(would.previews.size(), 1U);
    EXPECT_TRUE(would.previews[0].sends);
    EXPECT_EQ(would.previews[0].event_title, "Person b");
    EXPECT_EQ(store.inbox.pending().value(), 0);
    EXPECT_EQ(view(id).state, DeliveryState::dead);
}

TEST_F(Desk, MapsAnewByItselfWhatWasNeverMapped) {
    auto const id = unmapped();
    auto const still = replay(id);
    EXPECT_EQ(still.result, ReplayResult::refused);
    ASSERT_EQ(still.previews.size(), 1U);
    EXPECT_EQ(still.previews[0].fields.at(0).field, "personal_email");
    EXPECT_EQ(replay(id, {.mapping = ReplayMapping::as_stored}).result, ReplayResult::refused);
    route.mapping.required.clear();
    restart();
    EXPECT_EQ(replay(id).result, ReplayResult::done);
    EXPECT_EQ(view(id).delivery.record.schema, "fake.person/1");
    EXPECT_EQ(difference(), 0);
}

TEST_F(Desk, RunsALetterAgainFromRawForItsOwnRoute) {
    auto const id = unmapped();
    route.mapping.required.clear();
    restart();
    auto const done = replay(id, {.from = ReplayFrom::raw});
    ASSERT_EQ(done.result, ReplayResult::done) << done.reason;
    dispatch();
    auto const again = store.history.show(done.event).value();
    ASSERT_EQ(again.deliveries.size(), 1U);
    EXPECT_EQ(again.deliveries[0].state, DeliveryState::pending);
    EXPECT_EQ(view(id).state, DeliveryState::discarded);
    EXPECT_EQ(difference(), 0);
}

TEST_F(Desk, LooksUpFirstWhatMayHaveBeenApplied) {
    take("a");
    end(model::Outcome::unknown);
    store::LetterId const id{false, 1};
    auto const would = replay(id, {.dry_run = true});
    ASSERT_EQ(would.previews.size(), 1U);
    EXPECT_TRUE(would.previews[0].look_up_first);
    EXPECT_EQ(replay(id).result, ReplayResult::done);
    EXPECT_TRUE(store.outbox.lease_due(clock.now(), 1)->at(0).look_up);
}

TEST_F(Desk, ChangesNothingOfWhatMayHaveBeenApplied) {
    take("a");
    end(model::Outcome::unknown);
    store::LetterId const id{false, 1};
    for (ReplayOrder const& order :
         {ReplayOrder{.mapping = ReplayMapping::as_present, .force = true}, ReplayOrder{.from = ReplayFrom::raw}}) {
        auto const refused_one = replay(id, order);
        EXPECT_EQ(refused_one.result, ReplayResult::refused);
        EXPECT_THAT(refused_one.reason, HasSubstr("looks it up"));
    }
    auto const edited = desk->edit(id.number, {{"/first_name", "Eve"}}, false);
    ASSERT_FALSE(edited);
    EXPECT_THAT(edited.error().detail, HasSubstr("looks it up"));
}

TEST_F(Desk, RepeatsByForceOnlyWhatNobodyCanLookUp) {
    take("a");
    end(model::Outcome::unknown);
    goco.looks_up = false;
    auto const no = replay({false, 1});
    EXPECT_EQ(no.result, ReplayResult::refused);
    EXPECT_THAT(no.reason, HasSubstr("by hand"));
    EXPECT_EQ(replay({false, 1}, {.force = true}).result, ReplayResult::done);
}

TEST_F(Desk, RepeatsADeliveredOneOnlyByForceAndSaysWhatThatMeans) {
    take("a");
    end(model::Outcome::delivered, DeliveryState::delivered);
    auto const no = replay({false, 1});
    EXPECT_EQ(no.result, ReplayResult::refused);
    EXPECT_THAT(no.reason, HasSubstr("twice"));
    EXPECT_EQ(replay({false, 1}, {.force = true}).result, ReplayResult::done);
    EXPECT_EQ(difference(), 0);
}

TEST_F(Desk, EditsOneRecordAndSendsItUnderANewKey) {
    auto const id = unmapped();
    std::string const key = view(id).delivery.idempotency_key;
    auto const edited = desk->edit(id.number, {{"/personal_email", "ada@example.com"}}, false);
    ASSERT_TRUE(edited) << edited.error().detail;
    EXPECT_EQ(edited->result, ReplayResult::done) << edited->reason;
    EXPECT_EQ(view(id).state, DeliveryState::dead) << "an edit sends nothing";
    EXPECT_NE(view(id).delivery.idempotency_key, key);
    EXPECT_EQ(view(id).sources.at(0).source, "set by a person");
    EXPECT_EQ(replay(id).result, ReplayResult::done);
    auto const leased = store.outbox.lease_due(clock.now(), 1).value();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_THAT(leased[0].record.json, HasSubstr("ada@example.com"));
}

TEST_F(Desk, KeepsEarlierEditsBelowLaterOnesAndANewMapping) {
    auto const id = refused();
    ASSERT_TRUE(desk->edit(id.number, {{"/personal_email", "ada@example.com"}}, false));
    ASSERT_TRUE(desk->edit(id.number, {{"/first_name", std::nullopt}, {"/personal_email", "eve@example.com"}}, false));
    rule("department", "\"Research\"");
    EXPECT_EQ(replay(id, {.mapping = ReplayMapping::as_present}).result, ReplayResult::done);
    auto const record = boost::json::parse(view(id).delivery.record.json).as_object();
    EXPECT_EQ(record.at("personal_email"), "eve@example.com");
    EXPECT_EQ(record.at("department"), "Research");
    EXPECT_FALSE(record.contains("first_name"));
}

TEST_F(Desk, RefusesAnEditThatTheSchemaOrTheTargetDoesNotTake) {
    auto const id = refused();
    auto const typo = desk->edit(id.number, {{"/personal_emial", "ada@example.com"}}, false).value();
    EXPECT_EQ(typo.result, ReplayResult::refused);
    EXPECT_EQ(typo.previews.at(0).fields.at(0).field, "/personal_emial");
    goco.on_map = [](model::Record const&, std::string const&) -> model::Result<plugin_host::MapResult> {
        return model::Error{model::ErrorCode::invalid_argument, "It is too short.", {{"first_name", "too short"}}};
    };
    EXPECT_EQ(desk->edit(id.number, {{"/first_name", "A"}}, false)->result, ReplayResult::refused);
    EXPECT_EQ(letters.edits(id.number).value(), "");
    EXPECT_EQ(view(id).state, DeliveryState::dead);
}

TEST_F(Desk, RehearsesAnEditAndStoresNothing) {
    auto const id = refused();
    EXPECT_EQ(desk->edit(id.number, {{"/first_name", "Eve"}}, true)->result, ReplayResult::would);
    EXPECT_EQ(letters.edits(id.number).value(), "");
}

TEST_F(Desk, ReplaysAnEventThatWasNeverReadFromRaw) {
    auto const parse = lever.on_parse;
    lever.on_parse = [](plugin_host::HttpRequestView const&) -> model::Result<plugin_host::ParseResult> {
        return model::Error{model::ErrorCode::invalid_argument, "No JSON."};
    };
    store::LetterId const id{true, take("a")};
    EXPECT_THAT(replay(id, {.dry_run = true}).reason, HasSubstr("No JSON."));
    lever.on_parse = parse;
    EXPECT_EQ(replay(id, {.from = ReplayFrom::mapped}).result, ReplayResult::refused);
    auto const done = replay(id);
    EXPECT_EQ(done.result, ReplayResult::done);
    dispatch();
    EXPECT_EQ(store.history.show(done.event)->deliveries.size(), 1U);
    EXPECT_EQ(difference(), 0);
}

TEST_F(Desk, SaysThatARouteGoesElsewhereNow) {
    auto const id = refused();
    route.to_action = "add_note";
    restart();
    EXPECT_THAT(replay(id, {.mapping = ReplayMapping::as_present}).reason, HasSubstr("elsewhere"));
    EXPECT_EQ(replay(id).result, ReplayResult::done);
}

TEST_F(Desk, PassesTheStoresErrorsOn) {
    auto const id = refused();
    store.store().close();
    auto const failed = desk->replay(id, {});
    ASSERT_FALSE(failed);
    EXPECT_TRUE(model::is_retryable(failed.error().code));
}

TEST_F(Desk, RefusesALetterThatDoesNotExist) {
    EXPECT_EQ(replay({false, 99}).result, ReplayResult::refused);
    EXPECT_EQ(replay({true, 99}).result, ReplayResult::refused);
}

}  // namespace
}  // namespace crosswalk

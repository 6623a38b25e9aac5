// A dispatcher over a real store and two fake connectors, with a clock that a test moves.
#pragma once

#include "deliver/dispatcher.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace crosswalk::deliver {

struct Dispatching : testing::Test {
    support::FakeClock clock;
    support::TestStore store{clock};
    support::FakeConnector lever;
    support::FakeConnector goco;
    model::Route route;
    telemetry::Metrics metrics;
    std::vector<std::string> mails;
    model::AttemptReport mail_answer{model::Outcome::delivered, {}};
    std::vector<std::string> workspace{"hr-ops@example.com"};
    std::unique_ptr<FollowUps> follow_ups;
    std::unique_ptr<Dispatcher> dispatcher;

    void SetUp() override {
        route.name = "hires";
        route.from_connection = "lever";
        route.to_connection = "goco";
        route.retry = {3, std::chrono::seconds(2), std::chrono::seconds(60)};
        route.feedback = {{{model::FeedbackOn::delivered, model::FeedbackOn::skipped, model::FeedbackOn::failed},
                           "lever",
                           "add_note"}};
        auto const find_route = [this](std::string_view name) { return name == "hires" ? &route : nullptr; };
        auto const find_connector = [this](std::string_view name) -> plugin_host::Connector* {
            return name == "lever" ? &lever : name == "goco" ? &goco : nullptr;
        };
        follow_ups = std::make_unique<FollowUps>(find_route, find_connector, workspace, store.logger());
        DispatcherOptions options;
        options.workers = 2;
        options.attempts.look_ups_max = 3;
        adjust(options);
        dispatcher = std::make_unique<Dispatcher>(
            options, find_route, find_connector, *follow_ups,
            [this](model::Record const& mail) {
                mails.push_back(mail.json);
                return mail_answer;
            },
            [] { return 0.0; }, store.outbox, store.history, store.state, clock, store.logger(), metrics);
    }

    // What a test wants to be different; before the dispatcher is made.
    virtual void adjust(DispatcherOptions& /*options*/) {}

    // A hire that waits to be created in GoCo; returns the number of its event.
    store::InboxId hire(std::string const& key, std::string const& target_key = {},
                        store::LeaseAtOnce const& at_once = {}) {
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.dedupe_key = key;
        item.raw.body = key;
        auto const id = store.inbox.accept(item).value().id;
        store::DispatchedEvent event;
        event.event = {key, "candidate.hired", "person:" + key, "Ada Example", 0, {"crosswalk.hire/1", {}, "{}"}};
        store::NewDelivery delivery;
        delivery.route = "hires";
        delivery.connection = "goco";
        delivery.action = "create";
        delivery.subject = "person:" + key;
        delivery.idempotency_key = "key-" + key;
        delivery.record = {"fake.person/1", target_key, "{}"};
        event.deliveries.push_back(delivery);
        EXPECT_TRUE(store.inbox.dispatch({{id, {event}}}, at_once).has_value());
        return id;
    }
    // Something that waits to be written into Lever.
    void note_in_lever() {
        store::Accepted item;
        item.connection = "goco";
        item.dedupe_key = "to lever";
        auto const id = store.inbox.accept(item).value().id;
        store::NewDelivery note;
        note.route = "hires";
        note.connection = "lever";
        note.action = "add_note";
        note.subject = "person:x";
        note.idempotency_key = "to lever";
        note.record = {"fake.note/1", {}, "{}"};
        store::DispatchedEvent event;
        event.event = {"x", "candidate.hired", "person:x", "Ada Example", 0, {"crosswalk.hire/1", {}, "{}"}};
        event.deliveries.push_back(note);
        EXPECT_TRUE(store.inbox.dispatch(id, {event}, {}).has_value());
    }
    // Leases what is due and makes one attempt of each; returns how many.
    std::size_t step() {
        auto const leased = dispatcher->lease(16).value();
        for (store::Delivery const& delivery : leased) {
            dispatcher->attempt(delivery);
        }
        return leased.size();
    }
    store::DeliveryView main_delivery(store::InboxId id) { return store.history.show(id).value().deliveries.at(0); }
    void answer(model::Outcome outcome, std::string reason = {}, std::int64_t retry_after_ms = 0) {
        goco.on_push = [=](support::FakeConnector::Push const&) {
            model::AttemptReport report{outcome, reason};
            report.retry_after_ms = retry_after_ms;
            return report;
        };
    }
};

}  // namespace crosswalk::deliver

// The admin API over a real store, a fake connector and a configuration made by hand.
#pragma once

#include "admin/api.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"
#include <crosswalk/connector.h>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crosswalk::admin {

namespace json = boost::json;

struct AdminRoom : testing::Test {
    static constexpr char const* token = "correct-horse";

    support::FakeClock clock;
    support::TestStore store{clock};
    support::FakeConnector connector;
    telemetry::Metrics metrics;
    config::Config config;
    std::vector<LoadedConnector> connectors;
    std::map<std::string, std::string> connection_errors;
    bool draining = false;
    access::Desk* access_desk = nullptr;  // in tests that need it
    std::function<Destination(std::string_view)> destination = {};
    ReplayDesk* replay_desk = nullptr;  // likewise
    std::function<std::vector<std::string>()> files = {};
    std::function<model::Result<std::size_t>(std::vector<std::string> const&)> erase_files = {};
    sweep::Sweeper* sweeper = nullptr;  // the same
    int woken = 0;

    AdminRoom() {
        for (char const* name : {"lever", "goco"}) {
            config::Connection connection;
            connection.name = name;
            connection.connector = name;
            config.connections.emplace(name, std::move(connection));
        }
        config::Route hires;
        hires.route.name = "hires";
        hires.route.title = "Hires to GoCo";
        hires.route.from_connection = "lever";
        hires.route.from_event = "candidate.hired";
        hires.route.to_connection = "goco";
        hires.route.to_action = "create";
        config.routes.emplace("hires", hires);
        hires.route.name = "unused";
        hires.route.enabled = false;
        config.routes.emplace("unused", std::move(hires));
        connector.info().caps = CW_CAP_WEBHOOK;
        connectors.push_back({"lever", {connector.info()}, {}, true});
    }

    Handler make(model::Secret secret = model::Secret(token)) {
        Api api{
            config,
            std::move(secret),
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
            [this](std::string_view name) -> plugin_host::Connector* { return name == "lever" ? &connector : nullptr; },
            connection_errors,
            [this] { ++woken; },
            [this] { return draining; }};
        api.access = access_desk;
        api.destination = destination;
        api.replays = replay_desk;
        api.files = files;
        api.erase_files = erase_files;
        api.sweeper = sweeper;
        return Handler(std::move(api));
    }
    http::Response ask(std::string method, std::string target, std::string body = {}) {
        return make().handle({std::move(method),
                              std::move(target),
                              {{"authorization", std::string("Bearer ") + token}},
                              std::move(body),
                              "127.0.0.1"});
    }
    http::Response get(std::string target) { return ask("GET", std::move(target)); }
    http::Response post(std::string target, std::string body = "{}") {
        return ask("POST", std::move(target), std::move(body));
    }
    static json::value body(http::Response const& response) { return json::parse(response.body); }
    // The text at a JSON Pointer of a 200; what went wrong otherwise.
    static std::string at(http::Response const& response, std::string const& pointer) {
        if (response.status != 200) {
            return "status " + std::to_string(response.status) + ": " + response.body;
        }
        json::error_code error;
        json::value const whole = body(response);
        json::value const* const found = whole.find_pointer(pointer, error);
        return found == nullptr     ? "nothing"
               : found->is_string() ? std::string(found->get_string())
                                    : json::serialize(*found);
    }

    store::InboxId take() {
        store::Accepted item;
        item.connection = "lever";
        item.event_type = "candidate.hired";
        item.raw = {"POST", "/hooks/lever", {}, "{}"};
        return store.inbox.accept(std::move(item)).value().id;
    }
    // An event with one delivery, as the pipeline leaves it.
    store::InboxId dispatch(std::string const& title = "Zoe Example") {
        store::InboxId const id = take();
        std::string const person = "person:" + std::to_string(id);
        store::NewDelivery delivery;
        delivery.route = "hires";
        delivery.connection = "goco";
        delivery.action = "create";
        delivery.subject = person;
        delivery.idempotency_key = "hires/" + std::to_string(id);
        delivery.record = {"fake.person/1", {}, R"({"first_name":"Zoe"})"};
        delivery.sources = {{"first_name", "/first_name of the hire"}};
        delivery.warnings = {{"manager", "GoCo knows nobody of that name."}};
        model::Event event{"e" + std::to_string(id),
                           "candidate.hired",
                           person,
                           title,
                           0,
                           {"crosswalk.hire/1", {}, R"({"first_name":"Zoe"})"}};
        EXPECT_TRUE(store.inbox.dispatch(id, {{std::move(event), {std::move(delivery)}}}, ""));
        return id;
    }
    // Ends what is due with that outcome; returns the delivery.
    store::DeliveryId settle(store::DeliveryState state, model::AttemptReport report) {
        auto const leased = store.outbox.lease_due(clock.now(), 1).value();
        EXPECT_EQ(leased.size(), 1U);
        store::Settlement settlement;
        settlement.state = state;
        settlement.due = clock.now();
        settlement.report = std::move(report);
        EXPECT_TRUE(store.outbox.settle(leased.at(0).id, std::move(settlement)));
        return leased.at(0).id;
    }
    store::DeliveryId bury(std::string reason) {
        return settle(store::DeliveryState::dead, {model::Outcome::rejected, std::move(reason)});
    }
};

}  // namespace crosswalk::admin

#include "ingest/webhooks.hpp"

#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace crosswalk::ingest {
namespace {

using testing::ElementsAre;

struct WebhookIngest : testing::Test {
    explicit WebhookIngest(store::StoreOptions const& store_options = {}) : store(clock, store_options) {}

    support::FakeClock clock;
    support::TestStore store;
    support::FakeConnector connector;
    telemetry::Metrics metrics;
    Gate answer = Gate::open;
    int stored = 0;
    WebhookOptions options;

    Webhooks make(model::Secret path_key = {}) {
        return Webhooks(
            {{"lever", &connector, std::move(path_key)}, {"broken", nullptr, {}}}, options,
            [this](std::string_view, std::string_view) { return answer; }, [this](std::string const&) { ++stored; },
            store.inbox, store.state, clock, store.logger(), metrics);
    }
    static http::Request post(std::string target, std::string body) {
        return {"POST", std::move(target), {{"content-type", "application/json"}}, std::move(body), "127.0.0.1"};
    }
    static http::Response ask(Webhooks&& webhooks, http::Request const& request) {
        std::promise<http::Response> answer;
        webhooks.handle(request, http::Answer([&](http::Response given) { answer.set_value(std::move(given)); }));
        return answer.get_future().get();
    }
    static http::Response ask(Webhooks& webhooks, http::Request const& request) {
        return ask(std::move(webhooks), request);
    }
    // How long the sender is told to wait; of several it would obey the first.
    static std::vector<std::string> waits(http::Response const& response) {
        std::vector<std::string> seconds;
        for (auto const& [name, value] : response.headers) {
            if (name == "Retry-After") {
                seconds.push_back(value);
            }
        }
        return seconds;
    }
    std::size_t pending() { return static_cast<std::size_t>(store.inbox.pending().value()); }
    void fail_verify(model::ErrorCode code) {
        connector.on_verify =
            [code](plugin_host::HttpRequestView const&) -> model::Result<plugin_host::WebhookVerdict> {
            return model::Error{code, "because"};
        };
    }
    void verdict(plugin_host::Disposition disposition) {
        connector.on_verify = [=](plugin_host::HttpRequestView const&) -> model::Result<plugin_host::WebhookVerdict> {
            return plugin_host::WebhookVerdict{disposition, "candidate.hired", "k"};
        };
    }
};

TEST_F(WebhookIngest, StoresTheExactBytesBeforeItAnswers200) {  // F.4
    std::string const body = "{\"a\": 1}\n\xC3\xA9";
    auto const response = ask(make(), post("/hooks/lever?x=1", body));
    EXPECT_EQ(response.status, 200);
    auto const items = store.inbox.due("lever", clock.now(), 10).value();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_EQ(items[0].raw.body, body);
    EXPECT_EQ(items[0].raw.target, "/hooks/lever?x=1");
    EXPECT_EQ(stored, 1);
}

// A.44
TEST_F(WebhookIngest, Answers410AndStoresNothingOnceTheConnectionIsRemoved) {
    ASSERT_TRUE(store.state.remove_connection("lever", "It was disconnected."));
    EXPECT_EQ(ask(make(), post("/hooks/lever", "{}")).status, 410);
    EXPECT_EQ(pending(), 0U);
    ASSERT_TRUE(store.state.connect_again("lever"));
    EXPECT_EQ(ask(make(), post("/hooks/lever", "{}")).status, 200);
}

TEST_F(WebhookIngest, AnswersARepeatedDeliveryWith200AndStoresItOnce) {  // A.21
    auto webhooks = make();
    EXPECT_EQ(ask(webhooks, post("/hooks/lever", "same")).status, 200);
    auto const second = ask(webhooks, post("/hooks/lever", "same"));
    EXPECT_EQ(second.status, 200);
    EXPECT_NE(second.body.find("duplicate"), std::string::npos);
    EXPECT_EQ(pending(), 1U);
    EXPECT_EQ(stored, 1);
}

TEST_F(WebhookIngest, RefusesABadSignatureWith401AndStoresNothing) {  // A.20
    fail_verify(model::ErrorCode::unauthenticated);
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 401);
    EXPECT_EQ(pending(), 0U);
}

TEST_F(WebhookIngest, RefusesWhatItCannotParseWith400) {
    fail_verify(model::ErrorCode::invalid_argument);
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 400);
    fail_verify(model::ErrorCode::too_large);
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 400);
}

TEST_F(WebhookIngest, AsksTheVendorToComeBackWhenTheConnectorItselfFails) {
    fail_verify(model::ErrorCode::internal);
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 503);
    EXPECT_EQ(ask(make(), post("/hooks/broken", "x")).status, 503);
}

TEST_F(WebhookIngest, AcknowledgesEventsOfNoUseWithoutStoringThem) {  // A.19
    verdict(plugin_host::Disposition::ignore);
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 200);
    EXPECT_EQ(pending(), 0U);
}

TEST_F(WebhookIngest, AcknowledgesAnEventThatNoRouteWants) {  // A.19
    answer = Gate::unwanted;
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 200);
    EXPECT_EQ(pending(), 0U);
}

TEST_F(WebhookIngest, RefusesEventsOfAStoppedRouteWith409) {  // A.22
    answer = Gate::stopped;
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 409);
    EXPECT_EQ(pending(), 0U);
}

TEST_F(WebhookIngest, AnswersAVendorsTestWithSuccessOnlyWhileTheRouteRuns) {  // A.18
    verdict(plugin_host::Disposition::test);
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 200);
    EXPECT_TRUE(store.state.connection("lever").value().verified_at.has_value());
    answer = Gate::stopped;
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 409);
    answer = Gate::unwanted;
    EXPECT_EQ(ask(make(), post("/hooks/lever", "x")).status, 409);
    EXPECT_EQ(pending(), 0U);
}

TEST_F(WebhookIngest, KnowsOnlyItsOwnAddresses) {
    auto webhooks = make();
    for (char const* target : {"/", "/hooks", "/hooks/", "/hooks/nobody", "/hooks/lever/", "/hooks/lever/key",
                               "/hooks/lever/a/b", "/other/lever"}) {
        EXPECT_EQ(ask(webhooks, post(target, "x")).status, 404) << target;
    }
}

TEST_F(WebhookIngest, AsksForTheKeyInTheAddressWhereOneIsSet) {
    auto webhooks = make(model::Secret("hush"));
    EXPECT_EQ(ask(webhooks, post("/hooks/lever", "x")).status, 404);
    EXPECT_EQ(ask(webhooks, post("/hooks/lever/husH", "x")).status, 404);
    EXPECT_EQ(ask(webhooks, post("/hooks/lever/hushhush", "x")).status, 404);
    EXPECT_EQ(ask(webhooks, post("/hooks/lever/hush", "x")).status, 200);
}

TEST_F(WebhookIngest, TakesPostOnly) {
    auto request = post("/hooks/lever", "x");
    request.method = "GET";
    auto const response = ask(make(), request);
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.headers.front().second, "POST");
}

TEST_F(WebhookIngest, AnswersAFullInboxWith429AndATime) {
    options.inbox_pending_max = 1;
    auto webhooks = make();
    EXPECT_EQ(ask(webhooks, post("/hooks/lever", "one")).status, 200);
    auto const response = ask(webhooks, post("/hooks/lever", "two"));
    EXPECT_EQ(response.status, 429);
    EXPECT_THAT(waits(response), ElementsAre("30"));
    EXPECT_EQ(pending(), 1U);
}

struct FullStoreIngest : WebhookIngest {
    FullStoreIngest() : WebhookIngest(tiny()) {}
    static store::StoreOptions tiny() {
        store::StoreOptions tiny;
        tiny.bytes_max = 1;
        return tiny;
    }
};

TEST_F(FullStoreIngest, Answers503AndATimeAndStoresNothing) {
    auto const response = ask(make(), post("/hooks/lever", "x"));
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(waits(response), ElementsAre("30"));
    EXPECT_EQ(pending(), 0U);
}

TEST_F(WebhookIngest, AnswersAStoreThatCannotWriteWith503) {
    store.store().close();
    auto const response = ask(make(), post("/hooks/lever", "x"));
    EXPECT_EQ(response.status, 503);
    EXPECT_THAT(waits(response), ElementsAre("30"));
    EXPECT_EQ(stored, 0);
}

// A writer that has no place in its queue for one more.
struct BusyStoreIngest : WebhookIngest {
    BusyStoreIngest() : WebhookIngest(without_queue()) {}
    static store::StoreOptions without_queue() {
        store::StoreOptions options;
        options.write_queue_max = 0;
        return options;
    }
};

TEST_F(BusyStoreIngest, Answers429AndASoonerTimeAndStoresNothing) {
    auto const response = ask(make(), post("/hooks/lever", "x"));
    EXPECT_EQ(response.status, 429);
    EXPECT_THAT(waits(response), ElementsAre("5")) << "a queue is empty again sooner than a disk";
    EXPECT_EQ(pending(), 0U);
    EXPECT_EQ(stored, 0);
}

TEST_F(WebhookIngest, DoesNotKeepCredentialsThatCameAlong) {
    auto request = post("/hooks/lever", "x");
    request.headers.emplace_back("authorization", "Basic c2VjcmV0");
    request.headers.emplace_back("cookie", "session=c2VjcmV0");
    EXPECT_EQ(ask(make(), request).status, 200);
    auto const items = store.inbox.due("lever", clock.now(), 1).value();
    ASSERT_EQ(items.size(), 1U);
    EXPECT_FALSE(items[0].raw.headers.empty());
    for (auto const& [name, value] : items[0].raw.headers) {
        EXPECT_NE(name, "authorization");
        EXPECT_NE(name, "cookie");
    }
}

TEST_F(WebhookIngest, NeverRepeatsWhatWasSentInAnAnswer) {
    fail_verify(model::ErrorCode::unauthenticated);
    EXPECT_EQ(ask(make(), post("/hooks/lever", "ada@example.com")).body.find("ada@example.com"), std::string::npos);
}

struct WebhookOfTwoEvents : WebhookIngest {
    // What a webhook is answered that stands for both events; each has a gate of its own.
    http::Response answer_to_both(Gate first, Gate second) {
        connector.on_verify = [](plugin_host::HttpRequestView const&) -> model::Result<plugin_host::WebhookVerdict> {
            return plugin_host::WebhookVerdict{plugin_host::Disposition::accept, "first.event second.event", "k"};
        };
        return ask(Webhooks(
                       {{"lever", &connector, {}}}, options,
                       [=](std::string_view, std::string_view event) {
                           return event == "first.event" ? first : event == "second.event" ? second : Gate::unwanted;
                       },
                       [](std::string const&) {}, store.inbox, store.state, clock, store.logger(), metrics),
                   post("/hooks/lever", "{}"));
    }
};

TEST_F(WebhookOfTwoEvents, IsTakenWhenARouteOfEitherRuns) {
    EXPECT_EQ(answer_to_both(Gate::unwanted, Gate::open).status, 200);
    ASSERT_EQ(pending(), 1U);
    EXPECT_EQ(store.inbox.due("lever", clock.now(), 1).value().at(0).event_type, "second.event");
}

TEST_F(WebhookOfTwoEvents, IsRefusedWhenTheOnlyRouteOfEitherIsStopped) {
    EXPECT_EQ(answer_to_both(Gate::unwanted, Gate::stopped).status, 409);
    EXPECT_EQ(answer_to_both(Gate::stopped, Gate::unwanted).status, 409);
    EXPECT_EQ(pending(), 0U);
}

TEST_F(WebhookOfTwoEvents, IsIgnoredWhenNoRouteTakesEither) {
    EXPECT_NE(answer_to_both(Gate::unwanted, Gate::unwanted).body.find("ignored"), std::string::npos);
    EXPECT_EQ(pending(), 0U);
}

}  // namespace
}  // namespace crosswalk::ingest

// A store that refuses while a vendor tests its webhook: what was verified is true all the same.
#include "ingest/webhooks.hpp"
#include "store/failing_vfs.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <future>

namespace crosswalk::ingest {
namespace {

TEST(WebhookRefusals, AVerifiedWebhookIsConfirmedAlsoWhenItsTimeCannotBeStored) {
    store::FailingDisk disk;
    support::FakeClock clock;
    support::TestStore store(clock);
    support::FakeConnector connector;
    connector.on_verify = [](plugin_host::HttpRequestView const&) -> model::Result<plugin_host::WebhookVerdict> {
        return plugin_host::WebhookVerdict{plugin_host::Disposition::test, "candidate.hired", {}};
    };
    telemetry::Metrics metrics;
    Webhooks webhooks(
        {{"lever", &connector, {}}}, {}, [](std::string_view, std::string_view) { return Gate::open; },
        [](std::string const&) {}, store.inbox, store.state, clock, store.logger(), metrics);
    disk.fail_after(0, SQLITE_FULL);
    std::promise<http::Response> answer;
    webhooks.handle({"POST", "/hooks/lever", {}, "{}", "127.0.0.1"},
                    http::Answer([&](http::Response given) { answer.set_value(std::move(given)); }));
    EXPECT_EQ(answer.get_future().get().status, 200);
    EXPECT_TRUE(disk.failed());
    EXPECT_NE(store.log().find("The time of a webhook test was not stored."), std::string::npos);
    disk.heal();
    EXPECT_FALSE(store.state.connection("lever")->verified_at.has_value());
}

}  // namespace
}  // namespace crosswalk::ingest

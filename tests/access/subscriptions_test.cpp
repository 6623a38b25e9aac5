#include "access/subscriptions.hpp"

#include "access_room.hpp"
#include "support/fake_connector.hpp"

#include <latch>

namespace crosswalk::access {
namespace {

using model::Error;
using model::ErrorCode;
using testing::ElementsAre;
using testing::HasSubstr;

struct SubscriptionsTest : AccessRoom {
    support::FakeConnector connector;
    std::vector<std::string> wanted{"application.created"};
    std::string by_hand;
    std::vector<std::string> told;  // "url events" of each subscribe, "removed" of each unsubscribe
    std::optional<Error> refusal;

    std::unique_ptr<Subscriptions> make() {
        connector.on_subscribe =
            [this](std::string const& url,
                   std::vector<std::string> const& events) -> model::Result<plugin_host::ProbeReport> {
            std::string line = url;
            for (std::string const& event : events) {
                line += " " + event;
            }
            told.push_back(line);
            return refusal ? model::Result<plugin_host::ProbeReport>(*refusal)
                           : plugin_host::ProbeReport{{{"webhooks", "Turn it on at the vendor."}}};
        };
        connector.on_unsubscribe = [this]() -> model::Result<void> {
            told.emplace_back("removed");
            return refusal ? model::Result<void>(*refusal) : model::Result<void>();
        };
        std::map<std::string, Subscriber> subscribers;
        subscribers.emplace("lever", Subscriber{connector, model::Secret("https://hooks.example.com/hooks/lever"),
                                                [this] { return wanted; }, by_hand});
        return std::make_unique<Subscriptions>(std::move(subscribers), store.state, clock, store.logger());
    }
};

// D.7
TEST_F(SubscriptionsTest, MakesTheVendorSendWhatRunningRoutesWant) {
    wanted = {"application.created", "candidate.hired"};
    auto const subscriptions = make();
    subscriptions->look();
    EXPECT_THAT(told, ElementsAre("https://hooks.example.com/hooks/lever application.created candidate.hired"));
    auto const status = subscriptions->status("lever");
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, WebhookState::made);
    EXPECT_EQ(status->at, clock.now());
    EXPECT_THAT(status->warnings, ElementsAre(model::FieldProblem{"webhooks", "Turn it on at the vendor."}));
}

TEST_F(SubscriptionsTest, LooksAgainEveryHour) {
    auto const subscriptions = make();
    EXPECT_EQ(subscriptions->look(), clock.now() + std::chrono::hours(1));
    clock.advance(std::chrono::minutes(59));
    subscriptions->look();
    EXPECT_EQ(told.size(), 1U);
    clock.advance(std::chrono::minutes(1));
    subscriptions->look();
    EXPECT_EQ(told.size(), 2U);
}

TEST_F(SubscriptionsTest, TriesAgainWithLongerPausesWhileTheVendorIsOut) {
    refusal = Error{ErrorCode::unavailable, "No answer."};
    auto const subscriptions = make();
    EXPECT_EQ(subscriptions->look(), clock.now() + std::chrono::minutes(1));
    EXPECT_EQ(subscriptions->status("lever")->state, WebhookState::failed);
    clock.advance(std::chrono::minutes(1));
    EXPECT_EQ(subscriptions->look(), clock.now() + std::chrono::minutes(2));
    for (int i = 0; i < 12; ++i) {
        clock.advance(std::chrono::hours(1));
        EXPECT_LE(subscriptions->look(), clock.now() + std::chrono::hours(1));
    }
    refusal.reset();
    clock.advance(std::chrono::hours(1));
    EXPECT_EQ(subscriptions->look(), clock.now() + std::chrono::hours(1));
    EXPECT_EQ(subscriptions->status("lever")->state, WebhookState::made);
}

// D.7
TEST_F(SubscriptionsTest, LeavesToAPersonWhatTheRightsDoNotAllow) {
    refusal = Error{ErrorCode::unsupported, "The key may not write webhooks."};
    auto const subscriptions = make();
    subscriptions->look();
    EXPECT_EQ(subscriptions->status("lever")->state, WebhookState::by_hand);
    EXPECT_EQ(subscriptions->status("lever")->reason, "The key may not write webhooks.");
}

// D.11
TEST_F(SubscriptionsTest, SaysThatAWebhookIsMissing) {
    refusal = Error{ErrorCode::not_found, "The webhook was deleted at the vendor."};
    auto const subscriptions = make();
    subscriptions->look();
    EXPECT_EQ(subscriptions->status("lever")->state, WebhookState::missing);
    EXPECT_EQ(name(subscriptions->status("lever")->state), "missing");
}

TEST_F(SubscriptionsTest, CallsNoVendorWhoseWebhooksAreMadeByHand) {
    by_hand = "Its file says `webhooks: manual`.";
    auto const subscriptions = make();
    subscriptions->look();
    EXPECT_TRUE(told.empty());
    EXPECT_EQ(subscriptions->status("lever")->state, WebhookState::by_hand);
    EXPECT_TRUE(subscriptions->remove("lever"));
    EXPECT_TRUE(told.empty());
}

TEST_F(SubscriptionsTest, RemovesWhatNoRouteWantsAnyMore) {
    auto const subscriptions = make();
    subscriptions->look();
    wanted.clear();
    clock.advance(std::chrono::hours(1));
    subscriptions->look();
    EXPECT_EQ(told.back(), "removed");
    EXPECT_EQ(subscriptions->status("lever")->state, WebhookState::none);
    clock.advance(std::chrono::hours(1));
    subscriptions->look();
    EXPECT_EQ(told.size(), 2U) << "removed twice";
}

TEST_F(SubscriptionsTest, LeavesThePausedAlone) {
    auto const subscriptions = make();
    ASSERT_TRUE(store.state.pause_connection("lever", "Its access is refused."));
    subscriptions->look();
    EXPECT_TRUE(told.empty());
    ASSERT_TRUE(store.state.resume_connection("lever"));
    subscriptions->look_soon("lever");
    subscriptions->look();
    EXPECT_EQ(told.size(), 1U);
}

TEST_F(SubscriptionsTest, RemembersItsStatusOverARestart) {
    make()->look();
    auto const status = make()->status("lever");
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, WebhookState::made);
    EXPECT_THAT(status->events, ElementsAre("application.created"));
    EXPECT_EQ(status->warnings.size(), 1U);
}

TEST_F(SubscriptionsTest, SaysWhichConnectorMakesNoWebhooks) {
    EXPECT_EQ(make()->ensure("goco").error().code, ErrorCode::unsupported);
    EXPECT_TRUE(make()->remove("goco"));
}

TEST_F(SubscriptionsTest, LooksByItselfWhenItIsStarted) {
    auto const subscriptions = make();
    std::latch looked(1);
    auto const subscribe = connector.on_subscribe;
    connector.on_subscribe = [&](std::string const& url, std::vector<std::string> const& events) {
        auto report = subscribe(url, events);
        looked.count_down();
        return report;
    };
    subscriptions->start();
    looked.wait();
    subscriptions->stop();
    EXPECT_EQ(told.size(), 1U);
}

}  // namespace
}  // namespace crosswalk::access

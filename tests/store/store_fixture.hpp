// A store in a folder of its own, its four views, a clock that stands still, and short ways to fill it.
#pragma once

#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"
#include "store/state.hpp"
#include "store/store.hpp"
#include "support/fake_clock.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace crosswalk::store {

class StoreFixture : public testing::Test {
protected:
    StoreFixture() {
        static std::atomic<int> number{0};
        auto const* const test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = std::filesystem::temp_directory_path() /
                  (std::string("crosswalk_store_") + test->name() + "_" + std::to_string(++number) + "_" +
                   std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()));
        std::filesystem::create_directories(folder_);
        options_.path = folder_ / "crosswalk.db";
        options_.key = model::Secret(std::string(64, '5'));
    }
    ~StoreFixture() override {
        store_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    void SetUp() override { open(); }

    void open() {
        auto opened = Store::open(options_, clock_, logger_);
        ASSERT_TRUE(opened) << opened.error().detail;
        store_ = std::move(*opened);
    }
    void reopen() {
        store_.reset();
        open();
    }

    [[nodiscard]] Inbox inbox() { return Inbox(*store_); }
    [[nodiscard]] Outbox outbox() { return Outbox(*store_); }
    [[nodiscard]] State state() { return State(*store_); }
    [[nodiscard]] History history() { return History(*store_); }
    [[nodiscard]] Runs runs() { return Runs(*store_); }

    // A running run of the route.
    RunId running(std::string const& route = "jobs", bool full = false) {
        auto const run = runs().open(route, RunCause::person, full);
        EXPECT_TRUE(run) << run.error().detail;
        EXPECT_TRUE(runs().begin(run->id, selection));
        return run->id;
    }
    // One turn of it with polled events of these ids.
    model::Result<std::vector<Verdict>> turn(RunId run, std::vector<std::string> const& ids,
                                             std::optional<std::string> cursor = std::nullopt, bool last = false) {
        PollTurn page{run, selection, {}, std::move(cursor), last};
        for (std::string const& id : ids) {
            Accepted item;
            item.connection = "lever";
            item.event_type = "posting.changed";
            item.dedupe_key = id;
            item.event = event(id);
            page.events.push_back(std::move(item));
        }
        return inbox().accept_poll(std::move(page));
    }

    static Accepted webhook(std::string key, std::string connection = "lever") {
        Accepted item;
        item.connection = std::move(connection);
        item.event_type = "candidate.hired";
        item.raw = {"POST", "/hooks/lever", {{"Content-Type", "application/json"}}, "{\"id\":\"" + key + "\"}"};
        item.dedupe_key = std::move(key);
        return item;
    }
    static model::Event event(std::string id, std::string subject = "person-1", std::string title = "Ada Example") {
        return {std::move(id),      "candidate.hired",
                std::move(subject), std::move(title),
                1'795'334'400'000,  model::Record{"crosswalk.hire/1", "opp-1", "{\"first_name\":\"Ada\"}"}};
    }
    static NewDelivery push(std::string key, std::string subject = "person-1", std::string target_key = "") {
        NewDelivery delivery;
        delivery.route = "hires";
        delivery.connection = "goco";
        delivery.action = "create_employee";
        delivery.subject = std::move(subject);
        delivery.idempotency_key = std::move(key);
        delivery.record = {"goco.employee/1", std::move(target_key), "{\"first\":\"Ada\"}"};
        return delivery;
    }
    static model::AttemptReport report(model::Outcome outcome, std::string reason = "") {
        model::AttemptReport made;
        made.outcome = outcome;
        made.reason = std::move(reason);
        return made;
    }

    // Accepts one webhook and dispatches it with these deliveries; returns its id.
    InboxId dispatched(std::vector<NewDelivery> deliveries, std::string title = "Ada Example") {
        auto const verdict = inbox().accept(webhook("item-" + std::to_string(++items_)));
        EXPECT_TRUE(verdict);
        std::vector<DispatchedEvent> events;
        events.push_back(
            {event("event-" + std::to_string(items_), "person-1", std::move(title)), std::move(deliveries)});
        EXPECT_TRUE(inbox().dispatch(verdict->id, std::move(events), "No route wanted it."));
        return verdict->id;
    }
    // As many deliveries as `make(i)` gives for i from 1 to `count`, of as few items as may hold them.
    template <class Make>
    void queue_up(int count, Make make) {
        constexpr int per_item = 5000;
        for (int begin = 1; begin <= count; begin += per_item) {
            std::vector<NewDelivery> some;
            for (int i = begin; i < begin + per_item && i <= count; ++i) {
                some.push_back(make(i));
            }
            dispatched(std::move(some));
        }
    }
    [[nodiscard]] std::vector<Delivery> lease(std::size_t limit = 100) {
        auto leased = outbox().lease_due(clock_.now(), limit);
        EXPECT_TRUE(leased) << leased.error().detail;
        return leased ? std::move(*leased) : std::vector<Delivery>();
    }
    void settle(DeliveryId id, DeliveryState end, model::Outcome outcome, std::string reason = "") {
        auto const settled =
            outbox().settle(id, {end, clock_.now() + std::chrono::minutes(1), report(outcome, std::move(reason)), {}});
        EXPECT_TRUE(settled) << settled.error().detail;
    }
    static std::vector<std::string> keys(std::vector<Delivery> const& deliveries) {
        std::vector<std::string> found;
        for (Delivery const& delivery : deliveries) {
            found.push_back(delivery.idempotency_key);
        }
        return found;
    }
    // Runs SQL on the file behind the store's back.
    void tamper(std::string const& sql) const {
        sqlite3* handle = nullptr;
        ASSERT_EQ(sqlite3_open(options_.path.string().c_str(), &handle), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
        sqlite3_close(handle);
    }

    static constexpr char const* selection = "lever posting.changed {}";
    std::filesystem::path folder_;
    StoreOptions options_;
    support::FakeClock clock_;
    std::ostringstream log_;
    telemetry::Logger logger_{log_, clock_, telemetry::Level::debug};
    std::unique_ptr<Store> store_;
    int items_ = 0;
};

}  // namespace crosswalk::store

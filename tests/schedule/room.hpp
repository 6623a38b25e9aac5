// Two routes over a real store, connectors and a clock that a test owns.
#pragma once

#include "schedule/scheduler.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"
#include "support/test_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

namespace crosswalk::schedule {

using namespace std::chrono_literals;

struct Room : testing::Test {
    support::FakeClock clock;
    support::TestStore store;
    support::FakeConnector lever;
    support::FakeConnector goco;
    telemetry::Metrics metrics;
    Limits limits;
    bool loaded = true;
    std::atomic<int> woken{0};
    std::vector<model::Route> routes{route("jobs"), route("candidates")};

    explicit Room(store::StoreOptions const& store_options = {}) : store(clock, store_options) {
        lever.info().id = "lever";
        goco.info().id = "goco";
    }

    static model::Route route(std::string name) {
        model::Route made;
        made.name = std::move(name);
        made.from_connection = "lever";
        made.from_event = "posting.changed";
        made.to_connection = "goco";
        made.to_action = "create";
        made.schedule = model::Schedule{};
        made.schedule->every = 30min;
        return made;
    }
    Surroundings around() {
        auto const letter = [](char const* kind) {
            return [kind](model::Route const&, store::Run const& run, std::string const& reason) {
                store::NewDelivery mail;
                mail.kind = store::DeliveryKind::notice;
                mail.connection = "@notify";
                mail.action = kind;
                mail.subject = "run-" + std::to_string(run.id);
                mail.idempotency_key = std::string(kind) + std::to_string(run.id) + reason;
                mail.record = {"crosswalk.mail/1", {}, reason};
                return std::vector<store::NewDelivery>{mail};
            };
        };
        return Surroundings{limits,
                            [this](std::string_view name) -> plugin_host::Connector* {
                                return !loaded ? nullptr : name == "lever" ? &lever : &goco;
                            },
                            Letters{letter("failed"), letter("paused")},
                            [this](std::string const&) { ++woken; },
                            store.inbox,
                            store.outbox,
                            store.runs,
                            store.state,
                            clock,
                            store.logger()};
    }

    static model::Event event(std::string const& id) {
        return {id, "posting.changed", id, "Posting " + id, 0, {"fake.posting/1", {}, "{}"}};
    }
    // A vendor with `pages` pages of two events; the cursor is the number of the next page.
    void serve(int pages) {
        lever.on_poll = [this, pages](plugin_host::PollRequest const& request) {
            {
                std::lock_guard const lock(mutex_);
                asked_.push_back(request);
            }
            int const page = request.cursor.empty() ? 0 : std::stoi(request.cursor);
            plugin_host::PollResult result;
            std::string const run = request.full ? request.run + ":" : "";
            result.events = {event(run + std::to_string(page) + "a"), event(run + std::to_string(page) + "b")};
            result.cursor = std::to_string(std::min(page + 1, pages));
            result.more = page + 1 < pages;
            return model::Result<plugin_host::PollResult>(std::move(result));
        };
    }
    void answer(model::Error error) {
        lever.on_poll = [error](plugin_host::PollRequest const&) {
            return model::Result<plugin_host::PollResult>(error);
        };
    }
    std::vector<plugin_host::PollRequest> asked() {
        std::lock_guard const lock(mutex_);
        return asked_;
    }
    // The kinds of mail that were written, in order.
    std::vector<std::string> mails() {
        std::vector<std::string> kinds;
        for (store::Delivery const& mail : store.outbox.lease_due(clock.now(), 100).value()) {
            kinds.push_back(mail.action + ": " + mail.record.json);
        }
        return kinds;
    }

private:
    std::mutex mutex_;  // guards asked_
    std::vector<plugin_host::PollRequest> asked_;
};

}  // namespace crosswalk::schedule

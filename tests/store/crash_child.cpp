// Accepts, dispatches and leases in a loop and writes a line for each thing that was acknowledged, until it is killed.
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/store.hpp"

#include <iostream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace crosswalk;

std::mutex output;

void say(char const* what, std::string const& key) {
    std::lock_guard const lock(output);
    std::cout << what << ' ' << key << '\n' << std::flush;
}

void run(store::Store& opened, std::string const& name) {
    store::Inbox inbox(opened);
    store::Outbox outbox(opened);
    model::SystemClock const clock;
    for (int n = 0;; ++n) {
        std::string const key = name + "-" + std::to_string(n);
        store::Accepted item;
        item.connection = "lever";
        item.dedupe_key = key;
        item.raw.body = std::string(500, 'x');
        auto const verdict = inbox.accept(item);
        if (!verdict) {
            return;
        }
        say("accepted", key);
        store::NewDelivery delivery;
        delivery.connection = "goco";
        delivery.subject = key;
        delivery.idempotency_key = key;
        if (inbox.dispatch(verdict->id, {{model::Event{}, {delivery}}}, "")) {
            say("dispatched", key);
        }
        auto const leased = outbox.lease_due(clock.now(), 1);
        if (leased && !leased->empty()) {
            say("leased", leased->front().idempotency_key);
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        return 64;
    }
    model::SystemClock const clock;
    telemetry::Logger logger(std::cerr, clock);
    store::StoreOptions options;
    options.path = argv[1];
    options.key = model::Secret(std::string(64, '5'));
    options.wal_pages_brake = 300;
    auto const opened = store::Store::open(options, clock, logger);
    if (!opened) {
        std::cerr << opened.error().detail << '\n';
        return 70;
    }
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] { run(**opened, std::string(argv[2]) + "-" + std::to_string(i)); });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    return 0;
}

// The inside of one host, from its start to its end: the real store, webhook entry, pipeline, runs and dispatcher over
// the simulated disk, without any thread. A crash destroys it; the vendors and the disk stay.
//
// Shape    connections: ats (webhooks; notes are written back to it), board (polled), and one target for each route.
// Threads  one. Owner  borrows clock and connectors, which outlive it.
#pragma once

#include "deliver/dispatcher.hpp"
#include "ingest/webhooks.hpp"
#include "pipeline.hpp"
#include "schedule/turns.hpp"
#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"
#include "store/state.hpp"
#include "store/store.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_connector.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace crosswalk::simulation {

inline constexpr char store_path[] = "/simulated/crosswalk.db";

// What is configured: the same for every host of one schedule.
struct Setting {
    std::vector<model::Route> routes = {};
    std::vector<std::string> emails = {};
    std::size_t checkpoint_pages = 200;
    std::size_t wal_pages_brake = 8000;
    std::size_t recent_hashes_max = 16'384;
    int look_ups_max = 20;
};

// What the world outside is to the host.
struct Outside {
    support::FakeClock& clock;
    std::function<support::FakeConnector*(std::string_view connection)> connector;
    deliver::SendNotice send_notice;
    deliver::Jitter jitter;
    store::LeaseAtOnce at_once = {};  // what a dispatch may lease
};

// How the simulation opens a store, here and for its first image.
[[nodiscard]] store::StoreOptions store_options(Setting const& setting);

class Inside {
public:
    // Fails when the disk does.
    [[nodiscard]] static model::Result<std::unique_ptr<Inside>> open(Setting const& setting, Outside const& outside);
    Inside(Inside const&) = delete;
    Inside& operator=(Inside const&) = delete;

    // Status and body, as the vendor gets them.
    [[nodiscard]] http::Response receive(std::string const& body);
    // Waits for a store that refuses no longer: the process is about to end.
    void give_up();

private:
    Inside(Setting const& setting, Outside const& outside, std::unique_ptr<telemetry::Logger> logger,
           std::unique_ptr<store::Store> store);
    [[nodiscard]] ingest::Gate gate(std::string_view connection, std::string_view event_type);

    std::unique_ptr<telemetry::Logger> logger_;
    telemetry::Metrics metrics_;
    std::unique_ptr<store::Store> store_;

public:
    store::Inbox inbox;
    store::Outbox outbox;
    store::History history;
    store::State state;
    store::Runs runs;
    route::Router router;

private:
    std::map<std::string, map::Mapper> mappers_;
    deliver::FollowUps follow_ups_;
    ingest::Webhooks webhooks_;

public:
    schedule::Surroundings around;
    Pipeline pipeline;
    deliver::Dispatcher dispatcher;

    [[nodiscard]] store::Store& store() noexcept { return *store_; }
};

}  // namespace crosswalk::simulation

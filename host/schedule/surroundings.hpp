// What runs work with, and what must be true before one may start or go on.
//
// Owner    everything referenced outlives whoever is given it. Threads  constant; what it refers to is safe from any.
#pragma once

#include "model/clock.hpp"
#include "model/route.hpp"
#include "plugin_host/connector.hpp"
#include "store/inbox.hpp"
#include "store/runs.hpp"
#include "store/state.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::schedule {

struct Limits {
    std::size_t at_once = 4;                          // runs
    std::chrono::milliseconds turn_time_max{30'000};  // one turn; a run has no limit of its own
    std::size_t inbox_pending_max = 1'000'000;        // above it turns wait
    std::int64_t turns_max = 100'000;                 // of one run: a vendor whose pages never end
    int tries_max = 5;                                // of one turn, when what keeps it may pass
};

// Finds the connector of a connection; nullptr when it is not loaded.
using FindConnector = std::function<plugin_host::Connector*(std::string_view connection)>;

// The mails that tell of a run; empty when nobody is to be told.
struct Letters {
    std::function<std::vector<store::NewDelivery>(model::Route const& route, store::Run const& run,
                                                  std::string const& reason)>
        failed;
    std::function<std::vector<store::NewDelivery>(model::Route const& route, store::Run const& run,
                                                  std::string const& reason)>
        paused;  // the route's source refuses its access
};

struct Surroundings {
    Limits limits = {};
    FindConnector find_connector;
    Letters letters;
    std::function<void(std::string const& connection)> on_stored;  // events of it were stored
    store::Inbox& inbox;
    store::Outbox& outbox;
    store::Runs& runs;
    store::State& state;
    model::Clock const& clock;
    telemetry::Logger& logger;
};

// Why no run of this route may start or go on now, in words; empty when one may.
[[nodiscard]] std::string why_held(Surroundings const& around, model::Route const& route);

// What a cursor of this route holds for: another connection, event or selection starts anew.
[[nodiscard]] std::string selection_of(model::Route const& route);

}  // namespace crosswalk::schedule

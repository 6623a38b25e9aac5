// Finds events that a vendor should have sent and did not: compares a cheap list at the source with what came, takes
// what is missing, and says what at the vendor keeps webhooks from coming.
//
// Shape    one thread. Each connection has rounds, `every` apart; a round lists, for each event that a route takes,
//          what happened from `look_back` ago (or from where the last whole sweep came to, when that is longer ago)
//          until `settle` ago, one page at a time with a pause between pages. It never looks back beyond the moment at
//          which a route first took the event here, so a new installation does not hire everybody again.
// Late     a webhook that comes after its event was taken makes no second delivery: both have one event id.
// Held     while the connection is paused or the inbox is full; for a while also while items of the connection are
//          pending, because they may be what seems to be missing.
// Errors   a vendor that refuses or is away is trouble that people see; the round goes on later at its page.
// Threads  safe from any thread; start and stop from one.
// Owner    borrows everything it is made with. What it remembers is in the store and outlives a restart.
#pragma once

#include "model/clock.hpp"
#include "model/secret.hpp"
#include "plugin_host/connector.hpp"
#include "store/arrivals.hpp"
#include "store/inbox.hpp"
#include "store/state.hpp"
#include "sweep/comb.hpp"
#include "sweep/memory.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace crosswalk::sweep {

struct Pace {
    std::chrono::milliseconds every = std::chrono::hours(1);
    std::chrono::milliseconds look_back = std::chrono::hours(72);
    std::chrono::milliseconds settle = std::chrono::minutes(10);  // a webhook may take that long
};

// One connection whose connector can list what should have come.
struct Source {
    plugin_host::Connector& connector;
    Pace pace = {};
    model::Secret url = {};  // where the vendor sends
    // The listable events that routes take which run or are paused.
    std::function<std::vector<std::string>()> wanted_events;
    DeliveryKeys keys;
};

struct Limits {
    std::chrono::milliseconds page_time_max{30'000};
    std::chrono::milliseconds page_pause{200};  // so that deliveries get the vendor's rate first
    std::int64_t pages_max = 1000;              // of one window: a vendor whose pages never end
    std::size_t inbox_pending_max = 1'000'000;
};

struct Surroundings {
    Limits limits = {};
    store::Inbox& inbox;
    store::Arrivals& arrivals;
    store::State& state;
    model::Clock const& clock;
    telemetry::Logger& logger;
    telemetry::Metrics& metrics;
    std::function<void(std::string const& connection)> on_stored;  // events of it were stored
    // Tells people that a round found `missing` events, and why, in words.
    std::function<void(std::string const& connection, std::int64_t missing,
                       std::vector<model::FieldProblem> const& why)>
        tell;
};

// A page of a sweep that a person asked for.
struct Wish {
    model::TimePoint from = {};
    std::string event = {};   // where an earlier page ended; empty: the first
    std::string cursor = {};  // the same
    bool backfill = false;    // take what is missing; else only show it
};
struct Shown {
    std::vector<model::Event> missing = {};
    std::size_t listed = 0;
    std::size_t taken = 0;
    std::string event = {};  // the next page; empty: that was the last
    std::string cursor = {};
};

class Sweeper {
public:
    Sweeper(std::map<std::string, Source> sources, Surroundings around);
    Sweeper(Sweeper const&) = delete;
    Sweeper& operator=(Sweeper const&) = delete;
    ~Sweeper();

    void start();
    // No further page begins. Returns at once.
    void halt() noexcept;
    // halt(), and joins; a page that is under way ends first, or when its connector is cancelled.
    void stop() noexcept;
    // A route may have been started or stopped, or a connection resumed.
    void look_soon() noexcept;

    // What the connection's sweeps remember; nothing when none sweeps it.
    [[nodiscard]] std::optional<Memory> memory(std::string const& connection);
    // unsupported: nobody sweeps this connection. failed_precondition: no route takes an event that can be listed.
    // unavailable: a backfill while the inbox is full; nothing was listed.
    [[nodiscard]] model::Result<Shown> ask(std::string const& connection, Wish const& wish);
    // What keeps its webhooks from coming, asked now. unsupported: nobody sweeps it, or the vendor does not tell.
    [[nodiscard]] model::Result<std::vector<model::FieldProblem>> diagnose(std::string const& connection);

    // Does what is due, one page of each connection, and returns when to look again; what the thread does.
    model::TimePoint look();

private:
    struct Lane {
        Source source;
        telemetry::Counter& missing;
        model::TimePoint due = {};                                   // guarded by mutex_
        std::optional<model::TimePoint> ended_at = {};               // guarded by mutex_
        std::optional<model::TimePoint> waits_since = std::nullopt;  // the thread's: for items that are pending
    };
    void run();
    [[nodiscard]] model::TimePoint step(std::string const& connection, Lane& lane);
    [[nodiscard]] bool begin(Memory& memory, std::vector<std::string> const& wanted, model::TimePoint now) const;
    void open_window(Memory& memory, Pace const& pace, model::TimePoint now) const;
    [[nodiscard]] bool inbox_is_full() const;
    [[nodiscard]] bool must_wait(std::string const& connection, Lane& lane);
    [[nodiscard]] model::Result<void> page(std::string const& connection, Lane& lane, Memory& memory);
    [[nodiscard]] model::TimePoint fail(std::string const& connection, Lane const& lane, Memory& memory,
                                        model::Error const& error);
    void finish(std::string const& connection, Lane& lane, Memory& memory);
    void look_into(std::string const& connection, Lane const& lane, Memory& memory, std::string const& cause);
    [[nodiscard]] Memory load(std::string const& connection);
    [[nodiscard]] bool keep(std::string const& connection, Memory const& memory);

    Surroundings const around_;
    std::map<std::string, Lane> lanes_;  // constant but for what Lane says

    std::mutex mutex_;  // guards what follows and what Lane says
    std::condition_variable changed_;
    bool woken_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace crosswalk::sweep

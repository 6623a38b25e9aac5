// Where an event meets its routes: the connector's parse and map in, the route's overrides, the target's map out, and
// the outbox, in one transaction per inbox item.
//
// Shape    one thread per connection that has a connector, so that one vendor's slow answers hold up nobody else and
//          the items of a connection are dispatched in the order of their arrival, those that are decided within
//          milliseconds of each other in one commit. While one such group is on its way to the disk the next one is
//          decided; it is stored after that one, or not at all.
// Turns    webhooks, what runs brought and what sweeps found take turns (inbox.hpp); what an item overtook about its
//          own subject is decided before it, so that one subject keeps its order.
// Routes   an event that a run brought goes to that run's route alone, any other to all routes of its type. A signal
//          carries no record: it starts runs and ends as filtered, with the words which.
// Links    an item about a record that a push on its way may link in a moment is kept until that push has ended.
// Errors   a failure that may pass keeps the item pending with backoff; a refused credential pauses the connection and
//          keeps it; anything else buries the item with its cause, from where it can be replayed.
// Threads  start, stop and wake are safe from any thread.
// Owner    everything referenced outlives the Pipeline.
#pragma once

#include "deliver/feedback.hpp"
#include "map/mapper.hpp"
#include "model/clock.hpp"
#include "model/route.hpp"
#include "plugin_host/connector.hpp"
#include "route/router.hpp"
#include "store/inbox.hpp"
#include "store/state.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace crosswalk {

struct PipelineOptions {
    std::chrono::milliseconds parse_time_max{30'000};
    std::chrono::milliseconds map_time_max{5'000};
    model::RetryPolicy retry{25, std::chrono::seconds(2), std::chrono::hours(6)};
    std::chrono::milliseconds store_pause{500};  // before a store that refused is asked again
};

class Pipeline {
public:
    using FindMapper = std::function<map::Mapper const&(std::string const& route)>;
    // Asks for the runs of the routes that wait for a signal; says in words which were started.
    using OnSignal = std::function<model::Result<std::string>(std::string_view connection, std::string_view event)>;

    Pipeline(PipelineOptions options, std::vector<std::string> connections, route::Router const& router,
             FindMapper mappers, deliver::FindConnector connectors, deliver::FollowUps const& follow_ups,
             std::function<void()> on_dispatched, store::Inbox& inbox, store::Outbox& outbox, store::State& state,
             model::Clock const& clock, telemetry::Logger& logger, telemetry::Metrics& metrics, OnSignal on_signal = {},
             store::LeaseAtOnce at_once = {});
    Pipeline(Pipeline const&) = delete;
    Pipeline& operator=(Pipeline const&) = delete;
    ~Pipeline();

    void start();
    // Something may be pending now, or a connection may be resumed.
    void wake() noexcept;
    // An item of this connection was stored. Cheap enough to be called for each: it disturbs no other connection, no
    // thread that is busy anyway, and none whose connection is paused.
    void wake(std::string_view connection) noexcept;
    // Finishes the items that are being dispatched and joins.
    void stop() noexcept;

    // Parses, maps and ends one item, or keeps it for later; what a thread does. For tests. False: the store refused,
    // and whoever comes next would overtake this item.
    bool dispatch(store::InboxItem const& item);

private:
    // One connection's thread and how it sleeps.
    struct Lane {
        std::string connection;
        std::thread thread = {};
        std::condition_variable changed = {};
        std::atomic<bool> woken{true};  // it looks again before it sleeps
        std::atomic<bool> held{false};  // its connection is paused, so what is stored for it need not wake it
        explicit Lane(std::string name) : connection(std::move(name)) {}
    };

    // What is to be stored together.
    struct Decided {
        std::vector<store::InboxItem const*> items = {};
        std::vector<store::Dispatch> dispatches = {};
    };
    void run(Lane& lane);
    void dispatch_all(std::vector<store::InboxItem> const& items);
    // Items that one of a page overtook and that are decided before it; a deque, because others point to them.
    using Pulled = std::deque<store::InboxItem>;
    // A group on its way to the disk while the next one is decided. Shared with who says what came of it.
    struct UnderWay {
        Decided decided = {};
        std::promise<model::Result<void>> stored = {};
    };
    void send(Decided decided, std::shared_ptr<UnderWay>& under_way);
    [[nodiscard]] bool await(std::shared_ptr<UnderWay>& under_way);
    [[nodiscard]] bool decide(store::InboxItem const& item, Decided& decided, Pulled& pulled);
    [[nodiscard]] bool decide_overtaken(store::InboxItem const& item, plugin_host::ParseResult const& parsed,
                                        Decided& decided, Pulled& pulled);
    [[nodiscard]] bool add(store::InboxItem const& item, plugin_host::ParseResult parsed, Decided& decided);
    [[nodiscard]] bool finish(Decided decided);
    [[nodiscard]] bool conclude(Decided decided, model::Result<void> const& stored);
    void wake(Lane& lane) noexcept;
    [[nodiscard]] model::Result<plugin_host::ParseResult> events_of(store::InboxItem const& item);
    [[nodiscard]] model::Result<plugin_host::ParseResult> read(store::InboxItem const& item);
    [[nodiscard]] std::vector<model::Route const*> routes_of(store::InboxItem const& item,
                                                             std::string const& event_type) const;
    [[nodiscard]] bool is_signal(store::InboxItem const& item, std::string const& event_type) const;
    [[nodiscard]] model::Result<store::DispatchedEvent> signal(store::InboxItem const& item, model::Event event,
                                                               std::string& why) const;
    [[nodiscard]] model::Result<store::DispatchedEvent> route(store::InboxItem const& item, model::Event event,
                                                              std::string& why);
    [[nodiscard]] store::NewDelivery deliver_to(store::InboxItem const& item, model::Route const& route,
                                                model::Event const& canonical, std::vector<store::NewDelivery>& notes);
    [[nodiscard]] std::vector<store::NewDelivery> pause(store::InboxItem const& item, model::Error const& error);
    [[nodiscard]] bool keep_or_bury(store::InboxItem const& item, model::Error const& error);
    [[nodiscard]] bool finish(store::InboxItem const& item, model::Result<void> const& stored);

    PipelineOptions const options_;
    route::Router const& router_;
    FindMapper const mappers_;
    deliver::FindConnector const connectors_;
    deliver::FollowUps const& follow_ups_;
    std::function<void()> const on_dispatched_;
    OnSignal const on_signal_;
    store::LeaseAtOnce const at_once_;
    store::Inbox& inbox_;
    store::Outbox& outbox_;
    store::State& state_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    telemetry::Counter& dispatched_;
    telemetry::Counter& kept_;
    telemetry::Counter& buried_;

    std::mutex mutex_;  // guards stopping_ and orders a wake with the wait that it ends
    std::condition_variable stopped_;
    bool stopping_ = false;
    std::deque<Lane> lanes_;  // constant after construction, but for what a Lane says
};

// The key under which a target sees every attempt of one delivery: the same after restarts, another for a replay.
[[nodiscard]] std::string idempotency_key(store::InboxItem const& item, model::Event const& event,
                                          model::Route const& route);

}  // namespace crosswalk

// What takes items out of the inbox, has them decided (decider.hpp) and stores what they become, each in one
// transaction.
//
// Shape    one thread per connection that has a connector, so that one vendor's slow answers hold up nobody else and
//          the items of a connection are dispatched in the order of their arrival, those that are decided within
//          milliseconds of each other in one commit. While one such group is on its way to the disk the next one is
//          decided; it is stored after that one, or not at all.
// Turns    webhooks, what runs brought and what sweeps found take turns (inbox.hpp); what an item overtook about its
//          own subject is decided before it, so that one subject keeps its order.
// Errors   a failure that may pass keeps the item pending with backoff; a refused credential pauses the connection and
//          keeps it; anything else buries the item with its cause, from where it can be replayed.
// Threads  start, stop and wake are safe from any thread.
// Owner    everything referenced outlives the Pipeline.
#pragma once

#include "decider.hpp"
#include "deliver/feedback.hpp"
#include "model/clock.hpp"
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
#include <unordered_set>
#include <vector>

namespace crosswalk {

struct PipelineOptions {
    DeciderOptions decider = {};
    model::RetryPolicy retry{25, std::chrono::seconds(2), std::chrono::hours(6)};
    std::chrono::milliseconds store_pause{500};  // before a store that refused is asked again
};

class Pipeline {
public:
    Pipeline(PipelineOptions options, std::vector<std::string> connections, route::Router const& router,
             Decider::FindMapper mappers, deliver::FindConnector connectors, deliver::FollowUps const& follow_ups,
             std::function<void()> on_dispatched, store::Inbox& inbox, store::Outbox& outbox, store::State& state,
             model::Clock const& clock, telemetry::Logger& logger, telemetry::Metrics& metrics,
             Decider::OnSignal on_signal = {}, store::LeaseAtOnce at_once = {});
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
    // One look at the inbox.
    struct Look {
        std::deque<store::InboxItem> pulled = {};  // overtaken, so decided first; a deque, for others point to them
        // Pulled or decided, also what is on its way to the disk and still looks pending.
        std::unordered_set<store::InboxId> taken = {};
    };
    // A group on its way to the disk while the next one is decided. Shared with who says what came of it.
    struct UnderWay {
        Decided decided = {};
        std::promise<model::Result<void>> stored = {};
    };
    void send(Decided decided, std::shared_ptr<UnderWay>& under_way);
    [[nodiscard]] bool await(std::shared_ptr<UnderWay>& under_way);
    [[nodiscard]] bool decide(store::InboxItem const& item, Decided& decided, Look& look);
    [[nodiscard]] bool decide_overtaken(store::InboxItem const& item, plugin_host::ParseResult const& parsed,
                                        Decided& decided, Look& look);
    [[nodiscard]] bool add(store::InboxItem const& item, plugin_host::ParseResult parsed, Decided& decided, Look& look);
    [[nodiscard]] bool finish(Decided decided);
    [[nodiscard]] bool conclude(Decided decided, model::Result<void> const& stored);
    void wake(Lane& lane) noexcept;
    [[nodiscard]] std::vector<store::NewDelivery> pause(store::InboxItem const& item, model::Error const& error);
    [[nodiscard]] bool keep_or_bury(store::InboxItem const& item, model::Error const& error);
    [[nodiscard]] bool finish(store::InboxItem const& item, model::Result<void> const& stored);

    PipelineOptions const options_;
    Decider const decider_;
    deliver::FollowUps const& follow_ups_;
    std::function<void()> const on_dispatched_;
    store::LeaseAtOnce const at_once_;
    store::Inbox& inbox_;
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

}  // namespace crosswalk

// What an inbox item becomes: the events that its connector reads from it, and for each the deliveries of the routes
// that take it. Where an event meets its routes: the connector's parse and map in, the route's overrides, the target's
// map out.
//
// Shape    nothing is stored here; what is asked of the store is which routes run, and what is on its way.
// Routes   an event that a run brought goes to that run's route alone, any other to all routes of its type. A signal
//          carries no record: it starts runs and ends as filtered, with the words which.
// Links    an item about a record that a push on its way may link in a moment is unavailable until that push has ended.
// Errors   of the connector, the mapping and the store, as they came; unavailable also when a connector is not loaded.
// Threads  safe from any thread. Owner  everything referenced outlives it.
#pragma once

#include "deliver/feedback.hpp"
#include "map/mapper.hpp"
#include "model/route.hpp"
#include "plugin_host/connector.hpp"
#include "route/router.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/state.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk {

struct DeciderOptions {
    std::chrono::milliseconds parse_time_max{30'000};
    std::chrono::milliseconds map_time_max{5'000};
};

class Decider {
public:
    using FindMapper = std::function<map::Mapper const&(std::string const& route)>;
    // Asks for the runs of the routes that wait for a signal; says in words which were started.
    using OnSignal = std::function<model::Result<std::string>(std::string_view connection, std::string_view event)>;

    Decider(DeciderOptions options, route::Router const& router, FindMapper mappers, deliver::FindConnector connectors,
            deliver::FollowUps const& follow_ups, OnSignal on_signal, store::Outbox& outbox, store::State& state,
            telemetry::Logger& logger);

    // What the connector reads from the item; it may ask its vendor.
    [[nodiscard]] model::Result<plugin_host::ParseResult> events_of(store::InboxItem const& item) const;
    // Refers to the item, which outlives what is returned.
    [[nodiscard]] model::Result<store::Dispatch> decide(store::InboxItem const& item,
                                                        plugin_host::ParseResult parsed) const;
    // The routes that an event of this type in the item goes to.
    [[nodiscard]] std::vector<model::Route const*> routes_of(store::InboxItem const& item,
                                                             std::string const& event_type) const;

private:
    [[nodiscard]] model::Result<plugin_host::ParseResult> read(store::InboxItem const& item) const;
    [[nodiscard]] bool is_signal(store::InboxItem const& item, std::string const& event_type) const;
    [[nodiscard]] model::Result<store::DispatchedEvent> signal(store::InboxItem const& item, model::Event event,
                                                               std::string& why) const;
    [[nodiscard]] model::Result<store::DispatchedEvent> route(store::InboxItem const& item, model::Event event,
                                                              std::string& why) const;
    [[nodiscard]] store::NewDelivery deliver_to(store::InboxItem const& item, model::Route const& route,
                                                model::Event const& canonical,
                                                std::vector<store::NewDelivery>& notes) const;

    DeciderOptions const options_;
    route::Router const& router_;
    FindMapper const mappers_;
    deliver::FindConnector const connectors_;
    deliver::FollowUps const& follow_ups_;
    OnSignal const on_signal_;
    store::Outbox& outbox_;
    store::State& state_;
    telemetry::Logger& logger_;
};

// The key under which a target sees every attempt of one delivery: the same after restarts, another for a replay.
[[nodiscard]] std::string idempotency_key(store::InboxItem const& item, model::Event const& event,
                                          model::Route const& route);

}  // namespace crosswalk

#include "decider.hpp"

#include "plugin_host/digest.hpp"
#include "route_mapping.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace crosswalk {

std::string idempotency_key(store::InboxItem const& item, model::Event const& event, model::Route const& route) {
    std::string text = item.connection + '\n' + event.id + '\n' + route.name + '\n' + route.to_action;
    if (item.replay_of != 0) {
        text += '\n' + std::to_string(item.id);
    }
    return plugin_host::sha256_hex(text).substr(0, 32);
}

Decider::Decider(DeciderOptions options, route::Router const& router, FindMapper mappers,
                 deliver::FindConnector connectors, deliver::FollowUps const& follow_ups, OnSignal on_signal,
                 store::Outbox& outbox, store::State& state, telemetry::Logger& logger)
    : options_(options),
      router_(router),
      mappers_(std::move(mappers)),
      connectors_(std::move(connectors)),
      follow_ups_(follow_ups),
      on_signal_(std::move(on_signal)),
      outbox_(outbox),
      state_(state),
      logger_(logger) {}

// A vendor may speak of a record before its answer to the push that made it is here, and after a crash long before.
model::Result<plugin_host::ParseResult> Decider::events_of(store::InboxItem const& item) const {
    auto parsed = read(item);
    if (!parsed || parsed->unlinked.empty()) {
        return parsed;
    }
    auto const on_its_way = outbox_.is_on_its_way(item.connection, item.received_at);
    if (!on_its_way) {
        return on_its_way.error();
    }
    if (*on_its_way) {
        return model::Error{model::ErrorCode::unavailable,
                            "It is about " + parsed->unlinked + ", which is linked with nothing yet. A delivery to " +
                                item.connection + " that went out before has no known end: it may be what made it."};
    }
    // The last of them may have ended just after the connector looked.
    return read(item);
}

model::Result<plugin_host::ParseResult> Decider::read(store::InboxItem const& item) const {
    if (item.damage) {
        logger_.error("A stored event cannot be read any more and is set aside.",
                      {{"connection", item.connection}, {"event_id", item.id}, {"detail", item.damage->detail}});
        return *item.damage;
    }
    bool const swept = item.run == store::from_sweep;
    if (item.event && !swept) {
        return plugin_host::ParseResult{{*item.event}, {}};
    }
    plugin_host::Connector* const connector = connectors_(item.connection);
    if (connector == nullptr) {
        return model::Error{model::ErrorCode::unavailable, "The connector of this connection is not loaded."};
    }
    if (item.event) {
        // A sweep listed it; the whole of it is asked for now, as parsing a webhook would have done.
        return connector->fetch_swept(*item.event, options_.parse_time_max);
    }
    plugin_host::HttpRequestView const request{item.raw.method, item.raw.target, item.raw.headers, item.raw.body};
    return connector->parse_webhook(request, options_.parse_time_max);
}

model::Result<store::Dispatch> Decider::decide(store::InboxItem const& item, plugin_host::ParseResult parsed) const {
    store::Dispatch dispatch{item.id, {}, std::move(parsed.reason), &item};
    for (model::Event& event : parsed.events) {
        bool const starts_runs = is_signal(item, event.type);
        auto decided =
            starts_runs ? signal(item, std::move(event), dispatch.why) : route(item, std::move(event), dispatch.why);
        if (!decided) {
            return decided.error();
        }
        dispatch.events.push_back(std::move(*decided));
    }
    if (dispatch.why.empty()) {
        dispatch.why = "Nothing in it is of use to a route.";
    }
    return dispatch;
}

std::vector<model::Route const*> Decider::routes_of(store::InboxItem const& item, std::string const& event_type) const {
    if (item.route.empty()) {
        return router_.match(item.connection, event_type);
    }
    model::Route const* const only = router_.find(item.route);
    // One webhook may hold several events; replayed for one route, the others are no concern of that route.
    bool const takes_it = only != nullptr && (item.event || only->from_event == event_type);
    return takes_it ? std::vector<model::Route const*>{only} : std::vector<model::Route const*>();
}

bool Decider::is_signal(store::InboxItem const& item, std::string const& event_type) const {
    plugin_host::Connector* const source = connectors_(item.connection);
    if (source == nullptr) {
        return false;
    }
    auto const& triggers = source->info().triggers;
    return std::any_of(triggers.begin(), triggers.end(), [&](plugin_host::TriggerInfo const& trigger) {
        return trigger.event == event_type && trigger.is_signal();
    });
}

// After a crash between the two commits the runs are asked for again: they are running by then, or one more reads what
// has changed since.
model::Result<store::DispatchedEvent> Decider::signal(store::InboxItem const& item, model::Event event,
                                                      std::string& why) const {
    if (!on_signal_) {
        why = "No route waits for this signal.";
        return store::DispatchedEvent{std::move(event), {}};
    }
    auto words = on_signal_(item.connection, event.type);
    if (!words) {
        return words.error();
    }
    why = std::move(*words);
    return store::DispatchedEvent{std::move(event), {}};
}

model::Result<store::DispatchedEvent> Decider::route(store::InboxItem const& item, model::Event event,
                                                     std::string& why) const {
    plugin_host::Connector* const source = connectors_(item.connection);
    if (source == nullptr) {
        return model::Error{model::ErrorCode::unavailable, "The connector of this connection is not loaded."};
    }
    auto canonical = map_in(*source, event, why, options_.map_time_max);
    if (!canonical) {
        return canonical.error();
    }
    store::DispatchedEvent dispatched;
    if (!*canonical) {
        dispatched.event = std::move(event);
        return dispatched;
    }
    event = std::move(**canonical);
    auto const routes = routes_of(item, event.type);
    auto const is_stopped = [&](model::Route const* candidate) {
        auto const mode = state_.route_mode(candidate->name);
        return mode && *mode && **mode == store::RouteMode::stopped;
    };
    // An event is taken only while one of its routes runs; a stopped route beside a running one never sees it. When all
    // were stopped since it was taken, the deliveries are made and wait: nothing that was acknowledged is dropped.
    bool const all_stopped = std::all_of(routes.begin(), routes.end(), is_stopped);
    for (model::Route const* candidate : routes) {
        if (connectors_(candidate->to_connection) == nullptr) {
            // A target that is disabled or broken today may be back tomorrow: the whole event waits.
            return model::Error{model::ErrorCode::unavailable,
                                "The connector of " + candidate->to_connection + " is not loaded."};
        }
    }
    for (model::Route const* candidate : routes) {
        if (all_stopped || !is_stopped(candidate)) {
            std::vector<store::NewDelivery> notes;
            dispatched.deliveries.push_back(deliver_to(item, *candidate, event, notes));
            std::move(notes.begin(), notes.end(), std::back_inserter(dispatched.deliveries));
        }
    }
    if (routes.empty()) {
        why = item.route.empty() ? "No route takes this event."
                                 : "The route " + item.route + ", which asked for it, is off or gone.";
    }
    dispatched.event = std::move(event);
    return dispatched;
}

store::NewDelivery Decider::deliver_to(store::InboxItem const& item, model::Route const& route,
                                       model::Event const& canonical, std::vector<store::NewDelivery>& notes) const {
    store::NewDelivery delivery;
    delivery.route = route.name;
    delivery.connection = route.to_connection;
    delivery.action = route.to_action;
    delivery.subject = canonical.subject;
    delivery.idempotency_key = idempotency_key(item, canonical, route);
    MappedOut made =
        map_out(mappers_(route.name), route, canonical, *connectors_(route.to_connection), options_.map_time_max);
    delivery.record = std::move(made.record);
    delivery.sources = std::move(made.sources);
    delivery.warnings = std::move(made.warnings);
    delivery.decided = std::move(made.decided);
    if (delivery.decided) {
        delivery.decided->warnings = delivery.warnings;
        notes = follow_ups_.compose(
            {route.name, route.to_connection, route.to_action, canonical.subject, delivery.idempotency_key, 0},
            canonical, *delivery.decided);
    }
    return delivery;
}

}  // namespace crosswalk

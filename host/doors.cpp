#include "rooms.hpp"
#include "store/arrival_keys.hpp"

#include <algorithm>
#include <set>

namespace crosswalk {

model::Result<void> Host::Rooms::make_listeners() {
    std::vector<ingest::Source> sources;
    for (auto const& [name, connection] : config_.connections) {
        ingest::Source source{name, find(name), {}};
        if (!connection.path_key.empty()) {
            auto key = secrets_.resolve(connection.path_key);
            if (!key) {
                return key.error();
            }
            source.path_key = std::move(*key);
        }
        sources.push_back(std::move(source));
    }
    ingest::WebhookOptions options;
    options.inbox_pending_max = config_.limits.inbox_pending_max;
    webhooks_ = std::make_unique<ingest::Webhooks>(
        std::move(sources), options,
        [this](std::string_view connection, std::string_view event) { return gate(connection, event); },
        [this](std::string const& connection) { pipeline_->wake(connection); }, *inbox_, *state_, clock_, logger_,
        metrics_);

    model::Secret token;
    if (!config_.admin_token.empty()) {
        auto resolved = secrets_.resolve(config_.admin_token);
        if (!resolved) {
            return resolved.error();
        }
        token = std::move(*resolved);
    }
    admin::Api api{config_,
                   std::move(token),
                   version,
                   *store_,
                   *inbox_,
                   *outbox_,
                   *state_,
                   *history_,
                   metrics_,
                   logger_,
                   clock_,
                   libraries_.connectors,
                   [this](std::string_view connection) { return find(connection); },
                   connection_errors_,
                   [this] {
                       pipeline_->wake();
                       dispatcher_->wake();
                       scheduler_->wake();
                       sweeper_->look_soon();
                       accounts_->look_soon();  // a route may have been started or stopped
                   },
                   [this] { return draining_.load(); },
                   [this](std::string_view route, bool full) { return scheduler_->request(route, full); },
                   [this](std::string_view route) { return scheduler_->next_run(route); }};
    api.access = &accounts_->desk();
    api.destination = [this](std::string_view connection) {
        deliver::DestinationView const view = dispatcher_->destination(connection);
        return admin::Destination{std::string(deliver::name(view.state)), view.since, view.next_probe,
                                  view.waits_until};
    };
    api.replays = replay_desk_.get();
    api.files = [this] { return spool_->older_than(std::chrono::hours(0)); };
    api.erase_files = [this](std::vector<std::string> const& ids) { return spool_->erase(ids); };
    api.sweeper = sweeper_.get();
    api_ = std::make_unique<admin::Handler>(std::move(api));

    auto hooks = listener("hooks", config_.hooks);
    if (!hooks) {
        return hooks.error();
    }
    auto admin = listener("admin", config_.admin);
    if (!admin) {
        return admin.error();
    }
    admin->connections_max = 64;
    hooks_ = std::make_unique<http::Server>(
        std::move(*hooks),
        [this](http::Request const& request, http::Answer const& answer) {
            if (request.path() == access::callback_path) {
                answer(access::answer_callback(accounts_->desk(), request));
            } else {
                webhooks_->handle(request, answer);
            }
        },
        logger_);
    admin_ = std::make_unique<http::Server>(
        std::move(*admin), [this](http::Request const& request) { return api_->handle(request); }, logger_);
    return {};
}

model::Result<http::ServerOptions> Host::Rooms::listener(std::string name, config::Listen const& listen) {
    http::ServerOptions options;
    options.name = std::move(name);
    options.address = listen.address;
    options.port = listen.port;
    options.body_bytes_max = config_.limits.body_bytes_max;
    options.connections_max = config_.limits.connections_max;
    if (listen.tls) {
        auto key = secrets_.resolve(listen.tls->key);
        if (!key) {
            return key.error();
        }
        options.tls = http::Tls{listen.tls->certificate, std::move(*key)};
    }
    return options;
}

model::Result<void> Host::Rooms::make_desk() {
    return accounts_->open_desk(
        [this](std::string const& connection) { return wanted_webhooks(connection); },
        [this] {
            pipeline_->wake();
            dispatcher_->wake();
            scheduler_->wake();
        },
        [this](std::string const& connection, std::string const& reason) { tell_of_pause(connection, reason); });
}

// The webhook events of a connection that a route takes which runs or is paused, and the signals that such a route
// waits for.
std::vector<std::string> Host::Rooms::wanted_webhooks(std::string const& connection) const {
    std::set<std::string> wanted;
    for (auto const& [name, loaded] : config_.routes) {
        model::Route const& route = loaded.route;
        auto const mode = state_->route_mode(name);
        if (!route.is_on() || (mode && *mode && **mode == store::RouteMode::stopped)) {
            continue;
        }
        if (route.from_connection == connection) {
            wanted.insert(route.from_event);
        }
        for (model::Signal const& signal : route.run_on) {
            if (signal.connection == connection) {
                wanted.insert(signal.event);
            }
        }
    }
    plugin_host::Connector const* const connector = find(connection);
    std::vector<std::string> events;
    if (connector != nullptr) {
        for (plugin_host::TriggerInfo const& trigger : connector->info().triggers) {
            if ((trigger.is_webhook() || trigger.is_signal()) && wanted.contains(trigger.event)) {
                events.push_back(trigger.event);
            }
        }
    }
    return events;
}

// A consent that ends while nothing is delivered has no delivery whose settling would send the mail.
void Host::Rooms::tell_of_pause(std::string const& connection, std::string const& reason) {
    for (auto const& [name, loaded] : config_.routes) {
        model::Route const& route = loaded.route;
        if (!route.is_on() || (route.from_connection != connection && route.to_connection != connection)) {
            continue;
        }
        deliver::Subject const about{name, connection, {}, connection, "access-" + connection + "-" + name, 0};
        for (store::NewDelivery const& notice : follow_ups_->compose_pause(about, reason)) {
            if (mailer_->send(notice.record).outcome != model::Outcome::delivered) {
                logger_.warn("A mail about a paused connection was not sent.", {{"connection", connection}});
            }
        }
    }
}

// Open when a route of this event, or one that this signal starts, runs or is paused; stopped when there is one, but
// each is stopped or disabled.
ingest::Gate Host::Rooms::gate(std::string_view connection, std::string_view event_type) {
    bool known = false;
    for (model::Route const* route : router_.match(connection, event_type)) {
        auto const mode = state_->route_mode(route->name);
        if (!mode || !*mode || **mode != store::RouteMode::stopped) {
            return ingest::Gate::open;
        }
        known = true;
    }
    for (auto const& [name, loaded] : config_.routes) {
        model::Route const& route = loaded.route;
        if (!route.off_because.empty()) {
            continue;  // a switch that is off means that the event is of no use, not that somebody must come back
        }
        known = known || (route.from_connection == connection && route.from_event == event_type);
        for (model::Signal const& signal : route.run_on) {
            if (signal.connection != connection || signal.event != event_type) {
                continue;
            }
            auto const mode = state_->route_mode(name);
            if (route.enabled && (!mode || !*mode || **mode != store::RouteMode::stopped)) {
                return ingest::Gate::open;
            }
            known = true;
        }
    }
    return known ? ingest::Gate::stopped : ingest::Gate::unwanted;
}

void Host::Rooms::register_gauges() {
    metrics_.gauge("crosswalk_store_conservation_difference",
                   "Events received minus events accounted for; anything but 0 is an error.", [this] {
                       auto const counted = history_->conservation();
                       return counted ? static_cast<double>(counted->difference()) : -1.0;
                   });
    metrics_.gauge("crosswalk_store_inbox_pending", "Inbox items that wait to be dispatched.", [this] {
        auto const pending = inbox_->pending();
        return pending ? static_cast<double>(*pending) : -1.0;
    });
    metrics_.gauge("crosswalk_store_commits", "Commits since the start; writes per commit is the average batch.",
                   [this] { return static_cast<double>(store_->status().commits); });
    metrics_.gauge("crosswalk_store_writes", "Writes since the start that are on disk.",
                   [this] { return static_cast<double>(store_->status().writes); });
    metrics_.gauge("crosswalk_store_used_bytes", "Of the database file, without what is free in it.",
                   [this] { return static_cast<double>(store_->status().used_bytes); });
    metrics_.gauge("crosswalk_store_writable", "1 while the store takes writes.",
                   [this] { return store_->status().writable ? 1.0 : 0.0; });
    for (auto const& [name, connection] : config_.connections) {
        metrics_.gauge(
            "crosswalk_deliver_destination_open",
            "1 while a target is taken for down, 0.5 while a probe may show that it is back, 0 otherwise.",
            [this, name = name] {
                auto const state = dispatcher_->destination(name).state;
                return state == deliver::BreakerState::open ? 1.0 : state == deliver::BreakerState::closed ? 0.0 : 0.5;
            },
            {{"connection", name}});
    }
    metrics_.gauge("crosswalk_spool_files_bytes", "Attachments that are kept on disk.",
                   [this] { return static_cast<double>(spool_->total_bytes()); });
    metrics_.gauge("crosswalk_process_resident_bytes", "Memory of the host in use.",
                   [] { return static_cast<double>(platform::resident_bytes()); });
}

// What has reached the age of its class. A class that fails is not in the way of the next.
void Host::Rooms::forget() {
    config::Retention const& kept = config_.retention;
    auto const count = [this](char const* what, std::size_t events) {
        if (events > 0) {
            metrics_
                .counter("crosswalk_store_purged_total", "Events and files that reached the age of their class.",
                         {{"class", what}})
                .add(events);
            logger_.info("What reached its age was purged.", {{"class", what}, {"count", events}});
        }
    };
    auto const failed = [this](char const* what, model::Error const& error) {
        logger_.warn("What reached its age could not be purged.", {{"class", what}, {"detail", error.detail}});
    };
    if (auto const runs = runs_->purge(kept.history); !runs) {
        failed("runs", runs.error());
    }
    if (auto const purged = store_->purge({kept.payloads, kept.dead_letters, kept.history})) {
        count("payloads", purged->payloads);
        count("dead_letters", purged->dead_letters);
        count("history", purged->history);
    } else {
        failed("events", purged.error());
    }
    if (auto const files = purge_files(*spool_, *store_, kept.files)) {
        count("files", *files);
    } else {
        failed("files", files.error());
    }
}

void Host::Rooms::make_caretaker() {
    std::vector<Caretaker::Duty> duties;
    duties.push_back({std::chrono::hours(1), [this] { forget(); }});
    duties.push_back(
        {std::chrono::hours(1), [this] {
             if (auto const turned = store::turn_arrival_keys(*store_); !turned) {
                 logger_.warn("The key for arriving events could not be changed.", {{"detail", turned.error().detail}});
             }
         }});
    if (auto const watchdog = platform::watchdog_interval()) {
        duties.push_back({*watchdog / 2, [] { platform::notify_watchdog(); }});
    }
    caretaker_ = std::make_unique<Caretaker>(std::move(duties));
}

}  // namespace crosswalk

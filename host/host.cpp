#include "host.hpp"

#include "access/callback.hpp"
#include "accounts.hpp"
#include "caretaker.hpp"
#include "deliver/dispatcher.hpp"
#include "deliver/feedback.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "ingest/webhooks.hpp"
#include "kept.hpp"
#include "map/mapper.hpp"
#include "notify/mailer.hpp"
#include "pipeline.hpp"
#include "platform/notify.hpp"
#include "platform/process.hpp"
#include "route/router.hpp"
#include "schedule/scheduler.hpp"
#include "spool/spool.hpp"
#include "store/history.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "store/runs.hpp"
#include "store/state.hpp"
#include "store/store.hpp"
#include "telemetry/metrics.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <set>

namespace crosswalk {
namespace {

// A connection's private state, kept in the store.
class StoredKeyValues final : public plugin_host::KeyValues {
public:
    StoredKeyValues(store::State& state, std::string connection) : state_(state), connection_(std::move(connection)) {}

    model::Result<std::pair<std::string, std::uint64_t>> get(std::string const& key) override {
        auto found = state_.get(connection_, key);
        if (!found) {
            return found.error();
        }
        return std::pair(std::move(found->value), found->version);
    }
    model::Result<void> put(std::string const& key, std::string const& value,
                            std::optional<std::uint64_t> if_version) override {
        auto const stored = state_.put(connection_, key, value, if_version);
        return stored ? model::Result<void>() : model::Result<void>(stored.error());
    }
    model::Result<void> remove(std::string const& key, std::optional<std::uint64_t> if_version) override {
        return state_.remove(connection_, key, if_version);
    }

private:
    store::State& state_;
    std::string const connection_;
};

std::vector<model::Route> plain_routes(config::Config const& config) {
    std::vector<model::Route> routes;
    for (auto const& [name, route] : config.routes) {
        routes.push_back(route.route);
    }
    return routes;
}

http::ClientOptions client_options(config::Config const& config) {
    http::ClientOptions options;
    options.user_agent = std::string("crosswalk/") + version;
    options.ca_file = config.ca_file;
    return options;
}

double jitter() {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

}  // namespace

class Host::Rooms {
public:
    Rooms(config::Config config, Libraries libraries, model::SecretSource const& secrets, model::Clock const& clock,
          telemetry::Logger& logger)
        : config_(std::move(config)),
          libraries_(std::move(libraries)),
          secrets_(secrets),
          clock_(clock),
          logger_(logger),
          router_(plain_routes(config_)),
          client_(client_options(config_), clock, logger) {
        for (auto const& [name, route] : config_.routes) {
            mappers_.emplace(name, map::Mapper(route.route.mapping, config_.tables));
        }
    }

    model::Result<void> start();
    void stop() noexcept;
    [[nodiscard]] std::uint16_t hooks_port() const noexcept { return hooks_ ? hooks_->port() : std::uint16_t{0}; }
    [[nodiscard]] std::uint16_t admin_port() const noexcept { return admin_ ? admin_->port() : std::uint16_t{0}; }

private:
    model::Result<void> open_store();
    model::Result<void> open_spool();
    void make_connections();
    model::Result<void> make_connection(config::Connection const& connection);
    model::Result<void> make_followers();
    model::Result<void> make_scheduler();
    void stop_runs() noexcept;
    [[nodiscard]] std::vector<model::Route> polled_routes() const;
    model::Result<void> make_listeners();
    model::Result<http::ServerOptions> listener(std::string name, config::Listen const& listen);
    model::Result<void> make_desk();
    [[nodiscard]] std::vector<std::string> wanted_webhooks(std::string const& connection) const;
    void tell_of_pause(std::string const& connection, std::string const& reason);
    [[nodiscard]] ingest::Gate gate(std::string_view connection, std::string_view event_type);
    [[nodiscard]] plugin_host::Connector* find(std::string_view connection) const;
    void register_gauges();
    void make_caretaker();

    // constant after construction
    config::Config const config_;
    Libraries const libraries_;
    model::SecretSource const& secrets_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    route::Router const router_;
    std::map<std::string, map::Mapper> mappers_;
    std::atomic<bool> draining_{false};

    // made by start, in this order; destroyed in reverse
    telemetry::Metrics metrics_;
    http::Client client_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<store::Inbox> inbox_;
    std::unique_ptr<store::Outbox> outbox_;
    std::unique_ptr<store::State> state_;
    std::unique_ptr<store::History> history_;
    std::unique_ptr<store::Runs> runs_;
    std::unique_ptr<spool::Spool> spool_;
    std::unique_ptr<SpooledFiles> files_;
    std::unique_ptr<StoredLinks> links_;
    std::unique_ptr<Accounts> accounts_;
    std::map<std::string, std::unique_ptr<StoredKeyValues>> key_values_;
    std::map<std::string, std::unique_ptr<plugin_host::Connector>, std::less<>> connectors_;
    std::map<std::string, std::string> connection_errors_;
    std::unique_ptr<notify::Mailer> mailer_;
    std::unique_ptr<deliver::FollowUps> follow_ups_;
    std::unique_ptr<deliver::Dispatcher> dispatcher_;
    std::unique_ptr<Pipeline> pipeline_;
    std::unique_ptr<schedule::Scheduler> scheduler_;
    std::unique_ptr<ingest::Webhooks> webhooks_;
    std::unique_ptr<admin::Handler> api_;
    std::unique_ptr<http::Server> hooks_;
    std::unique_ptr<http::Server> admin_;
    std::unique_ptr<Caretaker> caretaker_;
};

model::Result<void> Host::Rooms::start() {
    if (auto opened = open_store(); !opened) {
        return opened;
    }
    if (auto opened = open_spool(); !opened) {
        return opened;
    }
    accounts_ = std::make_unique<Accounts>(config_, secrets_, clock_, logger_);
    if (auto opened = accounts_->open(*store_, *state_); !opened) {
        return opened;
    }
    make_connections();
    if (auto made = make_followers(); !made) {
        return made;
    }
    if (auto made = make_desk(); !made) {
        return made;
    }
    if (auto made = make_scheduler(); !made) {
        return made;
    }
    if (auto made = make_listeners(); !made) {
        return made;
    }
    register_gauges();
    dispatcher_->start();
    pipeline_->start();
    scheduler_->start();
    if (auto listening = admin_->start(); !listening) {
        return listening;
    }
    if (auto listening = hooks_->start(); !listening) {
        return listening;
    }
    accounts_->start();
    make_caretaker();
    caretaker_->start();
    logger_.info("The host is ready.", {{"version", version},
                                        {"hooks_port", hooks_->port()},
                                        {"admin_port", admin_->port()},
                                        {"connections", connectors_.size()},
                                        {"routes", config_.routes.size()}});
    return {};
}

void Host::Rooms::stop() noexcept {
    if (draining_.exchange(true)) {
        return;
    }
    logger_.info("The host is stopping.");
    if (caretaker_) {
        caretaker_->stop();
    }
    if (scheduler_) {
        scheduler_->halt();
    }
    if (hooks_) {
        hooks_->stop(std::chrono::seconds(5));
    }
    if (accounts_) {
        accounts_->stop();
    }
    if (pipeline_) {
        pipeline_->stop();
    }
    bool const drained = !dispatcher_ || dispatcher_->stop(config_.limits.drain_time_max, [this] {
        for (auto const& [name, connector] : connectors_) {
            connector->cancel();
        }
        client_.cancel_all();
    });
    stop_runs();
    if (admin_) {
        admin_->stop(std::chrono::seconds(1));
    }
    if (store_) {
        store_->close();
    }
    logger_.info("The host has stopped.", {{"drained", drained}});
}

model::Result<void> Host::Rooms::open_store() {
    store::StoreOptions options;
    options.path = config_.store_path;
    options.dedupe_window = config_.limits.dedupe_window;
    auto opened = store::Store::open(options, clock_, logger_);
    if (!opened) {
        return opened.error();
    }
    store_ = std::move(*opened);
    inbox_ = std::make_unique<store::Inbox>(*store_);
    outbox_ = std::make_unique<store::Outbox>(*store_);
    state_ = std::make_unique<store::State>(*store_);
    history_ = std::make_unique<store::History>(*store_);
    runs_ = std::make_unique<store::Runs>(*store_);
    return {};
}

// After the store, whose lock keeps a second host out of the folder as well.
model::Result<void> Host::Rooms::open_spool() {
    spool::SpoolOptions options;
    options.folder = config_.store_path;
    options.folder += ".files";
    options.file_bytes_max = static_cast<std::int64_t>(config_.limits.file_bytes_max);
    options.total_bytes_max = static_cast<std::int64_t>(config_.limits.files_total_bytes_max);
    auto opened = spool::Spool::open(std::move(options), clock_, logger_);
    if (!opened) {
        return opened.error();
    }
    spool_ = std::move(*opened);
    files_ = std::make_unique<SpooledFiles>(*spool_);
    links_ = std::make_unique<StoredLinks>(*store_);
    return {};
}

void Host::Rooms::make_connections() {
    for (auto const& [name, connection] : config_.connections) {
        if (auto const made = make_connection(connection); !made) {
            connection_errors_[name] = made.error().detail;
            logger_.error("A connection could not be started.",
                          {{"connection", name}, {"connector", connection.connector}, {"detail", made.error().detail}});
        }
    }
}

model::Result<void> Host::Rooms::make_connection(config::Connection const& connection) {
    auto const library = libraries_.loaded.find(connection.connector);
    if (library == libraries_.loaded.end()) {
        return model::Error{model::ErrorCode::failed_precondition,
                            "Its connector \"" + connection.connector + "\" is not loaded."};
    }
    auto& key_values = key_values_[connection.name];
    key_values = std::make_unique<StoredKeyValues>(*state_, connection.name);
    plugin_host::Services services{
        connection.name, connection.settings,           client_, secrets_, *key_values, clock_,
        logger_,         connection.requests_per_second};
    services.files = files_.get();
    services.links = links_.get();
    services.kept_secrets = accounts_->secrets(connection.name);
    services.access_tokens = accounts_->tokens(connection.name);
    auto made = library->second->create(connection.connector, std::move(services));
    if (!made) {
        return made.error();
    }
    if (auto adopted = accounts_->adopt(connection, **made); !adopted) {
        return adopted;
    }
    connectors_[connection.name] = std::move(*made);
    return {};
}

model::Result<void> Host::Rooms::make_followers() {
    auto const find_connector = [this](std::string_view connection) { return find(connection); };
    auto const find_route = [this](std::string_view route) { return router_.find(route); };
    std::optional<notify::MailServer> server;
    if (config_.notify.smtp) {
        config::Smtp const& smtp = *config_.notify.smtp;
        server = notify::MailServer{smtp.host, smtp.port, smtp.user, {}, smtp.from, smtp.starttls};
        if (!smtp.password.empty()) {
            auto password = secrets_.resolve(smtp.password);
            if (!password) {
                return password.error();
            }
            server->password = std::move(*password);
        }
    }
    mailer_ = std::make_unique<notify::Mailer>(std::move(server), config_.notify.throttle, clock_, logger_);
    follow_ups_ = std::make_unique<deliver::FollowUps>(find_route, find_connector, config_.notify.email_to, logger_);
    deliver::DispatcherOptions options;
    options.workers = config_.limits.delivery_workers;
    options.push_time_max = config_.limits.hook_time_max;
    dispatcher_ = std::make_unique<deliver::Dispatcher>(
        options, find_route, find_connector, *follow_ups_,
        [this](model::Record const& mail) { return mailer_->send(mail); }, jitter, *outbox_, *history_, *state_, clock_,
        logger_, metrics_);
    PipelineOptions pipeline_options;
    pipeline_options.parse_time_max = config_.limits.hook_time_max;
    std::vector<std::string> connections;
    for (auto const& [name, connection] : config_.connections) {
        connections.push_back(name);
    }
    pipeline_ = std::make_unique<Pipeline>(
        pipeline_options, std::move(connections), router_,
        [this](std::string const& route) -> map::Mapper const& { return mappers_.at(route); }, find_connector,
        *follow_ups_, [this] { dispatcher_->wake(); }, *inbox_, *state_, clock_, logger_, metrics_,
        [this](std::string_view connection, std::string_view event) { return scheduler_->signal(connection, event); });
    return {};
}

model::Result<void> Host::Rooms::make_scheduler() {
    schedule::Limits limits;
    limits.at_once = static_cast<std::size_t>(config_.limits.polls_at_once);
    limits.turn_time_max = config_.limits.hook_time_max;
    limits.inbox_pending_max = config_.limits.inbox_pending_max;
    auto const about = [](model::Route const& route, std::string const& key) {
        return deliver::Subject{route.name, route.from_connection, route.from_event, key, key, 0};
    };
    schedule::Letters letters{
        [this, about](model::Route const& route, store::Run const& run, std::string const& reason) {
            return follow_ups_->compose_run_failure(about(route, "run-" + std::to_string(run.id)), reason);
        },
        [this, about](model::Route const& route, store::Run const& run, std::string const& reason) {
            // The same run may meet a refused credential again after a resume.
            std::string const key =
                "run-" + std::to_string(run.id) + "-" + std::to_string(model::to_unix_ms(clock_.now()));
            return follow_ups_->compose_pause(about(route, key), reason);
        }};
    scheduler_ = std::make_unique<schedule::Scheduler>(
        schedule::Surroundings{limits, [this](std::string_view connection) { return find(connection); },
                               std::move(letters), [this](std::string const& name) { pipeline_->wake(name); }, *inbox_,
                               *runs_, *state_, clock_, logger_},
        polled_routes(), metrics_);
    return scheduler_->load();
}

// Those whose event can be asked for; of a connector that is not loaded, those whose file says that it is.
std::vector<model::Route> Host::Rooms::polled_routes() const {
    std::vector<model::Route> routes;
    std::vector<config::ConnectorFacts> const facts = libraries_.facts();
    for (auto const& [name, loaded] : config_.routes) {
        model::Route const& route = loaded.route;
        auto const connection = config_.connections.find(route.from_connection);
        bool polled = route.schedule.has_value() || !route.run_on.empty();
        for (config::ConnectorFacts const& connector : facts) {
            bool const is_source =
                connection != config_.connections.end() && connection->second.connector == connector.id;
            polled = polled || (is_source && std::any_of(connector.triggers.begin(), connector.triggers.end(),
                                                         [&](config::ConnectorFacts::Trigger const& trigger) {
                                                             return trigger.polled && trigger.event == route.from_event;
                                                         }));
        }
        if (polled) {
            routes.push_back(route);
        }
    }
    return routes;
}

// What has not answered by now is cut off: a turn that is not stored is done again by the next host.
void Host::Rooms::stop_runs() noexcept {
    if (!scheduler_) {
        return;
    }
    for (auto const& [name, connector] : connectors_) {
        connector->cancel();
    }
    client_.cancel_all();
    scheduler_->stop();
}

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
                       accounts_->look_soon();  // a route may have been started or stopped
                   },
                   [this] { return draining_.load(); },
                   [this](std::string_view route, bool full) { return scheduler_->request(route, full); },
                   [this](std::string_view route) { return scheduler_->next_run(route); }};
    api.access = &accounts_->desk();
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
        [this](http::Request const& request) {
            return request.path() == access::callback_path ? access::answer_callback(accounts_->desk(), request)
                                                           : webhooks_->handle(request);
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

plugin_host::Connector* Host::Rooms::find(std::string_view connection) const {
    auto const found = connectors_.find(connection);
    return found == connectors_.end() ? nullptr : found->second.get();
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
    metrics_.gauge("crosswalk_store_writable", "1 while the store takes writes.",
                   [this] { return store_->status().writable ? 1.0 : 0.0; });
    metrics_.gauge("crosswalk_spool_files_bytes", "Attachments that are kept on disk.",
                   [this] { return static_cast<double>(spool_->total_bytes()); });
    metrics_.gauge("crosswalk_process_resident_bytes", "Memory of the host in use.",
                   [] { return static_cast<double>(platform::resident_bytes()); });
}

void Host::Rooms::make_caretaker() {
    std::vector<Caretaker::Duty> duties;
    duties.push_back({std::chrono::hours(1), [this] {
                          if (auto const forgotten = runs_->purge(config_.limits.payload_age_max); !forgotten) {
                              logger_.warn("Old runs could not be purged.", {{"detail", forgotten.error().detail}});
                          }
                          auto const purged = store_->purge(config_.limits.payload_age_max);
                          if (!purged) {
                              logger_.warn("Old payloads could not be purged.", {{"detail", purged.error().detail}});
                          } else if (*purged > 0) {
                              logger_.info("Old payloads were purged.", {{"count", *purged}});
                          }
                          auto const files = purge_files(*spool_, *store_, config_.limits.payload_age_max);
                          if (!files) {
                              logger_.warn("Old files could not be purged.", {{"detail", files.error().detail}});
                          } else if (*files > 0) {
                              logger_.info("Old files were purged.", {{"count", *files}});
                          }
                      }});
    if (auto const watchdog = platform::watchdog_interval()) {
        duties.push_back({*watchdog / 2, [] { platform::notify_watchdog(); }});
    }
    caretaker_ = std::make_unique<Caretaker>(std::move(duties));
}

Host::Host(config::Config config, Libraries libraries, model::SecretSource const& secrets, model::Clock const& clock,
           telemetry::Logger& logger)
    : rooms_(std::make_unique<Rooms>(std::move(config), std::move(libraries), secrets, clock, logger)) {}

Host::~Host() {
    stop();
}

model::Result<void> Host::start() {
    return rooms_->start();
}
void Host::stop() noexcept {
    rooms_->stop();
}
std::uint16_t Host::hooks_port() const noexcept {
    return rooms_->hooks_port();
}
std::uint16_t Host::admin_port() const noexcept {
    return rooms_->admin_port();
}

}  // namespace crosswalk

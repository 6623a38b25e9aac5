#include "rooms.hpp"
#include "store_key.hpp"
#include "vault/sealer.hpp"

#include <algorithm>
#include <random>

namespace crosswalk {
namespace {

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

deliver::DestinationOptions destination_options(config::Config const& config) {
    deliver::DestinationOptions options;
    options.breaker = {config.breaker.failures, config.breaker.first, config.breaker.longest};
    options.at_once = static_cast<std::size_t>(config.limits.deliveries_at_once);
    for (auto const& [name, connection] : config.connections) {
        if (connection.deliveries_at_once > 0) {
            options.at_once_of[name] = static_cast<std::size_t>(connection.deliveries_at_once);
        }
    }
    return options;
}

// As many threads as all destinations together may keep busy: their shares, one more for each route's deliveries and
// one for its feedback, and the mails.
int workers(config::Config const& config, deliver::DestinationOptions const& options) {
    std::size_t wanted = options.at_once + 2 * config.routes.size();
    for (auto const& [name, connection] : config.connections) {
        auto const own = options.at_once_of.find(name);
        wanted += own == options.at_once_of.end() ? options.at_once : own->second;
    }
    return static_cast<int>(std::min(wanted, static_cast<std::size_t>(config.limits.delivery_workers)));
}

double jitter() {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

}  // namespace

Host::Rooms::Rooms(config::Config config, Libraries libraries, model::SecretSource const& secrets,
                   model::Clock const& clock, telemetry::Logger& logger)
    : config_(std::move(config)),
      libraries_(std::move(libraries)),
      secrets_(secrets),
      clock_(clock),
      logger_(logger),
      router_(plain_routes(config_)),
      client_(client_options(config_), clock, logger),
      rates_(clock) {
    for (auto const& [name, route] : config_.routes) {
        mappers_.emplace(name, map::Mapper(route.route.mapping, config_.tables));
    }
}

model::Result<void> Host::Rooms::start() {
    auto const key = find_store_key(config_, secrets_, logger_);
    if (!key) {
        return key.error();
    }
    if (auto opened = open_store(*key); !opened) {
        return opened;
    }
    if (auto opened = open_spool(*key); !opened) {
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
    if (auto made = make_sweeper(); !made) {
        return made;
    }
    if (auto made = make_listeners(); !made) {
        return made;
    }
    register_gauges();
    dispatcher_->start();
    pipeline_->start();
    scheduler_->start();
    sweeper_->start();
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
    if (sweeper_) {
        sweeper_->halt();
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

model::Result<void> Host::Rooms::open_store(model::Secret const& key) {
    store::StoreOptions options;
    options.path = config_.store_path;
    options.key = key;
    options.dedupe_window = config_.limits.dedupe_window;
    options.bytes_max = config_.limits.store_bytes_max;
    auto opened = store::Store::open(options, clock_, logger_);
    if (!opened) {
        return opened.error();
    }
    store_ = std::move(*opened);
    inbox_ = std::make_unique<store::Inbox>(*store_);
    outbox_ = std::make_unique<store::Outbox>(*store_);
    state_ = std::make_unique<store::State>(*store_);
    history_ = std::make_unique<store::History>(*store_);
    dead_letters_ = std::make_unique<store::DeadLetters>(*store_);
    runs_ = std::make_unique<store::Runs>(*store_);
    return {};
}

// After the store, whose lock keeps a second host out of the folder as well.
model::Result<void> Host::Rooms::open_spool(model::Secret const& key_text) {
    auto const key = vault::read_key(key_text);
    if (!key) {
        return key.error();
    }
    spool::SpoolOptions options;
    options.folder = config_.store_path;
    options.folder += ".files";
    options.file_bytes_max = static_cast<std::int64_t>(config_.limits.file_bytes_max);
    options.total_bytes_max = static_cast<std::int64_t>(config_.limits.files_total_bytes_max);
    auto opened = spool::Spool::open(std::move(options), *key, clock_, logger_);
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
    services.rates = &rates_;
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
    options.destinations = destination_options(config_);
    options.workers = workers(config_, options.destinations);
    options.attempts.push_time_max = config_.limits.hook_time_max;
    dispatcher_ = std::make_unique<deliver::Dispatcher>(
        options, find_route, find_connector, *follow_ups_,
        [this](model::Record const& mail) { return mailer_->send(mail); }, jitter, *outbox_, *history_, *state_, clock_,
        logger_, metrics_);
    PipelineOptions pipeline_options;
    pipeline_options.decider.parse_time_max = config_.limits.hook_time_max;
    std::vector<std::string> connections;
    for (auto const& [name, connection] : config_.connections) {
        connections.push_back(name);
    }
    auto const find_mapper = [this](std::string const& route) -> map::Mapper const& { return mappers_.at(route); };
    replay_desk_ = std::make_unique<ReplayDesk>(router_, find_mapper, find_connector, config_.limits.hook_time_max,
                                                *dead_letters_, *inbox_, *outbox_, *history_);
    pipeline_ = std::make_unique<Pipeline>(
        pipeline_options, std::move(connections), router_, find_mapper, find_connector, *follow_ups_,
        [this] { dispatcher_->wake(); }, *inbox_, *outbox_, *state_, clock_, logger_, metrics_,
        [this](std::string_view connection, std::string_view event) { return scheduler_->signal(connection, event); },
        dispatcher_->at_once());
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
                               *outbox_, *runs_, *state_, clock_, logger_},
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
    if (sweeper_) {
        sweeper_->stop();
    }
}

plugin_host::Connector* Host::Rooms::find(std::string_view connection) const {
    auto const found = connectors_.find(connection);
    return found == connectors_.end() ? nullptr : found->second.get();
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

#include "accounts.hpp"

#include "access/callback.hpp"
#include "host.hpp"
#include "plugin_host/host_services.hpp"

#include <algorithm>

namespace crosswalk {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::chrono::seconds describe_time_max{5};
constexpr std::chrono::minutes tend_every{10};

http::ClientOptions token_client_options(config::Config const& config) {
    http::ClientOptions options;
    options.user_agent = std::string("crosswalk/") + version;
    options.ca_file = config.ca_file;
    options.body_bytes_max = 64 * 1024;
    return options;
}

// The client secret as the settings name it, or as it is kept where they name none.
Result<model::Secret> find_secret(boost::json::value const& settings, std::string const& pointer,
                                  model::SecretSource const& source, plugin_host::KeptSecrets* kept) {
    boost::json::error_code error;
    boost::json::value const* const found = settings.find_pointer(pointer, error);
    if (!error && found != nullptr && found->is_string()) {
        return source.resolve(found->get_string());
    }
    auto secret = kept == nullptr ? Result<model::Secret>(Error{ErrorCode::not_found, ""}) : kept->get(pointer);
    return secret ? secret
                  : Result<model::Secret>(Error{ErrorCode::failed_precondition,
                                                "The settings hold no client secret at " + pointer + "."});
}

std::string needs_key(std::string const& what) {
    return what + " needs store.key: " + std::string(vault::how_to_make_a_key);
}

Result<void> check_oauth(config::Config const& config, config::Connection const& connection,
                         plugin_host::Connector const& connector, plugin_host::OAuthDescription const& how) {
    if (config.store_key.empty()) {
        return Error{ErrorCode::failed_precondition, needs_key("this connection uses OAuth, which")};
    }
    if (how.grant == "authorization_code" && config.public_url.empty()) {
        return Error{ErrorCode::failed_precondition,
                     "this connection asks a person for consent, who must be able to come back: set public_url in "
                     "crosswalk.yaml"};
    }
    auto hosts = plugin_host::egress_hosts(connector.info().egress, connection.settings);
    if (!hosts) {
        return hosts.error();
    }
    return access::check_description(how, http::EgressPolicy(std::move(*hosts)));
}

// State of a connector that is made only to be asked.
class NoKeyValues final : public plugin_host::KeyValues {
public:
    Result<std::pair<std::string, std::uint64_t>> get(std::string const&) override {
        return Error{ErrorCode::not_found, "There is no such key."};
    }
    Result<void> put(std::string const&, std::string const&, std::optional<std::uint64_t>) override { return {}; }
    Result<void> remove(std::string const&, std::optional<std::uint64_t>) override { return {}; }
};

config::Problem problem_at(config::Position const& at, std::string message) {
    return {at.file, at.line, at.column, std::move(message)};
}

// Where a reference is written; the file as a whole otherwise.
config::Position position_of(config::Config const& config, std::string const& reference) {
    auto const found = std::find_if(config.secrets.begin(), config.secrets.end(),
                                    [&](config::SecretUse const& use) { return use.reference == reference; });
    return found == config.secrets.end() ? config::Position{"crosswalk.yaml", 0, 0} : found->position;
}

}  // namespace

Accounts::Accounts(config::Config const& config, model::SecretSource const& secrets, model::Clock const& clock,
                   telemetry::Logger& logger)
    : config_(config),
      secret_source_(secrets),
      clock_(clock),
      logger_(logger),
      client_(token_client_options(config), clock, logger) {}

Accounts::~Accounts() {
    stop();
}

Result<void> Accounts::open(store::Store& store, store::State& state) {
    state_ = &state;
    sealed_ = std::make_unique<store::Sealed>(store);
    if (config_.store_key.empty()) {
        return {};
    }
    auto const text = secret_source_.resolve(config_.store_key);
    if (!text) {
        return text.error();
    }
    auto sealer = vault::Sealer::from(*text);
    if (!sealer) {
        return sealer.error();
    }
    sealer_ = std::move(*sealer);
    for (auto const& [name, connection] : config_.connections) {
        kept_.emplace(name, std::make_unique<Kept>(name, *sealed_, *sealer_, clock_, logger_));
    }
    return {};
}

plugin_host::KeptSecrets* Accounts::secrets(std::string const& connection) {
    auto const found = kept_.find(connection);
    return found == kept_.end() ? nullptr : &found->second->secrets;
}

plugin_host::AccessTokens* Accounts::tokens(std::string const& connection) {
    auto const found = kept_.find(connection);
    return found == kept_.end() ? nullptr : &found->second->tokens;
}

Result<void> Accounts::adopt(config::Connection const& connection, plugin_host::Connector& connector) {
    auto how = connector.has_oauth() ? connector.oauth(describe_time_max)
                                     : Result<std::optional<plugin_host::OAuthDescription>>(std::nullopt);
    if (!how) {
        return how.error();
    }
    if (!*how) {
        connectors_[connection.name] = &connector;
        return {};
    }
    if (auto const usable = check_oauth(config_, connection, connector, **how); !usable) {
        return usable;
    }
    auto hosts = plugin_host::egress_hosts(connector.info().egress, connection.settings);
    if (!hosts) {
        return hosts.error();
    }
    Kept& kept = *kept_.at(connection.name);
    auto const find = [this, &connection, &kept](std::string const& pointer) {
        return find_secret(connection.settings, pointer, secret_source_, &kept.secrets);
    };
    connectors_[connection.name] = &connector;  // not before: a connector that is refused does not stay
    auto const used = kept.tokens.use(std::make_unique<access::TokenEndpoint const>(
        std::move(**how), http::EgressPolicy(std::move(*hosts)), find, client_, clock_));
    if (!used) {
        // A new consent puts this right, so the connection runs and waits for it.
        logger_.error("What is kept for a connection cannot be read.",
                      {{"connection", connection.name}, {"detail", used.error().detail}});
    }
    return {};
}

std::string Accounts::why_by_hand(config::Connection const& connection) const {
    if (connection.webhooks == "manual") {
        return "Its file says `webhooks: manual`.";
    }
    if (config_.public_url.empty()) {
        return "public_url is not set, so the vendor cannot be told where to send.";
    }
    return sealer_ ? "" : "store.key is not set, so a secret that the vendor hands out could not be kept.";
}

Result<model::Secret> Accounts::webhook_address(config::Connection const& connection) const {
    if (config_.public_url.empty()) {
        return model::Secret();
    }
    std::string url = config_.public_url + "/hooks/" + connection.name;
    if (!connection.path_key.empty()) {
        auto const key = secret_source_.resolve(connection.path_key);
        if (!key) {
            return key.error();
        }
        url += "/" + std::string(key->reveal());  // the vendor has to know it
    }
    return model::Secret(std::move(url));
}

Result<access::Subscriber> Accounts::subscriber(config::Connection const& connection, plugin_host::Connector& connector,
                                                WantedEvents const& wanted) const {
    auto url = webhook_address(connection);
    if (!url) {
        return url.error();
    }
    return access::Subscriber{connector, std::move(*url), [wanted, name = connection.name] { return wanted(name); },
                              why_by_hand(connection)};
}

Result<void> Accounts::open_desk(WantedEvents wanted, std::function<void()> wake,
                                 std::function<void(std::string const&, std::string const&)> tell) {
    std::map<std::string, access::Account> accounts;
    std::map<std::string, access::Subscriber> subscribers;
    for (auto const& [name, connection] : config_.connections) {
        auto const found = connectors_.find(name);
        plugin_host::Connector* const connector = found == connectors_.end() ? nullptr : found->second;
        auto const kept = kept_.find(name);
        accounts[name] = kept == kept_.end() ? access::Account{connector, &connection.settings}
                                             : access::Account{connector, &connection.settings, &kept->second->tokens,
                                                               &kept->second->secrets, &kept->second->consent};
        if (connector != nullptr && connector->makes_subscriptions()) {
            auto made = subscriber(connection, *connector, wanted);
            if (!made) {
                return made.error();
            }
            subscribers.emplace(name, std::move(*made));
        }
    }
    subscriptions_ = std::make_unique<access::Subscriptions>(std::move(subscribers), *state_, clock_, logger_);
    desk_ = std::make_unique<access::Desk>(access::Desk::Parts{
        std::move(accounts), config_.public_url.empty() ? "" : config_.public_url + std::string(access::callback_path),
        *subscriptions_, *sealed_, *state_, clock_, logger_, std::move(wake), std::move(tell)});
    return {};
}

void Accounts::look_soon() noexcept {
    if (subscriptions_) {
        subscriptions_->look_soon();
    }
}

void Accounts::start() {
    desk_->start();
    subscriptions_->start();
    std::vector<Caretaker::Duty> duties;
    duties.push_back({tend_every, [this] { desk_->tend(); }});
    tending_ = std::make_unique<Caretaker>(std::move(duties));
    tending_->start();
}

void Accounts::stop() noexcept {
    client_.cancel_all();
    if (tending_) {
        tending_->stop();
    }
    if (subscriptions_) {
        subscriptions_->stop();
    }
}

std::vector<config::Problem> check_accounts(
    config::Config const& config, std::map<std::string, std::shared_ptr<plugin_host::Library>> const& libraries,
    model::SecretSource const& secrets, telemetry::Logger& logger) {
    std::vector<config::Problem> problems;
    if (!config.store_key.empty()) {
        // One that is missing is reported with the other secrets.
        auto const text = secrets.resolve(config.store_key);
        auto const sealer = text ? vault::Sealer::from(*text) : Result<vault::Sealer>(text.error());
        if (text && !sealer) {
            problems.push_back(problem_at(position_of(config, config.store_key), sealer.error().detail));
        }
    }
    model::SystemClock const clock;
    http::Client client({}, clock, logger);
    NoKeyValues nothing;
    for (auto const& [name, connection] : config.connections) {
        auto const library = libraries.find(connection.connector);
        if (library == libraries.end()) {
            continue;
        }
        auto const& infos = library->second->connectors();
        auto const info =
            std::find_if(infos.begin(), infos.end(), [&](auto const& one) { return one.id == connection.connector; });
        if (info == infos.end()) {
            continue;
        }
        bool const makes_webhooks = (info->caps & CW_CAP_SUBSCRIBE) != 0;
        if (connection.webhooks == "automatic") {
            config::Position const& at = connection.webhooks_position;
            if (!makes_webhooks) {
                problems.push_back(problem_at(
                    at,
                    "the connector '" + info->id + "' cannot make webhooks at its vendor; write `webhooks: manual`"));
            } else if (config.public_url.empty()) {
                problems.push_back(problem_at(at, "the vendor must be told where to send: set public_url"));
            } else if (config.store_key.empty()) {
                problems.push_back(problem_at(at, needs_key("a secret that the vendor hands out")));
            }
        }
        if ((info->caps & CW_CAP_OAUTH) == 0) {
            continue;
        }
        // What keeps the connector from starting is found and told elsewhere.
        auto made = library->second->create(
            connection.connector, plugin_host::Services{name, connection.settings, client, secrets, nothing, clock,
                                                        logger, connection.requests_per_second});
        auto const how = made ? (*made)->oauth(describe_time_max)
                              : Result<std::optional<plugin_host::OAuthDescription>>(made.error());
        if (how && *how) {
            if (auto const usable = check_oauth(config, connection, **made, **how); !usable) {
                problems.push_back(problem_at(connection.connector_position, usable.error().detail));
            }
        }
    }
    return problems;
}

}  // namespace crosswalk

// The access of every configured connection, built from the configuration: what keeps its tokens and secrets, what
// makes its webhooks, and the desk where people change it.
//
// Lifecycle  open (reads store.key) → tokens and secrets are handed to a connection's services → adopt, once its
//            connector is made → open_desk → start → stop.
// Errors     a store.key that cannot be used fails open. A connection whose OAuth cannot work is refused by adopt in
//            words, and the others run.
// Threads    as the desk, once it is open. Owner  borrows what it is made with; outlives the connectors.
#pragma once

#include "access/desk.hpp"
#include "caretaker.hpp"
#include "config/config.hpp"
#include "http/client.hpp"
#include "model/secret.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk {

class Accounts {
public:
    // The webhook events that running routes take from a connection or wait for.
    using WantedEvents = std::function<std::vector<std::string>(std::string const& connection)>;

    Accounts(config::Config const& config, model::SecretSource const& secrets, model::Clock const& clock,
             telemetry::Logger& logger);
    Accounts(Accounts const&) = delete;
    Accounts& operator=(Accounts const&) = delete;
    ~Accounts();

    [[nodiscard]] model::Result<void> open(store::Store& store, store::State& state);
    // nullptr without store.key.
    [[nodiscard]] plugin_host::KeptSecrets* secrets(std::string const& connection);
    [[nodiscard]] plugin_host::AccessTokens* tokens(std::string const& connection);
    // Asks the connector how tokens are got. failed_precondition: it needs OAuth, which cannot work as configured.
    [[nodiscard]] model::Result<void> adopt(config::Connection const& connection, plugin_host::Connector& connector);

    [[nodiscard]] model::Result<void> open_desk(
        WantedEvents wanted, std::function<void()> wake,
        std::function<void(std::string const& connection, std::string const& reason)> tell);
    [[nodiscard]] access::Desk& desk() noexcept { return *desk_; }
    // Where the vendor sends this connection's webhooks; empty without public_url.
    [[nodiscard]] model::Result<model::Secret> webhook_address(config::Connection const& connection) const;
    // Routes or connections changed: webhooks at vendors may have to follow.
    void look_soon() noexcept;
    void start();
    void stop() noexcept;

private:
    struct Kept {
        Kept(std::string const& connection, store::Sealed& sealed, vault::Sealer const& sealer,
             model::Clock const& clock, telemetry::Logger& logger)
            : tokens(connection, sealed, sealer, clock, logger),
              secrets(connection, sealed, sealer, clock),
              consent(connection, sealed, sealer, clock) {}
        access::TokenKeeper tokens;
        access::KeptSecrets secrets;
        access::Consent consent;
    };
    [[nodiscard]] model::Result<access::Subscriber> subscriber(config::Connection const& connection,
                                                               plugin_host::Connector& connector,
                                                               WantedEvents const& wanted) const;
    [[nodiscard]] std::string why_by_hand(config::Connection const& connection) const;

    config::Config const& config_;
    model::SecretSource const& secret_source_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    http::Client client_;  // for token endpoints: small answers only
    store::State* state_ = nullptr;
    std::unique_ptr<store::Sealed> sealed_;
    std::optional<vault::Sealer> sealer_;
    std::map<std::string, std::unique_ptr<Kept>> kept_;
    std::map<std::string, plugin_host::Connector*> connectors_;
    std::unique_ptr<access::Subscriptions> subscriptions_;
    std::unique_ptr<access::Desk> desk_;
    std::unique_ptr<Caretaker> tending_;  // goes first: it uses the desk
};

// What is wrong with the access of connections in a configuration that is checked otherwise: store.key, and what OAuth
// and automatic webhooks need. Makes instances of connectors that can do OAuth, to ask them; none of it uses the
// network.
[[nodiscard]] std::vector<config::Problem> check_accounts(
    config::Config const& config, std::map<std::string, std::shared_ptr<plugin_host::Library>> const& libraries,
    model::SecretSource const& secrets, telemetry::Logger& logger);

}  // namespace crosswalk

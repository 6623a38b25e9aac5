// What people do with the access of connections: authorize, subscribe, rotate a secret, disconnect, connect again.
//
// Shape    one Account per configured connection. The admin API and the public callback ask the desk, the host's
//          caretaker lets it tend what nobody asks for.
// Errors   not_found: no such connection. failed_precondition: it cannot be done with this configuration, or as things
//          stand; the words say what to do. Else as the parts.
// Threads  safe from any thread; constant after construction but for what the parts guard.
// Owner    borrows everything it is made with.
#pragma once

#include "access/consent.hpp"
#include "access/kept_secrets.hpp"
#include "access/subscriptions.hpp"
#include "access/token_keeper.hpp"
#include "store/state.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::access {

struct Account {
    plugin_host::Connector* connector = nullptr;   // absent: it could not be started
    boost::json::value const* settings = nullptr;  // as configured
    TokenKeeper* tokens = nullptr;                 // absent without store.key
    KeptSecrets* secrets = nullptr;                // absent without store.key
    Consent* consent = nullptr;                    // absent without store.key
};

// What the vendor sent back with the person who was asked.
struct CallbackQuery {
    std::string state;
    std::string code;
    std::string error;
};

class Desk {
public:
    struct Parts {
        std::map<std::string, Account> accounts;
        std::string redirect_uri;  // empty: public_url is not configured
        Subscriptions& subscriptions;
        store::Sealed& sealed;
        store::State& state;
        model::Clock const& clock;
        telemetry::Logger& logger;
        std::function<void()> wake;  // something may be due now
        // A connection was paused because the vendor no longer grants access.
        std::function<void(std::string const& connection, std::string const& reason)> tell;
    };
    explicit Desk(Parts parts) : parts_(std::move(parts)) {}

    // Pauses every connection that waits for a consent, so that nothing is tried before it.
    void start();
    // Renews tokens of consents that nobody uses, because some vendors end what is idle for a day.
    void tend();

    [[nodiscard]] model::Result<ConsentRequest> authorize(std::string const& connection);
    // Ends what authorize() began; returns the connection. unauthenticated: the person refused; nothing was stored.
    [[nodiscard]] model::Result<std::string> finish(CallbackQuery const& query);

    [[nodiscard]] model::Result<WebhookStatus> subscribe(std::string const& connection);
    // Makes a new secret at a pointer that the connector declares and the settings leave empty, or keeps `given`.
    // Where the host makes the vendor's webhooks, the vendor is told soon.
    [[nodiscard]] model::Result<model::Secret> rotate_secret(std::string const& connection, std::string const& pointer,
                                                             std::optional<model::Secret> given,
                                                             std::chrono::seconds grace);
    // Removes the webhooks at the vendor, then tokens, secrets and the connector's private state. With `force` also
    // when the vendor does not answer. Links and history stay.
    [[nodiscard]] model::Result<void> disconnect(std::string const& connection, bool force);
    // A removed connection, at the beginning of its set-up.
    [[nodiscard]] model::Result<void> connect(std::string const& connection);

    struct View {
        std::string state;  // connected, needs_authorization, needs_reauth, paused or removed
        std::string reason;
        std::optional<model::TimePoint> connected_at = {};
        std::optional<WebhookStatus> webhooks = {};
    };
    [[nodiscard]] View view(std::string const& connection);

private:
    [[nodiscard]] model::Result<Account const*> find(std::string const& connection) const;
    [[nodiscard]] bool is_removed(std::string const& connection);
    void pause(std::string const& connection, std::string const& reason);
    void connected(std::string const& connection);

    Parts const parts_;
};

}  // namespace crosswalk::access

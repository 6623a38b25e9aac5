// The OAuth tokens of one connection: got, kept encrypted, refreshed in time, one request at a time whoever asks.
//
// Shape    construct → use (once the connector has described its OAuth) → current and instead_of from its hooks,
//          exchange and forget from the desk. Before use() nothing can be had.
// Order    a refreshed pair is on disk before its access token is used, because the vendor has forgotten the refresh
//          token that it was got with. A pair that the disk refuses stays in memory and is stored before anything else.
// Errors   unauthenticated: consent is missing, refused or revoked, in words that say what to do. unavailable: the
//          vendor or the store does not answer; a token that still lasts is used meanwhile.
// Threads  safe from any thread. A caller waits while another one asks the vendor, and then uses its answer. No lock is
//          held during a request or a write.
// Owner    borrows everything it is made with.
#pragma once

#include "access/token_endpoint.hpp"
#include "plugin_host/services.hpp"
#include "store/sealed.hpp"
#include "vault/sealer.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace crosswalk::access {

// How it stands with the access of a connection.
enum class Standing : unsigned char { not_needed, needs_authorization, needs_reauth, connected };
[[nodiscard]] std::string_view name(Standing standing) noexcept;

class TokenKeeper final : public plugin_host::AccessTokens {
public:
    TokenKeeper(std::string connection, store::Sealed& sealed, vault::Sealer const& sealer, model::Clock const& clock,
                telemetry::Logger& logger);
    TokenKeeper(TokenKeeper const&) = delete;
    TokenKeeper& operator=(TokenKeeper const&) = delete;

    // Reads what is kept. corruption or failed_precondition: it cannot be read; nothing of it is used, and a new
    // consent replaces it.
    [[nodiscard]] model::Result<void> use(std::unique_ptr<TokenEndpoint const> endpoint);

    [[nodiscard]] model::Result<model::Secret> current() override;
    [[nodiscard]] model::Result<model::Secret> instead_of(model::Secret const& refused) override;

    // Trades the code of a consent for tokens and keeps them. As TokenEndpoint::ask; nothing changes on error.
    [[nodiscard]] model::Result<void> exchange(std::string const& code, model::Secret const& verifier,
                                               std::string const& redirect_uri);
    // Drops all, here and in the store.
    [[nodiscard]] model::Result<void> forget();

    struct View {
        Standing standing = Standing::not_needed;
        std::string reason = {};                            // why a new consent is needed, in words
        std::optional<model::TimePoint> connected_at = {};  // of the consent
        std::optional<model::TimePoint> expires_at = {};    // of the access token
    };
    [[nodiscard]] View view() const;
    // Needs a person's consent at all.
    [[nodiscard]] bool needs_consent() const noexcept;
    [[nodiscard]] TokenEndpoint const* endpoint() const noexcept { return endpoint_.get(); }

private:
    struct Kept {
        Tokens tokens;
        model::TimePoint connected_at;
        std::string refused = {};  // why the vendor no longer grants it; empty: it does
    };
    // Whoever has the turn may ask the vendor and write; there is one at a time.
    class Turn;

    [[nodiscard]] model::Result<model::Secret> renew(model::Secret const* refused);
    [[nodiscard]] model::Result<Tokens> ask() const;
    [[nodiscard]] model::Result<model::Secret> take(Tokens tokens);
    [[nodiscard]] model::Result<model::Secret> miss(model::Error error, bool old_is_good);
    [[nodiscard]] model::Result<void> save(Kept const& kept);
    [[nodiscard]] bool lasts(std::chrono::seconds margin) const;
    void set(std::optional<Kept> kept, bool saved);

    // constant after construction
    std::string const connection_;
    store::Sealed& sealed_;
    vault::Sealer const& sealer_;
    model::Clock const& clock_;
    telemetry::Logger& logger_;
    // constant after use()
    std::unique_ptr<TokenEndpoint const> endpoint_;

    mutable std::mutex mutex_;  // guards what follows; kept_ is changed only with the turn as well
    std::condition_variable turn_ended_;
    bool busy_ = false;
    std::optional<Kept> kept_;
    bool saved_ = true;
    std::string problem_;  // of the client id or secret, in words
    std::optional<model::Error> last_error_;
    model::TimePoint ask_again_at_{};
};

}  // namespace crosswalk::access

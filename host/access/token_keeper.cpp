#include "access/token_keeper.hpp"

#include <boost/json.hpp>

namespace crosswalk::access {
namespace {

namespace json = boost::json;
using model::Error;
using model::ErrorCode;
using model::Result;
using model::Secret;

constexpr char row[] = "oauth";
constexpr std::chrono::seconds margin{60};
// After a failed request the vendor is left alone for so long.
constexpr std::chrono::seconds pause{5};

Error needs_authorization(std::string const& connection) {
    return {ErrorCode::unauthenticated, "The connection \"" + connection +
                                            "\" waits for a consent at the vendor. Run `crosswalk connections "
                                            "authorize " +
                                            connection + "`."};
}

Error needs_reauth(std::string const& connection, std::string const& why) {
    return {ErrorCode::unauthenticated, why + " Run `crosswalk connections authorize " + connection + "`."};
}

}  // namespace

std::string_view name(Standing standing) noexcept {
    switch (standing) {
        case Standing::needs_authorization:
            return "needs_authorization";
        case Standing::needs_reauth:
            return "needs_reauth";
        case Standing::connected:
            return "connected";
        case Standing::not_needed:
            break;
    }
    return "not_needed";
}

class TokenKeeper::Turn {
public:
    explicit Turn(TokenKeeper& keeper) : keeper_(keeper) {
        std::unique_lock lock(keeper_.mutex_);
        keeper_.turn_ended_.wait(lock, [this] { return !keeper_.busy_; });
        keeper_.busy_ = true;
    }
    Turn(Turn const&) = delete;
    Turn& operator=(Turn const&) = delete;
    ~Turn() {
        {
            std::lock_guard const lock(keeper_.mutex_);
            keeper_.busy_ = false;
        }
        keeper_.turn_ended_.notify_all();
    }

private:
    TokenKeeper& keeper_;
};

TokenKeeper::TokenKeeper(std::string connection, store::Sealed& sealed, vault::Sealer const& sealer,
                         model::Clock const& clock, telemetry::Logger& logger)
    : connection_(std::move(connection)), sealed_(sealed), sealer_(sealer), clock_(clock), logger_(logger) {}

Result<void> TokenKeeper::use(std::unique_ptr<TokenEndpoint const> endpoint) {
    Turn const turn(*this);
    {
        std::lock_guard const lock(mutex_);
        endpoint_ = std::move(endpoint);
    }
    auto const found = sealed_.get(connection_, row);
    if (!found) {
        return found.error().code == ErrorCode::not_found ? Result<void>() : Result<void>(found.error());
    }
    auto const opened = sealer_.open(connection_, row, found->bytes);
    if (!opened) {
        return opened.error();
    }
    json::error_code broken;
    json::value const kept = json::parse(opened->reveal(), broken);  // to read the tokens
    auto const text = [&](char const* name) { return std::string(kept.at(name).as_string()); };
    auto const time = [&](char const* name) { return model::from_unix_us(kept.at(name).as_int64()); };
    try {
        set(Kept{{Secret(text("access")), Secret(text("refresh")), time("expires_us")},
                 time("connected_us"),
                 text("refused")},
            true);
    } catch (std::exception const&) {
        return Error{ErrorCode::corruption, "The tokens of the connection \"" + connection_ + "\" cannot be read."};
    }
    return {};
}

Result<Secret> TokenKeeper::current() {
    {
        std::lock_guard const lock(mutex_);
        if (kept_ && saved_ && kept_->refused.empty() && clock_.now() + margin < kept_->tokens.expires_at) {
            return kept_->tokens.access;
        }
    }
    Turn const turn(*this);
    return renew(nullptr);
}

Result<Secret> TokenKeeper::instead_of(Secret const& refused) {
    Turn const turn(*this);
    return renew(&refused);
}

// With the turn. `refused`: the vendor did not take this access token, however long it was to last.
Result<Secret> TokenKeeper::renew(Secret const* refused) {
    if (!endpoint_) {
        return Error{ErrorCode::unavailable, "The connection is not ready to get a token."};
    }
    if (kept_ && !saved_) {
        // Comes first: the store must not fall behind by two pairs.
        if (auto const saved = save(*kept_); !saved) {
            return Error{ErrorCode::unavailable, "The new tokens could not be stored. " + saved.error().detail};
        }
    }
    if (kept_ && !kept_->refused.empty()) {
        return needs_reauth(connection_, kept_->refused);
    }
    bool const is_refused = refused != nullptr && kept_ && kept_->tokens.access.matches(refused->reveal());
    if (!is_refused && lasts(margin)) {
        return kept_->tokens.access;  // somebody else has renewed it meanwhile
    }
    bool const old_is_good = !is_refused && lasts(std::chrono::seconds(0));
    if (!kept_ && needs_consent()) {
        return needs_authorization(connection_);
    }
    if (last_error_ && clock_.now() < ask_again_at_) {
        return old_is_good ? Result<Secret>(kept_->tokens.access) : Result<Secret>(*last_error_);
    }
    auto tokens = ask();
    return tokens ? take(std::move(*tokens)) : miss(tokens.error(), old_is_good);
}

Result<Tokens> TokenKeeper::ask() const {
    plugin_host::OAuthDescription const& how = endpoint_->description();
    if (how.grant == "client_credentials") {
        Form form{{"grant_type", Secret("client_credentials")}};
        std::string scope;
        for (std::string const& one : how.scopes) {
            scope += (scope.empty() ? "" : " ") + one;
        }
        if (!scope.empty()) {
            form.emplace_back("scope", Secret(std::move(scope)));
        }
        return endpoint_->ask(std::move(form));
    }
    if (kept_->tokens.refresh.empty()) {
        return Error{ErrorCode::unauthenticated, "The access has ended, and the vendor gave nothing to renew it with."};
    }
    return endpoint_->ask({{"grant_type", Secret("refresh_token")}, {"refresh_token", kept_->tokens.refresh}});
}

Result<Secret> TokenKeeper::take(Tokens tokens) {
    if (tokens.refresh.empty() && kept_) {
        tokens.refresh = kept_->tokens.refresh;  // the vendor does not rotate it
    }
    Kept const fresh{std::move(tokens), kept_ ? kept_->connected_at : clock_.now(), {}};
    set(fresh, false);
    if (auto const saved = save(fresh); !saved) {
        logger_.error("New tokens could not be stored.",
                      {{"connection", connection_}, {"detail", saved.error().detail}});
        return Error{ErrorCode::unavailable, "The new tokens could not be stored. " + saved.error().detail};
    }
    return fresh.tokens.access;
}

// What a failed request means: a new consent is needed, the client is wrong, or the vendor is out.
Result<Secret> TokenKeeper::miss(Error error, bool old_is_good) {
    bool const lost = error.code == ErrorCode::unauthenticated;
    if (lost && kept_ && needs_consent()) {
        Kept refused = *kept_;
        refused.refused = error.detail;
        // A refused pair that is not stored as such is refused again after a restart.
        (void)save(refused);
        set(std::move(refused), true);
    }
    bool const is_access = lost || error.code != ErrorCode::unavailable;
    logger_.warn("No token for a connection.",
                 {{"connection", connection_}, {"error_code", model::name(error.code)}, {"detail", error.detail}});
    Error told = is_access && needs_consent() && lost ? needs_reauth(connection_, error.detail)
                 : is_access                          ? Error{ErrorCode::unauthenticated, error.detail}
                                                      : error;
    std::lock_guard const lock(mutex_);
    problem_ = is_access ? error.detail : "";
    ask_again_at_ = clock_.now() + pause;
    last_error_ = told;
    if (old_is_good && !lost) {
        return kept_->tokens.access;
    }
    return told;
}

Result<void> TokenKeeper::exchange(std::string const& code, Secret const& verifier, std::string const& redirect_uri) {
    Turn const turn(*this);
    if (!endpoint_) {
        return Error{ErrorCode::failed_precondition, "This connection needs no consent."};
    }
    auto tokens = endpoint_->ask({{"grant_type", Secret("authorization_code")},
                                  {"code", Secret(code)},
                                  {"redirect_uri", Secret(redirect_uri)},
                                  {"code_verifier", verifier}});
    if (!tokens) {
        return tokens.error();
    }
    Kept fresh{std::move(*tokens), clock_.now(), {}};
    if (auto const saved = save(fresh); !saved) {
        return saved;
    }
    set(std::move(fresh), true);
    return {};
}

Result<void> TokenKeeper::forget() {
    Turn const turn(*this);
    if (auto const removed = sealed_.change(connection_, {{row, std::nullopt}}); !removed) {
        return removed;
    }
    set(std::nullopt, true);
    return {};
}

Result<void> TokenKeeper::save(Kept const& kept) {
    // Revealed to be sealed; the text is wiped with the Secret that takes it.
    json::object const row_value{{"access", kept.tokens.access.reveal()},
                                 {"refresh", kept.tokens.refresh.reveal()},
                                 {"expires_us", model::to_unix_us(kept.tokens.expires_at)},
                                 {"connected_us", model::to_unix_us(kept.connected_at)},
                                 {"refused", kept.refused}};
    auto bytes = sealer_.seal(connection_, row, Secret(json::serialize(row_value)));
    if (!bytes) {
        return bytes.error();
    }
    auto const stored = sealed_.change(connection_, {{row, std::move(*bytes)}});
    if (stored) {
        std::lock_guard const lock(mutex_);
        saved_ = true;
    }
    return stored;
}

bool TokenKeeper::lasts(std::chrono::seconds longer_than) const {
    return kept_ && clock_.now() + longer_than < kept_->tokens.expires_at;
}

void TokenKeeper::set(std::optional<Kept> kept, bool saved) {
    std::lock_guard const lock(mutex_);
    kept_ = std::move(kept);
    saved_ = saved;
    problem_.clear();
    last_error_.reset();
}

TokenKeeper::View TokenKeeper::view() const {
    std::lock_guard const lock(mutex_);
    View view;
    if (!endpoint_) {
        return view;
    }
    view.reason = kept_ && !kept_->refused.empty() ? kept_->refused : problem_;
    if (kept_) {
        view.connected_at = kept_->connected_at;
        view.expires_at = kept_->tokens.expires_at;
    }
    view.standing = !view.reason.empty()        ? Standing::needs_reauth
                    : !kept_ && needs_consent() ? Standing::needs_authorization
                                                : Standing::connected;
    return view;
}

bool TokenKeeper::needs_consent() const noexcept {
    return endpoint_ && endpoint_->description().grant == "authorization_code";
}

}  // namespace crosswalk::access

#include "access/desk.hpp"

#include "plugin_host/secret_vault.hpp"
#include "vault/random.hpp"

#include <algorithm>

namespace crosswalk::access {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;
using model::Secret;

constexpr std::size_t query_bytes_max = 4096;
constexpr std::chrono::hours grace_max{24 * 7};

Error needs_key() {
    return {ErrorCode::failed_precondition,
            "Nothing can be kept without store.key: " + std::string(vault::how_to_make_a_key) + "."};
}

Error disconnected(std::string const& connection) {
    return {ErrorCode::failed_precondition,
            "The connection is disconnected. Run `crosswalk connections connect " + connection + "` first."};
}

}  // namespace

Result<Account const*> Desk::find(std::string const& connection) const {
    auto const found = parts_.accounts.find(connection);
    if (found == parts_.accounts.end()) {
        return Error{ErrorCode::not_found, "No connection of that name. `crosswalk connections list` shows them."};
    }
    return &found->second;
}

bool Desk::is_removed(std::string const& connection) {
    auto const state = parts_.state.connection(connection);
    return state && state->access == store::Access::removed;
}

void Desk::pause(std::string const& connection, std::string const& reason) {
    if (auto const paused = parts_.state.pause_connection(connection, reason); !paused) {
        parts_.logger.warn("A pause could not be stored.", {{"detail", paused.error().detail}});
    }
}

void Desk::start() {
    for (auto const& [connection, account] : parts_.accounts) {
        if (account.tokens == nullptr || !account.tokens->needs_consent() || is_removed(connection)) {
            continue;
        }
        TokenKeeper::View const view = account.tokens->view();
        if (view.standing == Standing::needs_authorization) {
            pause(connection,
                  "It waits for a consent at the vendor. Run `crosswalk connections authorize " + connection + "`.");
        } else if (view.standing == Standing::needs_reauth) {
            pause(connection, view.reason);
        }
    }
}

void Desk::tend() {
    for (auto const& [connection, account] : parts_.accounts) {
        auto const state = parts_.state.connection(connection);
        bool const rests = state && state->paused;
        if (account.tokens == nullptr || !account.tokens->needs_consent() || rests) {
            continue;
        }
        auto const token = account.tokens->current();
        if (!token && token.error().code == ErrorCode::unauthenticated) {
            parts_.logger.error("A connection is paused: its access was refused.", {{"connection", connection}});
            pause(connection, token.error().detail);
            parts_.tell(connection, token.error().detail);
        }
    }
}

Result<ConsentRequest> Desk::authorize(std::string const& connection) {
    auto const account = find(connection);
    if (!account) {
        return account.error();
    }
    if (is_removed(connection)) {
        return disconnected(connection);
    }
    Account const& one = **account;
    if (one.connector == nullptr) {
        return Error{ErrorCode::failed_precondition,
                     "The connection could not be started; `crosswalk connections list` says why."};
    }
    if (one.connector->has_oauth() && one.tokens == nullptr) {
        return needs_key();
    }
    if (one.tokens == nullptr || !one.tokens->needs_consent()) {
        return Error{ErrorCode::failed_precondition, "This connection needs no consent with these settings."};
    }
    if (parts_.redirect_uri.empty()) {
        return Error{ErrorCode::failed_precondition,
                     "The vendor must be able to send people back: set public_url in crosswalk.yaml."};
    }
    return one.consent->begin(one.tokens->endpoint()->description(), parts_.redirect_uri);
}

Result<std::string> Desk::finish(CallbackQuery const& query) {
    Error unknown{ErrorCode::not_found,
                  "This answer belongs to no consent that is under way; it may have been used before."};
    if (query.state.size() > query_bytes_max || query.code.size() > query_bytes_max) {
        return unknown;
    }
    for (auto const& [connection, account] : parts_.accounts) {
        auto answered =
            account.consent == nullptr ? Result<Consent::Answered>(unknown) : account.consent->take(query.state);
        if (!answered && answered.error().code == ErrorCode::not_found) {
            continue;
        }
        if (!answered) {
            return answered.error();
        }
        if (is_removed(connection)) {
            return disconnected(connection);
        }
        if (!query.error.empty() || query.code.empty()) {
            std::string_view const code = known_error(query.error);
            parts_.logger.info("A consent was not given.", {{"connection", connection}, {"error_code", code}});
            return Error{ErrorCode::unauthenticated, code == "access_denied"
                                                         ? "Consent was refused; nothing was stored."
                                                         : "The vendor gave no consent" +
                                                               (code.empty() ? "" : " (" + std::string(code) + ")") +
                                                               "; nothing was stored."};
        }
        if (auto const exchanged = account.tokens->exchange(query.code, answered->verifier, answered->redirect_uri);
            !exchanged) {
            return exchanged.error();
        }
        connected(connection);
        return connection;
    }
    return unknown;
}

void Desk::connected(std::string const& connection) {
    parts_.logger.info("A connection is authorized.", {{"connection", connection}});
    // Whatever it was paused for, it was for its access.
    if (auto const resumed = parts_.state.resume_connection(connection); !resumed) {
        parts_.logger.warn("A connection could not be resumed.",
                           {{"connection", connection}, {"detail", resumed.error().detail}});
    }
    parts_.subscriptions.look_soon(connection);
    parts_.wake();
}

Result<WebhookStatus> Desk::subscribe(std::string const& connection) {
    if (auto const account = find(connection); !account) {
        return account.error();
    }
    if (is_removed(connection)) {
        return disconnected(connection);
    }
    return parts_.subscriptions.ensure(connection);
}

Result<Secret> Desk::rotate_secret(std::string const& connection, std::string const& pointer,
                                   std::optional<Secret> given, std::chrono::seconds grace) {
    auto const account = find(connection);
    if (!account) {
        return account.error();
    }
    Account const& one = **account;
    if (is_removed(connection)) {
        return disconnected(connection);
    }
    if (given && given->empty()) {
        return Error{ErrorCode::invalid_argument, "The secret must not be empty."};
    }
    if (grace.count() < 0 || grace > grace_max) {
        return Error{ErrorCode::invalid_argument, "The grace is between 0 and 7 days."};
    }
    if (one.secrets == nullptr) {
        return needs_key();
    }
    auto const declares = [&](std::string const& pattern) { return plugin_host::pointer_matches(pattern, pointer); };
    if (one.connector == nullptr ||
        std::none_of(one.connector->info().secrets.begin(), one.connector->info().secrets.end(), declares)) {
        return Error{ErrorCode::invalid_argument, "The connector declares no secret at that place of its settings."};
    }
    boost::json::error_code error;
    auto const* const set = one.settings->find_pointer(pointer, error);
    if (!error && set != nullptr && !set->is_null()) {
        return Error{ErrorCode::failed_precondition, "The settings name a secret at " + pointer +
                                                         ", which comes first. Change it where it is kept, or "
                                                         "take it out of the settings and restart the host."};
    }
    auto made = given ? Result<std::string>(std::string()) : vault::random_word();
    if (!made) {
        return made.error();
    }
    Secret value = given ? std::move(*given) : Secret(std::move(*made));
    if (auto const kept = one.secrets->rotate(pointer, value, grace); !kept) {
        return kept.error();
    }
    parts_.logger.info("A secret of a connection was replaced.",
                       {{"connection", connection}, {"pointer", pointer}, {"grace_seconds", grace.count()}});
    // A webhook that the host makes with this secret carries the old one until its vendor is told.
    parts_.subscriptions.look_soon(connection);
    return value;
}

Result<void> Desk::disconnect(std::string const& connection, bool force) {
    auto const account = find(connection);
    if (!account) {
        return account.error();
    }
    // What is removed already is cleared again: an earlier try may have ended halfway.
    if (!is_removed(connection)) {
        auto const unsubscribed = parts_.subscriptions.remove(connection);
        if (!unsubscribed && !force) {
            return Error{ErrorCode::unavailable,
                         "The webhooks at the vendor could not be removed: " + unsubscribed.error().detail +
                             " Nothing was changed here. Try again, or go on with --force and "
                             "remove them there by hand."};
        }
    }
    auto removed = parts_.state.remove_connection(
        connection, "It was disconnected; its deliveries are kept. Run `crosswalk connections connect " + connection +
                        "` to set it up again.");
    if (removed && (*account)->tokens != nullptr) {
        removed = (*account)->tokens->forget();
    }
    if (removed) {
        removed = parts_.sealed.remove_all(connection);
    }
    if (removed) {
        parts_.logger.info("A connection is disconnected.", {{"connection", connection}});
    }
    return removed;
}

Result<void> Desk::connect(std::string const& connection) {
    auto const account = find(connection);
    if (!account) {
        return account.error();
    }
    if (!is_removed(connection)) {
        return Error{ErrorCode::failed_precondition, "The connection is not disconnected."};
    }
    if (auto const begun = parts_.state.connect_again(connection); !begun) {
        return begun;
    }
    parts_.logger.info("A connection is set up again.", {{"connection", connection}});
    TokenKeeper const* const tokens = (*account)->tokens;
    if (tokens != nullptr && tokens->needs_consent()) {
        pause(connection,
              "It waits for a consent at the vendor. Run `crosswalk connections authorize " + connection + "`.");
        return {};
    }
    parts_.subscriptions.look_soon(connection);
    parts_.wake();
    return {};
}

Desk::View Desk::view(std::string const& connection) {
    View view;
    auto const state = parts_.state.connection(connection);
    auto const found = parts_.accounts.find(connection);
    TokenKeeper::View access;
    if (found != parts_.accounts.end() && found->second.tokens != nullptr) {
        access = found->second.tokens->view();
    }
    view.reason = state ? state->reason : "";
    view.connected_at = access.connected_at;
    view.webhooks = parts_.subscriptions.status(connection);
    if (state && state->access == store::Access::removed) {
        view.state = "removed";
    } else if (access.standing == Standing::needs_authorization || access.standing == Standing::needs_reauth) {
        view.state = name(access.standing);
        view.reason = access.reason.empty() ? view.reason : access.reason;
    } else {
        view.state = state && state->paused ? "paused" : "connected";
    }
    bool const heard = state && (state->last_event_at || state->verified_at);
    if (view.webhooks && view.webhooks->state == WebhookState::by_hand && !heard && !view.webhooks->events.empty()) {
        view.webhooks->state = WebhookState::missing;
    }
    return view;
}

}  // namespace crosswalk::access

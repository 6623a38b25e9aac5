// The secrets of one connection: found by JSON Pointer, resolved rarely, keyed once.
//
// Shape    a pointer must match a pattern of the descriptor ("/webhooks/*/signature_token"); the string that stands
//          there in the settings is a reference that the host's SecretSource resolves. Where the settings hold nothing,
//          a secret that the vendor handed out at run time is taken from KeptSecrets.
// Errors   permission_denied: the descriptor does not declare the pointer. not_found: nothing is set or kept there.
//          failed_precondition: the reference cannot be resolved, or the secret is empty. The difference matters: a
//          connector may take "no secret set" for "nothing to check", so a secret that is merely missing on disk must
//          not look the same.
// Threads  safe from any thread.
// Limits   a reference, good or bad, is resolved at most every five seconds: a rotated file is seen soon, and a flood
//          of webhooks costs no disk. What is kept is read each time: a rotation counts at once. 1,000 pointers are
//          remembered.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "model/secret.hpp"
#include "plugin_host/services.hpp"
#include <crosswalk/connector.h>

#include <boost/json/value.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::plugin_host {

// One secret and the HMAC states keyed with it; keying costs more than hashing a webhook, so states are kept.
class KeyedSecret {
public:
    explicit KeyedSecret(model::Secret secret);
    KeyedSecret(KeyedSecret const&) = delete;
    KeyedSecret& operator=(KeyedSecret const&) = delete;
    ~KeyedSecret();

    [[nodiscard]] model::Secret const& secret() const noexcept { return secret_; }
    // Are `digits` the lower-case HMAC-SHA256 of the joined parts? Takes the same time for all of that length.
    [[nodiscard]] model::Result<bool> hmac_matches(std::vector<std::string_view> const& parts,
                                                   std::string_view digits) const;

private:
    class States;
    model::Secret const secret_;
    std::unique_ptr<States> states_;
};

class SecretVault {
public:
    // Borrows everything but the patterns.
    SecretVault(std::vector<std::string> patterns, boost::json::value const& settings,
                model::SecretSource const& source, model::Clock const& clock, KeptSecrets* kept = nullptr);

    // Shared, because a secret may be replaced while another thread still computes with the old one.
    struct Keys {
        std::shared_ptr<KeyedSecret const> current;   // never null in what find() gives
        std::shared_ptr<KeyedSecret const> previous;  // may be absent: signatures made with it still count
    };
    [[nodiscard]] model::Result<Keys> find(std::string_view pointer);
    // permission_denied as above; unsupported: this host keeps no secrets.
    [[nodiscard]] model::Result<void> put(std::string_view pointer, model::Secret const& value);
    [[nodiscard]] model::Result<void> remove(std::string_view pointer);  // also not_found

private:
    struct Entry {
        Keys keys = {};
        model::Error error = {};
        std::chrono::steady_clock::time_point resolved_at = {};
        bool kept = false;  // not from the settings
    };
    [[nodiscard]] bool declared(std::string_view pointer) const noexcept;
    [[nodiscard]] model::Result<std::string> reference_at(std::string_view pointer) const;
    [[nodiscard]] model::Result<model::Secret> read_setting(std::string const& reference) const;
    [[nodiscard]] model::Result<model::Secret> read_kept(std::string const& pointer) const;
    [[nodiscard]] Entry resolve(std::string_view pointer, Entry const& known) const;
    [[nodiscard]] model::Result<void> check_keeping(std::string_view pointer) const;

    std::vector<std::string> const patterns_;
    boost::json::value const& settings_;
    model::SecretSource const& source_;
    model::Clock const& clock_;
    KeptSecrets* const kept_;  // may be absent

    std::mutex mutex_;  // guards entries_
    std::map<std::string, Entry, std::less<>> entries_;
};

// Does a pointer match a pattern in which a segment * is any name?
[[nodiscard]] bool pointer_matches(std::string_view pattern, std::string_view pointer) noexcept;

}  // namespace crosswalk::plugin_host

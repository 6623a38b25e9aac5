// The secrets of one connection: found by JSON Pointer, resolved rarely, keyed once.
//
// Shape    a pointer must match a pattern of the descriptor ("/webhooks/*/signature_token"); the string that stands
// there
//          in the settings is a reference that the host's SecretSource resolves.
// Errors   permission_denied: the descriptor does not declare the pointer. not_found: the settings hold nothing there.
//          failed_precondition: the reference cannot be resolved, or the secret is empty. The difference matters: a
//          connector may take "no secret set" for "nothing to check", so a secret that is merely missing on disk must
//          not look the same.
// Threads  safe from any thread.
// Limits   a reference, good or bad, is resolved at most every five seconds: a rotated file is seen soon, and a flood
// of
//          webhooks costs no disk.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"
#include "model/secret.hpp"
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
                model::SecretSource const& source, model::Clock const& clock);

    // Shared, because a secret may be replaced while another thread still computes with the old one.
    [[nodiscard]] model::Result<std::shared_ptr<KeyedSecret const>> find(std::string_view pointer);

private:
    struct Entry {
        std::shared_ptr<KeyedSecret const> keyed;
        model::Error error;
        std::chrono::steady_clock::time_point resolved_at;
    };
    [[nodiscard]] bool declared(std::string_view pointer) const noexcept;
    [[nodiscard]] model::Result<std::string> reference_at(std::string_view pointer) const;
    [[nodiscard]] Entry resolve(std::string const& reference, std::shared_ptr<KeyedSecret const> const& known) const;

    std::vector<std::string> const patterns_;
    boost::json::value const& settings_;
    model::SecretSource const& source_;
    model::Clock const& clock_;

    std::mutex mutex_;                                   // guards entries_
    std::map<std::string, Entry, std::less<>> entries_;  // only pointers that stand in the settings
};

// Does a pointer match a pattern in which a segment * is any name?
[[nodiscard]] bool pointer_matches(std::string_view pattern, std::string_view pointer) noexcept;

}  // namespace crosswalk::plugin_host

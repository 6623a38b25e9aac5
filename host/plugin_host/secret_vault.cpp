#include "plugin_host/secret_vault.hpp"

#include "plugin_host/digest.hpp"

#include <boost/json.hpp>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <utility>

namespace crosswalk::plugin_host {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::chrono::seconds resolve_interval{5};
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t idle_states_max = 16;
constexpr std::size_t entries_max = 1000;

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

MacContext keyed_context(std::string_view key) {
    // Looking an algorithm up by name takes longer than using it; these two live as long as the process.
    static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    MacContext context(EVP_MAC_CTX_new(hmac), &EVP_MAC_CTX_free);
    char digest_name[] = "SHA256";
    OSSL_PARAM const params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
                                 OSSL_PARAM_construct_end()};
    auto const* bytes = reinterpret_cast<unsigned char const*>(key.data());
    if (context && EVP_MAC_init(context.get(), bytes, key.size(), params) != 1) {
        context.reset();
    }
    return context;
}

Error undeclared(std::string_view pointer) {
    return Error{ErrorCode::permission_denied,
                 "The connector does not declare a secret at " + std::string(pointer) + "."};
}

}  // namespace

// Keyed contexts that no thread uses right now.
class KeyedSecret::States {
public:
    [[nodiscard]] MacContext take(std::string_view key) {
        {
            std::lock_guard const lock(mutex_);
            if (!idle_.empty()) {
                MacContext context = std::move(idle_.back());
                idle_.pop_back();
                return context;
            }
        }
        return keyed_context(key);
    }
    // Rewinds to the keyed state, which is much cheaper than keying again.
    void give_back(MacContext context) {
        if (EVP_MAC_init(context.get(), nullptr, 0, nullptr) != 1) {
            return;
        }
        std::lock_guard const lock(mutex_);
        if (idle_.size() < idle_states_max) {
            idle_.push_back(std::move(context));
        }
    }

private:
    std::mutex mutex_;  // guards idle_
    std::vector<MacContext> idle_;
};

KeyedSecret::KeyedSecret(model::Secret secret) : secret_(std::move(secret)), states_(std::make_unique<States>()) {}
KeyedSecret::~KeyedSecret() = default;

Result<bool> KeyedSecret::hmac_matches(std::vector<std::string_view> const& parts, std::string_view digits) const {
    // Revealed to key the HMAC; the context keeps its own copy and wipes it.
    MacContext context = states_->take(secret_.reveal());
    bool ok = context != nullptr;
    for (std::string_view const part : parts) {
        ok = ok && EVP_MAC_update(context.get(), reinterpret_cast<unsigned char const*>(part.data()), part.size()) == 1;
    }
    std::array<unsigned char, digest_bytes> digest{};
    std::size_t bytes = 0;
    ok = ok && EVP_MAC_final(context.get(), digest.data(), &bytes, digest.size()) == 1 && bytes == digest.size();
    if (!ok) {
        return Error{ErrorCode::internal, "The HMAC could not be computed."};
    }
    states_->give_back(std::move(context));
    std::string const expected = hex(digest);
    return digits.size() == expected.size() && CRYPTO_memcmp(expected.data(), digits.data(), digits.size()) == 0;
}

SecretVault::SecretVault(std::vector<std::string> patterns, boost::json::value const& settings,
                         model::SecretSource const& source, model::Clock const& clock, KeptSecrets* kept)
    : patterns_(std::move(patterns)), settings_(settings), source_(source), clock_(clock), kept_(kept) {}

bool SecretVault::declared(std::string_view pointer) const noexcept {
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [pointer](std::string const& pattern) { return pointer_matches(pattern, pointer); });
}

Result<std::string> SecretVault::reference_at(std::string_view pointer) const {
    boost::json::error_code error;
    boost::json::value const* found = settings_.find_pointer({pointer.data(), pointer.size()}, error);
    if (error || found == nullptr || found->is_null()) {
        return Error{ErrorCode::not_found, "The settings hold nothing at " + std::string(pointer) + "."};
    }
    if (!found->is_string()) {
        return Error{ErrorCode::failed_precondition,
                     "The setting " + std::string(pointer) + " must be a reference to a secret."};
    }
    return std::string(found->get_string());
}

Result<model::Secret> SecretVault::read_setting(std::string const& reference) const {
    Result<model::Secret> secret = source_.resolve(reference);
    if (!secret) {
        return Error{ErrorCode::failed_precondition, secret.error().detail};
    }
    if (secret->empty()) {
        // An empty key would let anybody compute a valid signature.
        return Error{ErrorCode::failed_precondition, "The secret \"" + reference + "\" is empty."};
    }
    return secret;
}

Result<model::Secret> SecretVault::read_kept(std::string const& pointer) const {
    Result<model::Secret> secret = kept_->get(pointer);
    if (!secret && secret.error().code != ErrorCode::not_found) {
        // Only "nothing is kept" may look as if there were no secret.
        return Error{ErrorCode::failed_precondition, secret.error().detail};
    }
    if (secret && secret->empty()) {
        return Error{ErrorCode::failed_precondition, "The secret kept for " + pointer + " is empty."};
    }
    return secret;
}

SecretVault::Entry SecretVault::resolve(std::string_view pointer, Entry const& known) const {
    // Unchanged secrets stay as they are, and their keyed states with them.
    auto const keyed = [&known](model::Secret secret) {
        for (auto const& earlier : {known.keys.current, known.keys.previous}) {
            if (earlier && earlier->secret().reveal() == secret.reveal()) {
                return earlier;
            }
        }
        return std::make_shared<KeyedSecret const>(std::move(secret));
    };
    Entry entry{{}, {}, clock_.steady_now(), false};
    Result<std::string> const reference = reference_at(pointer);
    entry.kept = !reference && reference.error().code == ErrorCode::not_found && kept_ != nullptr;
    Result<model::Secret> secret = entry.kept  ? read_kept(std::string(pointer))
                                   : reference ? read_setting(*reference)
                                               : Result<model::Secret>(reference.error());
    if (!secret) {
        entry.error = secret.error();
        return entry;
    }
    entry.keys.current = keyed(std::move(*secret));
    if (entry.kept) {
        Result<model::Secret> previous = kept_->get_previous(std::string(pointer));
        entry.keys.previous = previous && !previous->empty() ? keyed(std::move(*previous)) : nullptr;
    }
    return entry;
}

Result<SecretVault::Keys> SecretVault::find(std::string_view pointer) {
    auto const answer_of = [](Entry const& entry) {
        return entry.keys.current ? Result<Keys>(entry.keys) : Result<Keys>(entry.error);
    };
    Entry known;
    {
        std::lock_guard const lock(mutex_);
        if (auto const at = entries_.find(pointer); at != entries_.end()) {
            // What is kept may be rotated at any time, and then the earlier secret must not count any more.
            if (!at->second.kept && clock_.steady_now() - at->second.resolved_at < resolve_interval) {
                return answer_of(at->second);
            }
            known = at->second;
        }
    }
    if (!declared(pointer)) {
        return undeclared(pointer);
    }
    // Resolved without the lock: it may read a file.
    Entry entry = resolve(pointer, known);
    Result<Keys> answer = answer_of(entry);
    std::lock_guard const lock(mutex_);
    // A pointer with "*" may take its name from a request, so their number has an end.
    if (entries_.size() < entries_max || entries_.contains(pointer)) {
        entries_.insert_or_assign(std::string(pointer), std::move(entry));
    }
    return answer;
}

Result<void> SecretVault::check_keeping(std::string_view pointer) const {
    if (!declared(pointer)) {
        return undeclared(pointer);
    }
    if (kept_ == nullptr) {
        return Error{ErrorCode::unsupported, "This host keeps no secrets."};
    }
    return {};
}

Result<void> SecretVault::put(std::string_view pointer, model::Secret const& value) {
    auto const allowed = check_keeping(pointer);
    return allowed ? kept_->put(std::string(pointer), value) : allowed;
}

Result<void> SecretVault::remove(std::string_view pointer) {
    auto const allowed = check_keeping(pointer);
    return allowed ? kept_->remove(std::string(pointer)) : allowed;
}

bool pointer_matches(std::string_view pattern, std::string_view pointer) noexcept {
    while (!pattern.empty() && !pointer.empty()) {
        std::size_t const pattern_end = std::min(pattern.find('/', 1), pattern.size());
        std::size_t const pointer_end = std::min(pointer.find('/', 1), pointer.size());
        std::string_view const wanted = pattern.substr(0, pattern_end);
        std::string_view const given = pointer.substr(0, pointer_end);
        bool const any = wanted == "/*" && given.size() > 1 && given.front() == '/';
        if (!any && wanted != given) {
            return false;
        }
        pattern.remove_prefix(pattern_end);
        pointer.remove_prefix(pointer_end);
    }
    return pattern.empty() && pointer.empty();
}

}  // namespace crosswalk::plugin_host

#include "store/dedupe.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <string>

namespace crosswalk::store {

namespace {

// Keeps the keyed state of HMAC-SHA256: looking the algorithm up and setting its key costs several times the hash, and
// looking up takes locks that all threads share.
class KeyedHmac {
public:
    KeyedHmac() = default;
    KeyedHmac(KeyedHmac const&) = delete;
    KeyedHmac& operator=(KeyedHmac const&) = delete;
    ~KeyedHmac() {
        OPENSSL_cleanse(key_.data(), key_.size());
        EVP_MAC_CTX_free(context_);
    }

    [[nodiscard]] bool begin(std::string_view key) {
        if (context_ == nullptr) {
            EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
            context_ = EVP_MAC_CTX_new(mac);
            EVP_MAC_free(mac);  // the context holds it
        }
        if (key == key_) {
            return EVP_MAC_init(context_, nullptr, 0, nullptr) == 1;
        }
        key_ = key;
        char digest[] = "SHA256";
        OSSL_PARAM const parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                         OSSL_PARAM_construct_end()};
        return EVP_MAC_init(context_, reinterpret_cast<unsigned char const*>(key_.data()), key_.size(), parameters) ==
               1;
    }
    [[nodiscard]] EVP_MAC_CTX* context() const noexcept { return context_; }

private:
    EVP_MAC_CTX* context_ = nullptr;
    std::string key_;
};

}  // namespace

KeyHash hash_key(std::string_view secret, std::string_view connection, std::string_view dedupe_key) {
    std::string message;
    message.reserve(connection.size() + 1 + dedupe_key.size());
    message.append(connection).append(1, '\0').append(dedupe_key);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    std::size_t size = 0;
    static thread_local KeyedHmac hmac;
    bool const made =
        hmac.begin(secret) &&
        EVP_MAC_update(hmac.context(), reinterpret_cast<unsigned char const*>(message.data()), message.size()) == 1 &&
        EVP_MAC_final(hmac.context(), digest.data(), &size, digest.size()) == 1;
    // SHA-256 is always there and needs no memory worth speaking of.
    assert(made && size >= sizeof(KeyHash));
    (void)made;
    KeyHash hash{};
    std::memcpy(hash.data(), digest.data(), hash.size());
    return hash;
}

std::uint64_t fingerprint(std::string_view hash) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, hash.data(), std::min(hash.size(), sizeof value));
    return value;
}

void DedupeKeys::reserve(std::size_t keys) {
    std::size_t const slots = std::bit_ceil(std::max<std::size_t>(1024, keys + keys / 2));
    if (slots > slots_.size()) {
        grow(slots);
    }
}

void DedupeKeys::insert(std::uint64_t fingerprint, std::int64_t id) {
    assert(id != 0);
    if ((size_ + 1) * 4 > slots_.size() * 3) {
        grow(std::max<std::size_t>(1024, slots_.size() * 2));
    }
    place(Slot{fingerprint, id});
    ++size_;
}

void DedupeKeys::erase(std::uint64_t fingerprint, std::int64_t id) noexcept {
    if (slots_.empty()) {
        return;
    }
    std::size_t hole = home(fingerprint);
    while (slots_[hole].id != id || slots_[hole].fingerprint != fingerprint) {
        if (slots_[hole].id == 0) {
            return;
        }
        hole = next(hole);
    }
    // Linear probing: what comes later and would no longer be found across the hole moves into it.
    for (std::size_t at = next(hole); slots_[at].id != 0; at = next(at)) {
        std::size_t const mask = slots_.size() - 1;
        std::size_t const from_home = (at - home(slots_[at].fingerprint)) & mask;
        std::size_t const from_hole = (at - hole) & mask;
        if (from_home >= from_hole) {
            slots_[hole] = slots_[at];
            hole = at;
        }
    }
    slots_[hole] = Slot{};
    --size_;
}

void DedupeKeys::grow(std::size_t slots) {
    std::vector<Slot> old(slots);
    old.swap(slots_);
    for (Slot const& slot : old) {
        if (slot.id != 0) {
            place(slot);
        }
    }
}

void DedupeKeys::place(Slot slot) noexcept {
    std::size_t at = home(slot.fingerprint);
    while (slots_[at].id != 0) {
        at = next(at);
    }
    slots_[at] = slot;
}

}  // namespace crosswalk::store

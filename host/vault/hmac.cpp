#include "vault/hmac.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cassert>
#include <string>

namespace crosswalk::vault {
namespace {

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

std::array<char, 32> hmac_sha256(std::string_view key, std::string_view message) {
    static thread_local KeyedHmac hmac;
    std::array<char, 32> digest{};
    std::size_t size = 0;
    [[maybe_unused]] bool const made =
        hmac.begin(key) &&
        EVP_MAC_update(hmac.context(), reinterpret_cast<unsigned char const*>(message.data()), message.size()) == 1 &&
        EVP_MAC_final(hmac.context(), reinterpret_cast<unsigned char*>(digest.data()), &size, digest.size()) == 1;
    assert(made && size == digest.size());
    return digest;
}

}  // namespace crosswalk::vault

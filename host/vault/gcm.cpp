#include "vault/gcm.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>

namespace crosswalk::vault {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

unsigned char const* bytes(std::string_view text) noexcept {
    return reinterpret_cast<unsigned char const*>(text.data());
}

Error refused() {
    return Error{ErrorCode::internal, "OpenSSL refused to encrypt or decrypt."};
}
Error changed() {
    return Error{ErrorCode::corruption, "What was encrypted has been changed, or belongs to another key or place."};
}

// One context per thread: making one and fetching the cipher costs more than encrypting a small text.
EVP_CIPHER_CTX* context() noexcept {
    struct Free {
        void operator()(EVP_CIPHER_CTX* made) const noexcept { EVP_CIPHER_CTX_free(made); }
    };
    static thread_local std::unique_ptr<EVP_CIPHER_CTX, Free> const own = [] {
        std::unique_ptr<EVP_CIPHER_CTX, Free> made(EVP_CIPHER_CTX_new());
        if (made && EVP_CipherInit_ex(made.get(), EVP_aes_256_gcm(), nullptr, nullptr, nullptr, 1) != 1) {
            made.reset();
        }
        return made;
    }();
    return own.get();
}

// Random bytes by the pageful: OpenSSL takes a lock for each request that all threads share, which at 50,000 events a
// second costs more than the encryption. What was handed out is wiped.
class RandomPage {
public:
    RandomPage() = default;
    RandomPage(RandomPage const&) = delete;
    RandomPage& operator=(RandomPage const&) = delete;
    ~RandomPage() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

    [[nodiscard]] bool take(std::span<unsigned char> out) noexcept {
        if (out.size() > bytes_.size() - used_) {
            if (RAND_bytes(bytes_.data(), static_cast<int>(bytes_.size())) != 1) {
                return false;
            }
            used_ = 0;
        }
        auto const from = std::span(bytes_).subspan(used_, out.size());
        std::copy(from.begin(), from.end(), out.begin());
        OPENSSL_cleanse(from.data(), from.size());
        used_ += out.size();
        return true;
    }

private:
    std::array<unsigned char, 4096> bytes_{};
    std::size_t used_ = 4096;
};

// At most a page at once.
bool take_random(std::span<unsigned char> out) noexcept {
    static thread_local RandomPage page;
    return page.take(out);
}

// Sets key, nonce and what the text is bound to.
bool begin(EVP_CIPHER_CTX* cipher, Key const& key, std::string_view nonce, std::string_view bound_to, int encrypting) {
    int length = 0;
    return cipher != nullptr && nonce.size() == nonce_bytes &&
           EVP_CipherInit_ex(cipher, nullptr, nullptr, bytes(key.view()), bytes(nonce), encrypting) == 1 &&
           EVP_CipherUpdate(cipher, nullptr, &length, bytes(bound_to), static_cast<int>(bound_to.size())) == 1;
}

}  // namespace

Result<Key> Key::random() {
    Key key;
    if (!take_random(key.bytes_)) {
        return Error{ErrorCode::internal, "The system gives no random bytes."};
    }
    return key;
}

std::optional<Key> Key::from(std::string_view raw) noexcept {
    if (raw.size() != size) {
        return std::nullopt;
    }
    Key key;
    std::copy(raw.begin(), raw.end(), key.bytes_.begin());
    return key;
}

Key::~Key() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

Result<std::string> seal(Key const& key, std::string_view bound_to, std::string_view plain) {
    std::string sealed(nonce_bytes + plain.size() + tag_bytes, '\0');
    if (!take_random({reinterpret_cast<unsigned char*>(sealed.data()), nonce_bytes})) {
        return Error{ErrorCode::internal, "The system gives no random bytes."};
    }
    auto const done =
        encrypt(key, std::string_view(sealed).substr(0, nonce_bytes), bound_to, plain, sealed.data() + nonce_bytes);
    return done ? Result<std::string>(std::move(sealed)) : Result<std::string>(done.error());
}

Result<std::string> open(Key const& key, std::string_view bound_to, std::string_view sealed) {
    if (sealed.size() < nonce_bytes + tag_bytes) {
        return changed();
    }
    return decrypt(key, sealed.substr(0, nonce_bytes), bound_to, sealed.substr(nonce_bytes));
}

Result<void> encrypt(Key const& key, std::string_view nonce, std::string_view bound_to, std::string_view plain,
                     char* out) {
    EVP_CIPHER_CTX* const cipher = context();
    auto* const to = reinterpret_cast<unsigned char*>(out);
    int length = 0;
    bool const ok =
        begin(cipher, key, nonce, bound_to, 1) &&
        EVP_CipherUpdate(cipher, to, &length, bytes(plain), static_cast<int>(plain.size())) == 1 &&
        EVP_CipherFinal_ex(cipher, to + length, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes), to + plain.size()) == 1;
    return ok ? Result<void>() : Result<void>(refused());
}

Result<std::string> decrypt(Key const& key, std::string_view nonce, std::string_view bound_to,
                            std::string_view ciphertext_and_tag) {
    if (ciphertext_and_tag.size() < tag_bytes) {
        return changed();
    }
    std::string_view const body = ciphertext_and_tag.substr(0, ciphertext_and_tag.size() - tag_bytes);
    std::string tag(ciphertext_and_tag.substr(body.size()));
    // Never empty, so that OpenSSL is given an address.
    std::string plain(body.size() + 1, '\0');
    auto* const to = reinterpret_cast<unsigned char*>(plain.data());
    EVP_CIPHER_CTX* const cipher = context();
    int length = 0;
    bool const ready = begin(cipher, key, nonce, bound_to, 0) &&
                       EVP_CipherUpdate(cipher, to, &length, bytes(body), static_cast<int>(body.size())) == 1 &&
                       EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes), tag.data()) == 1;
    // Nothing of the text may be used before its tag is checked.
    bool const genuine = ready && EVP_CipherFinal_ex(cipher, to + body.size(), &length) == 1;
    if (!genuine) {
        OPENSSL_cleanse(plain.data(), plain.size());
        return ready ? changed() : refused();
    }
    plain.resize(body.size());
    return plain;
}

}  // namespace crosswalk::vault

#include "vault/sealer.hpp"

#include "vault/base64.hpp"
#include "vault/random.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

namespace crosswalk::vault {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::string_view version = "CW1";
constexpr std::size_t key_bytes = 32;
constexpr std::size_t key_id_bytes = 8;
constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t head_bytes = version.size() + key_id_bytes + nonce_bytes;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char const* bytes(std::string_view text) noexcept {
    return reinterpret_cast<unsigned char const*>(text.data());
}
unsigned char* bytes(std::string& text) noexcept {
    return reinterpret_cast<unsigned char*>(text.data());
}

std::optional<std::string> from_hex(std::string_view text) {
    auto const digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    if (text.size() != 2 * key_bytes || std::any_of(text.begin(), text.end(), [&](char c) { return digit(c) < 0; })) {
        return std::nullopt;
    }
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        out.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
    }
    return out;
}

// What tells two keys apart and says nothing about either.
Result<std::string> id_of(std::string_view key) {
    std::string text = "crosswalk store key\n" + std::string(key);
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    bool const ok = EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1;
    OPENSSL_cleanse(text.data(), text.size());
    if (!ok) {
        return Error{ErrorCode::internal, "SHA-256 could not be computed."};
    }
    return std::string(reinterpret_cast<char const*>(digest.data()), key_id_bytes);
}

// Names hold no NUL, so that no two pairs give the same bytes.
std::string bound(std::string_view head, std::string_view connection, std::string_view name) {
    std::string data(head);
    data.append(connection).append(1, '\0').append(name);
    return data;
}

Error broken() {
    return Error{ErrorCode::internal, "OpenSSL refused to encrypt or decrypt."};
}

Error changed(std::string_view connection) {
    return Error{ErrorCode::corruption, "A secret that is kept for the connection \"" + std::string(connection) +
                                            "\" was changed in the store. Set the connection up again."};
}

}  // namespace

Result<Sealer> Sealer::from(model::Secret const& key_text) {
    // Revealed to decode it; both copies are wiped.
    auto decoded = from_hex(key_text.reveal());
    if (!decoded) {
        decoded = from_base64(key_text.reveal());
    }
    if (!decoded || decoded->size() != key_bytes) {
        std::string const found = decoded ? "it has " + std::to_string(decoded->size()) + " bytes"
                                          : "it is neither base64 nor 64 hexadecimal digits";
        if (decoded) {
            OPENSSL_cleanse(decoded->data(), decoded->size());
        }
        return Error{ErrorCode::invalid_argument,
                     "store.key must be 32 bytes, but " + found + "; " + std::string(how_to_make_a_key) + "."};
    }
    auto id = id_of(*decoded);
    model::Secret key(std::move(*decoded));
    if (!id) {
        return id.error();
    }
    return Sealer(std::move(key), std::move(*id));
}

Result<std::string> Sealer::seal(std::string_view connection, std::string_view name, model::Secret const& value) const {
    auto const nonce = random_bytes(nonce_bytes);
    if (!nonce) {
        return nonce.error();
    }
    std::string const head = std::string(version) + key_id_ + *nonce;
    std::string const data = bound(head, connection, name);
    std::string_view const plain = value.reveal();  // to encrypt it
    std::string sealed = head + std::string(plain.size() + tag_bytes, '\0');
    unsigned char* const out = bytes(sealed) + head.size();
    Cipher const cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int length = 0;
    bool const ok =
        cipher &&
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key_.reveal()), bytes(*nonce)) == 1 &&
        EVP_EncryptUpdate(cipher.get(), nullptr, &length, bytes(data), static_cast<int>(data.size())) == 1 &&
        EVP_EncryptUpdate(cipher.get(), out, &length, bytes(plain), static_cast<int>(plain.size())) == 1 &&
        EVP_EncryptFinal_ex(cipher.get(), out + length, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_bytes), out + plain.size()) == 1;
    if (!ok) {
        return broken();
    }
    return sealed;
}

Result<model::Secret> Sealer::open(std::string_view connection, std::string_view name, std::string_view sealed) const {
    if (sealed.size() < head_bytes + tag_bytes || !sealed.starts_with(version)) {
        return changed(connection);
    }
    if (sealed.substr(version.size(), key_id_bytes) != key_id_) {
        return Error{ErrorCode::failed_precondition,
                     "What is kept for the connection \"" + std::string(connection) +
                         "\" was encrypted with another store.key. Bring the old key back, or set the connection up "
                         "again."};
    }
    std::string_view const head = sealed.substr(0, head_bytes);
    std::string const data = bound(head, connection, name);
    std::string_view const body = sealed.substr(head_bytes, sealed.size() - head_bytes - tag_bytes);
    std::string tag(sealed.substr(sealed.size() - tag_bytes));
    std::string plain(body.size() + 1, '\0');  // never empty, so that OpenSSL is given an address
    Cipher const cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    int length = 0;
    bool const ready =
        cipher &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes(key_.reveal()),
                           bytes(head.substr(head_bytes - nonce_bytes))) == 1 &&
        EVP_DecryptUpdate(cipher.get(), nullptr, &length, bytes(data), static_cast<int>(data.size())) == 1 &&
        EVP_DecryptUpdate(cipher.get(), bytes(plain), &length, bytes(body), static_cast<int>(body.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag_bytes), tag.data()) == 1;
    // Nothing of the text may be used before its tag is checked.
    bool const genuine = ready && EVP_DecryptFinal_ex(cipher.get(), bytes(plain) + body.size(), &length) == 1;
    plain.resize(body.size());
    model::Secret value(std::move(plain));
    if (!ready) {
        return broken();
    }
    if (!genuine) {
        return changed(connection);
    }
    return value;
}

}  // namespace crosswalk::vault

#include "vault/sealer.hpp"

#include "vault/base64.hpp"
#include "vault/random.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>

namespace crosswalk::vault {
namespace {

using model::Error;
using model::ErrorCode;
using model::Result;

constexpr std::string_view version = "CW1";
constexpr std::size_t key_id_bytes = 8;
constexpr std::size_t head_bytes = version.size() + key_id_bytes + nonce_bytes;

std::optional<std::string> from_hex(std::string_view text) {
    auto const digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : -1;
    };
    if (text.size() != 2 * Key::size || std::any_of(text.begin(), text.end(), [&](char c) { return digit(c) < 0; })) {
        return std::nullopt;
    }
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        out.push_back(static_cast<char>(digit(text[i]) * 16 + digit(text[i + 1])));
    }
    return out;
}

Error no_key(std::string const& found) {
    return Error{ErrorCode::invalid_argument,
                 "store.key must be 32 bytes, but " + found + "; " + std::string(how_to_make_a_key) + "."};
}

// Names hold no NUL, so that no two pairs give the same bytes.
std::string bound(std::string_view head, std::string_view connection, std::string_view name) {
    std::string data(head);
    data.append(connection).append(1, '\0').append(name);
    return data;
}

Error changed(std::string_view connection) {
    return Error{ErrorCode::corruption, "A secret that is kept for the connection \"" + std::string(connection) +
                                            "\" was changed in the store. Set the connection up again."};
}

}  // namespace

Result<std::string> key_id(Key const& key) {
    std::string text = "crosswalk store key\n" + std::string(key.view());
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    bool const ok = EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1;
    OPENSSL_cleanse(text.data(), text.size());
    if (!ok) {
        return Error{ErrorCode::internal, "SHA-256 could not be computed."};
    }
    return std::string(reinterpret_cast<char const*>(digest.data()), key_id_bytes);
}

Result<Key> read_key(model::Secret const& key_text) {
    // Revealed to decode it; both copies are wiped.
    auto decoded = from_hex(key_text.reveal());
    if (!decoded) {
        decoded = from_base64(key_text.reveal());
    }
    if (!decoded) {
        return no_key("it is neither base64 nor 64 hexadecimal digits");
    }
    auto key = Key::from(*decoded);
    OPENSSL_cleanse(decoded->data(), decoded->size());
    return key ? Result<Key>(std::move(*key)) : no_key("it has " + std::to_string(decoded->size()) + " bytes");
}

Result<Sealer> Sealer::from(model::Secret const& key_text) {
    auto key = read_key(key_text);
    if (!key) {
        return key.error();
    }
    auto id = key_id(*key);
    return id ? Result<Sealer>(Sealer(std::move(*key), std::move(*id))) : id.error();
}

Result<std::string> Sealer::seal(std::string_view connection, std::string_view name, model::Secret const& value) const {
    auto const nonce = random_bytes(nonce_bytes);
    if (!nonce) {
        return nonce.error();
    }
    std::string const head = std::string(version) + key_id_ + *nonce;
    std::string_view const plain = value.reveal();  // to encrypt it
    std::string sealed = head + std::string(plain.size() + tag_bytes, '\0');
    auto const done = encrypt(key_, *nonce, bound(head, connection, name), plain, sealed.data() + head.size());
    return done ? Result<std::string>(std::move(sealed)) : Result<std::string>(done.error());
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
    auto plain =
        decrypt(key_, head.substr(head_bytes - nonce_bytes), bound(head, connection, name), sealed.substr(head_bytes));
    if (!plain) {
        return plain.error().code == ErrorCode::corruption ? changed(connection) : plain.error();
    }
    return model::Secret(std::move(*plain));
}

}  // namespace crosswalk::vault

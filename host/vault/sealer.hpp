// Encrypts what the host keeps for connections: OAuth tokens, and secrets that vendors hand out at run time.
//
// Shape    AES-256-GCM with a random nonce. The connection and the name of a value are bound to it: a value that is
//          moved to another row does not open. The sealed form begins with its version and an id of the key.
// Errors   invalid_argument: the key is no 32 bytes. failed_precondition: sealed with another key. corruption: the
//          bytes were changed, or belong to another connection or name. The texts hold no part of key or value.
// Threads  safe from any thread; constant after construction. The key is wiped with the last copy.
// Limits   2^32 values under one key, as for any random nonce of 96 bits.
// Source   NIST SP 800-38D.
#pragma once

#include "model/error.hpp"
#include "model/secret.hpp"
#include "vault/gcm.hpp"

#include <string>
#include <string_view>

namespace crosswalk::vault {

// How to make a key, for messages.
inline constexpr std::string_view how_to_make_a_key =
    "make a key with `openssl rand -base64 32`, keep it as a secret and name it in crosswalk.yaml: "
    "store: { key: \"secret:credential/store-key\" }";

// `key_text` is what `store.key` refers to: 32 bytes as base64 or as hexadecimal digits.
[[nodiscard]] model::Result<Key> read_key(model::Secret const& key_text);
// Eight bytes that tell two keys apart and say nothing about either.
[[nodiscard]] model::Result<std::string> key_id(Key const& key);

class Sealer {
public:
    // `key_text` as for read_key.
    [[nodiscard]] static model::Result<Sealer> from(model::Secret const& key_text);

    [[nodiscard]] model::Result<std::string> seal(std::string_view connection, std::string_view name,
                                                  model::Secret const& value) const;
    [[nodiscard]] model::Result<model::Secret> open(std::string_view connection, std::string_view name,
                                                    std::string_view sealed) const;

private:
    Sealer(Key key, std::string key_id) : key_(std::move(key)), key_id_(std::move(key_id)) {}

    Key key_;
    std::string key_id_;
};

}  // namespace crosswalk::vault

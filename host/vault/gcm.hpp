// AES-256-GCM with raw keys: the one cipher of this program.
//
// Shape    a sealed text is nonce (12 random bytes), ciphertext and tag (16). What it is bound to (row and column) is
//          authenticated and not stored: a text that is moved to another place does not open there.
// Errors   corruption: the bytes were changed, or belong to another key or place. internal: OpenSSL refuses, or the
//          system gives no random bytes. The texts hold no part of key or value.
// Threads  safe from any thread; each keeps a cipher context of its own.
// Limits   2^32 texts under one key, as for any random nonce of 96 bits.
// Source   NIST SP 800-38D.
#pragma once

#include "model/error.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::vault {

// 32 bytes that are wiped with every copy.
class Key {
public:
    static constexpr std::size_t size = 32;

    [[nodiscard]] static model::Result<Key> random();
    // Nothing when `raw` has another length. The caller wipes `raw`.
    [[nodiscard]] static std::optional<Key> from(std::string_view raw) noexcept;
    Key(Key const&) = default;
    Key& operator=(Key const&) = default;
    ~Key();

    // Valid as long as this key.
    [[nodiscard]] std::string_view view() const noexcept {
        return {reinterpret_cast<char const*>(bytes_.data()), bytes_.size()};
    }

private:
    Key() = default;
    std::array<unsigned char, size> bytes_{};
};

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;

[[nodiscard]] model::Result<std::string> seal(Key const& key, std::string_view bound_to, std::string_view plain);
[[nodiscard]] model::Result<std::string> open(Key const& key, std::string_view bound_to, std::string_view sealed);

// The two halves of the above, for who keeps the nonce elsewhere. encrypt writes plain.size() + tag_bytes bytes to
// `out`; the nonce must be new under this key.
[[nodiscard]] model::Result<void> encrypt(Key const& key, std::string_view nonce, std::string_view bound_to,
                                          std::string_view plain, char* out);
[[nodiscard]] model::Result<std::string> decrypt(Key const& key, std::string_view nonce, std::string_view bound_to,
                                                 std::string_view ciphertext_and_tag);

}  // namespace crosswalk::vault

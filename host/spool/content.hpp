// What a file's content is called.
#pragma once

#include "model/error.hpp"

#include <openssl/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::spool {

struct Digest {
    std::string id;  // the SHA-256 in lower-case hex
    std::int64_t size = 0;
};

// Of bytes that come in pieces.
class Digester {
public:
    Digester();
    void add(std::string_view bytes);
    // Once.
    [[nodiscard]] Digest finish();

private:
    std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_;
    std::int64_t size_ = 0;
    bool good_ = false;
};

[[nodiscard]] std::string digest_of(std::string_view bytes);

// The name "<sha-256>-<size>" that hosts gave to files before these were encrypted; nothing for any other name.
[[nodiscard]] std::optional<Digest> parse_plain_name(std::string_view name);
// 64 lower-case hex digits: nothing else may become part of a path.
[[nodiscard]] bool is_id(std::string_view text) noexcept;
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace crosswalk::spool

// What a file's name says, and what its content is.
#pragma once

#include "model/error.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::spool {

// The SHA-256 in lower-case hex.
[[nodiscard]] std::string digest_of(std::string_view bytes);
struct Digest {
    std::string id;
    std::int64_t size = 0;
};
// Reads in pieces. unavailable: it cannot be read.
[[nodiscard]] model::Result<Digest> digest_of_file(std::filesystem::path const& path);

// "<sha-256>-<size>", and back; nothing for any other name.
[[nodiscard]] std::string name_of(std::string_view id, std::int64_t size);
[[nodiscard]] std::optional<Digest> parse_name(std::string_view name);
// 64 lower-case hex digits: nothing else may become part of a path.
[[nodiscard]] bool is_id(std::string_view text) noexcept;

}  // namespace crosswalk::spool

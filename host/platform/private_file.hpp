// Files that must not be open to others.
#pragma once

#include "model/error.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace crosswalk::platform {

// Who may have access to a file that holds a secret.
enum class Access : unsigned char {
    any,         // the service manager guards the folder
    owner_only,  // it belongs to us or to root; group and others have no rights
};

// The bytes of a regular file. not_found, permission_denied (with what to do), too_large, unavailable (reading failed).
// Texts do not name the file: the caller knows a better name. Owner and mode are those of the file that is read, not
// of whatever stood at the path a moment before.
[[nodiscard]] model::Result<std::string> read_private_file(std::filesystem::path const& path, std::size_t bytes_max,
                                                           Access access);

// Makes a new file with these bytes that only its owner may open; it is on the disk when this returns.
// already_exists: something stands at the path. unavailable: it cannot be written; nothing is left behind.
[[nodiscard]] model::Result<void> write_private_file(std::filesystem::path const& path, std::string_view bytes);

}  // namespace crosswalk::platform

// Where we are on this machine, and whether a file is ours alone.
#pragma once

#include "model/error.hpp"

#include <filesystem>

namespace crosswalk::platform {

// The directory of the running executable, absolute, links resolved.
[[nodiscard]] model::Result<std::filesystem::path> executable_directory();

// A regular file (or what a link leads to) that belongs to us or to root and to which group and others have no rights.
// False also when there is no such file. Windows: any regular file; access is ruled by the folder's access list.
[[nodiscard]] bool is_owned_and_private(std::filesystem::path const& path) noexcept;

}  // namespace crosswalk::platform

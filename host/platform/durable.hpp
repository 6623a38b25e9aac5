// Making what was written to files outlast a loss of power.
//
// Errors   unavailable with a sentence; the text names no path.
// Threads  safe from any thread.
#pragma once

#include "model/error.hpp"

#include <filesystem>

namespace crosswalk::platform {

// The content of a file that is written and closed reaches the disk before this returns.
[[nodiscard]] model::Result<void> sync_file(std::filesystem::path const& path);

// The names in a folder do: files made, renamed and removed there. Windows keeps names durable by itself.
[[nodiscard]] model::Result<void> sync_folder(std::filesystem::path const& path);

}  // namespace crosswalk::platform

// What a daemon must know and set of its own process.
#pragma once

#include <cstdint>

namespace crosswalk::platform {

[[nodiscard]] std::int64_t process_id() noexcept;

// Memory of this process that is held in RAM, in bytes; 0 when the system does not say.
[[nodiscard]] std::uint64_t resident_bytes() noexcept;

// Files made from now on are for this user only: what the store holds is personal. Windows keeps the folder's rights.
void restrict_new_files() noexcept;

// Raises the number of files and sockets that may be open at once to `wanted`, or as near as the system allows; never
// lowers it. Returns the number that holds now; 0 where the system has none (Windows).
std::uint64_t raise_open_files_limit(std::uint64_t wanted) noexcept;

}  // namespace crosswalk::platform

// What a daemon must know and set of its own process.
#pragma once

#include <cstdint>
#include <string>

namespace crosswalk::platform {

[[nodiscard]] std::int64_t process_id() noexcept;

// The system, its version and its processor: "Linux 6.1.0-40-amd64 x86_64". Windows says no version.
[[nodiscard]] std::string system_name();

// Memory of this process that is held in RAM, in bytes; 0 when the system does not say.
[[nodiscard]] std::uint64_t resident_bytes() noexcept;

// Files made from now on are for this user only: what the store holds is personal. Windows keeps the folder's rights.
void restrict_new_files() noexcept;

// No image of this process reaches a disk when it crashes: its memory holds keys and people. Linux writes no core,
// hands none to a collector, and lets no other process of the user read the memory; Windows reports no fault. Children
// inherit only a part of it, so each calls it for itself.
void forbid_core_dumps() noexcept;

// Raises the number of files and sockets that may be open at once to `wanted`, or as near as the system allows; never
// lowers it. Returns the number that holds now; 0 where the system has none (Windows).
std::uint64_t raise_open_files_limit(std::uint64_t wanted) noexcept;

}  // namespace crosswalk::platform

// Waiting for one socket, with poll(2) or WSAPoll: one system call, no descriptor made and closed for it.
//
// Threads  safe from any thread; the caller keeps the socket open meanwhile.
// Errors   a socket that failed or was closed by the far end counts as ready: the next read or write tells why.
#pragma once

#include <chrono>
#include <cstdint>

namespace crosswalk::platform {

// Wide enough for a file descriptor and for a Windows SOCKET.
using NativeSocket = std::intptr_t;

// True when the socket became ready within `timeout`; a timeout below zero is taken as zero.
[[nodiscard]] bool wait_socket(NativeSocket socket, bool for_read, bool for_write,
                               std::chrono::milliseconds timeout) noexcept;

// Writing to a connection that the far end closed must be an error value, not the end of the process.
void ignore_broken_pipe_signal() noexcept;

}  // namespace crosswalk::platform

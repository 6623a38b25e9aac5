#include "platform/socket_poll.hpp"

#include <algorithm>
#include <limits>

#ifdef _WIN32
#include <winsock2.h>
#else
#include <cerrno>
#include <csignal>
#include <poll.h>
#endif

namespace crosswalk::platform {
namespace {

int milliseconds_until(std::chrono::steady_clock::time_point end) noexcept {
    // Rounded up: a wait that ends a little early would make its caller spin.
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, std::numeric_limits<int>::max()));
}

}  // namespace

bool wait_socket(NativeSocket socket, bool for_read, bool for_write, std::chrono::milliseconds timeout) noexcept {
    auto const events = static_cast<short>((for_read ? POLLIN : 0) | (for_write ? POLLOUT : 0));
    // Beyond a day is as good as for ever, and cannot overflow the clock.
    auto const end =
        std::chrono::steady_clock::now() + std::min<std::chrono::milliseconds>(timeout, std::chrono::hours(24));
#ifdef _WIN32
    WSAPOLLFD entry{static_cast<SOCKET>(socket), events, 0};
    return WSAPoll(&entry, 1, milliseconds_until(end)) > 0;
#else
    pollfd entry{static_cast<int>(socket), events, 0};
    int ready = ::poll(&entry, 1, milliseconds_until(end));
    while (ready < 0 && errno == EINTR) {
        ready = ::poll(&entry, 1, milliseconds_until(end));
    }
    return ready > 0;
#endif
}

void ignore_broken_pipe_signal() noexcept {
#ifndef _WIN32
    static_cast<void>(std::signal(SIGPIPE, SIG_IGN));
#endif
}

}  // namespace crosswalk::platform

#include "platform/notify.hpp"

#ifndef _WIN32
#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#endif

namespace crosswalk::platform {

#ifdef _WIN32

bool notify_ready() noexcept {
    return false;
}
bool notify_stopping() noexcept {
    return false;
}
bool notify_watchdog() noexcept {
    return false;
}
std::optional<std::chrono::microseconds> watchdog_interval() noexcept {
    return std::nullopt;
}

#else

namespace {

bool notify(std::string_view state) noexcept {
    char const* const path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    std::size_t const length = path == nullptr ? 0 : std::strlen(path);
    if (length < 2 || length >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@')) {
        return false;
    }
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path, length);
    if (path[0] == '@') {
        address.sun_path[0] = '\0';  // Linux's abstract names begin with a NUL byte
    }
    int const socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) {
        return false;
    }
    auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    auto const sent =
        ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr const*>(&address), size);
    ::close(socket);
    return sent == static_cast<ssize_t>(state.size());
}

}  // namespace

bool notify_ready() noexcept {
    return notify("READY=1");
}
bool notify_stopping() noexcept {
    return notify("STOPPING=1");
}
bool notify_watchdog() noexcept {
    return notify("WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval() noexcept {
    char const* const text = std::getenv("WATCHDOG_USEC");
    if (text == nullptr) {
        return std::nullopt;
    }
    std::int64_t microseconds = 0;
    char const* const end = text + std::strlen(text);
    auto const parsed = std::from_chars(text, end, microseconds);
    if (parsed.ec != std::errc{} || parsed.ptr != end || microseconds <= 0) {
        return std::nullopt;
    }
    return std::chrono::microseconds(microseconds);
}

#endif

}  // namespace crosswalk::platform

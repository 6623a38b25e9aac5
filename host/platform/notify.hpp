// Tells the service manager how we are: systemd's notification protocol (Type=notify, WatchdogSec=).
//
// Shape    one datagram to $NOTIFY_SOCKET; nothing happens without it, and on Windows.
// Errors   a message that cannot be sent is lost: false says so.
// Threads  safe from any thread.
// Source   sd_notify(3), written out so that libsystemd is not needed.
#pragma once

#include <chrono>
#include <optional>

namespace crosswalk::platform {

// Start-up is over.
bool notify_ready() noexcept;
// Shutdown has begun.
bool notify_stopping() noexcept;
// Still alive; to be said more often than watchdog_interval().
bool notify_watchdog() noexcept;

// How long the service manager waits for a sign of life; nothing when it does not watch.
[[nodiscard]] std::optional<std::chrono::microseconds> watchdog_interval() noexcept;

}  // namespace crosswalk::platform

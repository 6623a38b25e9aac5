// The calls that run in a worker, and what they ask of the host meanwhile.
//
// Shape    a cw_call is the call's number, never an address; a number whose hook returned is known to be dead.
// Errors   when the host is gone the process ends at once: there is nobody left to fail for.
// Threads  safe from any thread; ask() only from the thread of the call.
#pragma once

#include "platform/child_process.hpp"
#include "plugin_host/wire.hpp"
#include <crosswalk/connector.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace crosswalk::plugin_host::worker {

class Calls {
public:
    explicit Calls(platform::Channel& channel) noexcept : channel_(channel) {}
    Calls(Calls const&) = delete;
    Calls& operator=(Calls const&) = delete;

    // Runs from begin() to end() on this thread.
    [[nodiscard]] cw_call* begin(std::uint64_t call, std::chrono::milliseconds time_left);
    void end(cw_call const* handle);

    // Alive, and of this thread?
    [[nodiscard]] bool owned(cw_call const* handle);
    // 0 for a call that is dead.
    [[nodiscard]] std::chrono::milliseconds time_left(cw_call const* handle);
    // True for a call that is dead.
    [[nodiscard]] bool cancelled(cw_call const* handle);

    // What the host answers; for an owned call. nullopt: the request is larger than a frame may be.
    [[nodiscard]] std::optional<std::string> ask(cw_call const* handle, Fields const& request);

    // From the stream.
    void respond(std::uint64_t call, std::string fields);
    // The handle of a running call, now marked as cancelled; null when it is over.
    [[nodiscard]] cw_call* cancel(std::uint64_t call);

    // False: larger than a frame may be.
    bool send(FrameType type, std::uint64_t call, std::string_view fields);

private:
    struct Running {
        std::thread::id thread;
        std::chrono::steady_clock::time_point deadline;
        bool cancelled = false;
        std::optional<std::string> response = std::nullopt;
    };

    platform::Channel& channel_;
    std::mutex send_mutex_;  // frames go out whole

    std::mutex mutex_;  // guards what follows
    std::condition_variable responded_;
    std::map<std::uint64_t, Running> running_;
};

}  // namespace crosswalk::plugin_host::worker

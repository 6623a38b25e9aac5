// The calls that run in a worker, and what they ask of the host meanwhile.
//
// Shape    a cw_call is the call's number, never an address; a number whose hook returned is known to be dead. A call
//          talks to the host over its own lane, on its own thread.
// Errors   when the host is gone the process ends at once: there is nobody left to fail for.
// Threads  Calls is safe from any thread; a RunningCall is of one thread, which has at most one.
#pragma once

#include "plugin_host/call.hpp"
#include "plugin_host/lane.hpp"
#include "plugin_host/wire.hpp"
#include <crosswalk/connector.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace crosswalk::plugin_host::worker {

class Calls;

// How much a hook gave so far.
struct Given {
    std::size_t events = 0;
    std::size_t records = 0;
    std::size_t warnings = 0;
    std::size_t output_bytes = 0;
};

// One call, from its frame to its result.
class RunningCall {
public:
    RunningCall(Calls& calls, Lane& lane, FrameType hook, std::uint64_t number, std::chrono::milliseconds time_left);
    RunningCall(RunningCall const&) = delete;
    RunningCall& operator=(RunningCall const&) = delete;
    ~RunningCall();

    // The call of this thread, if `handle` is it; null otherwise.
    [[nodiscard]] static RunningCall* owned(cw_call const* handle) noexcept;
    [[nodiscard]] cw_call* handle() const noexcept;
    // It was cancelled before it was here.
    [[nodiscard]] bool came_cancelled() const noexcept { return came_cancelled_; }
    [[nodiscard]] Phase phase() const noexcept;
    [[nodiscard]] Given& given() noexcept { return given_; }

    // What the host answers; what was deferred goes first. nullopt: the request is larger than a frame may be.
    [[nodiscard]] std::optional<std::string> ask(Fields const& request);
    // The request waits for the next one, or for the result. False: there is no room, so ask it.
    [[nodiscard]] bool defer(Fields const& request);
    // What waits, for the result.
    [[nodiscard]] Fields const& deferred() const noexcept { return deferred_; }

private:
    friend class Calls;
    Calls& calls_;
    Lane& lane_;
    FrameType const hook_;
    std::uint64_t const number_;
    std::chrono::steady_clock::time_point const deadline_;
    bool came_cancelled_ = false;
    bool cancelled_ = false;  // guarded by the mutex of Calls
    Fields deferred_;
    Given given_;
};

class Calls {
public:
    // 0 for a call that is dead.
    [[nodiscard]] std::chrono::milliseconds time_left(cw_call const* handle);
    // True for a call that is dead.
    [[nodiscard]] bool cancelled(cw_call const* handle);
    // The handle of a running call, now marked as cancelled. Null when it is over, or has yet to begin: it then begins
    // as a cancelled one.
    [[nodiscard]] cw_call* cancel(std::uint64_t number);

private:
    friend class RunningCall;
    void begin(RunningCall& call);
    void end(RunningCall const& call);

    std::mutex mutex_;  // guards what follows
    std::map<std::uint64_t, RunningCall*> running_;
    std::deque<std::uint64_t> not_running_;  // the latest that were cancelled while they did not run
};

}  // namespace crosswalk::plugin_host::worker

// The host's end of one worker process: starts it, carries calls to it, and ends it.
//
// Shape    exchange() opens a call in the worker, answers what it asks meanwhile and returns its result. The caller's
//          thread writes to and reads from a lane of its own; lanes are made when calls overlap, and kept. A watching
//          thread hears only log lines and the worker's end.
// Trust    none. Sizes, types and order of frames are checked, and a worker that breaks them is killed.
// Errors   a call that brought no result says whether the worker ever got it. Once ended, a link stays ended.
// Threads  safe from any thread. start() is called by a thread that lives as long as the link (see child_process.hpp).
// Limits   a call that is told to stop at its deadline and does not return within the grace after it ends the worker.
//          lanes_max calls at once; one more is never sent.
#pragma once

#include "model/error.hpp"
#include "platform/child_process.hpp"
#include "plugin_host/lane.hpp"
#include "plugin_host/wire.hpp"
#include <crosswalk/connector.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace crosswalk::plugin_host {

// What became of a call in a worker.
enum class Fate : std::uint8_t {
    answered,
    never_sent,  // the worker was gone; nothing happened
    lost,        // the worker ended during the call
    overran,     // the worker was ended because the call did not return
};

struct Reply {
    Fate fate = Fate::never_sent;
    std::string fields;  // answered: of the result
};

class WorkerLink {
public:
    // Gives the fields of the response to a request; nothing when the request makes no sense.
    using Answer = std::function<std::optional<Fields>(std::string_view request)>;

    [[nodiscard]] static model::Result<std::unique_ptr<WorkerLink>> start(std::filesystem::path const& executable,
                                                                          std::chrono::milliseconds grace);
    WorkerLink(std::unique_ptr<platform::ChildProcess> child, std::chrono::milliseconds grace);
    WorkerLink(WorkerLink const&) = delete;
    WorkerLink& operator=(WorkerLink const&) = delete;
    ~WorkerLink();

    // `handle` is what cancel() knows the call by; it may be null.
    [[nodiscard]] Reply exchange(FrameType type, cw_call const* handle, Fields fields,
                                 std::chrono::milliseconds time_max, Answer const& answer);
    void cancel(cw_call const* handle) noexcept;

    // Who hears log lines outside of calls, on the watching thread; null: nobody. The old listener is not running any
    // more when this returns.
    void on_log(std::function<void(std::string_view fields)> listener);
    // Called once, on the watching thread, when the worker has ended by itself or was killed.
    void on_end(std::function<void()> listener);

    [[nodiscard]] bool ended() const;
    // Ended without being let go.
    [[nodiscard]] bool crashed() const;
    // "signal 11", "exit status 3", or what it did wrong; empty while it runs.
    [[nodiscard]] std::string how_it_ended() const;
    [[nodiscard]] std::int64_t process() const noexcept { return child_->id(); }

    void kill(std::string const& why);
    // Lets the worker go: it ends by itself, or is killed a moment later. Returns when it is gone and what it had logged
    // was heard.
    void close();

private:
    // A lane, and the call on it: 0 when it is idle.
    struct Seat {
        explicit Seat(std::unique_ptr<platform::Channel> channel) : lane(std::move(channel)) {}
        Lane lane;  // belongs to the thread of the call
        std::uint64_t call = 0;
        cw_call const* handle = nullptr;
    };
    // An idle lane, or a new one, that now belongs to a call; absent when the worker ended or all are taken.
    [[nodiscard]] Seat* take_seat(cw_call const* handle);
    [[nodiscard]] Seat* open_seat();
    void give_back(Seat& seat);

    [[nodiscard]] bool respond(Seat& seat, std::optional<Fields> fields);
    [[nodiscard]] Reply converse(Seat& seat, std::chrono::steady_clock::time_point until, Answer const& answer);
    // The next frame of the call; else the reply of a call that will not get one.
    [[nodiscard]] std::optional<Fate> next(Seat& seat, Frame& to, std::chrono::steady_clock::time_point until);
    // What became of a call whose lane ended; returns when it is known how the worker ended.
    [[nodiscard]] Fate await_end();
    void tell_cancelled(std::uint64_t call) noexcept;

    void watch();
    [[nodiscard]] bool hear_log();

    // Constant after construction.
    std::unique_ptr<platform::ChildProcess> const child_;
    std::chrono::milliseconds const grace_;

    std::mutex control_mutex_;  // frames of the control stream go out whole

    std::mutex listeners_mutex_;  // guards what follows; held while a listener runs
    std::function<void(std::string_view)> log_listener_;
    std::function<void()> end_listener_;

    mutable std::mutex mutex_;  // guards what follows, but for the lanes themselves
    std::condition_variable end_known_;
    std::vector<std::unique_ptr<Seat>> seats_;
    std::uint64_t last_call_ = 0;
    bool ended_ = false;
    bool let_go_ = false;
    bool crashed_ = false;
    std::string why_;

    std::thread watcher_;
};

}  // namespace crosswalk::plugin_host

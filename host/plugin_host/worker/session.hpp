// A worker's life: one library, at most one instance of it, and the calls that the host makes.
//
// Shape    the main thread reads frames; whatever runs foreign code runs on a pool thread, so that a hook that hangs
//          hides neither a cancel nor the end of the host.
// Errors   a frame that makes no sense, or the end of the stream, ends the process.
// Threads  run() belongs to the main thread.
// Limits   as many pool threads as the host opens calls at once.
#pragma once

#include "platform/child_process.hpp"
#include "plugin_host/opened_library.hpp"
#include "plugin_host/wire.hpp"
#include "plugin_host/worker/calls.hpp"
#include "plugin_host/worker/host_proxy.hpp"
#include <crosswalk/connector.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace crosswalk::plugin_host::worker {

class Session {
public:
    explicit Session(platform::Channel& channel) noexcept : channel_(channel), calls_(channel) {}
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    // Returns when the host is gone.
    void run();

private:
    [[nodiscard]] bool receive(Frame& frame);
    void take(Frame frame);
    void perform(Frame const& frame);

    void open(Frame const& frame);
    void create(Frame const& frame);
    void extension(Frame const& frame);
    void run_hook(Frame const& frame);
    // The hook's status; what it put into its result struct goes into `out`.
    [[nodiscard]] cw_status call_hook(FrameType type, cw_call* call, Reader& in, Fields& out);
    [[nodiscard]] cw_status call_webhook(FrameType type, cw_call* call, Reader& in, Fields& out);
    [[nodiscard]] cw_status call_map(cw_call* call, Reader& in);
    [[nodiscard]] cw_status call_extension(FrameType type, cw_call* call, Reader& in);
    [[nodiscard]] cw_status call_sweep(FrameType type, cw_call* call, Reader& in, Fields& out);
    [[nodiscard]] cw_status call_push(FrameType type, cw_call* call, Reader& in, Fields& out);
    void result(Frame const& frame, Fields const& fields);

    void post(std::function<void()> work);
    void serve();

    platform::Channel& channel_;
    Calls calls_;

    // Set by the frames that open and create, which the host sends before all others.
    OpenedLibrary library_;
    std::unique_ptr<HostProxy> proxy_;
    std::atomic<cw_connector*> connector_{nullptr};
    std::atomic<cw_push_lookup const*> look_up_{nullptr};
    std::atomic<cw_probe const*> probe_{nullptr};
    std::atomic<cw_oauth const*> oauth_{nullptr};
    std::atomic<cw_subscriptions const*> subscriptions_{nullptr};
    std::atomic<cw_find const*> find_{nullptr};
    std::atomic<cw_sweep const*> sweep_{nullptr};

    std::mutex mutex_;  // guards what follows
    std::condition_variable posted_;
    std::deque<std::function<void()>> work_;
    std::size_t idle_ = 0;
};

}  // namespace crosswalk::plugin_host::worker

// A worker's life: one library, at most one instance of it, and the calls that the host makes.
//
// Shape    the main thread reads the control stream; whatever runs foreign code runs on the thread of a lane, so that a
//          hook that hangs hides neither a cancel nor the end of the host. A lane's thread reads a call, runs it and
//          writes its result.
// Errors   a frame that makes no sense, or the end of the control stream, ends the process.
// Threads  run() belongs to the main thread.
// Limits   as many lanes as the host opens, which are as many as it has calls at once.
#pragma once

#include "platform/child_process.hpp"
#include "plugin_host/lane.hpp"
#include "plugin_host/opened_library.hpp"
#include "plugin_host/wire.hpp"
#include "plugin_host/worker/calls.hpp"
#include "plugin_host/worker/host_proxy.hpp"
#include <crosswalk/connector.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>

namespace crosswalk::plugin_host::worker {

class Session {
public:
    explicit Session(platform::Channel& control) noexcept : control_(control) {}
    Session(Session const&) = delete;
    Session& operator=(Session const&) = delete;

    // Returns when the host is gone.
    void run();

private:
    void cancel(std::uint64_t call);
    // Ends the instance, once nobody is telling it to cancel a call.
    void destroy();
    void serve(std::unique_ptr<platform::Channel> channel);
    [[nodiscard]] Fields perform(Lane& lane, Frame const& frame);

    [[nodiscard]] Fields open(Frame const& frame);
    [[nodiscard]] Fields create(Frame const& frame);
    [[nodiscard]] Fields extension(Frame const& frame);
    [[nodiscard]] Fields run_hook(Lane& lane, Frame const& frame);
    // The hook's status; what it put into its result struct goes into `out`.
    [[nodiscard]] cw_status call_hook(FrameType type, cw_call* call, Reader& in, Fields& out);
    [[nodiscard]] cw_status call_webhook(FrameType type, cw_call* call, Reader& in, Fields& out);
    [[nodiscard]] cw_status call_map(cw_call* call, Reader& in);
    [[nodiscard]] cw_status call_extension(FrameType type, cw_call* call, Reader& in);
    [[nodiscard]] cw_status call_sweep(FrameType type, cw_call* call, Reader& in, Fields& out);
    [[nodiscard]] cw_status call_push(FrameType type, cw_call* call, Reader& in, Fields& out);

    platform::Channel& control_;
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

    std::mutex mutex_;  // orders what calls on different lanes did, and guards what follows
    std::condition_variable told_;
    std::size_t telling_ = 0;  // threads on which the instance is being told to cancel a call
};

}  // namespace crosswalk::plugin_host::worker

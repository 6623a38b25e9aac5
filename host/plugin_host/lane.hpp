// One end of a stream between the host and a worker that carries one call at a time.
//
// Shape    frames of wire.hpp, each sent with one write and, if it is small, read with one read; no thread stands
//          between the caller and the hook.
// Errors   a frame that makes no sense, or that comes while it is not the other side's turn, is `broken`; what follows
//          on such a lane is not to be read.
// Threads  one at a time.
// Limits   a frame as wire.hpp says; 16 KiB are kept between frames, and wiped, since frames may hold secrets.
#pragma once

#include "platform/child_process.hpp"
#include "plugin_host/wire.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace crosswalk::plugin_host {

class Lane {
public:
    enum class Heard : std::uint8_t { frame, nothing_yet, ended, broken };

    explicit Lane(std::unique_ptr<platform::Channel> channel);

    // False: the other end is closed, or did not take it until then, or the frame is larger than one may be.
    [[nodiscard]] bool send(FrameType type, std::uint64_t call, Fields& fields,
                            std::chrono::steady_clock::time_point until);
    // The next frame. After `nothing_yet` it may be called again.
    [[nodiscard]] Heard hear(Frame& to, std::chrono::steady_clock::time_point until);

private:
    // Reads until `wanted` bytes are there; nullopt when they are.
    [[nodiscard]] std::optional<Heard> fill(std::size_t wanted, std::chrono::steady_clock::time_point until);

    std::unique_ptr<platform::Channel> const channel_;
    std::string buffer_;
    std::size_t filled_ = 0;
};

}  // namespace crosswalk::plugin_host

// A child process at the other end of a channel, and what such a child does to itself first.
//
// Shape    the child has an empty standard input and silent output; its end of the channel is inherited, no path and no
//          port leads to it. Nothing else that the parent has open, and almost nothing of its environment, reaches it.
// Errors   unsupported on Windows, where no child can be started yet. A channel that ended answers false.
// Threads  safe from any thread; one thread at a time sends and one receives. On Linux the child is killed when the
//          thread that started it ends, so that thread must live as long as the child.
// Owner    the destructor kills a child that still runs and reaps it: there are no zombies and no orphans.
#pragma once

#include "model/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace crosswalk::platform {

// One end of a stream of bytes between two processes.
class Channel {
public:
    // Both ends of a new stream, for passing one of them on.
    [[nodiscard]] static model::Result<std::pair<std::unique_ptr<Channel>, std::unique_ptr<Channel>>> pair();
    explicit Channel(int descriptor) noexcept : descriptor_(descriptor) {}
    Channel(Channel const&) = delete;
    Channel& operator=(Channel const&) = delete;
    ~Channel();

    // All of it, or false: the other end is closed, or did not take it until then. What was taken is not known.
    [[nodiscard]] bool send(std::string_view bytes, std::chrono::steady_clock::time_point until) noexcept;
    // The same; the other process gets `passed` with the first byte, as an end of its own.
    [[nodiscard]] bool send(std::string_view bytes, Channel const& passed,
                            std::chrono::steady_clock::time_point until) noexcept;

    // Exactly `size` bytes, or false: the channel ended.
    [[nodiscard]] bool receive(char* to, std::size_t size) noexcept;
    // The same; `passed` is the end that came with the bytes, or null.
    [[nodiscard]] bool receive(char* to, std::size_t size, std::unique_ptr<Channel>& passed) noexcept;
    // What is there, at least one byte and at most `size`. 0: the channel ended. nullopt: nothing came until then,
    // which may be never (the largest time point).
    [[nodiscard]] std::optional<std::size_t> receive_some(char* to, std::size_t size,
                                                          std::chrono::steady_clock::time_point until) noexcept;
    // Ends both directions for both sides; whoever waits is woken.
    void shut_down() noexcept;

private:
    int const descriptor_;
    bool timed_ = false;  // the receiver's: a wait for bytes ends by itself
};

class ChildProcess {
public:
    [[nodiscard]] static model::Result<std::unique_ptr<ChildProcess>> start(std::filesystem::path const& executable);
    ChildProcess(std::int64_t id, int descriptor) noexcept : channel_(descriptor), id_(id) {}
    ChildProcess(ChildProcess const&) = delete;
    ChildProcess& operator=(ChildProcess const&) = delete;
    ~ChildProcess();

    [[nodiscard]] Channel& channel() noexcept { return channel_; }
    [[nodiscard]] std::int64_t id() const noexcept { return id_; }
    void kill() noexcept;
    // Waits for the end, kills after `patience`, and says how it ended: "exit status 3", "signal 11". May be repeated.
    [[nodiscard]] std::string end(std::chrono::milliseconds patience);

private:
    [[nodiscard]] bool reap(bool wait) noexcept;

    Channel channel_;
    std::int64_t const id_;
    std::mutex mutex_;  // guards what follows; an id is never signalled once it was reaped
    bool reaped_ = false;
    int status_ = 0;
};

// For the child. The end of the channel that its parent left for it; call once.
[[nodiscard]] std::unique_ptr<Channel> inherited_channel();

// For the child, before any foreign code runs: no new privileges, no core file, nobody may trace it, requests to
// end are its parent's to judge, and it ends with its parent.
void confine_child() noexcept;

// Ends this process at once: no destructor and no handler runs.
[[noreturn]] void end_now(int status) noexcept;

}  // namespace crosswalk::platform

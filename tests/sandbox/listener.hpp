// The sandbox's one port: reads requests whole, asks for a reply, and sends it well or badly, as the reply says.
//
// Limits   bodies up to 32 MiB; as many connections at once as there are threads, the rest wait.
// Errors   start() returns unavailable when the port cannot be had.
// Threads  the reply function is called from many threads at once. It should give up its waits when `stopping` is
// raised.
#pragma once

#include "model/error.hpp"
#include "sandbox/exchange.hpp"
#include "sandbox/stop_signal.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace crosswalk::sandbox {

struct Reply {
    Answer answer = {};
    bool cut = false;                       // close the connection and say nothing
    std::size_t drip_bytes = 0;             // 0: send at once; else in pieces of this size
    std::chrono::milliseconds drip_gap{0};  // the pause between pieces
};

class Listener {
public:
    using ReplyFunction = std::function<Reply(Request const& request)>;

    Listener();
    ~Listener();
    Listener(Listener const&) = delete;
    Listener& operator=(Listener const&) = delete;

    // Binds 127.0.0.1 and returns the port; 0 asks for a free one.
    [[nodiscard]] model::Result<std::uint16_t> start(std::uint16_t port, int threads, ReplyFunction reply);

    // Raises `stopping`, ends every connection, joins every thread. Safe when not started.
    void stop();

    [[nodiscard]] StopSignal& stopping() noexcept { return stopping_; }

private:
    struct Server;

    StopSignal stopping_;
    std::unique_ptr<Server> server_;
};

}  // namespace crosswalk::sandbox

// What a request that is answered later needs: what its connection and its Answer share, and the thread that sends.
//
// Why      a webhook is acknowledged after a commit that it shares with others. If each connection's thread slept until
//          then, a request would cost two wake-ups of a thread; a Responder sends what one commit decided together.
// Threads  LateReply::take from any thread, once a request; the Responder's thread sends and never waits for a client.
#pragma once

#include "http/server.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace crosswalk::http {

class Connection;
class Responder;

// One connection's answer, request after request. The connection outlives every state but `none`.
struct LateReply : std::enable_shared_from_this<LateReply> {
    enum State : int {
        none,     // nothing is owed
        pending,  // the handler has the request and nobody has answered
        kept,     // answered, and the connection's own thread sends it
        late,     // answered, and the Responder sends it
    };
    LateReply(Connection& of, Responder& by) noexcept : connection(of), responder(by) {}

    void take(Response given) noexcept;

    Connection& connection;
    Responder& responder;
    std::atomic<int> state = none;
    Response response = {};           // with kept and late
    std::thread::id handled_by = {};  // set before the handler is called, as is:
    bool answered_here = false;       // the connection's thread waits for the answer and sends it
};

class Responder {
public:
    Responder() = default;
    Responder(Responder const&) = delete;
    Responder& operator=(Responder const&) = delete;
    ~Responder();

    void start();
    void send_soon(std::shared_ptr<LateReply> reply);

private:
    void run();

    std::mutex mutex_;  // guards what follows
    std::condition_variable changed_;
    std::vector<std::shared_ptr<LateReply>> waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

// Said when a handler failed.
[[nodiscard]] Response unhandled();

}  // namespace crosswalk::http

// One accepted connection from its first byte to its end, and the list of all of them.
//
// Threads  a Connection runs on one pool thread; Connections is safe from any thread.
// Owner    Connections owns every Connection, which takes itself off the list as the last thing it does.
//          It waits for an answer that is still to come, so whoever answers late finds it alive.
//          A Connection borrows what ServerParts points at; the server outlives its threads.
#pragma once

#include "http/channel.hpp"
#include "http/late_answer.hpp"
#include "http/message.hpp"
#include "http/server.hpp"

#include <Poco/Runnable.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace crosswalk::http {

class Connection;

// What a connection is at. `working` is ours, the others wait for the client.
enum class Phase : unsigned char { idle, receiving, working, sending, leaving };

// Who is connected, so that a stop can end them and a newcomer can take a place.
class Connections {
public:
    Connections();
    Connections(Connections const&) = delete;
    Connections& operator=(Connections const&) = delete;
    ~Connections();

    Connection& enter(std::unique_ptr<Connection> connection);
    // Destroys the connection.
    void leave(Connection& connection) noexcept;
    [[nodiscard]] std::size_t open() const noexcept { return open_.load(std::memory_order_relaxed); }
    [[nodiscard]] bool stopping() const noexcept { return stopping_.load(); }

    // From here on stopping() is true, and requests that end now are the last of their connections.
    void refuse_newcomers() noexcept { stopping_.store(true); }
    // After that: ends idle connections now, busy ones after their request or when `grace` is over.
    void stop(std::chrono::milliseconds grace) noexcept;
    // Cuts the slowest client, or else the longest idle one; false when all are quick and busy.
    bool make_place(std::chrono::milliseconds slow_after) noexcept;
    // True once in ten seconds: may the full house be logged?
    [[nodiscard]] bool may_complain() noexcept;

private:
    std::atomic<bool> stopping_ = false;
    std::atomic<std::size_t> open_ = 0;
    std::atomic<std::chrono::steady_clock::rep> complained_ = 0;

    std::mutex mutex_;  // guards what follows
    std::condition_variable left_;
    std::unordered_map<Connection*, std::unique_ptr<Connection>> members_;
};

struct ServerParts {
    ServerOptions const& options;
    LateHandler const& handler;
    telemetry::Logger& logger;
    Poco::Net::Context::Ptr const& tls;  // null: plain
    Connections& connections;
    Responder& responder;
};

class Connection final : public Poco::Runnable {
public:
    // `peer` is the far end's address; `surplus`: it is above the limit, so it waits for a place or is
    // told that there is none.
    Connection(Poco::AutoPtr<PatientSocket> socket, std::string peer, bool surplus, ServerParts const& parts)
        : parts_(parts),
          channel_(std::move(socket)),
          peer_(std::move(peer)),
          surplus_(surplus),
          reply_(std::make_shared<LateReply>(*this, parts.responder)) {}

    void run() override;
    [[nodiscard]] Phase phase() const noexcept { return phase_.load(); }
    [[nodiscard]] std::chrono::steady_clock::time_point since() const noexcept { return since_.load(); }
    // Any thread, while this is a member of Connections.
    void cut() noexcept;
    void enter(Phase phase) noexcept;
    // The Responder's thread: sends the late answer, or ends the connection when that cannot be done at once.
    void send_late() noexcept;

private:
    // What becomes of the connection after a step.
    enum class Next : unsigned char { keep, close };

    [[nodiscard]] Next serve_one();
    [[nodiscard]] bool await_first_byte();
    // A status other than 0 refuses the request.
    struct Refusal {
        int status = 0;
        char const* detail = "";
    };
    [[nodiscard]] Refusal read_request(Request& request, bool& keep);
    [[nodiscard]] Refusal read_body(RequestReader& reader);
    [[nodiscard]] static Refusal refusal_of(Fault fault) noexcept;
    void call_handler(Request const& request) noexcept;
    // The response, or what has to be said instead of one that is no valid HTTP.
    [[nodiscard]] Response checked(Response response) const;
    void await_late_answer() noexcept;
    [[nodiscard]] Next refuse(Refusal const& refusal);
    [[nodiscard]] bool respond(Response const& response, bool head_only, bool keep);
    void compose(Response const& response, bool head_only, bool keep);
    [[nodiscard]] bool await_place() noexcept;
    void refuse_when_full();
    void drain();
    [[nodiscard]] std::chrono::milliseconds idle_time() const noexcept;
    void give_up_in(std::chrono::milliseconds time) noexcept;

    ServerParts const& parts_;
    Channel channel_;
    std::string const peer_;
    bool const surplus_;
    std::string out_;                         // the response on its way; kept for its memory
    std::shared_ptr<LateReply> const reply_;  // shared, because whoever answers may be slower to let go of it than we
    std::atomic<Phase> phase_ = Phase::receiving;
    std::atomic<std::chrono::steady_clock::time_point> since_ = std::chrono::steady_clock::now();  // of the phase
};

}  // namespace crosswalk::http

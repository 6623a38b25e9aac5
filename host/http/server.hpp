// An HTTP/1.1 listener with limits: knows no vendor and no route.
//
// Shape    one handler per server; it gets the whole request and returns the whole response, or gives it later.
// Limits   connections, header bytes, body bytes and the total time of a request; above them the client gets
//          503, 431, 413 or 408 and the handler is never called. A client that sends a byte a second is cut off, and
//          so is one that does not read its answer.
// Full     a newcomer takes the place of the client that has been sending its request, or reading its answer, for
//          longest, if that is longer than `slow_after`; else of the one that has been idle for longest. When
//          every connection is quick and busy the newcomer waits for a moment, and gets the 503 if they still are. So
//          a thousand slow clients keep nobody out.
// Threads  one thread per connection out of a pool that is larger than the connection limit; the handler runs there
//          and must be safe to call concurrently.
//          A late answer is sent by one more thread, which never waits for a client.
// Errors   a handler that throws, or drops its Answer, is answered with 500 and the first is logged.
// Owner    stop() ends the accept loop, lets running requests finish within `grace`, then closes what is left.
// Source   Poco's sockets, TLS and threads, waiting with poll(2): stock Poco opens an epoll set per request.
//          Boost.Beast's parser reads the messages, see message.hpp: Poco's lets malformed ones pass.
#pragma once

#include "model/error.hpp"
#include "model/secret.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::http {

struct Tls {
    std::string certificate;  // path of a PEM file: certificate and chain
    model::Secret key;        // PEM text of the private key
};

struct ServerOptions {
    std::string name = {};  // of the listener, for logs: "hooks"
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one, see Server::port()
    std::optional<Tls> tls = std::nullopt;
    std::size_t connections_max = 1000;
    std::size_t header_bytes_max = 32 * 1024;
    std::size_t body_bytes_max = 1024 * 1024;
    std::chrono::milliseconds request_time_max{10'000};  // from the first byte to the whole body
    std::chrono::milliseconds keep_alive_time{30'000};
    std::chrono::milliseconds slow_after{500};
    // A client that reads its answer more slowly, after request_time_max, is cut.
    std::size_t answer_bytes_per_second_min = 64 * 1024;
};

struct Request {
    std::string method;
    std::string target;                                        // path and query as sent
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    std::string peer;  // address without port

    [[nodiscard]] std::string_view path() const noexcept;  // target without the query
    // The first header of that lower-case name; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
    // The decoded value of a query parameter; nothing when it is not there.
    [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
};

// The JSON body for an error, RFC 9457: {"type":"about:blank","title":…,"status":…,"detail":…,"errors":[…]}.
[[nodiscard]] Response problem(int status, std::string_view detail);
// The status that belongs to the error's code, and its problem body.
[[nodiscard]] Response problem(model::Error const& error);

using Handler = std::function<Response(Request const&)>;

// The answer to one request, given once, from any thread; copies are the same answer. When the last one goes without
// having answered, the client gets 500.
class Answer {
public:
    using Give = std::function<void(Response)>;
    explicit Answer(Give give);
    void operator()(Response response) const noexcept;

private:
    struct Open;
    std::shared_ptr<Open> open_;
};
// For handlers that do not wait for what decides the answer.
using LateHandler = std::function<void(Request const&, Answer)>;

class Server {
public:
    Server(ServerOptions options, Handler handler, telemetry::Logger& logger);
    Server(ServerOptions options, LateHandler handler, telemetry::Logger& logger);
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;
    ~Server();

    // Binds and listens. permission_denied or already_exists name the address and what to do.
    [[nodiscard]] model::Result<void> start();
    void stop(std::chrono::milliseconds grace) noexcept;
    // The port that is listened on; 0 before start.
    [[nodiscard]] std::uint16_t port() const noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace crosswalk::http

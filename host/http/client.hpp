// Outgoing HTTP for connectors: kept connections, verified TLS, deadlines, an egress list.
//
// Shape    send() blocks; one Client serves all connections of the host.
// Errors   an HTTP error status is a response. Without a whole response:
//          unavailable        nothing was sent that the server could have acted on (refused, no route, no connection in
//                             time, TLS failed), or the request was idempotent and failed; GET, HEAD and OPTIONS are
//          deadline_exceeded  the deadline passed; the request may have been applied
//          cancelled          the caller cancelled; may have been applied
//          internal           the connection broke after the request had begun to leave; may have been applied
//          permission_denied  the address is not on the egress list; nothing was sent
//          too_large          the answer is larger than body_bytes_max, or than file_bytes_max when it goes to a file;
//                             the request was applied
//          invalid_argument   the URL, the method or a header is not valid, or ca_file cannot be read; nothing was sent
//          A source that cannot be read, and a sink that does not take an answer, are unavailable, or internal when a
//          request that is not idempotent was answered.
// Files    sent and fetched a piece at a time, however large. Unless send() gives back a 2xx, what the sink was given
//          is not whole; a repeated request begins both anew.
// Threads  safe from any thread. Redirects are not followed: a 3xx is a response.
// Reuse    a kept session that the far end closed is noticed before reuse where possible; a request that is not
//          idempotent is repeated only when not one byte of it had left.
#pragma once

#include "http/file_body.hpp"
#include "model/clock.hpp"
#include "model/error.hpp"
#include "telemetry/log.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::http {

struct ClientOptions {
    std::string user_agent = "crosswalk";
    std::string ca_file = {};  // PEM; empty: the system's store
    std::size_t idle_sessions_per_host_max = 16;
    std::chrono::milliseconds idle_time_max{30'000};
    std::size_t body_bytes_max = 32 * 1024 * 1024;
    std::chrono::milliseconds connect_time_max{10'000};
};

struct ClientRequest {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    bool idempotent = false;
    std::chrono::steady_clock::time_point deadline{};  // required
    std::atomic<bool> const* cancelled = nullptr;      // may be absent
    // Sent after `body` and before `body_tail`; all three are one body. May be absent.
    FileSource* body_file = nullptr;
    std::string body_tail = {};
    // Where the body of a 2xx goes; any other answer stays in ClientResponse::body. Absent: always there.
    FileSink* to_file = nullptr;
    std::int64_t file_bytes_max = std::int64_t{64} * 1024 * 1024;  // of to_file
};

struct ClientResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
    std::string body = {};
    std::optional<std::chrono::milliseconds> retry_after = {};  // from seconds or an HTTP date
    std::int64_t file_size = 0;                                 // of to_file, when the body went there
};

// Host names that a connection may talk to: exact, or "*.example.com" for any depth below it. Plain http:// is allowed
// for loopback addresses only.
class EgressPolicy {
public:
    explicit EgressPolicy(std::vector<std::string> hosts);
    // permission_denied names the host, invalid_argument a malformed URL. A doubled scheme
    // ("https://https://…") is named as such.
    [[nodiscard]] model::Result<void> check(std::string_view url) const;

private:
    std::vector<std::string> hosts_;
};

class Client {
public:
    Client(ClientOptions options, model::Clock const& clock, telemetry::Logger& logger);
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;
    ~Client();

    [[nodiscard]] model::Result<ClientResponse> send(ClientRequest const& request);
    // Ends every wait of every send with cancelled; used at shutdown.
    void cancel_all() noexcept;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace crosswalk::http

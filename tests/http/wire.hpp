// Raw sockets for tests that must say exactly what is on the wire.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace crosswalk::http {

// A client that sends bytes as told and reads what comes back.
class RawClient {
public:
    explicit RawClient(std::uint16_t port);

    void send(std::string_view bytes);
    // True when all was taken; false when the server had cut the connection.
    [[nodiscard]] bool try_send(std::string_view bytes) noexcept;
    // One response: its head and, by Content-Length, its body. Empty when the connection ends first.
    [[nodiscard]] std::string read_response();
    // Everything until the server ends the connection.
    [[nodiscard]] std::string read_all();
    // True when nothing more comes and the server ended the connection within the time.
    [[nodiscard]] bool ends_within(std::chrono::milliseconds time);

private:
    [[nodiscard]] bool receive();

    Poco::Net::StreamSocket socket_;
    std::string buffer_;
};

// The status in a raw response; 0 when there is none.
[[nodiscard]] int status_of(std::string_view response);
[[nodiscard]] std::string body_of(std::string_view response);

// A server on a free loopback port; runs `script` for each connection, one after another, on its own thread. Its end
// cuts the connection that the script is at.
class RawServer {
public:
    // `number` counts connections from 1.
    using Script = std::function<void(Poco::Net::StreamSocket& peer, int number)>;
    explicit RawServer(Script script);
    RawServer(RawServer const&) = delete;
    RawServer& operator=(RawServer const&) = delete;
    ~RawServer();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] int connections() const noexcept { return connections_.load(); }

private:
    void run() noexcept;
    // False when the server is ending.
    [[nodiscard]] bool attend(Poco::Net::StreamSocket const& peer);

    Script const script_;
    Poco::Net::ServerSocket listener_;
    std::atomic<int> connections_ = 0;
    std::mutex mutex_;                 // guards what follows
    Poco::Net::StreamSocket current_;  // to be cut when the server ends
    bool ending_ = false;
    std::jthread thread_;
};

// Reads one request, head and sized body, from a RawServer's peer; empty when the peer ended.
[[nodiscard]] std::string read_request(Poco::Net::StreamSocket& peer);
void write_all(Poco::Net::StreamSocket& peer, std::string_view bytes);
// A port on which nobody listens.
[[nodiscard]] std::uint16_t closed_port();

}  // namespace crosswalk::http

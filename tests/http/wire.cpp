#include "http/wire.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>

#include <utility>

namespace crosswalk::http {
namespace {

Poco::Net::SocketAddress loopback(std::uint16_t port) {
    return {"127.0.0.1", port};
}

// The size of the message at the start of `bytes`; npos when it is not whole.
std::size_t message_size(std::string const& bytes) {
    auto const head = bytes.find("\r\n\r\n");
    if (head == std::string::npos) {
        return std::string::npos;
    }
    auto const length = bytes.find("Content-Length: ");
    auto const body = length < head ? std::stoul(bytes.substr(length + 16)) : 0;
    return bytes.size() >= head + 4 + body ? head + 4 + body : std::string::npos;
}

}  // namespace

RawClient::RawClient(std::uint16_t port) : socket_(loopback(port)) {
    socket_.setReceiveTimeout(Poco::Timespan(20, 0));
    socket_.setNoDelay(true);
}

void RawClient::send(std::string_view bytes) {
    write_all(socket_, bytes);
}

bool RawClient::try_send(std::string_view bytes) noexcept {
    try {
        send(bytes);
        return true;
    } catch (std::exception const&) {
        return false;
    }
}

bool RawClient::receive() {
    char bytes[4096];
    try {
        auto const size = socket_.receiveBytes(bytes, sizeof bytes);
        buffer_.append(bytes, static_cast<std::size_t>(size));
        return size > 0;
    } catch (Poco::Net::NetException const&) {
        return false;
    }
}

std::string RawClient::read_response() {
    auto size = message_size(buffer_);
    while (size == std::string::npos) {
        if (!receive()) {
            return {};
        }
        size = message_size(buffer_);
    }
    auto response = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return response;
}

std::string RawClient::read_all() {
    while (receive()) {
    }
    return std::exchange(buffer_, {});
}

bool RawClient::ends_within(std::chrono::milliseconds time) {
    socket_.setReceiveTimeout(Poco::Timespan(time.count() * 1000));
    char byte = 0;
    try {
        return buffer_.empty() && socket_.receiveBytes(&byte, 1) == 0;
    } catch (Poco::TimeoutException const&) {
        return false;
    } catch (Poco::Exception const&) {
        return true;
    }
}

int status_of(std::string_view response) {
    return response.starts_with("HTTP/1.1 ") ? std::stoi(std::string(response.substr(9, 3))) : 0;
}

std::string body_of(std::string_view response) {
    auto const head = response.find("\r\n\r\n");
    return head == std::string_view::npos ? std::string() : std::string(response.substr(head + 4));
}

RawServer::RawServer(Script script) : script_(std::move(script)), listener_(loopback(0)), thread_([this] { run(); }) {}

void RawServer::run() noexcept {
    for (;;) {
        try {
            auto peer = listener_.acceptConnection();
            if (!attend(peer)) {
                return;
            }
            peer.setReceiveTimeout(Poco::Timespan(20, 0));
            script_(peer, ++connections_);
        } catch (std::exception const&) {
            // The client left in the middle of the script.
        }
        static_cast<void>(attend({}));  // so that the peer is closed now
    }
}

bool RawServer::attend(Poco::Net::StreamSocket const& peer) {
    std::lock_guard const lock(mutex_);
    current_ = peer;
    return !ending_;
}

RawServer::~RawServer() {
    Poco::Net::StreamSocket wake;
    try {
        std::lock_guard const lock(mutex_);
        ending_ = true;
        wake.connectNB(loopback(port()));
        current_.shutdown();
    } catch (std::exception const&) {
        return;  // there was no connection to cut
    }
}

std::uint16_t RawServer::port() const {
    return listener_.address().port();
}

std::string read_request(Poco::Net::StreamSocket& peer) {
    std::string bytes;
    while (message_size(bytes) == std::string::npos) {
        char piece[4096];
        auto const size = peer.receiveBytes(piece, sizeof piece);
        if (size <= 0) {
            return {};
        }
        bytes.append(piece, static_cast<std::size_t>(size));
    }
    return bytes;
}

void write_all(Poco::Net::StreamSocket& peer, std::string_view bytes) {
    while (!bytes.empty()) {
        auto const sent = peer.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::uint16_t closed_port() {
    Poco::Net::ServerSocket const socket(loopback(0));
    return socket.address().port();
}

}  // namespace crosswalk::http

// Both ends of HTTP: what a stranger sends to our listener, and what a server answers to our client.
//
// Why a socket  the readers pull their bytes from one; a loopback connection that is cut afterwards costs little and
//               leaves no port behind.
#include "fuzz/targets.hpp"
#include "http/channel.hpp"
#include "http/client.hpp"
#include "http/connection.hpp"
#include "http/exchange.hpp"
#include "http/file_body.hpp"
#include "http/listener.hpp"
#include "http/url.hpp"
#include "model/clock.hpp"
#include "support/fake_clock.hpp"

#include <Poco/Net/NetException.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <chrono>
#include <sstream>

namespace crosswalk::fuzz {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t input_bytes_max = 32 * 1024;  // fits into the sockets' buffers, so that nobody waits
constexpr std::size_t body_bytes_max = 8 * 1024;
constexpr std::size_t head_bytes_max = 4 * 1024;

// A connection whose far end has said everything and closed its direction.
class Wire {
public:
    explicit Wire(std::string_view bytes) {
        static http::Listener listener(Poco::Net::SocketAddress("127.0.0.1", 0));
        static std::uint16_t const port = listener.port();
        far_.connect(Poco::Net::SocketAddress("127.0.0.1", port));
        far_.setLinger(true, 0);
        Poco::Net::SocketAddress peer;
        near_ = listener.accept(peer);
        require(!near_.isNull(), "a loopback connection is accepted");
        far_.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
        far_.shutdownSend();
    }
    Wire(Wire const&) = delete;
    Wire& operator=(Wire const&) = delete;
    // Reset, not closed in order: no port waits for late packets.
    ~Wire() { far_.close(); }

    [[nodiscard]] Poco::AutoPtr<http::PatientSocket> near() { return std::move(near_); }
    // What our side sent, as far as it is there.
    [[nodiscard]] std::string received() {
        std::string all;
        char block[16 * 1024];
        far_.setBlocking(false);
        try {
            for (int got = 1; got > 0;) {
                got = far_.receiveBytes(block, sizeof block);
                all.append(block, static_cast<std::size_t>(std::max(got, 0)));
            }
        } catch (Poco::Exception const&) {
            return all;  // reset by our side
        }
        return all;
    }

private:
    Poco::Net::StreamSocket far_;
    Poco::AutoPtr<http::PatientSocket> near_;
};

// Takes a body that is too large for memory, and counts.
class Counting final : public http::FileSink {
public:
    [[nodiscard]] model::Result<void> begin() override {
        bytes_ = 0;
        return {};
    }
    [[nodiscard]] model::Result<void> add(std::string_view bytes) override {
        bytes_ += bytes.size();
        require(bytes_ <= body_bytes_max, "a file is within its limit");
        return {};
    }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
    std::size_t bytes_ = 0;
};

bool are_safe(http::Headers const& headers) {
    return std::all_of(headers.begin(), headers.end(), [](auto const& header) {
        bool const lower =
            std::none_of(header.first.begin(), header.first.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
        return lower && http::is_token(header.first) && http::is_field_value(header.second);
    });
}

http::Response answer(http::Request const& request) {
    require(http::is_token(request.method), "a method is a token");
    require(!request.target.empty() && http::is_field_value(request.target) &&
                request.target.find(' ') == std::string::npos,
            "a target has neither blanks nor control characters");
    require(are_safe(request.headers), "headers are lower-case tokens and clean values");
    require(request.body.size() <= body_bytes_max, "a body is within its limit");
    auto const hosts = std::count_if(request.headers.begin(), request.headers.end(),
                                     [](auto const& header) { return header.first == "host"; });
    require(hosts <= 1, "there is at most one Host");
    static_cast<void>(request.path());
    static_cast<void>(request.query("token"));
    return {200, "text/plain", "ok", {}};
}

}  // namespace

void run_http_request(std::string_view input) {
    static support::FakeClock const clock;
    static std::ostringstream log;
    static telemetry::Logger logger(log, clock);
    static http::ServerOptions const options = [] {
        http::ServerOptions made;
        made.header_bytes_max = head_bytes_max;
        made.body_bytes_max = body_bytes_max;
        made.request_time_max = 500ms;
        made.keep_alive_time = 500ms;
        return made;
    }();
    static http::LateHandler const handler = [](http::Request const& request, http::Answer const& give) {
        give(answer(request));
    };
    static Poco::Net::Context::Ptr const plain;
    log.str({});
    Wire wire(input.substr(0, input_bytes_max));
    http::Connections connections;
    http::Responder responder;  // every answer is given at once, so its thread is not needed
    http::ServerParts const parts{options, handler, logger, plain, connections, responder};
    connections.enter(std::make_unique<http::Connection>(wire.near(), "127.0.0.1", false, parts)).run();
    require(connections.open() == 0, "a connection takes itself off the list");
    std::string const sent = wire.received();
    require(sent.empty() || sent.starts_with("HTTP/1.1 "), "what is answered is HTTP");
    require(sent.find("HTTP/1.1 500 ") == std::string::npos, "no request makes the handler fail");
}

// The first byte decides what was asked for: 1 HEAD, 2 into a file.
void run_http_response(std::string_view input) {
    std::uint8_t const how = take_byte(input).value_or(0);
    Wire wire(input.substr(0, input_bytes_max));
    http::Channel channel(wire.near());
    channel.socket().give_up_at(std::chrono::steady_clock::now() + 500ms);
    Counting file;
    http::Destination to;
    to.head_request = (how & 1U) != 0;
    to.body_bytes_max = body_bytes_max;
    if ((how & 2U) != 0) {
        to.file = &file;
        to.file_bytes_max = body_bytes_max;
    }
    http::Message const message{.lead = "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n"};
    http::Reply const reply = http::exchange(channel, message, to);
    if (reply.how != http::Transfer::done) {
        return;
    }
    require(reply.begun, "a whole response has begun");
    require(reply.response.status >= 200 && reply.response.status <= 999, "a final status has three digits");
    require(are_safe(reply.response.headers), "headers are lower-case tokens and clean values");
    require(reply.response.body.size() <= body_bytes_max, "a body is within its limit");
    require(reply.response.file_size == static_cast<std::int64_t>(file.bytes()), "a file's size is what it was given");
    require(!to.head_request || reply.response.body.empty(), "nothing follows a HEAD");
}

void run_url(std::string_view input) {
    static http::EgressPolicy const policy({"api.example.com", "*.example.org", "127.0.0.1"});
    auto const url = http::parse_url(input);
    bool const allowed = policy.check(input).has_value();
    if (!url) {
        require(!allowed, "what is no URL is not allowed");
        return;
    }
    require(!url->host.empty() && url->host.find_first_of("/@ \r\n") == std::string::npos, "a host is a host");
    require(url->target.starts_with('/') && http::is_field_value(url->target) &&
                url->target.find_first_of(" #") == std::string::npos,
            "a target may stand in a request line");
    require(http::is_field_value(url->authority), "an authority may stand in a Host header");
    bool const listed = url->host == "api.example.com" || url->host.ends_with(".example.org") || url->is_loopback();
    require(!allowed || listed, "only listed hosts are allowed");
    require(!allowed || url->secure || url->is_loopback(), "nothing leaves this machine without TLS");
}

}  // namespace crosswalk::fuzz

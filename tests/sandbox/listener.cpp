#include "sandbox/listener.hpp"

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/ThreadPool.h>

#include <algorithm>
#include <array>

#ifdef __SANITIZE_THREAD__
// stopAll() ends connections through delegates whose last owner is told by an atomic count inside libPocoNet. Debian's
// libPocoNet is not built with TSan, so TSan does not see that count and takes the last release for a race. Only that
// destructor is left out; everything of ours is watched.
extern "C" char const* __tsan_default_suppressions();
extern "C" char const* __tsan_default_suppressions() {
    return "race:^Poco::Delegate<Poco::Net::HTTPServerConnection\n";
}
#endif

namespace crosswalk::sandbox {
namespace {

namespace net = Poco::Net;

constexpr std::size_t body_bytes_max = 32UL * 1024 * 1024;
constexpr int connections_waiting_max = 1000;

// False when the body is longer than the sandbox reads.
bool read_body(std::istream& stream, std::string& body) {
    std::array<char, 16 * 1024> block{};
    while (stream.read(block.data(), block.size()) || stream.gcount() > 0) {
        body.append(block.data(), static_cast<std::size_t>(stream.gcount()));
        if (body.size() > body_bytes_max) {
            return false;
        }
    }
    return true;
}

// The status with which a request is turned away before anybody looks at it; 0 for a readable one.
int read_request(net::HTTPServerRequest& from, Request& request) {
    std::string const& uri = from.getURI();
    auto const question = uri.find('?');
    request.method = from.getMethod();
    request.target = uri.substr(0, question);
    auto path = split_path(request.target);
    auto query =
        split_query(question == std::string::npos ? std::string_view() : std::string_view(uri).substr(question + 1));
    if (!path || !query || request.target.empty() || request.target.front() != '/') {
        return 400;
    }
    path->erase(path->begin());
    request.path = std::move(*path);
    request.query = std::move(*query);
    for (auto const& [name, value] : from) {
        request.headers.push_back({name, value});
    }
    // Neither a length nor chunks means no body (RFC 9112, 6.3); Poco would read until the other side hangs up.
    if (!from.hasContentLength() && !from.getChunkedTransferEncoding()) {
        return 0;
    }
    return read_body(from.stream(), request.body) ? 0 : 413;
}

class Exchange : public net::HTTPRequestHandler {
public:
    Exchange(Listener::ReplyFunction const& reply, StopSignal& stopping) : reply_(reply), stopping_(stopping) {}

    void handleRequest(net::HTTPServerRequest& from, net::HTTPServerResponse& to) override {
        Request request;
        if (int const refused = read_request(from, request); refused != 0) {
            to.setKeepAlive(false);
            send({.answer = control_refusal(refused, "the request cannot be read")}, to);
            return;
        }
        Reply const reply = reply_(request);
        if (reply.cut) {
            // The session only looks at keep-alive after this returns; without it, it would wait for another request.
            to.setKeepAlive(false);
            dynamic_cast<net::HTTPServerRequestImpl&>(from).socket().shutdown();
            return;
        }
        send(reply, to);
    }

private:
    void send(Reply const& reply, net::HTTPServerResponse& to) {
        Answer const& answer = reply.answer;
        to.setStatusAndReason(static_cast<net::HTTPResponse::HTTPStatus>(answer.status));
        for (Pair const& header : answer.headers) {
            to.set(header.name, header.value);
        }
        if (answer.status == net::HTTPResponse::HTTP_NO_CONTENT) {
            to.setContentLength(0);
            to.send();
            return;
        }
        to.setContentType(answer.content_type);
        if (reply.drip_bytes == 0) {
            to.sendBuffer(answer.body.data(), answer.body.size());
            return;
        }
        to.setContentLength64(static_cast<Poco::Int64>(answer.body.size()));
        std::ostream& stream = to.send();
        std::string_view rest = answer.body;
        while (!rest.empty() && stream.good()) {
            std::string_view const piece = rest.substr(0, reply.drip_bytes);
            stream.write(piece.data(), static_cast<std::streamsize>(piece.size()));
            stream.flush();
            rest.remove_prefix(piece.size());
            if (stopping_.wait_for(reply.drip_gap)) {
                return;
            }
        }
    }

    Listener::ReplyFunction const& reply_;
    StopSignal& stopping_;
};

class Exchanges : public net::HTTPRequestHandlerFactory {
public:
    Exchanges(Listener::ReplyFunction reply, StopSignal& stopping) : reply_(std::move(reply)), stopping_(stopping) {}

    net::HTTPRequestHandler* createRequestHandler(net::HTTPServerRequest const& request) override;

private:
    Listener::ReplyFunction const reply_;
    StopSignal& stopping_;
};

// Poco owns what a factory returns.
net::HTTPRequestHandler* Exchanges::createRequestHandler(net::HTTPServerRequest const& /*request*/) {
    return std::make_unique<Exchange>(reply_, stopping_).release();
}

}  // namespace

struct Listener::Server {
    Server(net::HTTPRequestHandlerFactory::Ptr factory, net::ServerSocket const& socket, int threads,
           net::HTTPServerParams::Ptr const& params)
        : pool("sandbox-http", 2, threads), http(std::move(factory), pool, socket, params) {}

    Poco::ThreadPool pool;
    net::HTTPServer http;
};

Listener::Listener() = default;

Listener::~Listener() {
    stop();
}

model::Result<std::uint16_t> Listener::start(std::uint16_t port, int threads, ReplyFunction reply) {
    try {
        stopping_.lower();
        net::ServerSocket const socket(net::SocketAddress("127.0.0.1", port), connections_waiting_max);
        net::HTTPServerParams::Ptr params = new net::HTTPServerParams;
        params->setKeepAlive(true);
        params->setMaxThreads(threads);
        params->setMaxQueued(connections_waiting_max);
        params->setKeepAliveTimeout(Poco::Timespan(15, 0));
        params->setTimeout(Poco::Timespan(30, 0));
        net::HTTPRequestHandlerFactory::Ptr const factory = new Exchanges(std::move(reply), stopping_);
        server_ = std::make_unique<Server>(factory, socket, threads, params);
        server_->http.start();
        return server_->http.port();
    } catch (Poco::Exception const& exception) {
        server_.reset();
        return model::Error{model::ErrorCode::unavailable, "the sandbox cannot listen: " + exception.displayText()};
    }
}

void Listener::stop() {
    stopping_.raise();
    if (server_) {
        server_->http.stopAll(true);
        server_->pool.joinAll();
        server_.reset();
    }
}

}  // namespace crosswalk::sandbox

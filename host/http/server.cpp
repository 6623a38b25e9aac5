#include "http/server.hpp"

#include "http/connection.hpp"
#include "http/listener.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketDefs.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/Net/TCPServerConnectionFactory.h>
#include <Poco/ThreadPool.h>

#include <atomic>

namespace crosswalk::http {
namespace {

// Threads above the connection limit, to tell the connections above it that they are too many.
constexpr int reserve_threads = 16;
// A thread that ends is free a moment after Poco counts it as free; the pool has room for those.
constexpr int leaving_threads = 64;
constexpr int queued_max = 256;

class Factory final : public Poco::Net::TCPServerConnectionFactory {
public:
    explicit Factory(ServerParts const& parts) noexcept : parts_(parts) {}
    Poco::Net::TCPServerConnection* createConnection(Poco::Net::StreamSocket const& socket) override {
        return new Connection(socket, parts_);
    }

private:
    ServerParts const& parts_;
};

model::Error bind_error(std::string const& address, Poco::Exception const& failure) {
    if (failure.code() == POCO_EADDRINUSE) {
        return {model::ErrorCode::already_exists,
                "Another program listens on " + address + ": stop it or configure another port."};
    }
    if (failure.code() == POCO_EACCES) {
        return {model::ErrorCode::permission_denied,
                "Listening on " + address + " is not allowed: use a port above 1023 or grant the privilege."};
    }
    return {model::ErrorCode::invalid_argument,
            "Cannot listen on " + address + ": " + failure.displayText() + ". Check the address."};
}

}  // namespace

class Server::Impl {
public:
    Impl(ServerOptions options, Handler handler, telemetry::Logger& logger)
        : options_(std::move(options)), handler_(std::move(handler)), logger_(logger) {}

    [[nodiscard]] model::Result<void> start();
    void stop(std::chrono::milliseconds grace) noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept { return port_.load(); }

private:
    ServerOptions const options_;
    Handler const handler_;
    telemetry::Logger& logger_;

    std::atomic<std::uint16_t> port_ = 0;
    Poco::Net::Context::Ptr tls_;
    Connections connections_;
    ServerParts const parts_{options_, handler_, logger_, tls_, connections_};
    Poco::AutoPtr<ListenerImpl> listener_;
    std::unique_ptr<Poco::ThreadPool> pool_;
    std::unique_ptr<Poco::Net::TCPServer> server_;
};

model::Result<void> Server::Impl::start() {
    platform::ignore_broken_pipe_signal();
    if (options_.tls) {
        auto context = server_context(options_.tls->certificate, options_.tls->key);
        if (!context) {
            return context.error();
        }
        tls_ = *context;
    }
    auto const address = options_.address + ":" + std::to_string(options_.port);
    try {
        listener_ = new ListenerImpl(Poco::Net::SocketAddress(options_.address, options_.port));
        Listener const listener(listener_.duplicate());
        auto const threads = static_cast<int>(options_.connections_max) + reserve_threads;
        pool_ = std::make_unique<Poco::ThreadPool>(options_.name, 2, threads + leaving_threads);
        Poco::Net::TCPServerParams::Ptr params = new Poco::Net::TCPServerParams;
        params->setMaxThreads(threads);
        params->setMaxQueued(queued_max);
        server_ = std::make_unique<Poco::Net::TCPServer>(new Factory(parts_), *pool_, listener, params);
        server_->start();
        port_.store(listener.address().port());
    } catch (Poco::Exception const& failure) {
        server_.reset();
        listener_.reset();
        return bind_error(address, failure);
    }
    logger_.info("Listening.", {{"listener", options_.name},
                                {"address", options_.address},
                                {"port", port_.load()},
                                {"tls", options_.tls.has_value()}});
    return {};
}

void Server::Impl::stop(std::chrono::milliseconds grace) noexcept {
    if (!server_) {
        return;
    }
    listener_->wake();
    server_->stop();
    listener_->close();  // refuses newcomers from here on, while running requests end
    connections_.stop(grace);
    pool_->joinAll();
    server_.reset();
    pool_.reset();
    listener_.reset();
    logger_.info("Stopped listening.", {{"listener", options_.name}});
}

Server::Server(ServerOptions options, Handler handler, telemetry::Logger& logger)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler), logger)) {}

Server::~Server() {
    stop(std::chrono::milliseconds(0));
}

model::Result<void> Server::start() {
    return impl_->start();
}

void Server::stop(std::chrono::milliseconds grace) noexcept {
    impl_->stop(grace);
}

std::uint16_t Server::port() const noexcept {
    return impl_->port();
}

}  // namespace crosswalk::http

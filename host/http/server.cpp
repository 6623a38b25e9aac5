#include "http/server.hpp"

#include "http/connection.hpp"
#include "http/listener.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketDefs.h>
#include <Poco/ThreadPool.h>

#include <atomic>
#include <thread>

namespace crosswalk::http {
namespace {

// Threads above the connection limit, to tell the connections above it that they are too many.
constexpr std::size_t surplus_max = 16;
// A thread is free a moment after its connection has left; the pool has room for those.
constexpr std::size_t leaving_threads = 64;
// What is above even the surplus gets these bytes from the accept thread, without a look at its request.
constexpr char const* full_response =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

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
    Impl(ServerOptions options, LateHandler handler, telemetry::Logger& logger)
        : options_(std::move(options)), handler_(std::move(handler)), logger_(logger) {}

    [[nodiscard]] model::Result<void> start();
    void stop(std::chrono::milliseconds grace) noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept { return port_.load(); }

private:
    void accept_loop() noexcept;
    void admit(Poco::AutoPtr<PatientSocket> socket, Poco::Net::SocketAddress const& peer);
    [[nodiscard]] bool make_place() noexcept;
    void turn_away(Poco::AutoPtr<PatientSocket> socket) noexcept;

    ServerOptions const options_;
    LateHandler const handler_;
    telemetry::Logger& logger_;

    std::atomic<std::uint16_t> port_ = 0;
    Poco::Net::Context::Ptr tls_;
    Connections connections_;
    Responder responder_;
    ServerParts const parts_{options_, handler_, logger_, tls_, connections_, responder_};
    std::unique_ptr<Listener> listener_;
    std::unique_ptr<Poco::ThreadPool> pool_;
    std::thread accept_thread_;
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
        listener_ = std::make_unique<Listener>(Poco::Net::SocketAddress(options_.address, options_.port));
        auto const threads = options_.connections_max + surplus_max + leaving_threads;
        pool_ = std::make_unique<Poco::ThreadPool>(options_.name, 2, static_cast<int>(threads));
        responder_.start();
        accept_thread_ = std::thread([this] { accept_loop(); });
        port_.store(listener_->port());
    } catch (Poco::Exception const& failure) {
        listener_.reset();
        return bind_error(address, failure);
    } catch (std::system_error const&) {
        listener_.reset();
        return model::Error{model::ErrorCode::unavailable, "No thread is left to listen on " + address + "."};
    }
    logger_.info("Listening.", {{"listener", options_.name},
                                {"bound_to", options_.address},
                                {"port", port_.load()},
                                {"tls", options_.tls.has_value()}});
    return {};
}

void Server::Impl::accept_loop() noexcept {
    while (!connections_.stopping()) {
        Poco::Net::SocketAddress peer;
        auto socket = listener_->accept(peer);
        if (!socket) {
            continue;
        }
        try {
            admit(socket, peer);
        } catch (std::exception const&) {
            turn_away(socket);
        }
    }
}

void Server::Impl::admit(Poco::AutoPtr<PatientSocket> socket, Poco::Net::SocketAddress const& peer) {
    auto const open = connections_.open();
    if (open >= options_.connections_max + surplus_max) {
        turn_away(socket);
        return;
    }
    auto const surplus = open >= options_.connections_max && !make_place();
    auto& connection =
        connections_.enter(std::make_unique<Connection>(socket, peer.host().toString(), surplus, parts_));
    try {
        pool_->start(connection);
    } catch (Poco::Exception const&) {
        connections_.leave(connection);
        throw;
    }
}

bool Server::Impl::make_place() noexcept {
    if (connections_.may_complain()) {
        logger_.warn("The connection limit is reached.",
                     {{"listener", options_.name}, {"connections_max", options_.connections_max}});
    }
    return connections_.make_place(options_.slow_after);
}

void Server::Impl::turn_away(Poco::AutoPtr<PatientSocket> socket) noexcept {
    if (connections_.may_complain()) {
        logger_.warn("Connections are turned away.", {{"listener", options_.name}});
    }
    if (!tls_) {
        socket->give_up_at(std::chrono::steady_clock::now());
        static_cast<void>(Channel(socket).send(full_response));
    }
}

void Server::Impl::stop(std::chrono::milliseconds grace) noexcept {
    if (!accept_thread_.joinable()) {
        return;
    }
    connections_.refuse_newcomers();
    listener_->wake();
    accept_thread_.join();
    listener_.reset();  // refuses newcomers from here on, while running requests end
    connections_.stop(grace);
    pool_->joinAll();
    pool_.reset();
    logger_.info("Stopped listening.", {{"listener", options_.name}});
}

Server::Server(ServerOptions options, Handler handler, telemetry::Logger& logger)
    : Server(std::move(options),
             LateHandler([handler = std::move(handler)](Request const& request, Answer const& answer) {
                 answer(handler(request));
             }),
             logger) {}

Server::Server(ServerOptions options, LateHandler handler, telemetry::Logger& logger)
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

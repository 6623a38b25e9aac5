#include "http/listener.hpp"

#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <thread>

namespace crosswalk::http {
namespace {

constexpr int backlog = 1024;
// Only a fallback: a stop that could not wake the accept thread still ends within this time.
constexpr std::chrono::milliseconds wait_max{2000};
// Out of descriptors or memory: the queue stays readable, so pause instead of spinning.
constexpr std::chrono::milliseconds exhausted_pause{50};

}  // namespace

Listener::Listener(Poco::Net::SocketAddress const& address) {
    // Not reusePort: a second host on the same port must fail, not take every other connection.
    socket_.bind(address, true, false);
    socket_.listen(backlog);
    socket_.setBlocking(false);  // a client that leaves between poll and accept must not hold us
}

Poco::AutoPtr<PatientSocket> Listener::accept(Poco::Net::SocketAddress& peer) noexcept {
    auto* const impl = socket_.impl();
    if (!platform::wait_socket(static_cast<platform::NativeSocket>(impl->sockfd()), true, false, wait_max) ||
        woken_.load()) {
        return {};
    }
    try {
        Poco::AutoPtr<Poco::Net::SocketImpl> accepted = impl->acceptConnection(peer);
        Poco::AutoPtr<PatientSocket> socket = new PatientSocket(std::move(accepted));
        socket->setNoDelay(true);
        return socket;
    } catch (std::exception const&) {
        std::this_thread::sleep_for(exhausted_pause);
        return {};
    }
}

void Listener::wake() noexcept {
    woken_.store(true);
    try {
        // A connection to ourselves works on every system. When the queue is too full for it, the thread is awake.
        auto const bound = socket_.address();
        auto const is_v6 = bound.host().family() == Poco::Net::IPAddress::IPv6;
        auto const host = bound.host().isWildcard() ? Poco::Net::IPAddress(is_v6 ? "::1" : "127.0.0.1") : bound.host();
        Poco::Net::StreamSocket().connectNB(Poco::Net::SocketAddress(host, bound.port()));
    } catch (std::exception const&) {
        return;  // wait_max bounds the wait instead
    }
}

}  // namespace crosswalk::http

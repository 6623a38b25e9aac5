#include "http/listener.hpp"

#include "http/patient_socket.hpp"

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

ListenerImpl::ListenerImpl(Poco::Net::SocketAddress const& address) {
    // Not reusePort: a second host on the same port must fail, not take every other connection.
    bind(address, true, false);
    listen(backlog);
}

Poco::Net::SocketImpl* ListenerImpl::acceptConnection(Poco::Net::SocketAddress& peer) {
    exhausted_ = true;
    Poco::AutoPtr<Poco::Net::SocketImpl> accepted = ServerSocketImpl::acceptConnection(peer);
    auto* const socket = new PatientSocket(std::move(accepted));
    exhausted_ = false;
    return socket;
}

bool ListenerImpl::poll(Poco::Timespan const& /*timeout*/, int /*mode*/) {
    if (stopping_.load()) {
        std::this_thread::yield();  // Poco sets its own flag a moment after wake()
        return false;
    }
    if (exhausted_) {
        std::this_thread::sleep_for(exhausted_pause);
    }
    return platform::wait_socket(static_cast<platform::NativeSocket>(sockfd()), true, false, wait_max) &&
           !stopping_.load();
}

void ListenerImpl::wake() noexcept {
    stopping_.store(true);
    try {
        // A connection to ourselves works on every system. When the queue is too full for it, the thread is awake.
        auto const bound = address();
        auto const host =
            bound.host().isWildcard()
                ? Poco::Net::IPAddress(bound.host().family() == Poco::Net::IPAddress::IPv6 ? "::1" : "127.0.0.1")
                : bound.host();
        Poco::Net::StreamSocket().connectNB(Poco::Net::SocketAddress(host, bound.port()));
    } catch (std::exception const&) {
        return;  // wait_max bounds the wait instead
    }
}

}  // namespace crosswalk::http

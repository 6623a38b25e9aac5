// The listening socket: accepts PatientSockets and sleeps until there is one.
//
// Why      Poco's accept loop asks poll() four times a second; this one answers only when a connection came, when
//          wake() was called, or every two seconds.
// Threads  poll and acceptConnection: the accept thread. wake: any.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/ServerSocketImpl.h>
#include <Poco/Net/SocketAddress.h>

#include <atomic>

namespace crosswalk::http {

class ListenerImpl final : public Poco::Net::ServerSocketImpl {
public:
    // Throws Poco's exception when the address cannot be had.
    explicit ListenerImpl(Poco::Net::SocketAddress const& address);

    Poco::Net::SocketImpl* acceptConnection(Poco::Net::SocketAddress& peer) override;
    bool poll(Poco::Timespan const& timeout, int mode) override;
    // From now on poll() returns at once.
    void wake() noexcept;

private:
    std::atomic<bool> stopping_ = false;
    bool exhausted_ = false;  // accept thread only: the last accept failed
};

// Shares a ListenerImpl with Poco's TCPServer.
class Listener final : public Poco::Net::ServerSocket {
public:
    explicit Listener(ListenerImpl* impl) : ServerSocket(impl, true) {}
};

}  // namespace crosswalk::http

// The listening socket: gives out PatientSockets and sleeps until there is one.
//
// Why      Poco's accept loop wakes up four times a second; this one for a connection, for wake(), or every two
// seconds. Threads  accept: one thread. wake: any.
#pragma once

#include "http/patient_socket.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <atomic>
#include <cstdint>

namespace crosswalk::http {

class Listener {
public:
    // Throws Poco's exception when the address cannot be had.
    explicit Listener(Poco::Net::SocketAddress const& address);

    [[nodiscard]] std::uint16_t port() const { return socket_.address().port(); }
    // Null when none came in the time, or wake() was called.
    [[nodiscard]] Poco::AutoPtr<PatientSocket> accept(Poco::Net::SocketAddress& peer) noexcept;
    // From now on accept() returns at once.
    void wake() noexcept;

private:
    Poco::Net::ServerSocket socket_;
    std::atomic<bool> woken_ = false;
};

}  // namespace crosswalk::http

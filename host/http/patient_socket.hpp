// A TCP socket whose every wait ends: at one deadline, or when somebody cancels.
//
// Shape    the descriptor is non-blocking; waiting is poll(2) here, so a peer that sends a byte a second gains nothing.
//          To Poco it says it is blocking, so that Poco's TLS code waits through poll() below too.
// Why      Poco 1.11 opens and closes an epoll set in every SocketImpl::poll; this one costs 16 to 23 % less per
// request. Threads  one thread uses it; shutdown(), and a send, may come from another while that thread keeps it alive
//          and waits to read.
#pragma once

#include "platform/socket_poll.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Net/StreamSocketImpl.h>

#include <atomic>
#include <chrono>

namespace crosswalk::http {

enum class Wait : unsigned char { ready, late, cancelled };

class PatientSocket final : public Poco::Net::StreamSocketImpl {
public:
    using Flag = std::atomic<bool>;

    // Not connected yet.
    PatientSocket() = default;
    // Takes over a connection that Poco accepted.
    explicit PatientSocket(Poco::AutoPtr<Poco::Net::SocketImpl> accepted);

    void give_up_at(std::chrono::steady_clock::time_point deadline) noexcept { deadline_.store(deadline); }
    // Both may be absent; with either, waits look at it every 50 ms.
    void obey(Flag const* first, Flag const* second) noexcept;
    [[nodiscard]] bool cancelled() const noexcept;

    // late or cancelled when waiting is over, ready otherwise.
    [[nodiscard]] Wait ended() const noexcept;
    [[nodiscard]] Wait wait(bool for_read, bool for_write) noexcept;
    // Throws Poco's exception when the far end refuses.
    [[nodiscard]] Wait connect_to(Poco::Net::SocketAddress const& address);
    // The number of bytes; 0 from receive_now: the far end closed; -1: it would have to wait. Both throw Poco's
    // exception when the connection broke.
    [[nodiscard]] int receive_now(char* bytes, int size);
    [[nodiscard]] int send_now(char const* bytes, int size);
    // Is there something to read, or an end, at this moment?
    [[nodiscard]] bool readable() noexcept;
    // Is there room to send, at this moment?
    [[nodiscard]] bool writable() noexcept;

    bool poll(Poco::Timespan const& timeout, int mode) override;
    bool getBlocking() const override { return true; }
    void close() override;

protected:
    ~PatientSocket() override;

private:
    Poco::AutoPtr<Poco::Net::SocketImpl> accepted_;  // owns the descriptor when set
    std::atomic<std::chrono::steady_clock::time_point> deadline_ = std::chrono::steady_clock::time_point::max();
    Flag const* first_flag_ = nullptr;
    Flag const* second_flag_ = nullptr;
};

}  // namespace crosswalk::http

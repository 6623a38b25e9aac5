#include "http/patient_socket.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/SocketDefs.h>

#include <algorithm>

namespace crosswalk::http {
namespace {

constexpr std::chrono::milliseconds cancel_interval{50};

}  // namespace

PatientSocket::PatientSocket(Poco::AutoPtr<Poco::Net::SocketImpl> accepted) : accepted_(std::move(accepted)) {
    reset(accepted_->sockfd());
    setBlocking(false);
}

PatientSocket::~PatientSocket() {
    if (accepted_) {
        reset();
    }
}

// Two objects know the descriptor of an accepted connection; it is closed by its owner, once.
void PatientSocket::close() {
    if (accepted_) {
        reset();
        accepted_->close();
    } else {
        StreamSocketImpl::close();
    }
}

void PatientSocket::obey(Flag const* first, Flag const* second) noexcept {
    first_flag_ = first;
    second_flag_ = second;
}

bool PatientSocket::cancelled() const noexcept {
    return (first_flag_ != nullptr && first_flag_->load(std::memory_order_relaxed)) ||
           (second_flag_ != nullptr && second_flag_->load(std::memory_order_relaxed));
}

Wait PatientSocket::ended() const noexcept {
    if (cancelled()) {
        return Wait::cancelled;
    }
    return std::chrono::steady_clock::now() >= deadline_.load() ? Wait::late : Wait::ready;
}

Wait PatientSocket::wait(bool for_read, bool for_write) noexcept {
    bool const cancellable = first_flag_ != nullptr || second_flag_ != nullptr;
    for (;;) {
        if (auto const over = ended(); over != Wait::ready) {
            return over;
        }
        auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_.load() - std::chrono::steady_clock::now());
        if (cancellable) {
            left = std::min(left, cancel_interval);
        }
        if (platform::wait_socket(static_cast<platform::NativeSocket>(sockfd()), for_read, for_write, left)) {
            return Wait::ready;
        }
    }
}

Wait PatientSocket::connect_to(Poco::Net::SocketAddress const& address) {
    connectNB(address);
    auto const waited = wait(false, true);
    if (waited == Wait::ready) {
        if (int const failure = socketError(); failure != 0) {
            error(failure);
        }
        setNoDelay(true);
    }
    return waited;
}

int PatientSocket::receive_now(char* bytes, int size) {
    return std::max(SocketImpl::receiveBytes(bytes, size, 0), -1);
}

// Unlike receiveBytes, Poco 1.11's sendBytes throws when the socket has no room.
int PatientSocket::send_now(char const* bytes, int size) {
    try {
        return std::max(SocketImpl::sendBytes(bytes, size, 0), -1);
    } catch (Poco::IOException const& failure) {
        if (failure.code() == POCO_EWOULDBLOCK || failure.code() == POCO_EAGAIN) {
            return -1;
        }
        throw;
    }
}

bool PatientSocket::readable() noexcept {
    return platform::wait_socket(static_cast<platform::NativeSocket>(sockfd()), true, false,
                                 std::chrono::milliseconds(0));
}

bool PatientSocket::writable() noexcept {
    return platform::wait_socket(static_cast<platform::NativeSocket>(sockfd()), false, true,
                                 std::chrono::milliseconds(0));
}

// Poco's TLS code calls this when a record is not complete yet; its own timeout is not ours.
bool PatientSocket::poll(Poco::Timespan const& /*timeout*/, int mode) {
    return wait((mode & SELECT_READ) != 0, (mode & SELECT_WRITE) != 0) == Wait::ready;
}

}  // namespace crosswalk::http

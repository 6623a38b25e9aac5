// One connection's bytes, plain or TLS, with a read buffer.
//
// Shape    every call that waits does so until the socket's deadline or cancellation.
// Errors   a Transfer; trouble() has the reason in words when it is `broken`.
// Threads  one thread uses it.
#pragma once

#include "http/patient_socket.hpp"
#include "http/tls.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace crosswalk::http {

enum class Transfer : unsigned char {
    done,
    closed,     // the far end ended the connection in order
    late,       // the deadline came first
    cancelled,  // somebody cancelled
    broken,     // the connection was cut
    too_large,  // more than the caller's limit
    malformed,  // not HTTP/1.1
};

class Channel {
public:
    explicit Channel(Poco::AutoPtr<PatientSocket> socket) noexcept : socket_(std::move(socket)) {}

    // broken: the handshake failed or the certificate is not trusted for that host.
    [[nodiscard]] Transfer accept_tls(Poco::Net::Context::Ptr const& context) noexcept;
    [[nodiscard]] Transfer connect_tls(Poco::Net::Context::Ptr const& context, std::string const& host) noexcept;

    // What was received and not consumed yet; valid until the next fill().
    [[nodiscard]] std::string_view buffered() const noexcept { return {data_.get() + begin_, end_ - begin_}; }
    void consume(std::size_t bytes) noexcept { begin_ += bytes; }
    // Receives once, at least a byte. `expect_wait`: nothing is likely there yet, so wait first.
    [[nodiscard]] Transfer fill(bool expect_wait = false);
    // Sends all or fails; bytes_begun() then says whether any may have left.
    [[nodiscard]] Transfer send(std::string_view bytes) noexcept;
    // Sends all without waiting, or nothing more can be sent on this connection. Another thread may call it while the
    // channel's own waits in socket().wait().
    [[nodiscard]] bool send_at_once(std::string_view bytes) noexcept;
    // Was more received than has been consumed, decrypted or not?
    [[nodiscard]] bool holds_more() noexcept;
    // Bytes that may have left this machine since the connection was made.
    [[nodiscard]] std::uint64_t bytes_begun() const noexcept { return bytes_begun_; }
    // Ends our direction, so that the far end can read what was sent before the connection is closed.
    void finish_sending() noexcept;

    [[nodiscard]] PatientSocket& socket() noexcept { return *socket_; }
    [[nodiscard]] std::string const& trouble() const noexcept { return trouble_; }

private:
    void make_room();
    template <class Step>
    [[nodiscard]] Transfer attempt(Step&& step) noexcept;

    Poco::AutoPtr<PatientSocket> socket_;
    Poco::AutoPtr<TlsSocket> tls_;
    std::unique_ptr<char[]> data_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::uint64_t bytes_begun_ = 0;
    std::string trouble_;
};

}  // namespace crosswalk::http

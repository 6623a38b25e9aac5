// TLS 1.2 and later, for both sides.
//
// Errors   texts name files and reasons, never the key.
// Threads  a context is safe from any thread once made; a TlsSocket belongs to one.
#pragma once

#include "http/patient_socket.hpp"
#include "model/error.hpp"
#include "model/secret.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/SecureStreamSocketImpl.h>

#include <string>

namespace crosswalk::http {

// invalid_argument: the certificate cannot be read, or the key does not fit. The key stays in memory.
[[nodiscard]] model::Result<Poco::Net::Context::Ptr> server_context(std::string const& certificate,
                                                                    model::Secret const& key);
// Peers are verified against `ca_file`, or the system's store when it is empty. invalid_argument: it cannot be read.
[[nodiscard]] model::Result<Poco::Net::Context::Ptr> client_context(std::string const& ca_file);

// TLS over a PatientSocket. The handshakes throw Poco's exceptions; they wait like the socket underneath.
class TlsSocket final : public Poco::Net::SecureStreamSocketImpl {
public:
    TlsSocket(Poco::AutoPtr<PatientSocket> socket, Poco::Net::Context::Ptr context);

    void accept();
    // Also checks that the certificate was issued for `host`, a name or an address.
    void connect_as(std::string const& host);
};

}  // namespace crosswalk::http

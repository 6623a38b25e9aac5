#include "http/tls.hpp"

#include <Poco/Crypto/EVPPKey.h>
#include <Poco/Exception.h>
#include <Poco/MemoryStream.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SSLException.h>

namespace crosswalk::http {
namespace {

// Forward secret, authenticated suites; TLS 1.3 has its own list, which OpenSSL keeps.
constexpr char const* cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20";

void require_tls(Poco::Net::Context& context) {
    context.requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
}

void finish_handshake(Poco::Net::SecureStreamSocketImpl& socket) {
    if (socket.completeHandshake() != 1) {
        throw Poco::Net::SSLConnectionUnexpectedlyClosedException("The handshake did not finish.");
    }
}

}  // namespace

model::Result<Poco::Net::Context::Ptr> server_context(std::string const& certificate, model::Secret const& key) {
    try {
        Poco::Net::Context::Params params;
        params.certificateFile = certificate;
        params.verificationMode = Poco::Net::Context::VERIFY_NONE;
        params.cipherList = cipher_list;
        Poco::Net::Context::Ptr context = new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, params);
        require_tls(*context);
        context->preferServerCiphers();
        auto const pem = key.reveal();  // parsed from memory: it must never be a file
        Poco::MemoryInputStream stream(pem.data(), static_cast<std::streamsize>(pem.size()));
        context->usePrivateKey(Poco::Crypto::EVPPKey(nullptr, &stream));
        return context;
    } catch (Poco::Exception const&) {
        return model::Error{
            model::ErrorCode::invalid_argument,
            "The TLS certificate " + certificate +
                " cannot be used: check that it is a readable PEM chain and that the key belongs to it."};
    }
}

model::Result<Poco::Net::Context::Ptr> client_context(std::string const& ca_file) {
    try {
        Poco::Net::Context::Params params;
        params.caLocation = ca_file;
        params.loadDefaultCAs = ca_file.empty();
        // Strict: with anything less Poco does not check the host name of "localhost".
        params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
        params.cipherList = cipher_list;
        Poco::Net::Context::Ptr context = new Poco::Net::Context(Poco::Net::Context::TLS_CLIENT_USE, params);
        require_tls(*context);
        return context;
    } catch (Poco::Exception const&) {
        return model::Error{model::ErrorCode::invalid_argument,
                            ca_file.empty() ? std::string("The system's certificate authorities cannot be loaded.")
                                            : "The certificate authorities in " + ca_file + " cannot be loaded."};
    }
}

TlsSocket::TlsSocket(Poco::AutoPtr<PatientSocket> socket, Poco::Net::Context::Ptr context)
    : SecureStreamSocketImpl(socket.get(), std::move(context)) {}

void TlsSocket::accept() {
    acceptSSL();
    finish_handshake(*this);
}

void TlsSocket::connect_as(std::string const& host) {
    Poco::Net::IPAddress address;
    if (!Poco::Net::IPAddress::tryParse(host, address)) {
        setPeerHostName(host);  // RFC 6066: an address is no server name
    }
    setLazyHandshake(true);  // Poco's eager handshake does not wait on a non-blocking descriptor
    connectSSL();
    finish_handshake(*this);
    verifyPeerCertificate(host);
}

}  // namespace crosswalk::http

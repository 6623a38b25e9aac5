#include "http/tls.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/Net/SSLException.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <memory>

namespace crosswalk::http {
namespace {

// Forward secret, authenticated suites; TLS 1.3 has its own list, which OpenSSL keeps.
constexpr char const* cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20";

void require_tls(Poco::Net::Context& context) {
    context.requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
}

// Parsed from memory: the key must never be a file. Not with Poco's EVPPKey, which leaks when the text is no key.
bool use_key(Poco::Net::Context& context, model::Secret const& key) {
    auto const pem = key.reveal();
    std::unique_ptr<BIO, decltype(&BIO_free)> const bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())),
                                                        &BIO_free);
    // Without a passphrase callback OpenSSL would ask on the terminal.
    auto const no_passphrase = [](char*, int, int, void*) { return -1; };
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const parsed(
        bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr) : nullptr, &EVP_PKEY_free);
    bool const fits = parsed && SSL_CTX_use_PrivateKey(context.sslContext(), parsed.get()) == 1 &&
                      SSL_CTX_check_private_key(context.sslContext()) == 1;
    ERR_clear_error();
    return fits;
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
        if (use_key(*context, key)) {
            return context;
        }
        return model::Error{model::ErrorCode::invalid_argument, "The TLS key does not belong to the certificate " +
                                                                    certificate +
                                                                    ", or is not an unencrypted private key in PEM."};
    } catch (Poco::Exception const&) {
        return model::Error{model::ErrorCode::invalid_argument,
                            "The TLS certificate " + certificate + " is not a readable chain in PEM."};
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

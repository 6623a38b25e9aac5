// Certificates made for a test; keys exist in memory only.
#pragma once

#include "model/secret.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace crosswalk::http {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

// A certificate authority with a directory for the certificates that it issues.
class TestAuthority {
public:
    TestAuthority();
    TestAuthority(TestAuthority const&) = delete;
    TestAuthority& operator=(TestAuthority const&) = delete;
    ~TestAuthority();

    struct Issued {
        std::string certificate;  // path of a PEM file
        model::Secret key;
    };
    // `names` as X.509 writes them: "DNS:localhost,IP:127.0.0.1".
    [[nodiscard]] Issued issue(std::string const& names, long valid_seconds = 3600);
    // The path of the authority's own certificate.
    [[nodiscard]] std::string ca_file() const { return (directory_ / "ca.pem").string(); }

private:
    std::filesystem::path const directory_;
    Key const key_;
    Certificate const certificate_;
    long serial_ = 2;
};

}  // namespace crosswalk::http

#include "http/certificates.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <stdexcept>

namespace crosswalk::http {
namespace {

void must(bool good) {
    if (!good) {
        throw std::runtime_error("OpenSSL could not make a test certificate.");
    }
}

std::filesystem::path new_directory() {
    auto const path =
        std::filesystem::temp_directory_path() / ("crosswalk-http-test-" + std::to_string(std::random_device()()));
    must(std::filesystem::create_directory(path));
    return path;
}

Key new_key() {
    return {EVP_EC_gen("P-256"), &EVP_PKEY_free};
}

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(Bio const& bio) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void write_pem(std::filesystem::path const& path, X509* certificate) {
    Bio const bio(BIO_new(BIO_s_mem()), &BIO_free);
    must(PEM_write_bio_X509(bio.get(), certificate) == 1);
    std::ofstream(path) << text_of(bio);
}

void add_extension(X509* certificate, X509* issuer, int id, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> const extension(
        X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()), &X509_EXTENSION_free);
    must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate new_certificate(EVP_PKEY* key, char const* name, long serial, long valid_seconds) {
    Certificate certificate(X509_new(), &X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -7200);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_seconds);
    X509_set_pubkey(certificate.get(), key);
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                                    reinterpret_cast<unsigned char const*>(name), -1, -1, 0) == 1);
    return certificate;
}

Certificate new_authority(EVP_PKEY* key) {
    auto certificate = new_certificate(key, "Crosswalk Test Authority", 1, 3600);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    must(X509_sign(certificate.get(), key, EVP_sha256()) > 0);
    return certificate;
}

}  // namespace

TestAuthority::TestAuthority() : directory_(new_directory()), key_(new_key()), certificate_(new_authority(key_.get())) {
    write_pem(ca_file(), certificate_.get());
}

TestAuthority::~TestAuthority() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

TestAuthority::Issued TestAuthority::issue(std::string const& names, long valid_seconds) {
    auto const key = new_key();
    auto const certificate = new_certificate(key.get(), "test server", serial_, valid_seconds);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_.get()));
    add_extension(certificate.get(), certificate_.get(), NID_subject_alt_name, names);
    must(X509_sign(certificate.get(), key_.get(), EVP_sha256()) > 0);
    auto const path = directory_ / (std::to_string(serial_++) + ".pem");
    write_pem(path, certificate.get());
    Bio const bio(BIO_new(BIO_s_mem()), &BIO_free);
    must(PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {path.string(), model::Secret(text_of(bio))};
}

}  // namespace crosswalk::http

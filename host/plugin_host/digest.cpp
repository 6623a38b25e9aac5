#include "plugin_host/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace crosswalk::plugin_host {

std::string hex(std::span<unsigned char const> bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (unsigned char const byte : bytes) {
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 15U]);
    }
    return out;
}

std::string sha256_hex(std::string_view data) {
    // Looking the algorithm up by name takes longer than hashing a short text; it lives as long as the process.
    static EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned bytes = 0;
    if (EVP_Digest(data.data(), data.size(), digest.data(), &bytes, sha256, nullptr) != 1) {
        throw std::bad_alloc();  // SHA-256 of memory fails for want of memory only
    }
    return hex({digest.data(), bytes});
}

}  // namespace crosswalk::plugin_host

#include "plugin_host/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace crosswalk::plugin_host {

std::string sha256_hex(std::string_view data) {
    static constexpr char digits[] = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned size = 0;
    if (EVP_Digest(data.data(), data.size(), bytes.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::bad_alloc();  // SHA-256 of memory fails for want of memory only
    }
    std::string out;
    out.reserve(std::size_t{size} * 2);
    for (unsigned i = 0; i < size; ++i) {
        out.push_back(digits[bytes[i] >> 4U]);
        out.push_back(digits[bytes[i] & 15U]);
    }
    return out;
}

}  // namespace crosswalk::plugin_host

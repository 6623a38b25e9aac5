#include "sandbox/lever/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace crosswalk::sandbox::lever {

std::string sign(std::string_view signature_token, std::string_view token, std::int64_t triggered_at) {
    std::string const message = std::string(token) + std::to_string(triggered_at);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), signature_token.data(), static_cast<int>(signature_token.size()),
         reinterpret_cast<unsigned char const*>(message.data()), message.size(), digest.data(), &size);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4];
        hex += "0123456789abcdef"[digest[i] & 0xf];
    }
    return hex;
}

}  // namespace crosswalk::sandbox::lever

#include "sandbox/greenhouse/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace crosswalk::sandbox::greenhouse {

std::string hmac_hex(std::string_view key, std::string_view message) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<unsigned char const*>(message.data()),
         message.size(), digest.data(), &size);
    std::string hex;
    for (unsigned int i = 0; i < size; ++i) {
        hex += "0123456789abcdef"[digest[i] >> 4];
        hex += "0123456789abcdef"[digest[i] & 0xf];
    }
    return hex;
}

std::string sign(std::string_view secret_key, std::string_view body) {
    return "sha256 " + hmac_hex(secret_key, body);
}

std::string escape(std::string_view json) {
    // These three never stand outside a JSON string, so the text may be walked without parsing it.
    std::string escaped;
    escaped.reserve(json.size());
    for (char const letter : json) {
        switch (letter) {
            case '<':
                escaped += "\\u003c";
                break;
            case '>':
                escaped += "\\u003e";
                break;
            case '&':
                escaped += "\\u0026";
                break;
            default:
                escaped += letter;
        }
    }
    return escaped;
}

}  // namespace crosswalk::sandbox::greenhouse

#include "vault/random.hpp"

#include "vault/base64.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>

namespace crosswalk::vault {
namespace {

constexpr std::size_t word_bytes = 32;

}  // namespace

model::Result<std::string> random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
        return model::Error{model::ErrorCode::internal, "The system gives no random bytes."};
    }
    return bytes;
}

model::Result<std::string> random_word() {
    auto const bytes = random_bytes(word_bytes);
    return bytes ? model::Result<std::string>(base64url(*bytes)) : bytes;
}

model::Result<std::string> code_challenge(std::string_view verifier) {
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (EVP_Digest(verifier.data(), verifier.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
        return model::Error{model::ErrorCode::internal, "SHA-256 could not be computed."};
    }
    return base64url({reinterpret_cast<char const*>(digest.data()), size});
}

}  // namespace crosswalk::vault

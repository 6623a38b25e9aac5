#include "vault/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <utility>

namespace crosswalk::vault {

std::string base64(std::string_view bytes) {
    // OpenSSL writes a NUL behind the text.
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    int const written =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(std::max(written, 0)));
    return out;
}

std::string base64url(std::string_view bytes) {
    std::string text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(std::find(text.begin(), text.end(), '='), text.end());
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    std::size_t const padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    auto const digits = text.substr(0, text.size() - padding);
    bool const is_base64 = std::all_of(digits.begin(), digits.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    });
    if (text.empty() || text.size() % 4 != 0 || !is_base64) {
        return std::nullopt;
    }
    std::string out(text.size() / 4 * 3, '\0');
    int const written =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    if (written < 0) {
        return std::nullopt;
    }
    // What stands for the padding is decoded, too.
    out.resize(static_cast<std::size_t>(written) - padding);
    // The last digit before the padding has bits that stand for nothing; only zeros there give this text again.
    return base64(out) == text ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace crosswalk::vault

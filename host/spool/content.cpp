#include "spool/content.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <fstream>
#include <memory>
#include <vector>

namespace crosswalk::spool {
namespace {

constexpr std::size_t piece_bytes = 256 * 1024;
constexpr std::size_t id_length = 64;

class Sha256 {
public:
    Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
        good_ = context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
    }
    void add(std::string_view bytes) {
        good_ = good_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
    }
    [[nodiscard]] std::string hex() {
        std::array<unsigned char, 32> digest{};
        unsigned length = 0;
        good_ = good_ && EVP_DigestFinal_ex(context_.get(), digest.data(), &length) == 1;
        assert(good_);  // nothing of this fails but for want of memory
        std::string out;
        for (unsigned char const byte : digest) {
            out += "0123456789abcdef"[byte >> 4U];
            out += "0123456789abcdef"[byte & 15U];
        }
        return out;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
    bool good_ = false;
};

}  // namespace

std::string digest_of(std::string_view bytes) {
    Sha256 hash;
    hash.add(bytes);
    return hash.hex();
}

model::Result<Digest> digest_of_file(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    std::vector<char> piece(piece_bytes);
    Sha256 hash;
    Digest found;
    while (in) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        hash.add({piece.data(), static_cast<std::size_t>(in.gcount())});
        found.size += in.gcount();
    }
    if (!in.eof() || in.bad()) {
        return model::Error{model::ErrorCode::unavailable, "A file cannot be read."};
    }
    found.id = hash.hex();
    return found;
}

std::string name_of(std::string_view id, std::int64_t size) {
    return std::string(id) + "-" + std::to_string(size);
}

std::optional<Digest> parse_name(std::string_view name) {
    if (name.size() < id_length + 2 || name[id_length] != '-' || !is_id(name.substr(0, id_length))) {
        return std::nullopt;
    }
    Digest found{std::string(name.substr(0, id_length)), 0};
    auto const* const end = name.data() + name.size();
    auto const [stop, failure] = std::from_chars(name.data() + id_length + 1, end, found.size);
    bool const whole = failure == std::errc{} && stop == end && found.size >= 0;
    return whole && name == name_of(found.id, found.size) ? std::optional(std::move(found)) : std::nullopt;
}

bool is_id(std::string_view text) noexcept {
    return text.size() == id_length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

}  // namespace crosswalk::spool

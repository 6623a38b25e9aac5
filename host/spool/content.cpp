#include "spool/content.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace crosswalk::spool {
namespace {

constexpr std::size_t id_length = 64;

}  // namespace

Digester::Digester() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    good_ = context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1;
}

void Digester::add(std::string_view bytes) {
    good_ = good_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
    size_ += static_cast<std::int64_t>(bytes.size());
}

Digest Digester::finish() {
    std::array<char, 32> digest{};
    unsigned length = 0;
    good_ = good_ && EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), &length) == 1;
    assert(good_);  // nothing of this fails but for want of memory
    return {hex({digest.data(), digest.size()}), size_};
}

std::string digest_of(std::string_view bytes) {
    Digester digester;
    digester.add(bytes);
    return digester.finish().id;
}

std::optional<Digest> parse_plain_name(std::string_view name) {
    if (name.size() < id_length + 2 || name[id_length] != '-' || !is_id(name.substr(0, id_length))) {
        return std::nullopt;
    }
    Digest found{std::string(name.substr(0, id_length)), 0};
    auto const* const end = name.data() + name.size();
    auto const [stop, failure] = std::from_chars(name.data() + id_length + 1, end, found.size);
    bool const whole = failure == std::errc{} && stop == end && found.size >= 0;
    return whole && name == found.id + "-" + std::to_string(found.size) ? std::optional(std::move(found))
                                                                        : std::nullopt;
}

bool is_id(std::string_view text) noexcept {
    return text.size() == id_length && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::string hex(std::string_view bytes) {
    std::string out;
    out.reserve(2 * bytes.size());
    for (char const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        out += "0123456789abcdef"[byte >> 4U];
        out += "0123456789abcdef"[byte & 15U];
    }
    return out;
}

}  // namespace crosswalk::spool

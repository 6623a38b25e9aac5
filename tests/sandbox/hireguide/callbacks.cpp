#include "sandbox/hireguide/callbacks.hpp"

#include "sandbox/hireguide/state.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>

namespace crosswalk::sandbox::hireguide {
namespace {

namespace json = boost::json;

std::string hex(unsigned char const* bytes, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < size; ++i) {
        out += "0123456789abcdef"[bytes[i] >> 4];
        out += "0123456789abcdef"[bytes[i] & 0xf];
    }
    return out;
}

std::string sign(std::string const& secret, std::string const& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<unsigned char const*>(text.data()), text.size(), digest.data(), &size);
    return "v1=" + hex(digest.data(), size);
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), digest.data());
    return hex(digest.data(), digest.size());
}

Callback Callbacks::settings() const {
    std::lock_guard const lock(mutex_);
    return callback_;
}

void Callbacks::set(Callback callback) {
    std::lock_guard const lock(mutex_);
    callback_ = std::move(callback);
}

void Callbacks::clear() {
    std::lock_guard const lock(mutex_);
    callback_ = Callback();
    next_id_ = 9101;
    sender_.clear();
}

std::optional<std::string> Callbacks::send(std::string_view type, json::object const& data) {
    std::lock_guard const lock(mutex_);
    if (callback_.url.empty()) {
        return std::nullopt;
    }
    std::string const id = "evt_" + std::to_string(next_id_++);
    std::string const body = json::serialize(json::object{{"id", id},
                                                          {"type", json::string_view(type.data(), type.size())},
                                                          {"occurred_at", timestamp()},
                                                          {"data", data}});
    std::string const seconds = std::to_string(now_ms() / 1000);
    std::string signature = sign(callback_.secret, seconds + "." + body);
    if (!callback_.second_secret.empty()) {
        signature += "," + sign(callback_.second_secret, seconds + "." + body);
    }
    std::string delivery = sender_.open({.webhook = "callback",
                                         .event = std::string(type),
                                         .url = callback_.url,
                                         .subject = text_of(data, "interview_id"),
                                         .body = body,
                                         .headers = {{"Content-Type", "application/json"},
                                                     {"User-Agent", "Hireguide"},
                                                     {"X-Integration-Event-Id", id},
                                                     {"X-Integration-Timestamp", seconds},
                                                     {"X-Integration-Signature", signature}}},
                                        callback_.policy);
    sender_.schedule(delivery);
    return delivery;
}

}  // namespace crosswalk::sandbox::hireguide

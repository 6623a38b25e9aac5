// Hireguide's callbacks to the ATS integration: composed, signed at each opening, sent with retries.
//
// Source   hrlogics.md section 3: X-Integration-Event-Id, -Timestamp and -Signature, "v1=" and the HMAC-SHA256 of
//          "<timestamp>.<body>".
// Threads  safe from any thread; takes the sender's lock while holding its own, never the state's.
#pragma once

#include "sandbox/webhook_sender.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::sandbox::hireguide {

struct Callback {
    std::string url = {};  // empty: none is set up
    std::string secret = {};
    std::string second_secret = {};  // signs as well, while the secret is being changed
    RetryPolicy policy = {};
};

class Callbacks {
public:
    [[nodiscard]] Callback settings() const;
    void set(Callback callback);
    void clear();

    // The delivery's id; nothing when no callback is set up.
    std::optional<std::string> send(std::string_view type, boost::json::object const& data);

    [[nodiscard]] WebhookSender& sender() noexcept { return sender_; }

private:
    WebhookSender sender_;  // has its own locking
    mutable std::mutex mutex_;
    Callback callback_;            // guarded by mutex_
    std::int64_t next_id_ = 9101;  // guarded by mutex_
};

[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace crosswalk::sandbox::hireguide

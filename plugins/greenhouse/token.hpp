// The access token of Harvest v3: OAuth client credentials, or a v1 key in exchange; renewed before they run out.
//
// Errors   connector::Failure: CW_ERR_AUTH when the client is refused, CW_ERR_RATE_LIMITED, CW_ERR_TRANSIENT.
// Threads  safe from any thread. No lock is held while asking, so threads that find no token may each ask for one.
// Owner    the token lives in memory only; borrows the settings.
#pragma once

#include "settings.hpp"
#include <crosswalk/connector.hpp>

#include <mutex>
#include <string>

namespace crosswalk::greenhouse {

class Token {
public:
    explicit Token(Settings const& settings) : settings_(settings) {}

    // Good for a minute at least.
    [[nodiscard]] std::string get(connector::Call& call);
    // Greenhouse refused this one: the next get() asks anew.
    void discard(std::string_view refused);

private:
    [[nodiscard]] connector::HttpRequest grant(connector::Call& call) const;
    [[nodiscard]] connector::HttpRequest exchange() const;  // of a v1 key
    [[nodiscard]] connector::HttpResponse ask(connector::Call& call) const;

    Settings const& settings_;
    std::mutex mutex_;
    std::string token_;               // guarded by mutex_
    std::int64_t good_until_ms_ = 0;  // guarded by mutex_; steady time
};

// How long a token answer says that its token lives: expires_in, expires or expires_at; else an hour.
[[nodiscard]] std::chrono::milliseconds lifetime_of(json::value const& answer, std::int64_t now_unix_ms);

}  // namespace crosswalk::greenhouse

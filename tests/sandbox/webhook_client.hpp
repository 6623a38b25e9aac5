// Posts webhooks to loopback receivers, as a vendor's sender would: no redirects followed, the answer's body thrown
// away.
//
// Shape    keeps its last connection for calls that follow within a second; older ones might be dead at the far end.
// Errors   outcomes, not failures: status 0 and a few words when no answer came.
// Threads  one thread each.
#pragma once

#include "sandbox/exchange.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace Poco::Net {
class HTTPClientSession;
}

namespace crosswalk::sandbox {

struct PostOutcome {
    int status = 0;
    std::string error = {};
};

class WebhookClient {
public:
    WebhookClient();
    ~WebhookClient();

    [[nodiscard]] PostOutcome post(std::string const& url, std::vector<Pair> const& headers, std::string const& body,
                                   std::chrono::milliseconds timeout);

private:
    std::unique_ptr<Poco::Net::HTTPClientSession> session_;
    std::chrono::steady_clock::time_point used_at_;
};

// True for "http://127.0.0.1:1/…", "http://localhost…" and "http://[::1]…": the only places the sandbox ever posts to.
[[nodiscard]] bool is_loopback_url(std::string const& url);

}  // namespace crosswalk::sandbox

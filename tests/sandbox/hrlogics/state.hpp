// What the played HRLogics holds: applicants, the changes of their screenings, callbacks, tokens, settings.
//
// Shape    applicants are kept as they are printed.
// Threads  everything here is guarded by `mutex`, which the caller of a function that takes a State& holds; the sender
//          of callbacks has its own locking.
#pragma once

#include "sandbox/exchange.hpp"
#include "sandbox/ids.hpp"
#include "sandbox/token_bucket.hpp"
#include "sandbox/webhook_sender.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox::hrlogics {

struct Settings {
    std::string api_token = "hrlogics-sandbox-token";
    bool may_register = true;          // else 403 for callbacks
    bool idempotency_honoured = true;  // an Idempotency-Key seen before gets the first answer again
    std::int64_t token_ttl_ms = 3'600'000;
    double rate_per_s = 0;  // no limit
    double burst = 5;
    RetryPolicy policy;
};

struct Callback {
    std::string id = {};
    std::string url = {};
    std::string secret = {};
    std::string previous_secret = {};  // signed with as well until previous_until_ms
    std::int64_t previous_until_ms = 0;
};

struct Remembered {
    std::string request_body;
    Answer answer;
};

struct State {
    static constexpr std::size_t remembered_max = 10'000;

    std::mutex mutex;
    Settings settings;
    TokenBucket bucket;
    std::deque<boost::json::object> applicants;
    std::deque<boost::json::object> changes;  // oldest first, as H5 prints them
    std::deque<Callback> callbacks;
    std::map<std::string, std::int64_t> tokens;     // access token → when it ends
    std::map<std::string, Remembered> idempotency;  // by key
    std::int64_t next_applicant = 5501;
    std::int64_t next_event = 7001;
    std::int64_t next_callback = 1;
    Ids ids;
    WebhookSender sender;  // has its own locking

    [[nodiscard]] boost::json::object* find_applicant(std::string_view id);
    [[nodiscard]] boost::json::object* find_external(std::string_view external_id);
    void reset();
};

[[nodiscard]] std::string text_of(boost::json::object const& record, std::string_view name);

// "2026-11-21T21:40:00Z"
[[nodiscard]] std::string timestamp();

// Tells every callback that a screening is completed; the ids of the deliveries, which are under way.
std::vector<std::string> announce(State& state, boost::json::object const& data);

// Sends a delivery's body once more, under the same event id, signed anew; empty when there is no such delivery.
[[nodiscard]] std::string rerun(State& state, std::string const& delivery);

// "v1=<hex>", or two with a comma between while the secret is being replaced.
[[nodiscard]] std::string sign(Callback const& callback, std::string_view timestamp, std::string_view body);

}  // namespace crosswalk::sandbox::hrlogics

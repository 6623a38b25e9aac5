// Greenhouse's webhooks as they are set up by hand, and the making of the requests that go to them.
//
// Shape    one event each. Setting one up or changing it sends a ping; if that is not answered with 200 the webhook is
//          kept but disabled, until it is changed again. Everything is signed with the secret key, if there is one.
// Source   greenhouse.md, section 4: only 200 counts; seven tries, 1, 15, 60, 120, 240 and 480 minutes apart.
// Threads  safe from any thread; takes the sender's lock while holding its own, never the state's.
#pragma once

#include "sandbox/ids.hpp"
#include "sandbox/webhook_sender.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox::greenhouse {

struct Hook {
    std::string id = {};
    std::string name = {};
    std::string event = {};  // the action's name, as in the body
    std::string url = {};
    std::string secret_key = {};     // empty: deliveries carry no signature
    std::string authorization = {};  // the whole header; empty: none
    std::vector<Pair> headers = {};  // the customer's own
    bool active = true;
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
};

// True for the vendor's action names, "ping" not among them.
[[nodiscard]] bool is_event(std::string_view name);

// True for the headers that a customer may not set.
[[nodiscard]] bool is_reserved_header(std::string_view name);

[[nodiscard]] RetryPolicy vendor_policy();

class Hooks {
public:
    [[nodiscard]] RetryPolicy policy() const;
    // `fresh_event_ids`: whether a retry gets another Greenhouse-Event-ID, which the vendor has not said.
    void set_policy(RetryPolicy const& policy, bool fresh_event_ids);
    [[nodiscard]] bool fresh_event_ids() const;

    // Files a new webhook, or replaces the one with this id; answers it as filed.
    Hook put(Hook hook);
    [[nodiscard]] std::optional<Hook> find(std::string_view id) const;
    [[nodiscard]] std::vector<Hook> all() const;
    bool remove(std::string_view id);
    void clear();

    // Sends one ping on this thread and switches the webhook on or off by its answer. Returns the delivery's id.
    std::string ping(Hook const& hook, WebhookClient& client);

    // Opens and schedules one delivery for each active webhook of this event; returns their ids.
    std::vector<std::string> send(std::string_view event, boost::json::object const& payload,
                                  std::string const& subject);

    // The same body once more, under the same event id or another.
    [[nodiscard]] std::optional<std::string> rerun(std::string const& delivery, bool fresh_event_id);

    [[nodiscard]] WebhookSender& sender() noexcept { return sender_; }

private:
    Outgoing compose(Hook const& hook, std::string_view event, boost::json::object const& body,
                     std::string const& subject);

    Ids ids_;               // has its own locking
    WebhookSender sender_;  // has its own locking
    mutable std::mutex mutex_;
    std::deque<Hook> hooks_;                // guarded by mutex_
    RetryPolicy policy_ = vendor_policy();  // guarded by mutex_
    bool fresh_event_ids_ = false;          // guarded by mutex_
    std::int64_t next_id_ = 9590;           // guarded by mutex_
};

}  // namespace crosswalk::sandbox::greenhouse

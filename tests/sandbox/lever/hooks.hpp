// Lever's registered webhooks, and the making of the requests that go to them.
//
// Shape    a webhook made through the API carries `by_api`; the others stand for those made by hand on the settings
// page,
//          and neither side may change the other's.
// Threads  safe from any thread; takes the sender's lock while holding its own, never the state's.
#pragma once

#include "sandbox/ids.hpp"
#include "sandbox/webhook_sender.hpp"

#include <boost/json.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox::lever {

struct Hook {
    std::string id = {};
    std::string url = {};
    std::string event = {};
    std::string signature_token = {};       // empty: deliveries carry no signature
    std::vector<std::string> origins = {};  // empty: all
    bool by_api = false;
    bool with_event_id = true;  // the vendor's table has an "id", its printed deliveries have none
    std::int64_t created_at = 0;
    std::int64_t updated_at = 0;
};

inline constexpr std::array<std::string_view, 10> events{
    "applicationCreated", "candidateHired",   "candidateStageChange", "candidateArchiveChange", "candidateDeleted",
    "interviewCreated",   "interviewUpdated", "interviewDeleted",     "contactCreated",         "contactUpdated"};
inline constexpr std::array<std::string_view, 6> origins{"applied",    "sourced", "referred",
                                                         "university", "agency",  "internal"};

class Hooks {
public:
    // Lever tries five times; its gaps are not published, so ours are a setting.
    RetryPolicy policy() const;
    void set_policy(RetryPolicy const& policy);

    // Fills in what is empty of id and times.
    Hook add(Hook hook);
    [[nodiscard]] std::optional<Hook> find(std::string_view id) const;
    bool change(std::string_view id, std::optional<std::string> url, std::optional<std::vector<std::string>> origins);
    bool remove(std::string_view id);
    [[nodiscard]] std::vector<Hook> all() const;
    void clear();

    // Switches an event group off on the settings page: its webhooks stay, nothing is sent.
    void switch_event(std::string const& event, bool on);

    // Opens one delivery for each webhook of this event that takes this origin; returns their ids, unsent.
    [[nodiscard]] std::vector<std::string> open(std::string_view event, boost::json::object const& data,
                                                std::string const& origin, std::string const& subject,
                                                RetryPolicy const& policy);
    void schedule(std::vector<std::string> const& deliveries);

    // "Verify connection": the webhook's own event with empty data, sent once. Returns the delivery's id.
    [[nodiscard]] std::string open_verification(Hook const& hook);

    // The "Rerun" button. Whether Lever then makes a new token is not known: `fresh_token` chooses.
    [[nodiscard]] std::optional<std::string> rerun(std::string const& delivery, bool fresh_token);

    [[nodiscard]] WebhookSender& sender() noexcept { return sender_; }

private:
    Outgoing compose(Hook const& hook, boost::json::object const& data, std::string const& subject);

    Ids ids_;               // has its own locking
    WebhookSender sender_;  // has its own locking
    mutable std::mutex mutex_;
    std::deque<Hook> hooks_;                 // guarded by mutex_
    RetryPolicy policy_;                     // guarded by mutex_
    std::vector<std::string> switched_off_;  // guarded by mutex_
};

}  // namespace crosswalk::sandbox::lever

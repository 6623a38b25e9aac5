// A route: from one connection's event to another connection's action.
#pragma once

#include "model/mapping.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::model {

// Exponential backoff with full jitter between half and the whole of each step.
struct RetryPolicy {
    int attempts_max = 25;  // 2 s doubling to 6 h: spans a little over three days
    std::chrono::milliseconds first{2000};
    std::chrono::milliseconds longest{6 * 3600 * 1000};
    // Attempts that fail because the target is down for everybody are not counted for this long.
    std::chrono::milliseconds outage_max{7LL * 24 * 3600 * 1000};
};

// When feedback is written: `skipped` covers duplicate and skipped, `failed` covers rejected and given up.
enum class FeedbackOn : unsigned char { delivered, skipped, failed };

struct Feedback {
    std::vector<FeedbackOn> on = {};
    std::string connection = {};
    std::string action = {};  // "add_note"
};

// A boolean setting of a connection; what names it is off while the setting is not true.
struct Switch {
    std::string connection = {};
    std::string setting = {};  // JSON Pointer
    bool operator==(Switch const&) const = default;
};

// A signal that a connection's vendor sends, such as "Sync Now" pressed there.
struct Signal {
    std::string connection = {};
    std::string event = {};
    bool operator==(Signal const&) const = default;
};

// When a route that asks for its events runs by itself: at intervals, or once a day at a wall-clock time.
struct Schedule {
    std::chrono::milliseconds every{0};  // 0: daily
    std::chrono::minutes daily_at{0};    // since midnight, in `zone`
    std::string zone = {};               // IANA name, with `daily_at`
    std::vector<Switch> when = {};       // the schedule alone is off unless each is true
    std::string off_because = {};        // which switch is off, in words; empty: none
};

struct Route {
    std::string name = {};
    std::string title = {};
    std::string support = {};  // contact or documentation address shown to people
    bool enabled = true;
    std::string from_connection = {};
    std::string from_event = {};
    std::string to_connection = {};
    std::string to_action = {};
    Mapping mapping = {};
    std::vector<Feedback> feedback = {};
    RetryPolicy retry = {};
    std::vector<std::string> notify_emails = {};  // empty: the workspace's

    // Of routes whose events are asked for (docs/adr/0008-polled-routes-and-runs.md).
    std::string select = "{}";                                           // JSON object, keys in order
    std::optional<Schedule> schedule = std::nullopt;                     // nothing: it runs on request only
    std::optional<std::chrono::milliseconds> full_every = std::nullopt;  // how often a run reads every record
    std::vector<Signal> run_on = {};                                     // what else starts it

    std::vector<Switch> when = {};  // the route is off unless each is true
    std::string off_because = {};   // which switch is off, in words; empty: none

    // Takes events: its file does not disable it and no switch turns it off.
    [[nodiscard]] bool is_on() const noexcept { return enabled && off_because.empty(); }
};

}  // namespace crosswalk::model

// A route: from one connection's event to another connection's action.
#pragma once

#include "model/mapping.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace crosswalk::model {

// Exponential backoff with full jitter between half and the whole of each step.
struct RetryPolicy {
    int attempts_max = 25;  // 2 s doubling to 6 h: spans a little over three days
    std::chrono::milliseconds first{2000};
    std::chrono::milliseconds longest{6 * 3600 * 1000};
};

// When feedback is written: `skipped` covers duplicate and skipped, `failed` covers rejected and given up.
enum class FeedbackOn : unsigned char { delivered, skipped, failed };

struct Feedback {
    std::vector<FeedbackOn> on = {};
    std::string connection = {};
    std::string action = {};  // "add_note"
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
};

}  // namespace crosswalk::model

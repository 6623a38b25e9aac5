// A webhook receiver on loopback that answers with the statuses it is given, the last one for ever.
#pragma once

#include "sandbox/listener.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace crosswalk::sandbox {

class Receiver {
public:
    explicit Receiver(std::deque<int> statuses) : statuses_(std::move(statuses)) {
        auto const port = listener_.start(0, 16, [this](Request const& request) { return take(request); });
        EXPECT_TRUE(port);
        port_ = port ? *port : 0;
    }

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hooks/lever"; }

    [[nodiscard]] std::vector<Request> requests() {
        std::lock_guard const lock(mutex_);
        return requests_;
    }

private:
    Reply take(Request const& request) {
        std::lock_guard const lock(mutex_);
        requests_.push_back(request);
        int const status = statuses_.front();
        if (statuses_.size() > 1) {
            statuses_.pop_front();
        }
        return {.answer = {.status = status, .headers = {{"Location", "http://127.0.0.1:1/elsewhere"}}},
                .cut = status == 0};
    }

    std::mutex mutex_;
    std::deque<int> statuses_;       // guarded by mutex_
    std::vector<Request> requests_;  // guarded by mutex_
    std::uint16_t port_ = 0;
    Listener listener_;
};

}  // namespace crosswalk::sandbox

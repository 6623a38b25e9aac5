// A wait that ends early when everything stops, so that a played delay never holds up the end.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace crosswalk::sandbox {

class StopSignal {
public:
    void raise() {
        std::lock_guard const lock(mutex_);
        raised_ = true;
        changed_.notify_all();
    }

    void lower() {
        std::lock_guard const lock(mutex_);
        raised_ = false;
    }

    [[nodiscard]] bool raised() {
        std::lock_guard const lock(mutex_);
        return raised_;
    }

    // Returns true if the signal was raised, before or during the wait.
    bool wait_for(std::chrono::milliseconds duration) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, duration, [this] { return raised_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool raised_ = false;  // guarded by mutex_
};

}  // namespace crosswalk::sandbox

#include "caretaker.hpp"

#include <algorithm>

namespace crosswalk {

Caretaker::Caretaker(std::vector<Duty> duties) : duties_(std::move(duties)) {}

Caretaker::~Caretaker() {
    stop();
}

void Caretaker::start() {
    if (!duties_.empty()) {
        thread_ = std::thread([this] { run(); });
    }
}

void Caretaker::stop() noexcept {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Caretaker::run() {
    using Clock = std::chrono::steady_clock;
    std::vector<Clock::time_point> due(duties_.size(), Clock::now());
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        lock.unlock();
        for (std::size_t i = 0; i < duties_.size(); ++i) {
            if (due[i] <= Clock::now()) {
                duties_[i].act();
                due[i] = Clock::now() + duties_[i].every;
            }
        }
        lock.lock();
        changed_.wait_until(lock, *std::min_element(due.begin(), due.end()), [this] { return stopping_; });
    }
}

}  // namespace crosswalk

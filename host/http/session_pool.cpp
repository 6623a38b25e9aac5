#include "http/session_pool.hpp"

#include <algorithm>

namespace crosswalk::http {

std::unique_ptr<Channel> SessionPool::take(std::string const& key) {
    List closing;
    for (;;) {
        std::unique_ptr<Channel> channel;
        {
            std::lock_guard const lock(mutex_);
            trim(closing, key);
            auto const found = std::ranges::find(idle_, key, &Idle::key);
            if (found == idle_.end()) {
                return nullptr;
            }
            channel = std::move(found->channel);
            idle_.erase(found);
        }
        // Bytes that nobody asked for, or an end: either way not fit for another request.
        if (!channel->socket().readable()) {
            return channel;
        }
    }
}

void SessionPool::keep(std::string const& key, std::unique_ptr<Channel> channel) {
    List closing;
    std::lock_guard const lock(mutex_);
    idle_.push_front({key, std::move(channel), std::chrono::steady_clock::now()});
    trim(closing, key);
}

void SessionPool::trim(List& closing, std::string const& key) {
    auto const oldest = std::chrono::steady_clock::now() - idle_time_max_;
    while (!idle_.empty() && (idle_.back().since < oldest || idle_.size() > total_max)) {
        closing.splice(closing.end(), idle_, std::prev(idle_.end()));
    }
    std::size_t count = 0;
    for (auto entry = idle_.begin(); entry != idle_.end();) {
        auto const current = entry++;
        if (current->key == key && ++count > per_host_max_) {
            closing.splice(closing.end(), idle_, current);
        }
    }
}

}  // namespace crosswalk::http

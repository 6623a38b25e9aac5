// Connections kept for the next request to the same scheme, host and port.
//
// Limits   idle connections per host and in total, and the time they may be idle; above, the oldest are closed.
// Threads  safe from any thread; a connection is in here or with one caller.
#pragma once

#include "http/channel.hpp"

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace crosswalk::http {

class SessionPool {
public:
    static constexpr std::size_t total_max = 256;

    SessionPool(std::size_t per_host_max, std::chrono::milliseconds idle_time_max) noexcept
        : per_host_max_(per_host_max), idle_time_max_(idle_time_max) {}

    // The one used last that the far end has not closed; null when there is none.
    [[nodiscard]] std::unique_ptr<Channel> take(std::string const& key);
    void keep(std::string const& key, std::unique_ptr<Channel> channel);

private:
    struct Idle {
        std::string key;
        std::unique_ptr<Channel> channel;
        std::chrono::steady_clock::time_point since;
    };
    using List = std::list<Idle>;
    // Moves what is too old or too many to `closing`, to be destroyed without the lock.
    void trim(List& closing, std::string const& key);

    std::size_t const per_host_max_;
    std::chrono::milliseconds const idle_time_max_;
    std::mutex mutex_;  // guards what follows
    List idle_;         // the one used last in front
};

}  // namespace crosswalk::http

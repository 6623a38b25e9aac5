// What the vendors were asked, newest last: method, path, status, time. No bodies, no credentials.
//
// Shape    the last `entries_max` calls; older ones are only counted.
// Units    milliseconds since 1970 UTC, durations in microseconds.
// Threads  safe from any thread.
#pragma once

#include "sandbox/exchange.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace crosswalk::sandbox {

struct Entry {
    std::string vendor;
    std::string method;
    std::string path;
    std::string query;
    std::string user_agent;
    std::string idempotency_key;
    int status = 0;  // as sent; 0 when the connection was cut
    std::int64_t at_ms = 0;
    std::int64_t duration_us = 0;
    std::string fault = {};  // id of the fault that had its hand in it; may be empty
};

class Journal {
public:
    static constexpr std::size_t entries_max = 20'000;

    void add(Entry entry);
    void clear();

    // The last entries that fit, oldest first. Parameters: vendor, method, path (a pattern), status, last.
    [[nodiscard]] Answer list(Request const& request);

    // Calls per vendor and status since the last clear: {"lever": {"200": 12}}.
    [[nodiscard]] boost::json::object counts();

private:
    std::mutex mutex_;
    std::deque<Entry> entries_;                                  // guarded by mutex_
    std::uint64_t added_ = 0;                                    // guarded by mutex_
    std::map<std::string, std::map<int, std::int64_t>> counts_;  // guarded by mutex_
};

}  // namespace crosswalk::sandbox

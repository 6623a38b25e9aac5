// Counters and gauges, written out in the Prometheus text format.
//
// Shape    names are crosswalk_<room>_<noun>_<unit>[_total]; labels come from small fixed sets.
// Threads  counters and gauges are safe from any thread and never lock; registering locks.
// Owner    a Counter lives as long as its Metrics. Gauge callbacks must outlive the Metrics or be removed with it.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::telemetry {

class Counter {
public:
    void add(std::uint64_t count = 1) noexcept { value_.fetch_add(count, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

using Labels = std::vector<std::pair<std::string, std::string>>;

class Metrics {
public:
    // The counter of that name and those labels, made at the first call.
    [[nodiscard]] Counter& counter(std::string const& name, std::string const& help, Labels const& labels = {});
    // A gauge is asked for its value whenever the metrics are read.
    void gauge(std::string const& name, std::string const& help, std::function<double()> read,
               Labels const& labels = {});
    // text/plain; version=0.0.4
    [[nodiscard]] std::string render() const;

private:
    struct Series {
        Labels labels;
        Counter* counter = nullptr;
        std::function<double()> read;
    };
    struct Family {
        std::string help;
        bool is_gauge = false;
        std::vector<Series> series;
    };
    mutable std::mutex mutex_;  // guards what follows
    std::map<std::string, Family> families_;
    std::deque<Counter> counters_;
};

}  // namespace crosswalk::telemetry

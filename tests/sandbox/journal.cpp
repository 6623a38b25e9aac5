#include "sandbox/journal.hpp"

#include "sandbox/faults.hpp"

#include <algorithm>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

json::object print(Entry const& entry) {
    json::object printed{{"vendor", entry.vendor}, {"method", entry.method},           {"path", entry.path},
                         {"query", entry.query},   {"user_agent", entry.user_agent},   {"status", entry.status},
                         {"at", entry.at_ms},      {"duration_us", entry.duration_us}, {"fault", nullptr}};
    if (!entry.idempotency_key.empty()) {
        printed["idempotency_key"] = entry.idempotency_key;
    }
    if (!entry.fault.empty()) {
        printed["fault"] = entry.fault;
    }
    return printed;
}

bool fits(Entry const& entry, Request const& request) {
    auto const status = request.parameter("status");
    auto const path = request.parameter("path");
    return request.parameter("vendor").value_or(entry.vendor) == entry.vendor &&
           request.parameter("method").value_or(entry.method) == entry.method &&
           (!path || match_pattern(*path, entry.path)) && (!status || *status == std::to_string(entry.status));
}

}  // namespace

void Journal::add(Entry entry) {
    std::lock_guard const lock(mutex_);
    ++added_;
    ++counts_[entry.vendor][entry.status];
    entries_.push_back(std::move(entry));
    if (entries_.size() > entries_max) {
        entries_.pop_front();
    }
}

void Journal::clear() {
    std::lock_guard const lock(mutex_);
    entries_.clear();
    counts_.clear();
    added_ = 0;
}

Answer Journal::list(Request const& request) {
    auto const last = parse_number(request.parameter("last").value_or("100"));
    if (!last || *last < 1) {
        return control_refusal(400, "last must be a positive number");
    }
    std::lock_guard const lock(mutex_);
    json::array shown;
    std::int64_t matching = 0;
    for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
        if (!fits(*entry, request)) {
            continue;
        }
        ++matching;
        if (matching <= *last) {
            shown.push_back(print(*entry));
        }
    }
    std::reverse(shown.begin(), shown.end());
    return json_answer(200, {{"total", added_}, {"matching", matching}, {"requests", std::move(shown)}});
}

json::object Journal::counts() {
    std::lock_guard const lock(mutex_);
    json::object printed;
    for (auto const& [vendor, by_status] : counts_) {
        json::object statuses;
        for (auto const& [status, count] : by_status) {
            statuses[std::to_string(status)] = count;
        }
        printed[vendor] = std::move(statuses);
    }
    return printed;
}

}  // namespace crosswalk::sandbox

#include "sandbox/faults.hpp"

#include "sandbox/fields.hpp"

#include <algorithm>
#include <array>

namespace crosswalk::sandbox {
namespace {

namespace json = boost::json;

constexpr std::int64_t delay_ms_max = 120'000;

constexpr std::array<std::pair<std::string_view, FaultKind>, 7> kinds{{{"status", FaultKind::status},
                                                                       {"cut_before", FaultKind::cut_before},
                                                                       {"cut_after", FaultKind::cut_after},
                                                                       {"delay", FaultKind::delay},
                                                                       {"drip", FaultKind::drip},
                                                                       {"wrong_json", FaultKind::wrong_json},
                                                                       {"empty_body", FaultKind::empty_body}}};

std::string_view name(FaultKind kind) noexcept {
    auto const* const found =
        std::find_if(kinds.begin(), kinds.end(), [&](auto const& row) { return row.second == kind; });
    return found == kinds.end() ? "" : found->first;
}

// A pause that tests can live with; anything else is a slip of the pen.
bool sensible(std::int64_t pause_ms) noexcept {
    return pause_ms >= 0 && pause_ms <= delay_ms_max;
}

// What is wrong with the order; empty if `fault` now holds it.
std::string read(json::object const& ordered, Fault& fault) {
    Fields fields(ordered);
    auto const kind = fields.text("kind").value_or("");
    fault.vendor = fields.text("vendor").value_or("");
    fault.method = fields.text("method").value_or("");
    fault.path = fields.text("path").value_or("/**");
    fault.skip = fields.integer("skip").value_or(0);
    fault.count = fields.integer("count").value_or(1);
    fault.probability = fields.number("probability").value_or(1);
    auto const status = fields.integer("status").value_or(503);
    fault.applied = fields.flag("applied").value_or(false);
    fault.retry_after = fields.text("retry_after");
    fault.body = fields.text("body");
    auto const delay = fields.integer("delay_ms").value_or(0);
    fault.drip_bytes = fields.integer("drip_bytes").value_or(16);
    auto const drip_gap = fields.integer("drip_gap_ms").value_or(20);
    if (auto complaint = fields.complaint(); !complaint.empty()) {
        return complaint;
    }
    auto const* const known =
        std::find_if(kinds.begin(), kinds.end(), [&](auto const& row) { return row.first == kind; });
    if (known == kinds.end()) {
        return "kind must be status, cut_before, cut_after, delay, drip, wrong_json or empty_body";
    }
    if (status < 200 || status > 599) {
        return "status must be from 200 to 599";
    }
    if (!sensible(delay) || !sensible(drip_gap) || fault.drip_bytes < 1) {
        return "delay_ms and drip_gap_ms must be from 0 to 120000, drip_bytes at least 1";
    }
    if (fault.probability < 0 || fault.probability > 1 || fault.skip < 0 || fault.count == 0) {
        return "probability must be from 0 to 1, skip not negative, count not 0 (negative: no end)";
    }
    fault.kind = known->second;
    fault.status = static_cast<int>(status);
    fault.delay = std::chrono::milliseconds(delay);
    fault.drip_gap = std::chrono::milliseconds(drip_gap);
    return {};
}

bool fits(Fault const& fault, std::string_view vendor, std::string_view method, std::string_view path) noexcept {
    return fault.count != 0 && (fault.vendor.empty() || fault.vendor == vendor) &&
           (fault.method.empty() || fault.method == method) && match_pattern(fault.path, path);
}

}  // namespace

Answer Faults::order(json::object const& ordered) {
    Fault fault;
    if (auto const complaint = read(ordered, fault); !complaint.empty()) {
        return control_refusal(400, complaint);
    }
    std::lock_guard const lock(mutex_);
    if (faults_.size() == faults_max) {
        return control_refusal(429, "too many faults are kept");
    }
    fault.id = "fault-" + std::to_string(++ordered_);
    json::object const answer{{"id", fault.id}};
    faults_.push_back(std::move(fault));
    return json_answer(201, answer);
}

bool Faults::remove(std::string_view id) {
    std::lock_guard const lock(mutex_);
    return std::erase_if(faults_, [&](Fault const& fault) { return fault.id == id; }) != 0;
}

void Faults::clear() {
    std::lock_guard const lock(mutex_);
    faults_.clear();
}

std::optional<Fault> Faults::draw(std::string_view vendor, std::string_view method, std::string_view path) {
    std::lock_guard const lock(mutex_);
    for (Fault& fault : faults_) {
        if (!fits(fault, vendor, method, path)) {
            continue;
        }
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        if (fault.probability < 1 && std::uniform_real_distribution<>()(random_) >= fault.probability) {
            continue;
        }
        if (fault.count > 0) {
            --fault.count;
        }
        ++fault.used;
        return fault;
    }
    return std::nullopt;
}

json::array Faults::list() {
    std::lock_guard const lock(mutex_);
    json::array printed;
    for (Fault const& fault : faults_) {
        auto const kind = name(fault.kind);
        printed.push_back(json::object{{"id", fault.id},
                                       {"kind", json::string_view(kind.data(), kind.size())},
                                       {"vendor", fault.vendor},
                                       {"method", fault.method},
                                       {"path", fault.path},
                                       {"left", fault.count},
                                       {"used", fault.used}});
    }
    return printed;
}

bool match_pattern(std::string_view pattern, std::string_view path) noexcept {
    while (!pattern.empty() && pattern.front() != '*') {
        if (path.empty() || path.front() != pattern.front()) {
            return false;
        }
        pattern.remove_prefix(1);
        path.remove_prefix(1);
    }
    if (pattern.empty()) {
        return path.empty();
    }
    bool const across = pattern.starts_with("**");
    pattern.remove_prefix(across ? 2 : 1);
    for (std::size_t taken = 0; taken <= path.size(); ++taken) {
        if (match_pattern(pattern, path.substr(taken))) {
            return true;
        }
        if (taken < path.size() && path[taken] == '/' && !across) {
            return false;
        }
    }
    return false;
}

}  // namespace crosswalk::sandbox

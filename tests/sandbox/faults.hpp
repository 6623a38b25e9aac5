// Faults on order: which calls go wrong, how, and how often.
//
// Shape    the first fault that fits a call and has uses left is drawn; at most `faults_max` are kept.
// Errors   order() says in words what it does not understand, and then keeps nothing.
// Threads  safe from any thread.
#pragma once

#include "sandbox/exchange.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox {

enum class FaultKind { status, cut_before, cut_after, delay, drip, wrong_json, empty_body };

struct Fault {
    std::string id = {};
    FaultKind kind = FaultKind::status;
    std::string vendor = {};  // empty: any
    std::string method = {};  // empty: any
    std::string path = "/**";
    std::int64_t skip = 0;   // calls that fit but are let through first
    std::int64_t count = 1;  // uses left; negative: no end
    double probability = 1;  // of a call that fits
    std::int64_t used = 0;

    int status = 503;                             // kind status
    bool applied = false;                         // kind status: the call takes effect before it is denied
    std::optional<std::string> retry_after = {};  // kind status
    std::optional<std::string> body = {};         // kind status; else the vendor's own words
    std::chrono::milliseconds delay{0};           // before anything else, with any kind
    std::int64_t drip_bytes = 16;                 // kind drip: the size of a piece
    std::chrono::milliseconds drip_gap{20};       // kind drip: the pause between pieces
};

class Faults {
public:
    static constexpr std::size_t faults_max = 100;

    // POST /control/faults: one fault as JSON; answers its id.
    [[nodiscard]] Answer order(boost::json::object const& ordered);

    [[nodiscard]] bool remove(std::string_view id);
    void clear();

    // The fault that this call runs into, one use of it taken.
    [[nodiscard]] std::optional<Fault> draw(std::string_view vendor, std::string_view method, std::string_view path);

    [[nodiscard]] boost::json::array list();

private:
    std::mutex mutex_;
    std::vector<Fault> faults_;         // guarded by mutex_
    std::uint64_t ordered_ = 0;         // guarded by mutex_
    std::mt19937_64 random_{20261122};  // guarded by mutex_; the same chances in every run
};

// "*" stands for any characters within one segment, "**" for any characters at all.
[[nodiscard]] bool match_pattern(std::string_view pattern, std::string_view path) noexcept;

}  // namespace crosswalk::sandbox

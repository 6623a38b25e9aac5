// What a connection's sweeps remember: since when they look, how far a round is, and what the last ones found.
//
// Shape    one JSON text per connection in the store; a host that was killed goes on at the page where it was.
// Errors   a text of another release reads as an empty memory: the next round begins anew, from now on.
// Threads  plain data.
#pragma once

#include "model/clock.hpp"
#include "model/error.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::sweep {

// Where a round is: one window of one event after the other, page by page.
struct Place {
    std::string event = {};  // empty: no round is under way
    std::vector<std::string> rest = {};
    model::TimePoint from = {};
    model::TimePoint to = {};
    std::string cursor = {};
    std::int64_t pages = 0;         // of this window
    std::int64_t listed = 0;        // of this round
    std::int64_t missing = 0;       // of this round, without the page under way
    std::int64_t page_missing = 0;  // of the page under way, set before they are taken
};

struct Memory {
    struct Stretch {
        model::TimePoint since = {};              // nothing that happened earlier is missed
        std::optional<model::TimePoint> to = {};  // how far the last whole sweep came
    };
    std::map<std::string, Stretch> stretches = {};  // by event; those that a route takes
    Place place = {};

    std::optional<model::TimePoint> ended_at = {};   // the last whole round
    std::int64_t listed = 0;                         // in it
    std::int64_t missing = 0;                        // in it
    std::optional<model::TimePoint> missed_at = {};  // the last round that found something missing
    std::string trouble = {};                        // why the last try did not get on; empty: it did

    std::optional<model::TimePoint> diagnosed_at = {};
    std::string cause = {};                          // why: "missing" or "silent"
    std::vector<model::FieldProblem> findings = {};  // what is wrong at the vendor, in words

    // How long the vendor is usually silent.
    std::optional<model::TimePoint> heard_at = {};
    std::chrono::microseconds usual_gap{};
    int gaps = 0;
};

[[nodiscard]] std::string written(Memory const& memory);
[[nodiscard]] Memory read_memory(std::string const& text);

// Takes up when the vendor was last heard, and answers whether it has been silent for far longer than usual.
[[nodiscard]] bool hear(Memory& memory, std::optional<model::TimePoint> last_event_at, model::TimePoint now);

}  // namespace crosswalk::sweep

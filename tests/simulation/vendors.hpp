// The vendors on the other side: what they sent, what was acknowledged, and what took effect at them.
//
// Shape    all of it outlives the host's crashes. An event has an id and a subject; a route's target counts how often
//          each event took effect there, and under which idempotency key.
// Oracle   an effect is wanted once; a person who replays an event, or repeats by hand what the target cannot be asked
//          about, allows one more.
// Threads  one.
#pragma once

#include "model/outcome.hpp"
#include "model/record.hpp"
#include "simulation/disk.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace crosswalk::simulation {

// What a target can do about an outcome that nobody knows.
enum class Memory : std::uint8_t { looks_up, honours_keys, nothing };

// What a target does with the next push or look-up.
enum class Answer : std::uint8_t {
    delivered,
    unchanged,
    duplicate,  // where it has it; delivered otherwise
    skipped,
    rejected,
    retry,
    auth,
    unknown_applied,
    unknown_not_applied,
    dies_before,  // the host ends before the request arrives
    dies_after,   // the host ends before the answer arrives
};

// Thrown through a push: the host's process ends here.
struct Died {};

class Target {
public:
    Target() = default;
    explicit Target(Memory memory) noexcept : memory_(memory) {}

    [[nodiscard]] Memory memory() const noexcept { return memory_; }
    // Throws Died.
    [[nodiscard]] model::AttemptReport push(std::string const& thing, std::string const& key, Answer answer);
    [[nodiscard]] model::AttemptReport look_up(std::string const& key, Answer answer) const;

    // One more effect of this thing is what a person asked for.
    void allow_again(std::string const& thing) { ++allowed_[thing]; }
    [[nodiscard]] bool has(std::string const& thing) const { return effects_.contains(thing); }
    // Things that took effect more often than anybody wanted.
    [[nodiscard]] std::vector<std::string> doubled() const;
    [[nodiscard]] std::uint64_t effects() const noexcept { return total_; }

private:
    void apply(std::string const& thing, std::string const& key);

    Memory memory_ = Memory::looks_up;
    std::map<std::string, int> effects_;
    std::map<std::string, int> allowed_;  // beyond the first
    std::set<std::string> keys_;
    std::uint64_t total_ = 0;
};

// One event of a vendor.
struct Happening {
    std::string id = {};
    std::string subject = {};
    bool acknowledged = false;
    std::int64_t inbox_id = 0;  // as the acknowledgement said
};

[[nodiscard]] model::AttemptReport report(model::Outcome outcome, std::string reason = {});

}  // namespace crosswalk::simulation

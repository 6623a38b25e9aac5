// What a row decides by chance: drawn from the seed alone, and remembered.
//
// Shape    plan() sums up all draws so far; the table prints it, so that two runs with one seed can be seen to have
//          ordered the same faults and events. What depends on when something arrives is drawn by what it is, with
//          chance_of(), because the order of arrival is the machine's doing.
// Threads  one.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace crosswalk::torture {

class Chance {
public:
    explicit Chance(std::uint32_t seed) : generator_(seed) {}

    // Below `end`.
    [[nodiscard]] std::uint32_t below(std::uint32_t end);
    // Four digits; two plans that differ have the same once in 65,536 times.
    [[nodiscard]] std::string plan() const;
    // Adds the draws of somebody else.
    void add(Chance const& other) { note(other.hash_); }

private:
    void note(std::uint64_t value);

    std::mt19937 generator_;
    std::uint64_t hash_ = 1469598103934665603ULL;  // FNV-1a
};

// From 0 to 1, the same for the same seed, name and number.
[[nodiscard]] double chance_of(std::uint32_t seed, std::string_view name, int number);

}  // namespace crosswalk::torture

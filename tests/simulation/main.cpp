// simulation: runs schedules and says which rules were broken, by which seed.
//
//     simulation --schedules 25000 --first 1      many, one line at the end
//     simulation --seed 4711                      one, with its trace
#include "simulation/schedule.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <iomanip>
#include <iostream>

namespace {

using crosswalk::simulation::Disk;
using crosswalk::simulation::Image;
using crosswalk::simulation::Outcome;
using crosswalk::simulation::Schedule;
using crosswalk::simulation::Tally;

constexpr int faults_shown_max = 10;

void print_trace(Outcome const& outcome) {
    for (std::string const& line : outcome.trace) {
        std::cout << "  " << line << '\n';
    }
}

void print_hash(std::uint64_t hash) {
    std::cout << "trace " << std::hex << std::setw(16) << std::setfill('0') << hash << std::dec << '\n';
}

// Runs one seed with its trace; the exit status.
int replay(Disk& disk, Image const& image, std::uint64_t seed) {
    Outcome const outcome = Schedule(disk, image, seed, true).run();
    std::cout << "seed " << seed << '\n';
    print_trace(outcome);
    print_hash(outcome.trace_hash);
    return outcome.faults.empty() ? 0 : 1;
}

void print_tally(Tally const& tally, double seconds) {
    std::cout << tally.schedules << " schedules in " << std::fixed << std::setprecision(1) << seconds
              << " s: " << tally.actions << " actions, " << tally.acknowledged << " webhooks acknowledged and "
              << tally.duplicates << " seen before, " << tally.effects << " effects, " << tally.look_ups
              << " look-ups, " << tally.dead << " dead letters, " << tally.power_cuts << " power cuts, " << tally.kills
              << " kills, " << tally.refused_writes << " refused writes.\n";
}

int run_many(Disk& disk, Image const& image, std::uint64_t first, std::uint64_t schedules, bool stop_at_first) {
    auto const begun = std::chrono::steady_clock::now();
    Tally tally;
    int broken = 0;
    std::uint64_t hashes = 0;
    for (std::uint64_t seed = first; seed < first + schedules; ++seed) {
        Outcome const outcome = Schedule(disk, image, seed, false).run();
        tally += outcome.tally;
        hashes = hashes * 31 + outcome.trace_hash;
        if (outcome.faults.empty()) {
            continue;
        }
        if (++broken <= faults_shown_max) {
            std::cout << "seed " << seed << ": " << outcome.faults.front() << '\n';
        }
        if (broken == 1) {
            print_trace(Schedule(disk, image, seed, true).run());
        }
        if (stop_at_first) {
            break;
        }
    }
    auto const seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    print_tally(tally, seconds);
    print_hash(hashes);
    std::cout << broken << " schedules broke a rule.\n";
    return broken == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Runs seeded schedules of faults against the host's rooms and judges what became of every event.");
    std::uint64_t schedules = 1000;
    std::uint64_t first = 1;
    std::uint64_t seed = 0;
    bool stop_at_first = false;
    app.add_option("--schedules", schedules, "how many, each by its own seed");
    app.add_option("--first", first, "the first seed");
    auto const* const one = app.add_option("--seed", seed, "this one alone, with its trace");
    app.add_flag("--stop-at-first", stop_at_first, "end at the first broken rule");
    CLI11_PARSE(app, argc, argv);

    Disk disk;
    Image const image = crosswalk::simulation::empty_store(disk);
    return one->count() > 0 ? replay(disk, image, seed) : run_many(disk, image, first, schedules, stop_at_first);
}

// T3: a connector in a worker crashes, hangs and takes 2 GB, again and again, beside one that is well.
//
// What it does to its neighbour is measured in pairs: a window without trouble, then one in whose beginning the trouble
// starts. A machine that is busy with other things moves both windows of a pair alike, and one bad window spoils one
// pair. The pairs bound the median of their ratios with 99 % certainty (a sign test); the row fails when that whole
// range is above what is allowed. It says whether the range is also below: seven pairs, as the short form has them,
// show harm that every one of them shows, and seldom that there is none.
#include "torture/hooks.hpp"
#include "torture/row.hpp"
#include "torture/things.hpp"

#include <algorithm>
#include <optional>
#include <thread>

namespace crosswalk::torture {
namespace {

using Clock = std::chrono::steady_clock;
using scenarios::eventually;
using scenarios::World;

constexpr double allowed = 1.1;
constexpr int ends_max = 5;

bool is_quarantined(World const& world) {
    return world.connection_state("wild") == "paused";
}

// How often a worker that ended was given another start, in all hosts of this world.
std::size_t count_of_starts(World const& world) {
    std::string const log = world.log();
    std::string_view const line = "worker process ended and will be started again";
    std::size_t found = 0;
    for (std::size_t at = log.find(line); at != std::string::npos; at = log.find(line, at + 1)) {
        ++found;
    }
    return found;
}

// How long things of the healthy connection take from being sent until they are at the target; nothing when one of them
// does not arrive. Sent in even steps, so that all of the window is seen.
std::optional<std::vector<double>> latencies(World const& world, Target const& target, std::string const& prefix,
                                             std::chrono::milliseconds window) {
    constexpr std::chrono::milliseconds step(5);
    std::vector<double> took;
    auto const end = Clock::now() + window;
    for (auto next = Clock::now(); next < end; next = std::max(next + step, Clock::now())) {
        std::this_thread::sleep_until(next);
        std::string const id = prefix + std::to_string(took.size());
        auto const began = Clock::now();
        if (send_thing(world, "steady", id, id) == 0 || !target.waits_for(id, std::chrono::seconds(10))) {
            return std::nullopt;
        }
        took.push_back(std::chrono::duration<double, std::milli>(target.time_of(id) - began).count());
    }
    return took;
}

class Pairs {
public:
    // `set` tells the things of several sets apart.
    Pairs(std::string set, World const& world, Target const& target, Report& report)
        : set_(std::move(set)), world_(world), target_(target), report_(report) {}

    // One pair beside this act; waits until the worker is well again and has delivered what it crashed on, or nobody
    // starts it any more.
    void measure(std::string const& act) {
        constexpr std::chrono::milliseconds window(1500);
        std::string const name = set_ + act + "-" + std::to_string(calm_.size());
        auto const calm = latencies(world_, target_, "calm-" + name + "-", window);
        // While its worker is away the connection takes nothing, and its vendor would send again.
        bool const taken =
            eventually([&] { return send_thing(world_, "wild", "wild-" + name, "wild-" + name, act) != 0; },
                       std::chrono::seconds(30));
        report_.expect(taken, "what makes the connector " + act + " is accepted");
        auto const loud = latencies(world_, target_, "loud-" + name + "-", window);
        report_.expect(calm && loud, "the healthy connection delivers all the time");
        if (calm && loud) {
            calm_.push_back(quantile(*calm, 0.99));
            loud_.push_back(quantile(*loud, 0.99));
            ratios_.push_back(loud_.back() / calm_.back());
        }
        report_.expect(
            eventually([&] { return target_.has("wild-" + name) || is_quarantined(world_); }, std::chrono::seconds(60)),
            "what the connector had in hand when it began to " + act + " is delivered when it is well again");
    }
    void measure(std::vector<std::string> const& acts) {
        for (std::string const& act : acts) {
            measure(act);
        }
    }
    [[nodiscard]] std::size_t count() const { return ratios_.size(); }
    [[nodiscard]] double median() const { return quantile(ratios_, 0.5); }
    [[nodiscard]] bool shows_harm() const { return median_bounds(ratios_).first > allowed; }
    [[nodiscard]] bool is_undecided() const { return median() > allowed && !shows_harm(); }
    void print() const {
        report_.figure("pairs", static_cast<std::int64_t>(count()));
        report_.figure("healthy p99 ms calm, median", quantile(calm_, 0.5));
        report_.figure("beside the trouble", quantile(loud_, 0.5));
        report_.figure("ratio, median of the pairs", median());
        auto const [least, most] = median_bounds(ratios_);
        report_.figure("with 99 % certainty at least", least);
        report_.figure("at most", most);
        report_.figure("within a tenth", shows_harm() ? "no" : most <= allowed ? "shown" : "neither shown nor refuted");
    }

private:
    std::string const set_;
    World const& world_;
    Target const& target_;
    Report& report_;
    std::vector<double> calm_;
    std::vector<double> loud_;
    std::vector<double> ratios_;
};

// Keeps the store in memory where there is room for that, since the pace of the disk, which others use too, would be
// most of what is measured.
class MemoryStore {
public:
    explicit MemoryStore(World const& world) {
        std::filesystem::path const memory("/dev/shm");
        std::error_code none;
        auto const folder = memory / world.config().parent_path().filename();
        if (std::filesystem::create_directory(folder, none)) {
            folder_ = folder;
            world.edit("crosswalk.yaml", "path: crosswalk.db", "path: " + (folder_ / "crosswalk.db").string());
        }
    }
    MemoryStore(MemoryStore const&) = delete;
    MemoryStore& operator=(MemoryStore const&) = delete;
    ~MemoryStore() {
        std::error_code ignored;
        if (!folder_.empty()) {
            std::filesystem::remove_all(folder_, ignored);
        }
    }

private:
    std::filesystem::path folder_;  // empty: there is no such place
};

}  // namespace

void connectors(Order const& order, Report& report) {
    Target target(order.seed);
    World world;
    world.hurry();
    add_thing(world, "steady", "in-process", target);
    add_thing(world, "wild", "worker", target);
    world.append("crosswalk.yaml", "limits: { hook_time_max: 1s }\n");
    MemoryStore const memory(world);
    Pairs pairs("", world, target, report);
    std::vector<std::string> acts{"allocate", "hang", "crash"};
    if (order.is_short()) {
        acts.insert(acts.end(), {"allocate", "crash"});  // two crashes until the quarantine make seven pairs of them
    }
    std::size_t const least = order.is_short() ? acts.size() : 24;
    std::size_t const most = order.is_short() ? acts.size() : 60;
    // A new host knows nothing of earlier crashes. While the pairs are undecided more of them are measured.
    std::size_t started_again = 0;
    while (pairs.count() < least || (pairs.is_undecided() && pairs.count() < most)) {
        world.start_host();
        started_again = count_of_starts(world);
        pairs.measure(acts);
    }
    // What ended it in the last host counts as well: the hang, the crash, and the 2 GB if they took too long.
    for (int crash = 0; crash < ends_max && !is_quarantined(world); ++crash) {
        pairs.measure("crash");
    }
    report.expect(is_quarantined(world),
                  "the crashing connection is quarantined: it is " + world.connection_state("wild"));
    auto const again = static_cast<int>(count_of_starts(world) - started_again);
    report.expect(again == ends_max - 1, "it is quarantined at its fifth end: " + std::to_string(again) + " starts");
    report.expect(world.host_ready(), "the host is up");
    report.expect(latencies(world, target, "after-", std::chrono::milliseconds(100)).has_value(),
                  "the healthy connection goes on afterwards");
    // A person starts the host again and lets the connection go on.
    world.start_host();
    (void)world.admin("POST", "/api/v1/connections/wild/resume");
    bool const went_out = eventually([&] { return scenarios::number(world.conservation(), "/held") == 0; });
    report.expect(went_out, "what the quarantine kept goes out: " + boost::json::serialize(world.conservation()));
    bool harm = pairs.shows_harm();
    if (harm && order.is_short()) {
        // Few pairs show it by chance now and then; harm that is real shows itself again.
        Pairs second("again-", world, target, report);
        acts.insert(acts.end(), {"crash", "crash"});
        second.measure(acts);
        second.print();
        harm = second.shows_harm();
    }
    report.expect(target.duplicates() == 0, "nothing is at the target twice");
    report.expect(scenarios::number(world.conservation(), "/difference") == 0, "conservation holds");
    report.expect(!harm, "other routes keep their p99 within a tenth");
    pairs.print();
    if (!report.passed()) {
        report.last_words(world.last_words());
    }
}

}  // namespace crosswalk::torture

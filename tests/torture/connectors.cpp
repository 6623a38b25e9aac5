// T3: a connector in a worker crashes, hangs and takes 2 GB, again and again, beside one that is well.
#include "torture/hooks.hpp"
#include "torture/row.hpp"
#include "torture/things.hpp"

#include <thread>

namespace crosswalk::torture {
namespace {

using Clock = std::chrono::steady_clock;
using scenarios::eventually;
using scenarios::World;

// How long things of the healthy connection take from being sent until they are at the target.
std::vector<double> latencies(World const& world, Target const& target, std::string const& prefix, int count) {
    std::vector<double> took;
    for (int i = 0; i < count; ++i) {
        std::string const id = prefix + std::to_string(i);
        auto const began = Clock::now();
        if (send_thing(world, "steady", id, id) == 0 ||
            !eventually([&] { return target.has(id); }, std::chrono::seconds(10))) {
            return {};
        }
        took.push_back(std::chrono::duration<double, std::milli>(target.time_of(id) - began).count());
    }
    return took;
}

}  // namespace

void connectors(Order const& order, Report& report) {
    Target target(order.seed);
    World world;
    add_thing(world, "steady", "in-process", target);
    add_thing(world, "wild", "worker", target);
    world.append("crosswalk.yaml", "limits: { hook_time_max: 1s }\n");
    world.start_host();
    // Crashes on purpose end the worker each time; five of them in ten minutes are one too many.
    constexpr char const* acts[] = {"allocate", "hang", "crash", "crash", "crash", "crash", "crash"};
    int const rounds = order.is_short() ? 3 : 10;
    std::vector<double> calm;
    std::vector<double> troubled;
    std::size_t act = 0;
    for (int round = 0; round < rounds; ++round) {
        auto const quiet = latencies(world, target, "calm-" + std::to_string(round) + "-", 60);
        calm.insert(calm.end(), quiet.begin(), quiet.end());
        for (int i = 0; i < 2 && act < std::size(acts); ++i, ++act) {
            (void)send_thing(world, "wild", "wild-" + std::to_string(act), "w" + std::to_string(act), acts[act]);
        }
        auto const loud = latencies(world, target, "loud-" + std::to_string(round) + "-", 60);
        troubled.insert(troubled.end(), loud.begin(), loud.end());
    }
    auto const all = static_cast<std::size_t>(rounds) * 60;
    report.expect(calm.size() == all && troubled.size() == all, "the healthy connection delivers all the time");
    report.expect(eventually([&] { return world.connection_state("wild") == "paused"; }, std::chrono::seconds(60)),
                  "the crashing connection is quarantined: it is " + world.connection_state("wild"));
    report.expect(world.host_ready(), "the host is up");
    report.expect(latencies(world, target, "after-", 10).size() == 10, "the healthy connection goes on afterwards");
    report.expect(target.duplicates() == 0, "nothing is at the target twice");
    report.expect(scenarios::number(world.conservation(), "/difference") == 0, "conservation holds");
    double const before = quantile(calm, 0.99);
    double const during = quantile(troubled, 0.99);
    // On a busy machine a few deschedulings are more than a tenth of some milliseconds.
    report.expect(during <= before * 1.1 || during - before <= 50, "other routes keep their p99");
    report.figure("healthy p99 ms calm", before);
    report.figure("beside the crashes", during);
    report.figure("ratio", during / before);
    report.figure("p50 ratio", quantile(troubled, 0.5) / quantile(calm, 0.5));
    if (!report.passed()) {
        report.last_words(world.last_words());
    }
}

}  // namespace crosswalk::torture

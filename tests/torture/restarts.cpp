// T5: orderly restarts under load. T9: what a start costs with nothing and with much in the inbox, and what a backlog
// costs in memory.
#include "torture/chance.hpp"
#include "torture/hooks.hpp"
#include "torture/judge.hpp"

#include <thread>

namespace crosswalk::torture {
namespace {

using Clock = std::chrono::steady_clock;
using scenarios::HireStream;
using scenarios::World;

double start_ms(World& world) {
    world.kill_host();
    auto const began = Clock::now();
    world.launch_host();
    while (!world.host_ready()) {
        if (Clock::now() - began > std::chrono::seconds(60)) {
            return -1;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

double median_start_ms(World& world) {
    std::vector<double> took;
    for (int i = 0; i < 5; ++i) {
        took.push_back(start_ms(world));
    }
    return quantile(took, 0.5);
}

}  // namespace

void restarts(Order const& order, Report& report) {
    Chance chance(order.seed);
    World world;
    world.hurry();
    world.register_webhook();
    world.start_host();
    HireStream stream(world, "Restart");
    int const times = order.is_short() ? 6 : order.minutes * 20;
    int clean = 0;
    for (int i = 0; i < times; ++i) {
        stream.keep_going({200, 6, 10});
        std::this_thread::sleep_for(std::chrono::milliseconds(chance.below(400)));
        clean += world.stop_host() == 0 ? 1 : 0;
        world.launch_host();
        (void)scenarios::eventually([&] { return world.host_ready(); });
    }
    report.expect(clean == times, "every stop ends with status 0");
    (void)judge(world, stream, report);
    report.figure("plan", chance.plan());
    report.figure("restarts", static_cast<std::int64_t>(times));
    report.figure("reload", "there is none: configuration is read at the start");
}

void backlog(Order const& order, Report& report) {
    World world;
    // Nobody answers at Lever, so that what comes in stays in the inbox.
    world.edit("connections/lever.yaml", world.vendors_url(), "http://127.0.0.1:1");
    world.start_host();
    world.register_webhook();
    Hooks hooks(world);
    double const empty_ms = median_start_ms(world);
    report.expect(empty_ms > 0 && empty_ms < 500, "with an empty inbox it is ready in 0.5 s");
    report.figure("empty start ms", empty_ms);
    std::int64_t taken = 1;
    double first_mib = 0;
    std::vector<std::int64_t> sizes{2'000, 20'000};
    if (!order.is_short()) {
        sizes = {10'000, 100'000, 1'000'000};
    }
    for (std::int64_t const size : sizes) {
        taken += hooks.send_many(size - taken, 16);
        double const full_ms = median_start_ms(world);
        double const mib = world.metric("crosswalk_process_resident_bytes") / (1024.0 * 1024.0);
        first_mib = first_mib == 0 ? mib : first_mib;
        std::string const name = std::to_string(taken);
        report.expect(full_ms > 0 && full_ms < 2000, "with " + name + " queued it is ready in 2 s");
        report.expect(mib - first_mib < 50, "memory does not grow by 50 MiB with the backlog");
        report.expect(world.metric("crosswalk_store_inbox_pending") > static_cast<double>(taken) * 0.9,
                      "the backlog is there, or the row proves nothing");
        report.figure("start with " + name + " queued ms", full_ms);
        report.figure("ratio", full_ms / empty_ms);
        report.figure("MiB", mib);
    }
    report.expect(scenarios::number(world.conservation(), "/difference") == 0, "conservation holds");
    report.expect(scenarios::number(world.conservation(), "/received") == taken, "what was acknowledged is there");
    if (!report.passed()) {
        report.last_words(world.last_words());
    }
}

}  // namespace crosswalk::torture

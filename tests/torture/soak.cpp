// T7: the same load for a while. Does memory rise, do file handles?
#include "torture/hooks.hpp"
#include "torture/judge.hpp"

#include <thread>

namespace crosswalk::torture {
namespace {

using scenarios::World;

std::int64_t open_files(World const& world) {
    std::error_code ignored;
    std::filesystem::directory_iterator const files("/proc/" + std::to_string(world.host().id()) + "/fd", ignored);
    return std::distance(begin(files), end(files));
}

}  // namespace

void soak(Order const& order, Report& report) {
    constexpr double mib = 1024.0 * 1024.0;
    constexpr int warm_up = 8000;
    constexpr double growth_mib_max = 3;
    World world;
    world.hurry();
    world.register_webhook();
    world.start_host();
    scenarios::HireStream stream(world, "Soak");
    // The store's pages, keys and statements fill their caches first, as fast as hires go through; that is no slope.
    stream.start({warm_up, 8, 0});
    report.expect(stream.finish(), "the hires that fill the caches are acknowledged");
    bool const settled = scenarios::eventually(
        [&] { return scenarios::number(world.conservation(), "/delivered") >= warm_up; }, std::chrono::seconds(120));
    report.expect(settled, "they go through: " + boost::json::serialize(world.conservation()));
    auto const samples = static_cast<std::size_t>(order.is_short() ? 24 : order.minutes * 60);
    std::vector<double> memory;
    std::vector<std::int64_t> files;
    for (std::size_t i = 0; i < samples; ++i) {
        stream.keep_going({400, 4, 20});
        std::this_thread::sleep_for(std::chrono::seconds(1));
        memory.push_back(world.metric("crosswalk_process_resident_bytes") / mib);
        files.push_back(open_files(world));
    }
    // Of the second half the first and the last third are compared.
    auto const third = static_cast<std::ptrdiff_t>(samples / 6);
    double const early = quantile({memory.end() - 3 * third, memory.end() - 2 * third}, 0.5);
    double const late = quantile({memory.end() - third, memory.end()}, 0.5);
    double const hours = static_cast<double>(2 * third) / 3600.0;
    auto const files_early = *std::max_element(files.begin(), files.begin() + 3 * third);
    auto const files_late = *std::max_element(files.end() - third, files.end());
    report.expect(late - early < growth_mib_max, "memory is level once its caches are full");
    report.expect(files_late <= files_early + 8, "file handles are level");
    (void)judge(world, stream, report);
    report.figure("MiB at first", memory.front());
    report.figure("at last", memory.back());
    report.figure("growth MiB", late - early);
    report.figure("slope MiB an hour", (late - early) / hours);
    report.figure("file handles", std::to_string(files_early) + " then " + std::to_string(files_late));
}

}  // namespace crosswalk::torture

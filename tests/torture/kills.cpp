// T1: the host dies or stands still at random moments, under loads that put those moments everywhere in the pipeline.
#include "torture/chance.hpp"
#include "torture/judge.hpp"

#include <thread>

namespace crosswalk::torture {
namespace {

using scenarios::HireStream;
using scenarios::milliseconds;
using scenarios::World;
namespace json = boost::json;

// What the load and the vendors do for the next kills.
struct Phase {
    char const* name;
    HireStream::Pace pace;
    std::uint32_t life_ms_max;  // the host lives this long at most
    json::object fault;
};

std::vector<Phase> phases() {
    auto const drip = [] {
        return json::object{{"kind", "drip"}, {"method", "POST"}, {"drip_bytes", 128}, {"drip_gap_ms", 10}};
    };
    auto const trouble = [](json::object order, double probability) {
        order["probability"] = probability;
        return order;
    };
    return {
        // What is written takes effect at once and is answered slowly: many kills fall in between.
        {"slow answers", {200, 4, 100}, 400, drip()},
        {"full speed", {400, 8, 0}, 250, {}},
        {"in the start", {200, 4, 20}, 25, {}},
        {"answers cut", {200, 8, 20}, 300, trouble({{"kind", "cut_after"}, {"method", "POST"}}, 0.3)},
        {"refusals", {200, 8, 20}, 300, trouble({{"kind", "status"}, {"status", 503}}, 0.3)},
    };
}

// The sender repeats a webhook that it was thanked for already.
void repeat_one(World const& world, Chance& chance) {
    constexpr std::uint32_t last = 20;
    auto const known = scenarios::list(
        world.control("GET", "/lever/deliveries?state=received&last=" + std::to_string(last)).value(), "/deliveries");
    std::uint32_t const chosen = chance.below(last);
    if (!known.empty()) {
        auto const& one = known[chosen % known.size()];
        (void)world.control("POST", "/lever/webhooks/rerun/" + scenarios::text(one, "/id"));
    }
}

void hurt(World& world, Phase const& phase, Chance& chance) {
    auto const moment = [&] { return milliseconds(1 + chance.below(phase.life_ms_max)); };
    std::this_thread::sleep_for(moment());
    if (chance.below(8) == 0) {
        world.host().pause();
        std::this_thread::sleep_for(moment() / 4);
        if (chance.below(2) == 0) {
            world.host().resume();
            std::this_thread::sleep_for(moment() / 4);
        }
    }
    world.launch_host();
}

}  // namespace

void kills(Order const& order, Report& report) {
    constexpr int kills_per_phase = 10;
    Chance chance(order.seed);
    std::vector<Phase> const all = phases();
    World world;
    world.hurry();
    world.register_webhook();
    world.start_host();
    HireStream stream(world);
    Phase const* phase = nullptr;
    auto const began = std::chrono::steady_clock::now();
    for (int kill = 0; kill < order.kills; ++kill) {
        if (kill % kills_per_phase == 0) {
            // Each once in a random turn of the wheel first, then at random.
            auto const turn = static_cast<std::size_t>(kill / kills_per_phase);
            phase = &all[turn < all.size() ? (turn + order.seed) % all.size()
                                           : chance.below(static_cast<std::uint32_t>(all.size()))];
            world.clear_faults();
            for (char const* vendor : {"goco", "lever"}) {
                if (!phase->fault.empty()) {
                    json::object fault = phase->fault;
                    fault["vendor"] = vendor;
                    fault["count"] = -1;
                    world.fault(fault);
                }
            }
            if (kill > 0) {
                repeat_one(world, chance);
            }
        }
        stream.keep_going(phase->pace);
        hurt(world, *phase, chance);
    }
    double const killing_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    report.figure("kills", static_cast<std::int64_t>(order.kills));
    report.figure("plan", chance.plan());
    report.figure("killing s", killing_s);
    Judgement const found = judge(world, stream, report, std::chrono::seconds(300));
    // A target that finds its own doubles would hide from the rest of the row that a push was repeated.
    auto const cut_off = scenarios::cut_off(world, static_cast<std::size_t>(found.acknowledged));
    report.figure("unknown looked up", static_cast<std::int64_t>(cut_off.looked_up));
    report.figure("repeated blindly", static_cast<std::int64_t>(cut_off.repeated));
    report.expect(cut_off.looked_up > 0 || order.kills < 20, "some kills fell into a push, or the row proves nothing");
    report.expect(cut_off.repeated == 0,
                  std::to_string(cut_off.repeated) + " pushes were repeated although the one before may have worked");
}

}  // namespace crosswalk::torture

#include "simulation/schedule.hpp"

#include <array>
#include <cassert>

namespace crosswalk::simulation {
namespace {

constexpr std::uint64_t hash_start = 1469598103934665603ULL;  // FNV-1a
constexpr std::uint64_t hash_step = 1099511628211ULL;
constexpr int opens_max = 8;
constexpr int rounds_max = 3000;

}  // namespace

Tally& Tally::operator+=(Tally const& other) noexcept {
    schedules += other.schedules;
    actions += other.actions;
    acknowledged += other.acknowledged;
    duplicates += other.duplicates;
    effects += other.effects;
    look_ups += other.look_ups;
    dead += other.dead;
    kills += other.kills;
    power_cuts += other.power_cuts;
    refused_writes += other.refused_writes;
    return *this;
}

Image empty_store(Disk& disk) {
    disk.reset(0, {});
    support::FakeClock const clock;
    std::ostream nowhere(nullptr);
    telemetry::Logger logger(nowhere, clock, telemetry::Level::error);
    {
        auto const store = store::Store::open(store_options({}), clock, logger);
        assert(store);
    }
    return disk.files();
}

Schedule::Schedule(Disk& disk, Image const& image, std::uint64_t seed, bool keep_trace)
    : disk_(disk), image_(image), random_(seed), seed_(seed), keep_trace_(keep_trace), outside_{clock_, {}, {}, {}} {
    outcome_.trace_hash = hash_start;
}

Schedule::~Schedule() {
    turns_.reset();
    inside_.reset();
}

void Schedule::say(std::string const& line) {
    for (char const c : line) {
        outcome_.trace_hash = (outcome_.trace_hash ^ static_cast<unsigned char>(c)) * hash_step;
    }
    if (keep_trace_) {
        outcome_.trace.push_back(line);
    }
}

void Schedule::fault(std::string const& what) {
    say("FAULT " + what);
    outcome_.faults.push_back(what);
}

Outcome Schedule::run() {
    disk_.reset(seed_, image_);
    set_up();
    open();
    std::uint64_t const actions = 20 + below(random_, 41);
    for (std::uint64_t i = 0; i < actions && outcome_.faults.empty(); ++i) {
        step();
    }
    if (outcome_.faults.empty()) {
        calm();
    }
    if (outcome_.faults.empty()) {
        judge();
    }
    outcome_.tally.schedules = 1;
    outcome_.tally.actions = actions;
    outcome_.tally.refused_writes = disk_.refused();
    for (auto const& [name, target] : targets_) {
        outcome_.tally.effects += target.effects();
    }
    return std::move(outcome_);
}

void Schedule::lose_power_after(int calls) {
    say("the power will go after " + std::to_string(calls));
    disk_.power_off_after(calls, [this] {
        say("the power goes");
        if (inside_) {  // neither opening nor closing
            inside_->give_up();
        }
    });
}

// Opens the store until it opens: the power may go again meanwhile, and a full disk is emptied by somebody.
void Schedule::open() {
    for (int tries = 0; tries < opens_max; ++tries) {
        if (!calm_ && chance(10)) {
            lose_power_after(static_cast<int>(below(random_, 12)));
        }
        auto opened = Inside::open(setting_, outside_);
        if (opened) {
            inside_ = std::move(*opened);
            say("opens");
            return;
        }
        say("does not open: " + opened.error().detail);
        if (opened.error().code != model::ErrorCode::unavailable) {
            break;
        }
        if (disk_.is_off()) {
            disk_.power_on(chance(50) ? Loss::cut : Loss::kill);
        }
        disk_.heal();
    }
    fault("the store does not open again");
}

// The end of the process, with or without the power.
void Schedule::crash() {
    bool const cut = chance(60);
    say(cut ? "power cut" : "kill");
    ++(cut ? outcome_.tally.power_cuts : outcome_.tally.kills);
    disk_.power_off();
    turns_.reset();
    inside_.reset();
    leased_.clear();
    current_ = nullptr;
    disk_.power_on(cut ? Loss::cut : Loss::kill);
    open();
}

void Schedule::step() {
    try {
        act();
    } catch (Died const&) {
        say("died in a push");
        disk_.power_off();
    }
    current_ = nullptr;
    if (disk_.is_off()) {
        crash();
    }
    if (outcome_.faults.empty()) {
        watch_conservation();
    }
}

void Schedule::act() {
    struct Choice {
        std::uint64_t weight;
        void (Schedule::*action)();
    };
    static constexpr std::array choices{
        Choice{16, &Schedule::send_new},       Choice{7, &Schedule::send_again},  Choice{6, &Schedule::post_on_board},
        Choice{14, &Schedule::dispatch_some},  Choice{12, &Schedule::lease_some}, Choice{18, &Schedule::push_one},
        Choice{1, &Schedule::release_one},     Choice{7, &Schedule::turn},        Choice{9, &Schedule::pass_time},
        Choice{4, &Schedule::pause_or_resume}, Choice{3, &Schedule::change_mode}, Choice{5, &Schedule::operate},
        Choice{3, &Schedule::spoil_disk},      Choice{2, &Schedule::arm_power},   Choice{1, &Schedule::end_process},
        Choice{1, &Schedule::restart},         Choice{1, &Schedule::purge}};
    static constexpr std::uint64_t sum = [] {
        std::uint64_t all = 0;
        for (Choice const& choice : choices) {
            all += choice.weight;
        }
        return all;
    }();
    std::uint64_t at = below(random_, sum);
    for (Choice const& choice : choices) {
        if (at < choice.weight) {
            (this->*choice.action)();
            return;
        }
        at -= choice.weight;
    }
}

// Faults heal, people let everything run, vendors send again what nobody acknowledged, and the host works until there
// is nothing left to do.
void Schedule::calm() {
    say("calm");
    calm_ = true;
    disk_.heal();
    disk_.power_off_after(-1, {});
    for (auto const& [name, connector] : connectors_) {
        if (auto const resumed = inside_->state.resume_connection(name); !resumed) {
            fault("a healed store refuses to resume a connection: " + resumed.error().detail);
        }
    }
    for (model::Route const& route : setting_.routes) {
        if (auto const set = inside_->state.set_route_mode(route.name, store::RouteMode::running); !set) {
            fault("a healed store refuses to start a route: " + set.error().detail);
        }
    }
    for (Happening& event : sent_) {
        if (!event.acknowledged) {
            send(event);
        }
        if (!event.acknowledged) {
            fault("a healed host does not take event " + event.id);
        }
    }
    for (int round = 0; outcome_.faults.empty() && round < rounds_max; ++round) {
        bool const worked = work_off();
        watch_conservation();
        if (!worked && !wait_for_next()) {
            return;
        }
    }
    if (outcome_.faults.empty()) {
        fault("it does not come to rest");
    }
}

bool Schedule::work_off() {
    bool worked = false;
    for (char const* const connection : {"ats", "board"}) {
        auto const due = inside_->inbox.due(connection, clock_.now(), 100);
        worked = worked || (due && !due->empty());
        dispatch_due(connection, 100);
    }
    bool const to_poll = !board_.empty() && !board_read_;
    auto const unfinished = inside_->runs.unfinished();
    if (to_poll || turns_ || (unfinished && !unfinished->empty())) {
        turn();
        worked = true;
    }
    if (leased_.empty()) {
        lease_some();
    }
    worked = worked || !leased_.empty();
    while (!leased_.empty()) {
        push_one();
    }
    return worked;
}

bool Schedule::wait_for_next() {
    std::optional<model::TimePoint> next;
    auto const sooner = [&](model::Result<std::optional<model::TimePoint>> const& due) {
        if (due && *due && (!next || **due < *next)) {
            next = **due;
        }
    };
    sooner(inside_->inbox.next_due("ats"));
    sooner(inside_->inbox.next_due("board"));
    sooner(inside_->outbox.next_due());
    if (!next) {
        return false;
    }
    auto const pause = std::max(*next - clock_.now(), model::TimePoint::duration(std::chrono::milliseconds(1)));
    clock_.advance(std::chrono::duration_cast<std::chrono::microseconds>(pause));
    say("waits " + std::to_string(pause.count()));
    return true;
}

}  // namespace crosswalk::simulation

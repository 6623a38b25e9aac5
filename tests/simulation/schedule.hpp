// One schedule: from one seed, some dozens of things that happen to a host, then calm, then the judgement.
//
// Shape    storm: vendors send, repeat and reorder; targets answer in every way; time passes; people pause, replay and
//          discard; the disk fills and fails; the power goes. calm: faults heal, unacknowledged events are sent again,
//          everything is worked off. The rules are judged at every step (Watch) and at the end (judge).
// Repeat   the same seed gives the same trace, letter by letter: nothing here has a thread, a clock or a chance of its
//          own. The hash of the trace proves it.
// Threads  one; the Disk is its own for as long as it runs.
#pragma once

#include "simulation/disk.hpp"
#include "simulation/inside.hpp"
#include "simulation/vendors.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crosswalk::simulation {

// The files of an empty store, to begin each schedule with.
using Image = std::map<std::string, std::string>;
[[nodiscard]] Image empty_store(Disk& disk);

// What schedules went through, to show that they are no walk in the park.
struct Tally {
    std::uint64_t schedules = 0;
    std::uint64_t actions = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t duplicates = 0;  // answered as such
    std::uint64_t effects = 0;
    std::uint64_t look_ups = 0;
    std::uint64_t dead = 0;
    std::uint64_t kills = 0;
    std::uint64_t power_cuts = 0;
    std::uint64_t refused_writes = 0;

    Tally& operator+=(Tally const& other) noexcept;
};

struct Outcome {
    std::vector<std::string> faults = {};  // rules that were broken; empty: none
    std::uint64_t trace_hash = 0;
    std::vector<std::string> trace = {};  // when it is kept
    Tally tally = {};
};

inline constexpr std::size_t leased_max = 8;  // deliveries that are out at one time

class Schedule {
public:
    Schedule(Disk& disk, Image const& image, std::uint64_t seed, bool keep_trace);
    Schedule(Schedule const&) = delete;
    Schedule& operator=(Schedule const&) = delete;
    ~Schedule();

    [[nodiscard]] Outcome run();

private:
    // ---- setting.cpp
    void set_up();
    void set_up_connectors();
    [[nodiscard]] model::Result<plugin_host::ParseResult> parse(std::string const& body);
    [[nodiscard]] model::Result<plugin_host::PollResult> poll_board(plugin_host::PollRequest const& request);
    [[nodiscard]] model::AttemptReport push(std::string const& connection, support::FakeConnector::Push const& push);
    [[nodiscard]] Answer next_answer();

    // ---- schedule.cpp
    void open();
    void lose_power_after(int calls);
    void crash();
    void step();
    void act();
    void calm();
    [[nodiscard]] bool work_off();
    [[nodiscard]] bool wait_for_next();

    // ---- actions.cpp
    void send_new();
    void send_again();
    void send(Happening& event);
    void post_on_board();
    void dispatch_some();
    void dispatch_due(std::string const& connection, std::size_t limit);
    [[nodiscard]] std::set<std::string> routes_for(store::InboxItem const& item);
    void expect(store::InboxItem const& item);
    [[nodiscard]] std::string subject_of(store::InboxItem const& item) const;
    void lease_some();
    void push_one();
    void attempt(store::Delivery const& delivery);
    void release_one();
    void turn();
    void pass_time();
    void pause_or_resume();
    void change_mode();
    void operate();
    void replay(store::EventSummary const& event);
    void spoil_disk();
    void arm_power();
    void end_process();
    void restart();
    void purge();

    // ---- judge.cpp
    void watch_push(store::Delivery const& delivery);
    void watch_conservation();
    void judge();
    void judge_event(Happening const& event);
    void judge_deliveries(Happening const& event, store::EventView const& view);
    void judge_board();

    [[nodiscard]] bool chance(std::uint64_t percent) { return below(random_, 100) < percent; }
    void say(std::string const& line);
    void fault(std::string const& what);
    [[nodiscard]] Target& target_of(std::string const& connection) { return targets_.at(connection); }

    Disk& disk_;
    Image const& image_;
    Random random_;
    std::uint64_t const seed_;
    bool const keep_trace_;
    Outcome outcome_;

    support::FakeClock clock_;
    Setting setting_;
    Outside outside_;
    std::map<std::string, support::FakeConnector, std::less<>> connectors_;
    std::map<std::string, Target> targets_;
    std::deque<Happening> sent_;   // by the ats
    std::deque<Happening> board_;  // in the order of its cursor
    bool calm_ = false;
    bool board_read_ = false;  // to its end, in the calm

    // Of the host that runs now.
    std::unique_ptr<Inside> inside_;
    std::deque<store::Delivery> leased_;
    std::optional<schedule::Turns> turns_;
    store::Delivery const* current_ = nullptr;  // being pushed

    // What the rules need to know.
    std::map<std::pair<std::string, std::string>, store::DeliveryId> lanes_;  // (connection, subject), the last pushed
    std::set<store::DeliveryId> touched_;                                     // by a person
    std::map<store::InboxId, std::set<std::string>> expected_;  // routes, as they ran when it was dispatched
    std::map<std::string, store::InboxId> dispatched_;          // by subject, the latest
};

// The thing that a record of the vendors is about: the id of its event.
[[nodiscard]] std::string thing_of(std::string_view record_json);
// The second event of a webhook that tells of two people, by the first one's id.
[[nodiscard]] std::string second_of(std::string const& id);
// What the mappings do with an event, by its number: most pass.
enum class Fate : std::uint8_t { passes, filtered, refused };
[[nodiscard]] Fate fate_of(std::string_view event_id);

}  // namespace crosswalk::simulation

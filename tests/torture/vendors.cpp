// T4: a vendor that repeats and mixes up its webhooks, and a target that refuses, stalls, cuts and lies.
#include "torture/chance.hpp"
#include "torture/row.hpp"
#include "torture/things.hpp"

#include <algorithm>
#include <thread>

namespace crosswalk::torture {
namespace {

using scenarios::eventually;
using scenarios::number;
using scenarios::World;

constexpr int subjects = 24;

// One sender per subject: two by two, sometimes the later one first, sometimes one of them twice.
class Sender {
public:
    Sender(World const& world, int subject, std::uint32_t seed)
        : world_(world), subject_("s" + std::to_string(subject)), chance_(seed + static_cast<unsigned>(subject)) {}

    void send_pair() {
        std::string const first = subject_ + "-" + std::to_string(next_++);
        std::string const second = subject_ + "-" + std::to_string(next_++);
        bool const mixed = chance_.below(3) == 0;
        send(mixed ? second : first);
        send(mixed ? first : second);
        if (chance_.below(3) == 0) {
            (void)send_thing(world_, "steady", first, subject_);
        }
    }
    [[nodiscard]] Chance const& chance() const { return chance_; }
    [[nodiscard]] std::string const& subject() const { return subject_; }
    // In the order in which the host took them.
    [[nodiscard]] std::vector<std::string> const& taken() const { return taken_; }

private:
    void send(std::string const& id) {
        while (send_thing(world_, "steady", id, subject_) == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        taken_.push_back(id);
    }

    World const& world_;
    std::string const subject_;
    Chance chance_;
    int next_ = 0;
    std::vector<std::string> taken_;
};

}  // namespace

void vendors(Order const& order, Report& report) {
    Target target(order.seed);
    World world;
    add_thing(world, "steady", "in-process", target);
    world.hurry();
    world.append("crosswalk.yaml", "limits: { hook_time_max: 2s }\n");
    world.start_host();
    target.trouble(0.3);
    // After a 429 the host goes slowly and feels its way: some ten calls a second.
    int const pairs = order.is_short() ? 8 : order.minutes * 30;
    std::vector<Sender> senders;
    for (int i = 0; i < subjects; ++i) {
        senders.emplace_back(world, i, order.seed);
    }
    {
        std::vector<std::jthread> threads;
        for (Sender& sender : senders) {
            threads.emplace_back([&sender, pairs] {
                for (int i = 0; i < pairs; ++i) {
                    sender.send_pair();
                }
            });
        }
    }
    auto const all = static_cast<std::size_t>(subjects) * static_cast<std::size_t>(pairs) * 2;
    // The storm goes on while the backlog is worked off.
    bool const arrived =
        eventually([&] { return target.keys() == all; }, std::chrono::seconds(order.is_short() ? 120 : 900));
    report.expect(arrived, std::to_string(target.keys()) + " of " + std::to_string(all) + " are at the target");
    target.trouble(0);
    bool const rests = eventually([&] { return number(world.conservation(), "/held") == 0; }, std::chrono::seconds(60));
    report.expect(rests, "unknown outcomes are resolved by look-up: " + boost::json::serialize(world.conservation()));
    auto const out_of_order = std::ranges::count_if(
        senders, [&](Sender const& sender) { return target.order_of(sender.subject()) != sender.taken(); });
    report.expect(out_of_order == 0, std::to_string(out_of_order) + " subjects are not in the order of arrival");
    report.expect(target.duplicates() == 0, std::to_string(target.duplicates()) + " things are there twice");
    auto const [storms, early] = target.storms_and_early_calls();
    report.expect(storms > 0, "the target has had enough at least once, or the row proves nothing about its budget");
    report.expect(early <= storms, std::to_string(early) + " calls came before Retry-After was over");
    report.expect(number(world.conservation(), "/difference") == 0, "conservation holds");
    report.expect(number(world.conservation(), "/received") == static_cast<std::int64_t>(all),
                  "each is counted once, repeated or not");
    Chance plan(order.seed);
    for (Sender const& sender : senders) {
        plan.add(sender.chance());
    }
    report.figure("plan", plan.plan());
    report.figure("events", static_cast<std::int64_t>(all));
    report.figure("subjects", static_cast<std::int64_t>(subjects));
    report.figure("429 storms", storms);
    report.figure("calls before they were over", early);
    for (auto const& [kind, times] : target.troubles()) {
        report.figure(kind, times);
    }
    if (!report.passed()) {
        report.last_words(world.last_words());
    }
}

}  // namespace crosswalk::torture

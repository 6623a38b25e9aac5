// The host dies, and answers get lost, before a target that cannot be asked what became of a push.
//
// T1b      it honours no keys either: whether a push took effect nobody can find out from here, so the host may not
//          repeat it: a person decides.
// T1c      it honours keys: the host repeats, and nobody is asked.
#include "torture/chance.hpp"
#include "torture/row.hpp"
#include "torture/things.hpp"

#include <algorithm>
#include <set>
#include <thread>

namespace crosswalk::torture {
namespace {

using scenarios::eventually;
using scenarios::list;
using scenarios::number;
using scenarios::text;
using scenarios::World;
namespace json = boost::json;

constexpr int senders = 4;
constexpr int last_tries = 2000;  // after which a host is given up
constexpr std::size_t page = 500;

// Things sent until told to stop, each again until it is acknowledged, so that all of them are debts.
class Senders {
public:
    Senders(World const& world, std::string connection) : world_(world), connection_(std::move(connection)) {
        for (int i = 0; i < senders; ++i) {
            threads_.emplace_back([this, i](std::stop_token const& stop) { run(i, stop); });
        }
    }
    Senders(Senders const&) = delete;
    Senders& operator=(Senders const&) = delete;
    ~Senders() = default;

    void stop() { threads_.clear(); }
    // After stop().
    [[nodiscard]] std::vector<std::string> debts() const {
        std::vector<std::string> all;
        for (auto const& sent : sent_) {
            all.insert(all.end(), sent.begin(), sent.end());
        }
        return all;
    }

private:
    void run(int sender, std::stop_token const& stop) {
        for (int i = 0; !stop.stop_requested(); ++i) {
            std::string const id = "b" + std::to_string(sender) + "-" + std::to_string(i);
            int tries = 0;
            while (send_thing(world_, connection_, id, id) == 0) {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
                if (stop.stop_requested() && ++tries == last_tries) {
                    return;  // nobody was thanked for this one
                }
            }
            sent_[static_cast<std::size_t>(sender)].push_back(id);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    World const& world_;
    std::string const connection_;
    std::vector<std::string> sent_[senders];
    std::vector<std::jthread> threads_;  // last, so that they end before what they use
};

struct Parked {
    std::string letter;
    std::string id;
    bool maybe_applied = false;
};

std::vector<Parked> parked(World const& world) {
    std::vector<Parked> all;
    std::string before;
    do {
        std::string const path = "/api/v1/dead?limit=" + std::to_string(page);
        auto const shown = world.admin("GET", path + (before.empty() ? "" : "&before=" + before)).value();
        for (json::value const& letter : list(shown, "/letters")) {
            all.push_back({text(letter, "/letter"), text(letter, "/title"), text(letter, "/maybe_applied") == "true"});
        }
        before = text(shown, "/next_before");
    } while (!before.empty());
    return all;
}

bool at_rest(World const& world) {
    return number(world.conservation(), "/held") == 0;
}

// What the host did by itself.
void judge_alone(World const& world, Target const& target, std::vector<std::string> const& debts,
                 std::vector<Parked> const& letters, Report& report) {
    std::set<std::string> waiting;
    std::int64_t there = 0;
    std::int64_t sure = 0;
    for (Parked const& one : letters) {
        waiting.insert(one.id);
        there += target.has(one.id) ? 1 : 0;
        sure += one.maybe_applied ? 0 : 1;
    }
    auto const lost =
        std::ranges::count_if(debts, [&](std::string const& id) { return !target.has(id) && !waiting.contains(id); });
    report.expect(lost == 0, std::to_string(lost) + " acknowledged things are neither at the target nor parked");
    report.expect(target.duplicates() == 0, std::to_string(target.duplicates()) + " things are there twice");
    report.expect(sure == 0, std::to_string(sure) + " letters do not say that they may have been applied");
    report.expect(!letters.empty(), "some pushes were cut off, or the row proves nothing");
    report.expect(number(world.conservation(), "/difference") == 0, "conservation holds");
    report.figure("acknowledged", static_cast<std::int64_t>(debts.size()));
    report.figure("at the target", static_cast<std::int64_t>(target.keys()));
    report.figure("duplicates", target.duplicates());
    report.figure("lost", static_cast<std::int64_t>(lost));
    report.figure("parked", static_cast<std::int64_t>(letters.size()));
    report.figure("of them there", there);
    report.figure("of them not there", static_cast<std::int64_t>(letters.size()) - there);
}

std::int64_t order(World const& world, char const* what, json::array letters, json::object body, char const* count) {
    if (letters.empty()) {
        return 0;
    }
    body["letters"] = std::move(letters);
    return number(world.admin("POST", std::string("/api/v1/dead/") + what, json::serialize(body)).value(), count);
}

// A person looks at the target: what is there is discarded, the rest is sent again by force.
void judge_person(World const& world, Target const& target, std::vector<std::string> const& debts,
                  std::vector<Parked> const& letters, Report& report) {
    std::int64_t repeated = 0;
    for (std::size_t from = 0; from < letters.size(); from += page) {
        json::array all;
        json::array there;
        json::array missing;
        for (std::size_t i = from; i < std::min(from + page, letters.size()); ++i) {
            all.emplace_back(letters[i].letter);
            (target.has(letters[i].id) ? there : missing).emplace_back(letters[i].letter);
        }
        auto const wanted = static_cast<std::int64_t>(all.size());
        report.expect(order(world, "replay", std::move(all), {}, "/refused") == wanted,
                      "a replay without force is refused for each of them");
        (void)order(world, "discard", std::move(there), {{"reason", "It is there."}}, "/discarded");
        repeated += order(world, "replay", std::move(missing), {{"force", true}}, "/replayed");
    }
    bool const arrived =
        eventually([&] { return at_rest(world) && target.keys() == debts.size(); }, std::chrono::seconds(60));
    report.expect(arrived, "what a person sent again arrives: " + std::to_string(target.keys()) + " of " +
                               std::to_string(debts.size()));
    report.expect(target.duplicates() == 0, "nothing is there twice after a person decided");
    report.expect(number(world.conservation(), "/difference") == 0, "conservation holds after a person decided");
    report.figure("sent again by a person", repeated);
}

// Sends things through the connector of this name and kills the host meanwhile; what was acknowledged, when all is calm.
std::vector<std::string> hurt(World& world, std::string const& name, Target& target, Order const& order,
                              Report& report) {
    add_thing(world, name, "in-process", target);
    world.hurry();
    world.start_host();
    target.trouble(0.2);
    Chance chance(order.seed);
    Senders sending(world, name);
    int const kills = std::max(10, order.kills / 2);
    for (int i = 0; i < kills; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1 + chance.below(300)));
        world.launch_host();
    }
    report.expect(eventually([&] { return world.host_ready(); }, std::chrono::seconds(60)), "the host is ready again");
    sending.stop();
    target.trouble(0);
    bool const rests = eventually([&] { return at_rest(world); }, std::chrono::seconds(120));
    report.expect(rests, "the host comes to rest: " + json::serialize(world.conservation()));
    report.figure("kills", static_cast<std::int64_t>(kills));
    report.figure("plan", chance.plan());
    return sending.debts();
}

void conclude(World const& world, Target const& target, Report& report) {
    for (auto const& [kind, times] : target.troubles()) {
        report.figure(kind, times);
    }
    if (!report.passed()) {
        report.last_words(world.last_words());
    }
}

}  // namespace

void blind_target(Order const& order, Report& report) {
    Target target(order.seed);
    World world;
    auto const debts = hurt(world, "blind", target, order, report);
    auto const letters = parked(world);
    judge_alone(world, target, debts, letters, report);
    judge_person(world, target, debts, letters, report);
    conclude(world, target, report);
}

void keyed_target(Order const& order, Report& report) {
    Target target(order.seed, Target::Keys::honoured);
    World world;
    auto const debts = hurt(world, "keyed", target, order, report);
    auto const lost = std::ranges::count_if(debts, [&](std::string const& id) { return !target.has(id); });
    auto const letters = static_cast<std::int64_t>(parked(world).size());
    report.expect(lost == 0, std::to_string(lost) + " acknowledged things are not at the target");
    report.expect(target.duplicates() == 0, std::to_string(target.duplicates()) + " things are there twice");
    report.expect(letters == 0, std::to_string(letters) + " are parked, which nobody need look at");
    report.expect(target.repeats() > 0, "some pushes are repeated, or the row proves nothing");
    report.expect(number(world.conservation(), "/difference") == 0, "conservation holds");
    report.figure("acknowledged", static_cast<std::int64_t>(debts.size()));
    report.figure("at the target", static_cast<std::int64_t>(target.keys()));
    report.figure("duplicates", target.duplicates());
    report.figure("lost", static_cast<std::int64_t>(lost));
    report.figure("repeated under their key", target.repeats());
    conclude(world, target, report);
}

}  // namespace crosswalk::torture

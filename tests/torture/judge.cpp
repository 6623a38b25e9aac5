#include "torture/judge.hpp"

namespace crosswalk::torture {
namespace {

using scenarios::eventually;
using scenarios::number;
using scenarios::World;

constexpr char done_note[] = "Exported to GoCo";

std::int64_t held(World const& world) {
    return number(world.conservation(), "/held");
}

void judge_fresh(World& world, Report& report) {
    std::string const fresh = world.hire_new("Fresh Example");
    report.expect(eventually([&] { return world.has_note(fresh, done_note); }, std::chrono::seconds(60)),
                  "a fresh hire goes through after the faults");
    report.expect(world.employees("Fresh", "Example") == 1, "a fresh hire becomes one employee");
}

void judge_books(World const& world, std::int64_t acknowledged, Report& report) {
    auto const counted = world.conservation();
    std::string const books = boost::json::serialize(counted);
    report.expect(number(counted, "/difference") == 0, "conservation holds: " + books);
    report.expect(number(counted, "/received") == acknowledged,
                  "the host counts as received what it acknowledged, each once: " + books);
    for (auto const& cause : scenarios::list(world.admin("GET", "/api/v1/dead/causes").value(), "/causes")) {
        report.expect(!scenarios::text(cause, "/cause").empty(), "every dead event has a cause");
    }
}

}  // namespace

Judgement judge(World& world, scenarios::HireStream const& stream, Report& report, std::chrono::seconds patience) {
    world.clear_faults();
    report.expect(eventually([&] { return world.host_ready(); }, std::chrono::seconds(60)), "the host is ready again");
    report.expect(stream.finish(patience), "every webhook is answered with 2xx in the end");
    auto const sent = stream.sent();
    Judgement found;
    found.acknowledged = sent.acknowledged;
    report.expect(sent.given_up == 0, "no sender gave up");
    report.expect(eventually([&] { return held(world) == 0; }, patience), "the host comes to rest");
    report.expect(
        eventually(
            [&] { return scenarios::notes_by_opportunity(world, done_note).size() == sent.opportunities.size(); },
            patience),
        "each hire has its note");

    auto const employees = scenarios::employees_by_opportunity(world);
    auto const notes = scenarios::notes_by_opportunity(world, "");
    std::int64_t notes_twice = 0;
    for (std::string const& opportunity : sent.opportunities) {
        auto const made = employees.find(opportunity);
        found.lost += made == employees.end() ? 1 : 0;
        found.duplicates += made == employees.end() ? 0 : made->second - 1;
        found.employees += made == employees.end() ? 0 : made->second;
        auto const noted = notes.find(opportunity);
        notes_twice += noted == notes.end() ? 0 : noted->second - 1;
    }
    report.expect(found.lost == 0, std::to_string(found.lost) + " acknowledged hires are no employees");
    report.expect(found.duplicates == 0, std::to_string(found.duplicates) + " employees were created twice");
    report.expect(notes_twice == 0, std::to_string(notes_twice) + " notes were written twice");
    judge_books(world, found.acknowledged, report);
    judge_fresh(world, report);
    if (!report.passed()) {
        report.last_words(world.last_words());
    }
    report.figure("acknowledged", found.acknowledged);
    report.figure("employees", found.employees);
    report.figure("duplicates", found.duplicates);
    report.figure("lost", found.lost);
    return found;
}

}  // namespace crosswalk::torture

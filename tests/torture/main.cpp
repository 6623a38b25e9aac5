// crosswalk-torture: hurts the real daemon in every way that the table names and says what held.
//
//   crosswalk-torture [--seed N] [--short | --minutes N] [--kills N] [--rows T1,T4]
//
// Exit status 0 only if every row passed.
#include "torture/row.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <random>

namespace {

using crosswalk::torture::Order;
using crosswalk::torture::Report;
using crosswalk::torture::Row;

constexpr int kills_per_minute = 200;

bool run_and_print(Row const& row, Order const& order) {
    std::cout << row.name << "  " << row.title << "\n     must: " << row.pass_line << std::endl;
    auto const began = std::chrono::steady_clock::now();
    Report report = crosswalk::torture::run(row, order);
    report.figure("seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    report.print(std::cout);
    std::cout << "     " << (report.passed() ? "pass" : "FAIL") << std::endl;
    return report.passed();
}

}  // namespace

int main(int argc, char** argv) {
    Order order;
    order.seed = std::random_device{}();
    int kills = 0;
    bool short_form = false;
    std::vector<std::string> wanted;
    CLI::App app{"Hurts the real daemon in every way that the table names and says what held."};
    app.add_option("--seed", order.seed, "repeats the faults and the events of another run");
    auto* const minutes =
        app.add_option("--minutes", order.minutes, "for each row that can use them")->check(CLI::Range(1, 10'000));
    app.add_flag("--short", short_form, "the form that CI runs (default)")->excludes(minutes);
    app.add_option("--kills", kills, "of T1; alone, nothing else runs")->check(CLI::Range(1, 1'000'000));
    app.add_option("--rows", wanted, "only these")->delimiter(',');
    CLI11_PARSE(app, argc, argv);

    order.kills = kills > 0 ? kills : order.is_short() ? order.kills : order.minutes * kills_per_minute;
    if (kills > 0 && wanted.empty() && order.is_short() && !short_form) {
        wanted = {"T1"};
    }
    auto const known = [](std::string const& name) {
        return std::ranges::any_of(crosswalk::torture::rows(), [&](Row const& row) { return row.name == name; });
    };
    for (std::string const& name : wanted) {
        if (!known(name)) {
            std::cerr << "There is no row " << name << ".\n";
            return 64;
        }
    }
    std::cout << "seed " << order.seed << " (--seed repeats faults and events; how processes interleave differs)\n";
    int failed = 0;
    for (Row const& row : crosswalk::torture::rows()) {
        if (wanted.empty() || std::ranges::find(wanted, row.name) != wanted.end()) {
            failed += run_and_print(row, order) ? 0 : 1;
        }
    }
    std::cout << (failed == 0 ? "all passed" : std::to_string(failed) + " failed") << ", seed " << order.seed << '\n';
    return failed == 0 ? 0 : 1;
}

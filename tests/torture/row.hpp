// One row of the torture table: a way of hurting the host, what must hold all the same, and what was measured.
//
// Shape    a row is a function; it starts what it needs, hurts it, lets it heal and judges. Rows run one after the
//          other.
// Seed     moments, paces and faults come from the seed alone, so the same seed orders the same run, which the figure
//          "plan" sums up. How the processes interleave in between is the machine's doing and differs.
// Errors   what must work for a row to make sense throws; the table counts that as a failure of the row.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::torture {

struct Order {
    std::uint32_t seed = 0;
    int minutes = 0;  // 0: the short form, which all rows together finish within three minutes
    int kills = 40;
    [[nodiscard]] bool is_short() const noexcept { return minutes == 0; }
};

// What a row found out.
class Report {
public:
    // A promise that did not hold fails the row; `what` says it as it should have been.
    void expect(bool holds, std::string what);
    void figure(std::string_view name, std::string_view value);
    void figure(std::string_view name, double value);
    void figure(std::string_view name, std::int64_t value) { figure(name, std::to_string(value)); }
    // The end of the host's log, shown when the row failed.
    void last_words(std::string log) { last_words_ = std::move(log); }

    [[nodiscard]] bool passed() const noexcept { return broken_.empty(); }
    [[nodiscard]] std::vector<std::string> const& broken() const noexcept { return broken_; }
    void print(std::ostream& out) const;

private:
    std::vector<std::string> broken_;
    std::string figures_;
    std::string last_words_;
};

struct Row {
    char const* name;
    char const* title;
    char const* pass_line;
    std::function<void(Order const& order, Report& report)> run;
};

// Runs it. The row fails also when it throws, and when conservation does not hold at the end of one of its worlds.
[[nodiscard]] Report run(Row const& row, Order const& order);

// All rows, in the order in which they run.
[[nodiscard]] std::vector<Row> const& rows();

void kills(Order const& order, Report& report);
void blind_target(Order const& order, Report& report);
void keyed_target(Order const& order, Report& report);
void disk(Order const& order, Report& report);
void connectors(Order const& order, Report& report);
void vendors(Order const& order, Report& report);
void restarts(Order const& order, Report& report);
void soak(Order const& order, Report& report);
void canaries(Order const& order, Report& report);
void backlog(Order const& order, Report& report);
void slow_clients(Order const& order, Report& report);

}  // namespace crosswalk::torture

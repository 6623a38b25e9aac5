#include "store/ready_rows.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace crosswalk::store {
namespace {

using Exit = std::pair<std::string, std::string>;  // connection and route

// Steps through the distinct (connection, route) of the ready rows with one index probe each; they are as few as the
// configuration has, however long the queues are.
model::Result<std::optional<Exit>> exit_after(Sqlite& sqlite, std::optional<Exit> const& last) {
    std::optional<Exit> exit;
    auto const take = [&](Row const& row) { exit.emplace(row.text(0), row.text(1)); };
    auto const found = last
                           ? sqlite.each(
                                 "SELECT connection, route FROM delivery INDEXED BY delivery_ready"
                                 " WHERE ready = 1 AND (connection, route) > (?, ?) ORDER BY connection, route LIMIT 1",
                                 take, last->first, last->second)
                           : sqlite.each(
                                 "SELECT connection, route FROM delivery INDEXED BY delivery_ready"
                                 " WHERE ready = 1 ORDER BY connection, route LIMIT 1",
                                 take);
    return found ? model::Result<std::optional<Exit>>(std::move(exit))
                 : model::Result<std::optional<Exit>>(found.error());
}

// An unknown row only yields to an older unknown one, so that two of them cannot wait for each other.
model::Result<bool> target_is_busy(Sqlite& sqlite, ReadyRow const& row) {
    bool busy = false;
    auto const found = sqlite.each(
        "SELECT 1 FROM delivery INDEXED BY delivery_busy WHERE state IN (1, 2) AND connection = ?1 AND target_key = ?2"
        " AND id <> ?3 AND (state = 1 OR ?4 = 0 OR id < ?3) LIMIT 1",
        [&](Row const&) { busy = true; }, row.connection, row.target_key, row.id, row.state);
    return found ? model::Result<bool>(busy) : model::Result<bool>(found.error());
}

model::Result<void> rows_of(Sqlite& sqlite, Exit const& exit, model::TimePoint now, std::size_t limit,
                            std::vector<ReadyRow>& rows) {
    std::set<std::string> keys;
    std::optional<model::Error> failure;
    std::size_t taken = 0;
    auto const found = sqlite.each(
        "SELECT id, due_us, state, target_key FROM delivery INDEXED BY delivery_ready"
        " WHERE ready = 1 AND connection = ? AND route = ? AND due_us <= ? ORDER BY due_us, id",
        [&](Row const& row) {
            ReadyRow ready{row.integer(0), row.time(1), static_cast<DeliveryState>(row.number(2)), exit.first,
                           row.text(3)};
            if (!ready.target_key.empty()) {
                auto const busy = target_is_busy(sqlite, ready);
                if (!busy) {
                    failure = busy.error();
                    return false;
                }
                if (*busy || !keys.insert(ready.target_key).second) {
                    return true;
                }
            }
            rows.push_back(std::move(ready));
            return ++taken < limit;
        },
        exit.first, exit.second, now);
    return failure ? model::Result<void>(std::move(*failure)) : found;
}

}  // namespace

model::Result<std::vector<ReadyRow>> ready_rows(Sqlite& sqlite, Switches const& switches, model::TimePoint now,
                                                std::size_t limit) {
    std::vector<ReadyRow> rows;
    std::optional<Exit> last;
    while (limit > 0) {
        auto const exit = exit_after(sqlite, last);
        if (!exit) {
            return exit.error();
        }
        if (!*exit) {
            break;
        }
        last = *exit;
        if (switches.holds(last->first, last->second)) {
            continue;
        }
        if (auto const read = rows_of(sqlite, *last, now, limit, rows); !read) {
            return read.error();
        }
    }
    std::sort(rows.begin(), rows.end(),
              [](ReadyRow const& a, ReadyRow const& b) { return std::tie(a.due, a.id) < std::tie(b.due, b.id); });
    // Two routes to one connection may each have brought a row with the same target key.
    std::set<std::pair<std::string, std::string>> keys;
    std::erase_if(rows, [&](ReadyRow const& row) {
        return !row.target_key.empty() && !keys.emplace(row.connection, row.target_key).second;
    });
    if (rows.size() > limit) {
        rows.resize(limit);
    }
    return rows;
}

}  // namespace crosswalk::store

#include "store/ready_rows.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace crosswalk::store {
namespace {

using ExitName = std::pair<std::string, std::string>;  // connection and route

// What one exit could send now.
struct Exit {
    std::string route;
    std::vector<ReadyRow> rows = {};  // oldest first
    std::size_t next = 0;             // of them
    bool own = false;                 // one of them may go beyond what the connection allows
};

// The exits of one connection, which share what it allows.
struct Destination {
    std::string connection;
    std::size_t shared = 0;
    std::vector<Exit> exits = {};
    std::size_t turn = 0;             // of the exits
    std::set<std::string> keys = {};  // target keys of what was taken
};

// Steps through the distinct (connection, route) of the ready rows with an index probe or two each; they are as few as
// the configuration has, however long the queues are. Not with (connection, route) > (?, ?): SQLite begins such a range
// at what is equal, and would read the whole queue of the last exit to come past it.
model::Result<std::optional<ExitName>> exit_after(Sqlite& sqlite, std::optional<ExitName> const& last) {
    std::optional<ExitName> exit;
    auto const take = [&](Row const& row) { exit.emplace(row.text(0), row.text(1)); };
    auto found = last ? sqlite.each(
                            "SELECT connection, route FROM delivery INDEXED BY delivery_ready"
                            " WHERE ready = 1 AND connection = ? AND route > ? ORDER BY route LIMIT 1",
                            take, last->first, last->second)
                      : sqlite.each(
                            "SELECT connection, route FROM delivery INDEXED BY delivery_ready"
                            " WHERE ready = 1 ORDER BY connection, route LIMIT 1",
                            take);
    if (found && last && !exit) {
        found = sqlite.each(
            "SELECT connection, route FROM delivery INDEXED BY delivery_ready"
            " WHERE ready = 1 AND connection > ? ORDER BY connection, route LIMIT 1",
            take, last->first);
    }
    return found ? model::Result<std::optional<ExitName>>(std::move(exit))
                 : model::Result<std::optional<ExitName>>(found.error());
}

model::Result<void> rows_of(Sqlite& sqlite, ExitName const& exit, model::TimePoint now, std::size_t limit,
                            std::vector<ReadyRow>& rows) {
    std::set<std::string> keys;
    std::optional<model::Error> failure;
    std::size_t taken = 0;
    auto const found = sqlite.each(
        "SELECT id, due_us, state, target_key FROM delivery INDEXED BY delivery_ready"
        " WHERE ready = 1 AND connection = ? AND route = ? AND due_us <= ? ORDER BY due_us, id",
        [&](Row const& row) {
            ReadyRow ready{row.integer(0), row.time(1), static_cast<DeliveryState>(row.number(2)),
                           exit.first,     exit.second, row.text(3)};
            auto const busy = target_is_busy(sqlite, ready);
            if (!busy) {
                failure = busy.error();
                return false;
            }
            if (*busy || (!ready.target_key.empty() && !keys.insert(ready.target_key).second)) {
                return true;
            }
            rows.push_back(std::move(ready));
            return ++taken < limit;
        },
        exit.first, exit.second, now);
    return failure ? model::Result<void>(std::move(*failure)) : found;
}

// Calls `visit(exit, allowance)` for every exit that may send something, in the order of their names.
template <class Visit>
model::Result<void> each_exit(Sqlite& sqlite, Switches const& switches, AllowanceOf const& allowance, Visit visit) {
    std::optional<ExitName> last;
    while (true) {
        auto exit = exit_after(sqlite, last);
        if (!exit || !*exit) {
            return exit ? model::Result<void>() : model::Result<void>(exit.error());
        }
        last = std::move(**exit);
        if (switches.holds(last->first, last->second)) {
            continue;
        }
        Allowance const allowed = allowance ? allowance(last->first, last->second) : Allowance{};
        if (allowed.shared == 0 && !allowed.own) {
            continue;
        }
        if (model::Result<void> const visited = visit(*last, allowed); !visited) {
            return visited;
        }
    }
}

model::Result<std::vector<Destination>> destinations(Sqlite& sqlite, Switches const& switches, model::TimePoint now,
                                                     std::size_t limit, AllowanceOf const& allowance) {
    std::vector<Destination> found;
    auto const read = each_exit(sqlite, switches, allowance, [&](ExitName const& name, Allowance const& allowed) {
        if (found.empty() || found.back().connection != name.first) {
            found.push_back({name.first, allowed.shared});
        }
        Exit& exit = found.back().exits.emplace_back(Exit{name.second, {}, 0, allowed.own});
        std::size_t const most = std::min(limit, allowed.shared) + (allowed.own ? 1 : 0);
        return rows_of(sqlite, name, now, most, exit.rows);
    });
    return read ? model::Result<std::vector<Destination>>(std::move(found))
                : model::Result<std::vector<Destination>>(read.error());
}

// The exit's next row, if the connection or the exit itself still has leave for it.
std::optional<ReadyRow> take_from(Destination& destination, Exit& exit) {
    while (exit.next < exit.rows.size() && (destination.shared > 0 || exit.own)) {
        ReadyRow& row = exit.rows[exit.next++];
        // Another route to this connection may have brought a row with the same target key.
        if (!row.target_key.empty() && !destination.keys.insert(row.target_key).second) {
            continue;
        }
        if (destination.shared > 0) {
            --destination.shared;
        } else {
            exit.own = false;
        }
        return std::move(row);
    }
    return std::nullopt;
}

// One row of the exit whose turn it is, or of the next one that has any.
std::optional<ReadyRow> take(Destination& destination) {
    for (std::size_t tried = 0; tried < destination.exits.size(); ++tried) {
        Exit& exit = destination.exits[destination.turn];
        destination.turn = (destination.turn + 1) % destination.exits.size();
        if (auto row = take_from(destination, exit)) {
            return row;
        }
    }
    return std::nullopt;
}

// Whoever comes after the one that was served last begins.
void rotate(std::vector<Destination>& destinations, Turns const& turns) {
    for (Destination& destination : destinations) {
        auto const last = turns.route_of.find(destination.connection);
        auto const first = std::find_if(destination.exits.begin(), destination.exits.end(), [&](Exit const& exit) {
            return last != turns.route_of.end() && exit.route > last->second;
        });
        destination.turn = first == destination.exits.end()
                               ? 0
                               : static_cast<std::size_t>(std::distance(destination.exits.begin(), first));
    }
    auto const first = std::find_if(destinations.begin(), destinations.end(), [&](Destination const& destination) {
        return destination.connection > turns.connection;
    });
    std::rotate(destinations.begin(), first == destinations.end() ? destinations.begin() : first, destinations.end());
}

}  // namespace

// An unknown row only yields to an older unknown one, so that two of them cannot wait for each other.
model::Result<bool> target_is_busy(Sqlite& sqlite, ReadyRow const& row) {
    if (row.target_key.empty()) {
        return false;
    }
    bool busy = false;
    auto const found = sqlite.each(
        "SELECT 1 FROM delivery INDEXED BY delivery_busy WHERE state IN (1, 2) AND connection = ?1 AND target_key = ?2"
        " AND id <> ?3 AND (state = 1 OR ?4 = 0 OR id < ?3) LIMIT 1",
        [&](Row const&) { busy = true; }, row.connection, row.target_key, row.id, row.state);
    return found ? model::Result<bool>(busy) : model::Result<bool>(found.error());
}

model::Result<bool> has_ready_row(Sqlite& sqlite, std::string const& connection) {
    bool found = false;
    auto const read = sqlite.each(
        "SELECT 1 FROM delivery INDEXED BY delivery_ready WHERE ready = 1 AND connection = ? LIMIT 1",
        [&](Row const&) { found = true; }, connection);
    return read ? model::Result<bool>(found) : model::Result<bool>(read.error());
}

model::Result<bool> has_ready_row(Sqlite& sqlite) {
    bool found = false;
    auto const read = sqlite.each("SELECT 1 FROM delivery INDEXED BY delivery_ready WHERE ready = 1 LIMIT 1",
                                  [&](Row const&) { found = true; });
    return read ? model::Result<bool>(found) : model::Result<bool>(read.error());
}

model::Result<std::vector<ReadyRow>> ready_rows(Sqlite& sqlite, Switches const& switches, model::TimePoint now,
                                                std::size_t limit, AllowanceOf const& allowance, Turns& turns) {
    auto found = destinations(sqlite, switches, now, limit, allowance);
    if (!found) {
        return found.error();
    }
    rotate(*found, turns);
    std::vector<ReadyRow> rows;
    for (bool more = limit > 0; more;) {
        more = false;
        for (Destination& destination : *found) {
            if (rows.size() == limit) {
                return rows;
            }
            if (auto row = take(destination)) {
                turns.connection = row->connection;
                turns.route_of[row->connection] = row->route;
                rows.push_back(std::move(*row));
                more = true;
            }
        }
    }
    return rows;
}

model::Result<std::optional<model::TimePoint>> next_ready(Sqlite& sqlite, Switches const& switches,
                                                          AllowanceOf const& allowance) {
    std::optional<model::TimePoint> due;
    auto const read = each_exit(sqlite, switches, allowance, [&](ExitName const& name, Allowance const&) {
        std::vector<ReadyRow> first;
        auto const found = rows_of(sqlite, name, model::TimePoint::max(), 1, first);
        if (found && !first.empty() && (!due || first.front().due < *due)) {
            due = first.front().due;
        }
        return found;
    });
    return read ? model::Result<std::optional<model::TimePoint>>(due)
                : model::Result<std::optional<model::TimePoint>>(read.error());
}

}  // namespace crosswalk::store

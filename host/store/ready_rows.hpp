// Which deliveries may go out now: the exits take turns, and each gives its oldest first.
//
// An exit is a (connection, route) pair that has something ready. A candidate is the ready head of its lane, its
// connection and route are not held, and no other delivery with the same (connection, target key) is in flight or
// unknown. What is held, or allowed nothing, is skipped a whole exit at a time, so that a long queue costs no more
// than a short one.
// Threads  any one connection at a time; Turns belongs to the writer thread.
#pragma once

#include "store/outbox.hpp"
#include "store/sqlite.hpp"
#include "store/switches.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crosswalk::store {

struct ReadyRow {
    DeliveryId id = 0;
    model::TimePoint due;
    DeliveryState state = DeliveryState::pending;
    std::string connection;
    std::string route;
    std::string target_key;
};

// Who was served last, so that the next lease begins with the one after it: a queue that is always full must not keep
// the others of its connection, or other connections, from their turn. As large as the configuration has connections.
struct Turns {
    std::string connection = {};
    std::map<std::string, std::string> route_of = {};  // connection → route
};

// At most `limit` rows due at `now`, one per target key, and of each exit no more than `allowance` says. `turns` moves
// on to the rows that are returned.
[[nodiscard]] model::Result<std::vector<ReadyRow>> ready_rows(Sqlite& sqlite, Switches const& switches,
                                                              model::TimePoint now, std::size_t limit,
                                                              AllowanceOf const& allowance, Turns& turns);

// Another delivery to the same target key is in flight, or is looked up before the row's turn. No key: never.
[[nodiscard]] model::Result<bool> target_is_busy(Sqlite& sqlite, ReadyRow const& row);
// Anything that could go, now or later: at the connection, and at all.
[[nodiscard]] model::Result<bool> has_ready_row(Sqlite& sqlite, std::string const& connection);
[[nodiscard]] model::Result<bool> has_ready_row(Sqlite& sqlite);

// When the next delivery that is allowed becomes due, or has become due; nothing when none waits for time alone.
[[nodiscard]] model::Result<std::optional<model::TimePoint>> next_ready(Sqlite& sqlite, Switches const& switches,
                                                                        AllowanceOf const& allowance);

}  // namespace crosswalk::store

// Which deliveries may go out now, oldest first.
//
// A candidate is the ready head of its lane, its connection and route are not held, and no other delivery with the same
// (connection, target key) is in flight or unknown. What is held is skipped a whole (connection, route) at a time.
// Threads  any one connection at a time.
#pragma once

#include "store/outbox.hpp"
#include "store/sqlite.hpp"
#include "store/switches.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace crosswalk::store {

struct ReadyRow {
    DeliveryId id = 0;
    model::TimePoint due;
    DeliveryState state = DeliveryState::pending;
    std::string connection;
    std::string target_key;
};

// At most `limit` rows due at `now`, one per target key.
[[nodiscard]] model::Result<std::vector<ReadyRow>> ready_rows(Sqlite& sqlite, Switches const& switches,
                                                              model::TimePoint now, std::size_t limit);

}  // namespace crosswalk::store

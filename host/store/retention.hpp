// What the store forgets with age, class by class.
//
// Classes  payloads       raw requests and records of events that ended, and of which nothing is dead
//          dead_letters   the same of events of which something is dead: they can be replayed until then
//          history        the events themselves: that they came, how they ended, their deliveries and attempts
// Age      counted from the moment an event was received. What is pending, on its way or unknown has none.
// Work     small transactions, so that writes of the pipeline get in between; what one has purged stays purged when a
//          later one fails. Conservation counts what history still holds: a forgotten event leaves both sides.
// Threads  any; one at a time.
#pragma once

#include "model/error.hpp"

#include <chrono>
#include <cstddef>

namespace crosswalk::store {

class Database;

struct RetentionAges {
    // One age for payloads and dead letters; history is kept.
    RetentionAges(std::chrono::hours content) : payloads(content), dead_letters(content) {}
    RetentionAges(std::chrono::hours for_payloads, std::chrono::hours for_dead_letters, std::chrono::hours for_history)
        : payloads(for_payloads), dead_letters(for_dead_letters), history(for_history) {}

    std::chrono::hours payloads;
    std::chrono::hours dead_letters;
    std::chrono::hours history{24 * 365 * 100};  // never younger than the dedupe window
};

// How many events were purged of what. Events whose history went are not counted again under what went with it.
struct Purged {
    std::size_t payloads = 0;
    std::size_t dead_letters = 0;
    std::size_t history = 0;
};

// Store::purge without the dedupe keys.
[[nodiscard]] model::Result<Purged> purge_by_age(Database& database, RetentionAges const& ages);

}  // namespace crosswalk::store

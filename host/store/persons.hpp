// Erasing a person: their keys are destroyed, and with them all that was sealed with them.
//
// Shape    a person is known by handles (handles.hpp): e-mail addresses and references. All records that share a
//          handle, directly or through others, are one person, and are erased together.
// Kept     that something was received, when, by which route it went and how it ended; keyed hashes, so that the same
//          webhook sent again is still a duplicate, and nothing is sent twice.
// Errors   as Store; invalid_argument: the text is neither an address nor connection/kind/id.
// Limits   1000 keys of one person; looks through every payload that is not read yet.
// Threads  safe from any thread. Owner  borrows the Store.
#pragma once

#include "model/error.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <string_view>

namespace crosswalk::store {

struct Erasure {
    std::int64_t persons = 0;           // keys that were destroyed
    std::int64_t events = 0;            // whose records nobody can read any more
    std::int64_t deliveries = 0;        // likewise
    std::int64_t discarded = 0;         // deliveries that were still to be sent, or dead
    std::int64_t payloads = 0;          // raw requests that were deleted
    std::int64_t unread_discarded = 0;  // events that nobody had read yet and that name the person
    std::int64_t links = 0;
    std::int64_t bytes_searched = 0;  // of the database and its log, for what is left of the keys
    bool proven = false;              // nothing is left of the keys, and nothing sealed with them opens
};

class Persons {
public:
    explicit Persons(Store& store) noexcept : store_(store) {}

    // An Erasure of zeros: nothing is known of such a person. It covers what was stored before the call.
    [[nodiscard]] model::Result<Erasure> erase(std::string_view person);

private:
    Store& store_;
};

}  // namespace crosswalk::store

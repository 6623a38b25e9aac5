// Did this event come? What a sweep asks of each one that it listed at the source.
//
// Errors   as Store. Threads  safe from any thread. Owner  borrows the Store.
// Limits   one read looks at what was received since a point in time; the caller chooses it near enough.
#pragma once

#include "model/clock.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace crosswalk::store {

// An event that should have come.
struct Sought {
    std::string event_id;
    std::vector<std::string> idempotency_keys = {};  // of the deliveries that it would start
};

class Arrivals {
public:
    explicit Arrivals(Store& store) noexcept : store_(store) {}

    // For each in order: was an event with this id dispatched on the connection since `since`, however it came, or is
    // there a delivery with one of its keys, or did a webhook come within the dedupe window whose dedupe key is the
    // event's id, whatever became of it? What else is still pending is not known by its event id yet.
    [[nodiscard]] model::Result<std::vector<bool>> came(std::string const& connection, model::TimePoint since,
                                                        std::vector<Sought> const& sought);

private:
    Store& store_;
};

}  // namespace crosswalk::store

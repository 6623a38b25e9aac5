// How much SQLite had to do: the rounds of its statements, which are the same on any machine at any load.
//
// Shape    counts on connections opened while it lives; about one for each row or index entry that is stepped over.
// Threads  safe from any thread. Owner  at most one at a time; it outlives the stores that are opened meanwhile.
#pragma once

#include <cstdint>

namespace crosswalk::store {

class CountedSteps {
public:
    CountedSteps();
    CountedSteps(CountedSteps const&) = delete;
    CountedSteps& operator=(CountedSteps const&) = delete;
    ~CountedSteps();

    [[nodiscard]] std::int64_t so_far() const;
};

}  // namespace crosswalk::store

// The hash indexes of the store.
#pragma once

#include "store/hash_index.hpp"

#include <array>
#include <cstddef>

namespace crosswalk::store {

struct Indexes {
    explicit Indexes(std::size_t recent_max);
    [[nodiscard]] model::Result<void> load(Sqlite& sqlite);
    // [writer] What a batch does for them besides its writes, and what became of it; see HashIndex.
    [[nodiscard]] model::Result<void> move_some(Sqlite& sqlite);
    void committed() noexcept;
    void rolled_back() noexcept;
    struct Mark {
        std::size_t handles = 0;
        std::size_t delivery_keys = 0;
    };
    [[nodiscard]] Mark mark() const noexcept { return {handles.mark(), delivery_keys.mark()}; }
    void rolled_back_to(Mark const& mark) noexcept;

    HashIndex handles;        // handle → key.id
    HashIndex delivery_keys;  // idempotency key → delivery.id; the hash stands in the delivery's row as well
};

}  // namespace crosswalk::store

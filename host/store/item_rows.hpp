// Items of the inbox as rows, for those in store/ that start one anew. Only store/ includes this.
//
// Threads  the writer thread.
#pragma once

#include "store/database.hpp"
#include "store/dedupe.hpp"
#include "store/inbox.hpp"
#include "store/key_ring.hpp"
#include "store/payload_rows.hpp"
#include "store/writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace crosswalk::store {

enum class InboxState : std::uint8_t { pending = 0, dispatched = 1, filtered = 2, dead = 3, discarded = 4 };

// What a change of state needs to know of an item.
struct ItemRow {
    InboxState state = InboxState::pending;
    PayloadPlace place;
    KeyId key = 0;
    std::string wrapped;
};
[[nodiscard]] model::Error no_such_item(InboxId id);
// An event's subject as inbox.subject has it; of an empty one nothing.
[[nodiscard]] std::string item_subject(KeyRing const& ring, std::string const& subject);
// [writer] The item that was received under this dedupe key at `oldest` or later; 0 when there is none.
[[nodiscard]] model::Result<InboxId> first_with_key(Database& database, Sqlite& sqlite, KeyHash const& hash,
                                                    model::TimePoint oldest);
[[nodiscard]] model::Result<ItemRow> find_item(Sqlite& sqlite, InboxId id);
// As much of a reason as a row keeps.
[[nodiscard]] std::string_view shortened(std::string_view reason) noexcept;

// Counts the items that a write ended out of the pending ones, after the commit.
class Ending {
public:
    explicit Ending(Database& database) noexcept : database_(database) {}
    void begin() noexcept { ended_ = 0; }
    void ended() noexcept { ++ended_; }
    void committed() noexcept { database_.count_pending(-ended_); }

private:
    Database& database_;
    std::int64_t ended_ = 0;
};

// A new pending item with what was received for that one, for `route` alone unless it is empty; who asks counts it as
// pending after the commit. not_found: no such item. failed_precondition: it is still pending, or purged.
[[nodiscard]] model::Result<InboxId> copy_item(Batch& batch, InboxId id, std::string const& route,
                                               model::TimePoint now);

}  // namespace crosswalk::store

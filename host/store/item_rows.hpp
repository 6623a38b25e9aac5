// Items of the inbox as rows, for those in store/ that start one anew. Only store/ includes this.
//
// Threads  the writer thread.
#pragma once

#include "store/database.hpp"
#include "store/dedupe.hpp"
#include "store/inbox.hpp"
#include "store/key_ring.hpp"
#include "store/writer.hpp"

#include <string>

namespace crosswalk::store {

[[nodiscard]] model::Error no_such_item(InboxId id);
// An event's subject as inbox.subject has it; of an empty one nothing.
[[nodiscard]] std::string item_subject(KeyRing const& ring, std::string const& subject);
// [writer] The item that was received under this dedupe key at `oldest` or later; 0 when there is none.
[[nodiscard]] model::Result<InboxId> first_with_key(Database& database, Sqlite& sqlite, KeyHash const& hash,
                                                    model::TimePoint oldest);
// A new pending item with what was received for that one, for `route` alone unless it is empty; who asks counts it as
// pending after the commit. not_found: no such item. failed_precondition: it is still pending, or purged.
[[nodiscard]] model::Result<InboxId> copy_item(Batch& batch, InboxId id, std::string const& route,
                                               model::TimePoint now);

}  // namespace crosswalk::store

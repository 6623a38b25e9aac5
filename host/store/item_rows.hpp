// Items of the inbox as rows, for those in store/ that start one anew. Only store/ includes this.
//
// Threads  the writer thread.
#pragma once

#include "store/inbox.hpp"
#include "store/key_ring.hpp"
#include "store/writer.hpp"

#include <string>

namespace crosswalk::store {

[[nodiscard]] model::Error no_such_item(InboxId id);
// An event's subject as inbox.subject has it; of an empty one nothing.
[[nodiscard]] std::string item_subject(KeyRing const& ring, std::string const& subject);
// A new pending item with what was received for that one, for `route` alone unless it is empty; who asks counts it as
// pending after the commit. not_found: no such item. failed_precondition: it is still pending, or purged.
[[nodiscard]] model::Result<InboxId> copy_item(Batch& batch, InboxId id, std::string const& route,
                                               model::TimePoint now);

}  // namespace crosswalk::store

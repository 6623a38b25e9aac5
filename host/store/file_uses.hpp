// Which files records still name: what must not be purged although it is old.
//
// Errors  as Store. Threads  safe from any thread. Owner  borrows the Store.
#pragma once

#include "model/error.hpp"
#include "store/store.hpp"

#include <set>
#include <string>
#include <vector>

namespace crosswalk::store {

// Those of `ids` (SHA-256 in lower-case hex) that stand in a record of an event, a delivery or a polled payload that
// the store still holds. Reads every such record once; call it only when there is something to purge.
[[nodiscard]] model::Result<std::set<std::string>> files_in_use(Store& store, std::vector<std::string> const& ids);

}  // namespace crosswalk::store

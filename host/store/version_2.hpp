// What version 2 of the schema kept in the clear becomes ciphertext.
//
// Shape    all rows in the migration's own transaction: a store is in the clear or encrypted, never half.
// Errors   as KeyRing; corruption: a stored text is not what version 2 wrote.
#pragma once

#include "model/error.hpp"
#include "store/key_ring.hpp"
#include "store/sqlite.hpp"

namespace crosswalk::store {

// Fills event, payload and delivery_data from event_2, payload_2 and delivery_data_2, and hashes the columns of
// delivery that are found by equality.
[[nodiscard]] model::Result<void> encrypt_version_2(Sqlite& sqlite, KeyRing& ring);

}  // namespace crosswalk::store

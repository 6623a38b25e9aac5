// How a delivery that ended comes back into its lane, or is given up for good. Only store/ includes this.
//
// Threads  the writer thread, but for last_push_is_unknown, which may ask on any connection.
#pragma once

#include "store/delivery_rows.hpp"

#include <string>

namespace crosswalk::store {

// True when the last push may have reached the target without anyone knowing: it has to be looked up.
[[nodiscard]] model::Result<bool> last_push_is_unknown(Sqlite& sqlite, DeliveryId id);
// failed_precondition: it may not be sent again. A dead or discarded one may, one that ended otherwise with `force`
// only, one that runs again as another event never.
[[nodiscard]] model::Result<void> check_reopen(DeliveryId id, Standing const& standing, bool force);
// Open again with attempts at zero: unknown when its last push is, unless `force`, pending otherwise.
[[nodiscard]] model::Result<void> reopen(Sqlite& sqlite, DeliveryId id, Standing const& standing, bool force,
                                         model::TimePoint now);
// failed_precondition: it is not dead.
[[nodiscard]] model::Result<void> discard_delivery(Sqlite& sqlite, DeliveryId id, std::string const& reason);
[[nodiscard]] model::Error wrong_state(DeliveryId id, DeliveryState state, std::string_view wanted);

}  // namespace crosswalk::store

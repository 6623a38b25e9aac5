// Arrival keys come and go: what is accepted from now on gets a new one, and those that wrap nothing any more are
// destroyed, so that copies of a payload's first wrapping, in freed pages or elsewhere, can never be opened again.
//
// Errors   as Store. Threads  safe from any thread; meant for a duty that comes round every hour.
#pragma once

#include "model/error.hpp"
#include "store/store.hpp"

#include <cstddef>

namespace crosswalk::store {

// How many were destroyed. One that still wraps the payload of an item which nobody has read, or which came to no
// event, stays until that is read, purged or erased.
[[nodiscard]] model::Result<std::size_t> turn_arrival_keys(Store& store);

}  // namespace crosswalk::store

// What ChartHop should have told by webhook: its own list of events, those of changes and of jobs.
//
// Shape    the cursor names the kind of entity and where its list goes on. An event without a job is left out: what its
//          webhook would lead to is only known after reading each.
// Limits   ChartHop does not say which events the app is told of; this lists those of `change.*` and `job.*`. Custom
//          payloads without an id are known by their bytes, so nothing that is listed is found again among them.
// Errors   as api.hpp.
#pragma once

#include "directory.hpp"

namespace crosswalk::charthop {

// One page.
[[nodiscard]] bool sweep(Api const& api, connector::SweepRequest const& request);

// What its webhook would have led to.
void fetch_swept(Api const& api, PersonCache& cache, connector::Event const& listed);

// What keeps webhooks from coming, as far as settings and rights say.
void diagnose(Api const& api);

}  // namespace crosswalk::charthop

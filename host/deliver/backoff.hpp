// How long to wait before trying again.
#pragma once

#include "model/route.hpp"

#include <chrono>
#include <functional>

namespace crosswalk::deliver {

// A number in [0, 1): the jitter of a pause.
using Jitter = std::function<double()>;

// When attempt number `attempt` failed: the pause before the next one, between half and the whole of its step.
// `jitter` in [0, 1).
[[nodiscard]] std::chrono::milliseconds backoff(model::RetryPolicy const& policy, int attempt, double jitter);

}  // namespace crosswalk::deliver

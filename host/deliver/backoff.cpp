#include "deliver/backoff.hpp"

#include <algorithm>

namespace crosswalk::deliver {

std::chrono::milliseconds backoff(model::RetryPolicy const& policy, int attempt, double jitter) {
    std::chrono::milliseconds step = policy.first;
    for (int i = 1; i < attempt && step < policy.longest; ++i) {
        step *= 2;
    }
    step = std::min(step, policy.longest);
    auto const half = step / 2;
    return half + std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(half.count()) * jitter));
}

}  // namespace crosswalk::deliver

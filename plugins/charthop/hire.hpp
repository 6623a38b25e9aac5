// The action create_new_hire: a person, a HIRE on the job, the job's recruiting status.
//
// Rule     a hire is skipped, with the reason, when its job is not in ChartHop, when the person is there in any state,
//          when the job has a new hire already, and when there is no start date. A person whom this connector made for
//          the very same hire does not count as there: so a push that stopped half-way goes on, and a hire whose
//          earlier HIRE was removed in ChartHop is processed.
// Repeats  every step looks before it writes, so a push may be repeated at any point.
#pragma once

#include "directory.hpp"

namespace crosswalk::charthop {

[[nodiscard]] connector::Outcome create_new_hire(Api const& api, PersonCache& cache,
                                                 connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_new_hire(Api const& api, connector::PushRequest const& request);

}  // namespace crosswalk::charthop

// The actions upsert_job and update_job_metrics: requisitions of the remote system become and change jobs.
//
// Shape    the job is the linked one, else that of the same code, else an open one of the same title and manager, else
//          a new Active one. Only what differs is sent; nothing differs: unchanged, without a write.
// Rule     only open jobs are changed: a filled one belongs to the person who holds it.
#pragma once

#include "directory.hpp"

namespace crosswalk::charthop {

[[nodiscard]] connector::Outcome upsert_job(Api const& api, PersonCache& cache, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome look_up_job(Api const& api, connector::PushRequest const& request);
[[nodiscard]] connector::Outcome update_job_metrics(Api const& api, connector::PushRequest const& request);

}  // namespace crosswalk::charthop

// Between ChartHop's records and the canonical model. Pure; the tables are in mapping/contract.json.
//
//     charthop.job/1          in   what requisitions.hpp reads of a job            → crosswalk.requisition/1
//     charthop.hire/1         out  crosswalk.hire/1                 → what create_new_hire takes
//     charthop.job_update/1   out  crosswalk.requisition/1          → what upsert_job takes
//     charthop.job_metrics/1  out  crosswalk.requisition_metrics/1  → what update_job_metrics takes
#pragma once

#include "settings.hpp"

namespace crosswalk::charthop {

inline constexpr char job_schema[] = "charthop.job/1";
inline constexpr char hire_schema[] = "charthop.hire/1";
inline constexpr char job_update_schema[] = "charthop.job_update/1";
inline constexpr char job_metrics_schema[] = "charthop.job_metrics/1";

[[nodiscard]] connector::Record map_job(Call& call, Settings const& settings, json::value const& job);
[[nodiscard]] connector::Record map_hire(Call& call, json::value const& hire);
[[nodiscard]] connector::Record map_requisition(Call& call, Settings const& settings, json::value const& requisition);
[[nodiscard]] connector::Record map_metrics(json::value const& metrics);

}  // namespace crosswalk::charthop

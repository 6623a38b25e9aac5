// ChartHop's jobs as events: change webhooks, the list of open jobs, and the search of the console.
//
// Trust    ChartHop signs nothing: the host checks the secret key in the address, and a webhook is only a hint. What
//          goes out is what ChartHop says of the job when it is asked again.
// Rule     only open jobs. One whose recruiting status is Closed goes out only to close a requisition that it is linked
//          with, and by webhook only if the change was about the status.
// Threads  verify and parse run concurrently; poll and find one at a time.
#pragma once

#include "directory.hpp"

namespace crosswalk::charthop {

inline constexpr char changed_trigger[] = "requisition.changed";
inline constexpr char listed_trigger[] = "requisition.listed";

[[nodiscard]] connector::Verdict verify(Call& call, Settings const& settings, connector::WebhookRequest const& request);
void parse(Api const& api, PersonCache& cache, connector::WebhookRequest const& request);
// What parse makes of a change of this job; the reason when it makes nothing.
void emit_change(Api const& api, PersonCache& cache, Row const& event, std::string const& job, std::string event_id);
// One page; true while there are more.
[[nodiscard]] bool poll(Api const& api, PersonCache& cache, connector::PollRequest const& request);
// At most 50 canonical requisitions, by the job's id or a part of its title or code.
void find_requisitions(Api const& api, PersonCache& cache, json::value const& query);

}  // namespace crosswalk::charthop

// Applications and jobs that changed, page by page over Harvest v3, and jobs that a person looks for.
//
// Shape    one turn is one page with what it refers to. The cursor holds since when, when the run began, and the next
//          page, so a run that was cut off goes on there; between runs only since when. Each run looks back two
//          minutes over the start of the last one.
// Limits   50 records a page, which is how many ids one question of Harvest takes.
// Errors   as api.hpp; CW_ERR_UNSUPPORTED with Harvest v1, CW_ERR_CURSOR for a cursor of somebody else,
//          CW_ERR_CONFIG for a selection that is no job.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <string_view>

namespace crosswalk::greenhouse {

inline constexpr std::string_view applications_changed = "application.changed";
inline constexpr std::string_view postings_changed = "posting.changed";
inline constexpr std::size_t found_max = 50;

// True: there is another page.
[[nodiscard]] bool poll(connector::Call& call, Api& api, connector::PollRequest const& request);

// greenhouse.application/1 of a row of /applications, with its candidate and job.
[[nodiscard]] json::object whole_application(connector::Call& call, Api& api, json::value const& row);

// Emits crosswalk.posting/1 for the job with that "id", or for jobs whose name or requisition holds the "text".
void find_postings(connector::Call& call, Api& api, json::object const& query);

}  // namespace crosswalk::greenhouse

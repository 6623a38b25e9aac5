// "Export PDF File to ATS": from the callback to an attachment, and what became of it back to Hireguide.
//
// Shape    the state "export/<interview>/<sha256>" holds what was reported last: {"status", "ats_file_id", "failures",
//          "reported"}. A PDF that arrived is not sent again; one that failed makes an event of its own when it is
//          exported again. A refused export is told to Hireguide at once and ends with the same words here.
// Threads  safe from any thread.
#pragma once

#include "api.hpp"
#include "webhook.hpp"

namespace crosswalk::hireguide {

// Emits one interview.exported, or notes why there is none. Failure(CW_ERR_INVALID): refused, and Hireguide knows.
void parse_export(Api const& api, Callback const& callback);

// action report_export, a hireguide.report/1.
[[nodiscard]] connector::Outcome report_export(Api const& api, connector::PushRequest const& request);

}  // namespace crosswalk::hireguide

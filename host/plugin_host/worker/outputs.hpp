// Which of a hook's outputs the host will surely take, so that they need not be asked about one by one.
//
// Shape    the same limits as the host's own judgement, which comes all the same: whatever is not sure here, or is
//          refused here, is asked of the host at once and answered in its words.
// Errors   none; `false` only costs a round trip.
// Threads  that of the call.
#pragma once

#include "plugin_host/worker/calls.hpp"
#include <crosswalk/connector.h>

#include <string_view>

namespace crosswalk::plugin_host::worker {

// Each counts what it lets pass, and what it does not, in call.given().
[[nodiscard]] bool surely_taken(RunningCall& call, cw_event const* event) noexcept;
[[nodiscard]] bool surely_taken(RunningCall& call, cw_record const* record) noexcept;
[[nodiscard]] bool cursor_surely_taken(RunningCall& call, cw_str cursor) noexcept;
[[nodiscard]] bool note_surely_taken(RunningCall& call, std::int32_t what, std::string_view text) noexcept;
[[nodiscard]] bool warning_surely_taken(RunningCall& call) noexcept;

}  // namespace crosswalk::plugin_host::worker

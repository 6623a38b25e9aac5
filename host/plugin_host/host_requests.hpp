// What a worker asks during a call, asked of the instance's own host table.
//
// Shape    reads a request's fields, calls the function of cw_host that in-process connectors call, writes the answer.
//          So limits, phases, egress, redaction and secrets are judged in one place for both.
// Errors   nullopt when the fields are broken; whatever else is wrong is a status in the answer.
// Threads  runs on the thread of the hook.
#pragma once

#include "plugin_host/wire.hpp"
#include <crosswalk/connector.h>

#include <optional>
#include <string_view>

namespace crosswalk::plugin_host {

// What was deferred until a request comes with it, and is taken first.
[[nodiscard]] std::optional<Fields> answer_request(cw_host const& host, cw_call* call, std::string_view fields);

// Takes what a hook gave and the worker deferred, in its order. What the host refuses after all makes the call fail,
// as any refused output does. False when the fields are broken, or hold what may not be deferred.
[[nodiscard]] bool take_deferred(cw_host const& host, cw_call* call, std::string_view deferred);

// A log line outside of any call.
void log_line(cw_host const& host, cw_call* call, std::string_view fields);

}  // namespace crosswalk::plugin_host

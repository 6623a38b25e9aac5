// What a worker asks during a call, asked of the instance's own host table.
//
// Shape    reads a request's fields, calls the function of cw_host that in-process connectors call, writes the answer.
//          So limits, phases, egress, redaction and secrets are judged in one place for both.
// Errors   nullopt when the fields are broken; whatever else is wrong is a status in the answer.
// Threads  runs on the thread of the hook.
#pragma once

#include <crosswalk/connector.h>

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::plugin_host {

[[nodiscard]] std::optional<std::string> answer_request(cw_host const& host, cw_call* call, std::string_view fields);

// A log line outside of any call.
void log_line(cw_host const& host, cw_call* call, std::string_view fields);

}  // namespace crosswalk::plugin_host

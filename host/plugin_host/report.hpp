// From a connector's status and outcome to the words of the host.
//
// Errors   nothing here fails; an unknown number is taken for the most careful reading of it.
// Threads  safe from any thread.
#pragma once

#include "model/error.hpp"
#include "model/outcome.hpp"
#include "plugin_host/call.hpp"
#include <crosswalk/connector.h>

#include <string>
#include <string_view>

namespace crosswalk::plugin_host {

[[nodiscard]] model::ErrorCode to_error_code(cw_status status) noexcept;

// What http_send answers. An answer that was too large to take came after the request was applied, so for a request
// that must not be repeated it is INTERNAL ("may have been applied"), never a reason to reject.
[[nodiscard]] cw_status http_status(model::ErrorCode code, bool idempotent) noexcept;

// What a service that keeps things answers: state, files, links, secrets.
[[nodiscard]] cw_status stored_status(model::ErrorCode code) noexcept;

// Remembers the first refused output of a call; returns `status`.
[[nodiscard]] cw_status refuse_output(Call& call, cw_status status, std::string_view why);

// The error of a hook that returned `status` (not CW_OK).
[[nodiscard]] model::Error to_error(std::string_view connector, Call const& call, cw_status status);

// The end of a push, as the comment at `push` in connector.h derives it.
[[nodiscard]] model::AttemptReport push_report(std::string_view connector, Call const& call, cw_status status,
                                               cw_push_result const& result);
// The end of a look_up: delivered, duplicate, retry, unknown or auth. A look-up that failed says nothing about the
// push, so a failure that would let a push be repeated is unknown here.
[[nodiscard]] model::AttemptReport look_up_report(std::string_view connector, Call const& call, cw_status status,
                                                  cw_push_result const& result);

}  // namespace crosswalk::plugin_host

// A library's tables, checked and copied before anything relies on them.
//
// Errors   failed_precondition: the library needs a newer host (both minors named). invalid_argument: a table breaks
//          the contract; the text names the library, the connector where known, and the member.
// Threads  safe from any thread; the tables are static.
// Limits   32 connectors a library, 256 triggers and actions, 64 secrets and egress entries, 1 MiB of settings schema.
#pragma once

#include "model/error.hpp"
#include "plugin_host/connector.hpp"
#include <crosswalk/connector.h>

#include <string>
#include <vector>

namespace crosswalk::plugin_host {

// Is the table whole, and may this host use it? Runs no code of the library.
[[nodiscard]] model::Result<void> check_library(std::string const& path, cw_library const* library);

// One descriptor, copied.
[[nodiscard]] model::Result<ConnectorInfo> copy_descriptor(std::string const& path, std::string const& toolchain,
                                                           cw_descriptor const* descriptor);

// Does an instance keep the contract: same descriptor, required functions, hooks exactly where the caps say so?
[[nodiscard]] model::Result<void> check_instance(ConnectorInfo const& info, cw_descriptor const* descriptor,
                                                 cw_connector const* connector);

}  // namespace crosswalk::plugin_host

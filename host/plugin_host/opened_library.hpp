// A connector library loaded into this process: checked, opened and described.
//
// Shape    the host does this for connectors that run inside it, a worker process for the one that it is there for.
// Errors   those of check_file, check_library and copy_descriptor; failed_precondition: the loader refused it.
// Threads  safe from any thread. Owner  the library is never unloaded; the tables are static.
// Limits   32 connectors a library.
#pragma once

#include "model/error.hpp"
#include "plugin_host/connector.hpp"
#include <crosswalk/connector.h>

#include <string>
#include <vector>

namespace crosswalk::plugin_host {

struct OpenedLibrary {
    cw_library const* table = nullptr;
    std::vector<ConnectorInfo> infos;
    std::vector<cw_descriptor const*> descriptors;  // beside infos
};

[[nodiscard]] model::Result<OpenedLibrary> open_library(std::string const& absolute_path, std::string const& sha256);

}  // namespace crosswalk::plugin_host

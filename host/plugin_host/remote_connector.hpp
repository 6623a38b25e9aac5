// A cw_connector whose hooks run in a worker process.
//
// Shape    the C table that an Instance drives, as it drives one of a library in this process; each hook becomes a call
//          over the link.
// Errors   a hook that threw in the worker throws here too. When the worker is gone, the hook fails with words: with
//          TRANSIENT if it never began; INTERNAL for a push that may have been applied; TRANSIENT for any other; and
//          DEADLINE if the worker was ended because the hook did not return.
// Threads  like a cw_connector.
// Owner    destroy() ends the worker. The link, the descriptor and the host outlive the table.
#pragma once

#include "model/error.hpp"
#include "plugin_host/connector.hpp"
#include "plugin_host/worker_link.hpp"
#include <crosswalk/connector.h>

#include <string>

namespace crosswalk::plugin_host {

// Everything but the pointers, which only the host's process has.
struct RemoteStart {
    ConnectorInfo const& info;
    cw_descriptor const* descriptor;
    std::string settings_json;
};

// Makes the instance in the worker and the table for it. The Error is what the worker said.
[[nodiscard]] model::Result<cw_connector*> make_remote(WorkerLink& link, RemoteStart const& start, cw_host const* host);

// An Error as a worker tells it: fields code and detail. Nothing of it is trusted.
[[nodiscard]] model::Error remote_error(std::int64_t code, std::string_view detail);

// What is said of a worker that is gone.
[[nodiscard]] std::string worker_words(std::string_view connector, WorkerLink const& link);

}  // namespace crosswalk::plugin_host

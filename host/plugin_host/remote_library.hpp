// A library that only worker processes load.
//
// Shape    one short-lived worker describes it; then each connection's connector has a worker of its own.
// Errors   what the worker says of the file, word for word as in this process; unavailable: the worker ended while it
//          loaded the library; failed_precondition: no worker program, or one of another version of the host.
// Threads  safe from any thread.
#pragma once

#include "model/error.hpp"
#include "plugin_host/connector.hpp"
#include "plugin_host/restart_policy.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace crosswalk::plugin_host {

struct WorkerOptions {
    std::filesystem::path executable = {};  // empty: the one that belongs to this program
    std::chrono::milliseconds load_time_max{10'000};
    std::chrono::milliseconds grace{2000};  // after a call's deadline
    RestartLimits restart = {};
};

[[nodiscard]] model::Result<std::shared_ptr<Library>> load_in_worker(std::string const& absolute_path,
                                                                     std::string const& sha256, WorkerOptions options);

}  // namespace crosswalk::plugin_host

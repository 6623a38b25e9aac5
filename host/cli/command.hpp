// The command line: one file per command, each a line in commands.cpp.
//
// Shape    `crosswalk [--config DIR] [--output text|json] <command> …`. Commands that act on a running host are clients
//          of its admin API and find address and token in the configuration.
// Errors   every failure is one sentence on the error stream and one of the exit codes below.
// Threads  one; a command runs and returns its exit code.
#pragma once

#include "config/config.hpp"
#include "model/clock.hpp"
#include "model/secret.hpp"
#include "telemetry/log.hpp"

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace crosswalk::cli {

// After sysexits.h; 1 means that the command worked and found problems.
enum ExitCode : int {
    ok = 0,
    problems_found = 1,
    usage = 64,
    data = 65,
    unavailable = 69,
    internal = 70,
    try_again = 75,
    permission = 77,
    configuration = 78,
};
[[nodiscard]] int exit_code(model::ErrorCode code) noexcept;

// What commands need of the rest of the program; made by main.
struct Surroundings {
    std::ostream& out;
    std::ostream& err;
    model::Clock const& clock;
    telemetry::Logger& logger;
    std::string version;
    std::string system;  // what it runs on, in words
    // Runs the host until it is told to end.
    std::function<int(config::Config const&)> run;
    // Everything that is wrong with a loaded configuration: settings, secrets, libraries, routes.
    std::function<std::vector<config::Problem>(config::Config const&)> check;
    std::function<std::unique_ptr<model::SecretSource>(config::Config const&)> secrets;
};

// The options before the command's name.
struct Options {
    std::filesystem::path config_dir;
    bool json = false;
};

using Action = std::function<int()>;

// Adds a command to the parser; `chosen` becomes what to do when it was named.
using AddCommand = void (*)(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
// Every command; one line each.
[[nodiscard]] std::vector<AddCommand> const& commands();

// Parses the arguments and runs the command.
[[nodiscard]] int main(int argc, char const* const* argv, Surroundings const& around);

}  // namespace crosswalk::cli

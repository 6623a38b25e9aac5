// The commands, in the order in which --help lists them.
#pragma once

#include "cli/command.hpp"

namespace crosswalk::cli {

void add_run(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
void add_validate(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
void add_events(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
void add_dead(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
void add_routes(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
void add_connections(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
// The access of connections, below `crosswalk connections`.
void add_connection_access(CLI::App& connections, Options const& options, Surroundings const& around, Action& chosen);
void add_connection_sweep(CLI::App& connections, Options const& options, Surroundings const& around, Action& chosen);
void add_connectors(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
void add_doctor(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
void add_erase(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);
void add_links(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen);

}  // namespace crosswalk::cli

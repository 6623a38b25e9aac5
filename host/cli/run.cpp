// crosswalk run
#include "cli/admin_client.hpp"
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>

namespace crosswalk::cli {

void add_run(CLI::App& parser, Options const& options, Surroundings const& around, Action& chosen) {
    CLI::App* const command = parser.add_subcommand("run", "Run the host until it is told to stop");
    command->callback([&] {
        chosen = [&] {
            auto const config = load_config(options, around);
            return config ? around.run(*config) : static_cast<int>(configuration);
        };
    });
}

}  // namespace crosswalk::cli

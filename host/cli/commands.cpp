#include "cli/commands.hpp"

namespace crosswalk::cli {

std::vector<AddCommand> const& commands() {
    static std::vector<AddCommand> const table{
        add_run, add_validate, add_events, add_dead, add_routes, add_connections, add_connectors, add_links, add_erase, add_doctor,
    };
    return table;
}

}  // namespace crosswalk::cli

// What stands in each kind of file: from the tree of one file to the struct it means.
//
// Shape    each reads one file by itself; what two files say of each other is checked by load().
// Errors   noted in Reading; the struct then lacks what was wrong.
#pragma once

#include "config/section.hpp"

#include <filesystem>
#include <string>

namespace crosswalk::config {

// crosswalk.yaml: listeners, store, connectors, mail, limits.
void read_workspace(Node const& root, std::filesystem::path const& directory, Config& config, Reading& reading);

// connections/<name>.yaml. `name` is what the file is called and what `connection:` must say.
[[nodiscard]] Connection read_connection(Node const& root, std::string const& name, Reading& reading);

// routes/<name>.yaml. `name` is what the file is called and what `route:` must say.
[[nodiscard]] Route read_route(Node const& root, std::string const& name, Reading& reading);

// `select`, `schedule`, `full_every` and `run_on` of a route's `from:`.
void read_polling(Section const& from, Route& read);
// `when:` of a route or a schedule: one switch or a list of them.
[[nodiscard]] std::vector<model::Switch> read_switches(Section const& section);
// Where entry `index` of a key stands that takes one map or a list of them.
[[nodiscard]] std::string entry_pointer(Route const& route, std::string const& pointer, std::size_t index);

// The rules under `map:`, in file order.
[[nodiscard]] std::vector<model::FieldRule> read_rules(Node const& map, Reading& reading);

// A path as it is used: a relative one is relative to the folder.
[[nodiscard]] std::filesystem::path resolved(std::filesystem::path const& directory, std::string const& path);

}  // namespace crosswalk::config

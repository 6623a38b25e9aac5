// What can be said about a connector library before any of its code runs.
//
// Shape    two looks at a file: is it the file that the operator meant, and does it export what a connector must.
// Errors   invalid_argument: not an absolute path, or not a library. not_found: no such file. permission_denied: it
//          cannot be read. failed_precondition: another sha256, no entry, another ABI major, symbols beside the entry.
//          Every text names the file.
// Threads  safe from any thread.
// Limits   files up to 512 MiB; the first ten surplus symbols are named.
#pragma once

#include "model/error.hpp"

#include <string>
#include <vector>

namespace crosswalk::plugin_host {

// Name of the one function that a library for this host exports.
[[nodiscard]] std::string entry_symbol();

// Passes when the file may be loaded. sha256 (64 hex digits, any case) is compared when it is not empty.
[[nodiscard]] model::Result<void> check_file(std::string const& absolute_path, std::string const& sha256);

// The part of check_file that judges a list of exported symbols.
[[nodiscard]] model::Result<void> check_exports(std::string const& path, std::vector<std::string> const& exported);

}  // namespace crosswalk::plugin_host

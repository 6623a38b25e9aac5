// Rows of Harvest v3's lists, by their ids: v3 has no other way to read one record.
//
// Errors   as api.hpp. Threads  safe from any thread.
#pragma once

#include "api.hpp"
#include <crosswalk/connector.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace crosswalk::greenhouse {

using Rows = std::map<std::string, json::value>;

// Those of `path` with these ids. What may not be read is a warning, and the records come without it.
[[nodiscard]] Rows rows_of(connector::Call& call, Api& api, std::string const& path, std::set<std::string> const& ids);
// null when there is none.
[[nodiscard]] json::value row(Rows const& rows, std::string const& id);
// The ids that stand at the pointer in each of the list.
[[nodiscard]] std::set<std::string> ids_in(json::array const& list, std::string_view pointer);

// The row of /applications with that id; null when Greenhouse shows none. Failure when they may not be read.
[[nodiscard]] json::value application_row(connector::Call& call, Api& api, std::string const& id);

}  // namespace crosswalk::greenhouse

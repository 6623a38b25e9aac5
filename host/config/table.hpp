// A value table: a CSV file with the columns from and to.
//
// Limits   100,000 rows, 16 MiB.
// Errors   goes into Problems; nothing is returned then.
// Source   RFC 4180: quotes around fields with commas, quotes (doubled) and line breaks; LF alone is taken too, and the
//          byte order mark that spreadsheets write.
#pragma once

#include "config/problems.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace crosswalk::config {

[[nodiscard]] std::optional<model::ValueTable> parse_table(std::string const& file, std::string_view text,
                                                           Problems& problems);

}  // namespace crosswalk::config

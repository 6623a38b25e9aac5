// Looking for bytes that must be gone: in the database file and its write-ahead log, freed pages and all.
//
// Errors   unavailable: a file cannot be read.
// Threads  plain functions; the file may be written meanwhile.
#pragma once

#include "model/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace crosswalk::store {

struct Remains {
    std::int64_t bytes_searched = 0;
    bool found = false;  // at least one of the texts
};

[[nodiscard]] model::Result<Remains> search_files(std::filesystem::path const& database,
                                                  std::vector<std::string> const& texts);

}  // namespace crosswalk::store

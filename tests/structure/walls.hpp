// The walls between the rooms: which room may include which, and which library belongs to which room.
//
// Shape    check_… read the tree below `root` (the repository) and give one Finding per line that breaks a rule.
// Source   walls.cpp holds the table of rooms as data; a room of the table need not exist yet.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace crosswalk::structure {

struct Finding {
    std::string file;   // relative to the root, with '/'
    std::size_t line;   // from 1; 0 when the file or folder as a whole is meant
    std::string words;  // what is wrong and what to do
};
[[nodiscard]] std::string to_string(Finding const& finding);

// Every #include under host/ and plugins/ (their tests/ folders aside) against the table.
[[nodiscard]] std::vector<Finding> check_includes(std::filesystem::path const& root);

// Every folder of host/ is a room of the table.
[[nodiscard]] std::vector<Finding> check_rooms(std::filesystem::path const& root);

// No C or C++ file of ours has more lines than this.
[[nodiscard]] std::vector<Finding> check_lengths(std::filesystem::path const& root, std::size_t lines_max);

}  // namespace crosswalk::structure

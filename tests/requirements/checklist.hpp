// Holds docs/requirements.md against the lines it must answer and the tests it names, and docs/limits.md against the
// limits that stand in the code.
//
// Shape    a row of the requirements is "| A.21 | what it asks | what shows it |". What shows it names tests as `Suite.Name`,
//          commands as `./dev …` or `crosswalk …`, or begins with "vendor's own screen:" or "open".
// Errors   everything that is wrong, as sentences; the table is right when there is none.
//          A row of the limits is "| limit | default | `room/file.cpp name_max other_max`, … | above it | shown by |".
// Limits   reads the .cpp files of tests/ and plugins/<name>/tests/ and the sources of host/ below the root, nothing
//          else.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::requirements {

// Every line that needs an answer: A.1 to A.46, B.1 to B.33, C.1 to C.36, D.1 to D.25, E.1 to E.37, F.1 to F.8.
[[nodiscard]] std::vector<std::string> const& wanted_ids();

// "Suite.Name" of every TEST, TEST_F and TEST_P in one source text.
[[nodiscard]] std::set<std::string> tests_in_text(std::string_view source);
// The same for the source tree.
[[nodiscard]] std::set<std::string> tests_in_tree(std::filesystem::path const& root);

// What is wrong with the table: a line missing, unknown or answered twice, an answer that shows nothing, a test that
// does not exist.
[[nodiscard]] std::vector<std::string> problems(std::string_view table, std::set<std::string> const& tests);

// Every constant of host/ whose name says that it is a limit: "store/outbox.cpp lease_max".
[[nodiscard]] std::set<std::string> limits_in_text(std::string_view file, std::string_view source);
[[nodiscard]] std::set<std::string> limits_in_tree(std::filesystem::path const& root);

// What is wrong with the table of limits: a limit of the code that no row has, a row for none, one that names no test or
// a test that does not exist.
[[nodiscard]] std::vector<std::string> limit_problems(std::string_view table, std::set<std::string> const& limits,
                                                      std::set<std::string> const& tests);

}  // namespace crosswalk::requirements

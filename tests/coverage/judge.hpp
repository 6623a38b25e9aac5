// What the tests ran of host/, judged: lines by room, and in the rooms where nothing may go wrong unseen each line that
// no test ran and each choice (a ? b : c) of which none took one side. Those are the error branches: an error is
// returned from a line of its own, or is one side of a choice.
//
// Shape    counts are gcov's JSON documents, one a line; excuses come from a text file, in which a comment that says
//          why stands above lines of "host/<room>/<file>: <the line of code>".
// Errors   read_… throw std::runtime_error naming what is wrong with the text.
// Source   gcov 12, "--json-format"; coverage.sh makes it. A document lists a line once for each function on it, so a
//          line of a template or with a lambda is put together here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::coverage {

struct LineCount {
    std::string file;  // relative to the repository, with '/'
    std::size_t number = 0;
    std::int64_t runs = 0;
    // Both ways out of the first condition on the line; further ones are mostly the compiler's, for destructors.
    bool has_ways = false;
    bool first_taken = false;
    bool second_taken = false;
};

struct RoomSum {
    std::size_t lines = 0;
    std::size_t run = 0;
};

struct Excuse {
    std::string file;
    std::string code;         // the line of code without its indentation
    std::size_t at_line = 0;  // in the text of excuses
};

// A place that no test reached.
struct Gap {
    std::string file;
    std::size_t number = 0;
    std::string code;
    std::string words;  // what was not reached
};

struct Judgement {
    std::map<std::string, RoomSum> rooms;  // "(top)" for the files beside the rooms
    RoomSum whole;
    std::vector<Gap> gaps;                // not excused
    std::size_t excused = 0;              // gaps
    std::vector<std::string> complaints;  // why the run fails; empty when it does not
};

struct Limits {
    int lines_percent = 90;
    std::vector<std::string> strict_rooms{"store", "deliver", "ingest"};
};

// Of the files in `root`/host.
[[nodiscard]] std::vector<LineCount> read_counts(std::string_view documents, std::filesystem::path const& root);
[[nodiscard]] std::vector<Excuse> read_excuses(std::string_view text);

// Reads the lines of code below `root`; what is only a bracket or the head of a lambda counts for nothing. An excuse
// that no gap needs is a complaint, so that the list cannot outlive its reasons.
[[nodiscard]] Judgement judge(std::vector<LineCount> const& counts, std::vector<Excuse> const& excuses,
                              Limits const& limits, std::filesystem::path const& root);

// The table of rooms, the gaps and the complaints, as `./dev coverage` prints them.
[[nodiscard]] std::string to_text(Judgement const& judgement);

}  // namespace crosswalk::coverage

// The commands' way to a running host.
//
// Errors   failed calls are printed to the error stream by the caller through `fail`, with the server's own words.
#pragma once

#include "cli/command.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>

namespace crosswalk::cli {

struct Answer {
    int exit = ok;  // not ok: `problem` says why
    boost::json::value body = nullptr;
    std::string problem = {};
};

// Sends one request to the admin API of the host that this configuration describes.
[[nodiscard]] Answer ask(Options const& options, Surroundings const& around, std::string const& method,
                         std::string const& target, std::string const& body = {});

// The same with GET, for an answer that is plain text: `body` is a JSON string.
[[nodiscard]] Answer fetch_text(Options const& options, Surroundings const& around, std::string const& target);

// Prints the problem; returns the exit code.
int fail(Surroundings const& around, Answer const& answer);

// The text at a JSON Pointer; empty when there is none. Numbers become text, control characters become spaces: names
// come from vendors and must not steer a terminal.
[[nodiscard]] std::string text(boost::json::value const& value, std::string_view pointer);

// The array that is a member; an empty one when there is none, so that an answer of another shape prints as nothing.
[[nodiscard]] boost::json::array const& array_at(boost::json::value const& value, std::string_view member);

// Percent-encodes a query value.
[[nodiscard]] std::string encoded(std::string_view value);

// Loads the configuration or prints what is wrong with it; empty then.
[[nodiscard]] std::optional<config::Config> load_config(Options const& options, Surroundings const& around);

// Rows of text in aligned columns, the first row as headings; "nothing" when there is no other.
void print_table(std::ostream& out, std::vector<std::vector<std::string>> const& rows);

}  // namespace crosswalk::cli

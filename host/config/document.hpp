// One configuration file as a tree in which every value knows where it is written.
//
// Strict   duplicate keys, anchors, aliases, merge keys, tags, `${…}`, control characters, text that is not UTF-8 and
//          second documents are problems.
// Limits   1 MiB, 16 levels, 100,000 values.
// Errors   goes into Problems. A tree is returned whenever there is one to look at, so that the rest can be checked
// too.
#pragma once

#include "config/config.hpp"
#include "config/problems.hpp"

#include <boost/json/value.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::config {

struct Member;

struct Node {
    enum class Kind : unsigned char { null, scalar, list, map };
    Kind kind = Kind::null;
    bool plain = false;           // a scalar without quotes
    std::string text;             // of a scalar, as written
    std::vector<Node> elements;   // of a list
    std::vector<Member> members;  // of a map, in file order, each key once
    Position position;            // a scalar or list entry: its own; a map or list under a key: that of the key

    [[nodiscard]] Node const* find(std::string_view key) const noexcept;  // nullptr: no such key
};

struct Member {
    std::string key;
    Position position;
    Node value;
};

[[nodiscard]] std::optional<Node> parse_document(std::string const& file, std::string_view text, Problems& problems);

// The value as JSON. A plain scalar is a number or boolean only when it cannot be anything else; all else is a string.
[[nodiscard]] boost::json::value to_json(Node const& node);

// Adds, under `pointer`, where each key and entry below `node` is written.
void collect_positions(Node const& node, std::string const& pointer, std::map<std::string, Position>& positions);
// Adds, under `pointer`, the text of each plain scalar below `node`.
void collect_plain(Node const& node, std::string const& pointer, std::map<std::string, std::string>& plain);

}  // namespace crosswalk::config

// A vendor's endpoints as a plain table, and the search in it.
//
// Shape    a pattern is "/opportunities/:id/notes"; a segment with a colon matches any non-empty one and becomes an
//          argument. The first row that matches wins, so "/opportunities/deleted" stands before "/opportunities/:id".
#pragma once

#include "sandbox/exchange.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::sandbox {

using Arguments = std::vector<std::string>;

template <typename Call>
struct Endpoint {
    std::string_view method;
    std::string_view path;
    Answer (*answer)(Call const& call);
    std::vector<std::string_view> query = {};  // the parameters a caller may send
    std::string_view right = {};               // what a credential needs; vendors without rights leave it empty
};

template <typename Call>
struct Found {
    Endpoint<Call> const* endpoint = nullptr;  // null: see path_known
    bool path_known = false;                   // some other method is answered at this path
    Arguments arguments = {};
};

// True if the segments fit the pattern; `arguments` then holds what the named segments were.
[[nodiscard]] inline bool match_path(std::string_view pattern, std::span<std::string const> path,
                                     Arguments& arguments) {
    arguments.clear();
    for (std::string const& segment : path) {
        if (pattern.empty()) {
            return false;
        }
        pattern.remove_prefix(1);
        std::string_view const expected = pattern.substr(0, pattern.find('/'));
        pattern.remove_prefix(expected.size());
        if (expected.starts_with(':') && !segment.empty()) {
            arguments.push_back(segment);
        } else if (expected != segment) {
            return false;
        }
    }
    return pattern.empty();
}

template <typename Call>
[[nodiscard]] Found<Call> find_endpoint(std::span<Endpoint<Call> const> table, std::string_view method,
                                        std::span<std::string const> path) {
    Found<Call> found;
    Arguments arguments;
    for (Endpoint<Call> const& endpoint : table) {
        if (!match_path(endpoint.path, path, arguments)) {
            continue;
        }
        found.path_known = true;
        if (endpoint.method == method) {
            found.endpoint = &endpoint;
            found.arguments = std::move(arguments);
            return found;
        }
    }
    return found;
}

// The first query parameter that the endpoint does not know; empty if it knows all.
template <typename Call>
[[nodiscard]] std::string unknown_parameter(Endpoint<Call> const& endpoint, Request const& request) {
    for (Pair const& pair : request.query) {
        bool known = false;
        for (std::string_view const name : endpoint.query) {
            known = known || name == pair.name;
        }
        if (!known) {
            return pair.name;
        }
    }
    return {};
}

}  // namespace crosswalk::sandbox

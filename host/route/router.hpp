// Which routes does an event start? Pure.
//
// Threads  safe from any thread; constant after construction. Owner  keeps its own copy of the routes.
#pragma once

#include "model/route.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crosswalk::route {

class Router {
public:
    // Routes that are disabled, or off by a switch, are left out.
    explicit Router(std::vector<model::Route> routes);

    // The routes of this event that are on, in order of their names; valid as long as the Router. Empty: nobody wants
    // it.
    [[nodiscard]] std::vector<model::Route const*> match(std::string_view connection, std::string_view event) const;
    // nullptr: no such route, or it is off.
    [[nodiscard]] model::Route const* find(std::string_view name) const;

private:
    std::vector<model::Route> routes_;
    std::unordered_map<std::string, std::vector<std::size_t>> by_event_;  // connection + '\n' + event → indices
};

}  // namespace crosswalk::route

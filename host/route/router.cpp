#include "route/router.hpp"

#include <algorithm>
#include <utility>

namespace crosswalk::route {
namespace {

// Neither a connection's name nor an event's type has a line break, so the pair is unambiguous.
std::string event_key(std::string_view connection, std::string_view event) {
    std::string key;
    key.reserve(connection.size() + 1 + event.size());
    key += connection;
    key += '\n';
    key += event;
    return key;
}

}  // namespace

Router::Router(std::vector<model::Route> routes) : routes_(std::move(routes)) {
    std::erase_if(routes_, [](model::Route const& route) { return !route.is_on(); });
    std::stable_sort(routes_.begin(), routes_.end(),
                     [](model::Route const& a, model::Route const& b) { return a.name < b.name; });
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        by_event_[event_key(routes_[i].from_connection, routes_[i].from_event)].push_back(i);
    }
}

std::vector<model::Route const*> Router::match(std::string_view connection, std::string_view event) const {
    std::vector<model::Route const*> matches;
    auto const found = by_event_.find(event_key(connection, event));
    if (found != by_event_.end()) {
        matches.reserve(found->second.size());
        for (std::size_t const index : found->second) {
            matches.push_back(&routes_[index]);
        }
    }
    return matches;
}

model::Route const* Router::find(std::string_view name) const {
    auto const found =
        std::lower_bound(routes_.begin(), routes_.end(), name,
                         [](model::Route const& route, std::string_view wanted) { return route.name < wanted; });
    return found != routes_.end() && found->name == name ? &*found : nullptr;
}

}  // namespace crosswalk::route

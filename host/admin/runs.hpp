// Runs of routes that ask for their events: start one, see what became of it.
#pragma once

#include "admin/api.hpp"

#include <boost/json/object.hpp>

namespace crosswalk::admin {

[[nodiscard]] http::Response list_runs(Api& api, Call const& call);
[[nodiscard]] http::Response start_run(Api& api, Call const& call);
[[nodiscard]] http::Response show_run(Api& api, Call const& call);

// Adds the schedule, the next and the last run to the view of a route that asks for its events.
void add_runs(Api& api, model::Route const& route, boost::json::object& entry);

}  // namespace crosswalk::admin

// The control side of the played GoCo: what README.md lists under /control/goco. The state's lock is held.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/goco/state.hpp"

#include <boost/json.hpp>

#include <vector>

namespace crosswalk::sandbox::goco {

struct ControlCall {
    State& state;
    Request const& request;
    boost::json::object const& body;
};

[[nodiscard]] std::vector<Endpoint<ControlCall>> const& controls();

}  // namespace crosswalk::sandbox::goco

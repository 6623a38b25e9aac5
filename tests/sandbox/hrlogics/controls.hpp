// The control side of the played HRLogics: what README.md lists under /control/hrlogics. The state's lock is held, but
// for the calls that wait.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/hrlogics/state.hpp"

#include <boost/json.hpp>

#include <vector>

namespace crosswalk::sandbox::hrlogics {

struct ControlCall {
    State& state;
    Request const& request;
    boost::json::object const& body;
    Arguments ids;
};

[[nodiscard]] std::vector<Endpoint<ControlCall>> const& controls();

}  // namespace crosswalk::sandbox::hrlogics

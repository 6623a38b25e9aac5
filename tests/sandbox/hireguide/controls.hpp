// The control side of the played Hireguide: what README.md lists under /control/hireguide. Each call takes the state's
// lock for itself, since some wait.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/hireguide/callbacks.hpp"
#include "sandbox/hireguide/state.hpp"

#include <boost/json.hpp>

#include <vector>

namespace crosswalk::sandbox::hireguide {

struct ControlCall {
    State& state;
    Callbacks& callbacks;
    Request const& request;
    boost::json::object const& body;
    Arguments ids;
};

[[nodiscard]] std::vector<Endpoint<ControlCall>> const& controls();

// control_exports.cpp
[[nodiscard]] Answer control_add_interview(ControlCall const& call);
[[nodiscard]] Answer control_get_interview(ControlCall const& call);
[[nodiscard]] Answer control_submit_scores(ControlCall const& call);
[[nodiscard]] Answer control_export(ControlCall const& call);

// 202 with the delivery's id, or 400 when no callback is set up.
[[nodiscard]] Answer answer_sent(std::optional<std::string> const& delivery);

}  // namespace crosswalk::sandbox::hireguide

// The control side of the played Lever: what README.md lists under /control/lever.
//
// Threads  the functions take the locks they need themselves.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/lever/hooks.hpp"
#include "sandbox/lever/state.hpp"
#include "sandbox/lever/streams.hpp"

#include <boost/json.hpp>

#include <vector>

namespace crosswalk::sandbox::lever {

struct ControlCall {
    State& state;
    Hooks& hooks;
    Streams& streams;
    Request const& request;
    boost::json::object const& body;
    Arguments ids;
};

[[nodiscard]] std::vector<Endpoint<ControlCall>> const& controls();

// control_webhooks.cpp
[[nodiscard]] Answer control_list_webhooks(ControlCall const& call);
[[nodiscard]] Answer control_add_webhook(ControlCall const& call);
[[nodiscard]] Answer control_verify_webhooks(ControlCall const& call);
[[nodiscard]] Answer control_rerun(ControlCall const& call);
[[nodiscard]] Answer control_list_deliveries(ControlCall const& call);
[[nodiscard]] Answer control_get_delivery(ControlCall const& call);
[[nodiscard]] Answer control_start_stream(ControlCall const& call);
[[nodiscard]] Answer control_get_stream(ControlCall const& call);
[[nodiscard]] Answer control_webhook_settings(ControlCall const& call);

// How long a control call may wait for something to settle.
[[nodiscard]] std::chrono::milliseconds patience(Request const& request);

}  // namespace crosswalk::sandbox::lever

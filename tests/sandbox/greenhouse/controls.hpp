// The control side of the played Greenhouse, one function a call; README.md lists them.
//
// Threads  a function takes the state's lock itself; those that send pings must not hold it.
#pragma once

#include "sandbox/endpoints.hpp"
#include "sandbox/greenhouse/hooks.hpp"
#include "sandbox/greenhouse/state.hpp"

#include <boost/json.hpp>

#include <vector>

namespace crosswalk::sandbox::greenhouse {

struct ControlCall {
    State& state;
    Hooks& hooks;
    Request const& request;
    boost::json::object const& body;
    Arguments ids;
};

[[nodiscard]] std::vector<Endpoint<ControlCall>> const& controls();

// control_access.cpp
[[nodiscard]] Answer control_add_credential(ControlCall const& call);
[[nodiscard]] Answer control_revoke_credential(ControlCall const& call);
[[nodiscard]] Answer control_list_permissions(ControlCall const& call);
[[nodiscard]] Answer control_expire_tokens(ControlCall const& call);
[[nodiscard]] Answer control_change_settings(ControlCall const& call);

// control_webhooks.cpp
[[nodiscard]] Answer control_add_webhook(ControlCall const& call);
[[nodiscard]] Answer control_change_webhook(ControlCall const& call);
[[nodiscard]] Answer control_remove_webhook(ControlCall const& call);
[[nodiscard]] Answer control_list_webhooks(ControlCall const& call);
[[nodiscard]] Answer control_ping_webhook(ControlCall const& call);
[[nodiscard]] Answer control_webhook_settings(ControlCall const& call);
[[nodiscard]] Answer control_rerun(ControlCall const& call);
[[nodiscard]] Answer control_list_deliveries(ControlCall const& call);
[[nodiscard]] Answer control_get_delivery(ControlCall const& call);

}  // namespace crosswalk::sandbox::greenhouse
